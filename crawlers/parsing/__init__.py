"""Answers in, posts out: pure functions, so that a recorded answer and the posts expected of it make a test."""
