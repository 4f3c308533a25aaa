"""Version 1 of the JSON API: parse, ask, answer. Every answer and every error is typed."""
