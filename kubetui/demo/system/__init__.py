"""What AKS itself runs and keeps in the cluster."""
