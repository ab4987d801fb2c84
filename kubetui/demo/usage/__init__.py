"""What containers and nodes use, as functions of time: metrics-server and the kubelets tell the same story."""
