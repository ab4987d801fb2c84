"""A simulated AKS cluster, served over HTTP by a process of its own."""
