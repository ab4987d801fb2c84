"""``kubetui configz``: how kubelets are configured, without a screen."""
