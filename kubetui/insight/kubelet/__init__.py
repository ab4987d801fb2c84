"""Kubelet configuration: what its fields mean, what they are upstream and on AKS, and which nodes differ."""
