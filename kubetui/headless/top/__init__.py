"""``kubetui top``: what is used, without a screen."""
