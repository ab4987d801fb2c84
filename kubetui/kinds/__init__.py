"""Kubernetes kinds: the few fields decoded, their columns and their status words, one file a kind."""
