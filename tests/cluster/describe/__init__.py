"""Descriptions beside ``kubectl describe``."""
