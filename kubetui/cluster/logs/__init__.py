"""Container logs from the API server: one stream a container that loses nothing, and many of them as one tail."""
