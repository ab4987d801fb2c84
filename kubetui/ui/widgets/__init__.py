"""Widgets that know no Kubernetes and nothing else of ours."""
