"""What the stores mean: pure functions over them."""
