"""Pictures of the panes, and the command that takes them."""
