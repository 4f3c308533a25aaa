"""Speeds, each printed beside the limit of the engine underneath from the same run. Compared, never gated."""
