"""What happens by itself: heartbeats, rollouts, scaling, restarts, Jobs."""
