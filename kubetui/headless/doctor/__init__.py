"""``kubetui doctor``: what stands between this terminal and a working dashboard, each line with what to do."""
