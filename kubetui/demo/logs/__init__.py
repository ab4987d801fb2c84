"""What containers write: lines as a function of container and time, so that nothing of it has to be kept."""
