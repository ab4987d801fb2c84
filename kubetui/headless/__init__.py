"""Answers without a screen: the same engine, written to standard output."""
