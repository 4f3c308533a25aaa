"""Documents in, found cases and counts out. Holds no truth: whatever is here can be rebuilt from the store."""
