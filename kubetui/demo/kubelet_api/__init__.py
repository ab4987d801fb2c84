"""What a kubelet answers on its own port: its configuration, its statistics, its health."""
