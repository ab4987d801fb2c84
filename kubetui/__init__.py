"""A live terminal dashboard for Kubernetes clusters, Azure Kubernetes Service first."""

__version__ = "0.1.0"
