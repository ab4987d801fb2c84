"""What the demo's API server answers, one file a subject."""
