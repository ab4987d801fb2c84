"""What opens over the panes: lists to choose from."""
