"""Recording what reaches the center by itself: the form, its places and photos, what may be the same."""
