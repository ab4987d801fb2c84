"""A control plane with one real node: containerd, kubelet, kube-proxy, coredns and metrics-server as on AKS."""
