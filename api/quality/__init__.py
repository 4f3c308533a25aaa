"""The page of quality: how often people and machine say the same, how sure to be, and what to do next."""
