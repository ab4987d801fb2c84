"""``kubetui logs`` without a screen: merged lines on standard output, everything else on standard error."""
