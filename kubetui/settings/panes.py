"""The panes to begin with, by name. Without an import: the command line is parsed before anything else is loaded."""

PANES = ("overview", "nodes", "daemonsets", "deployments", "pods", "logs", "configz", "top", "events", "kinds")
