"""Answers of the YouTube Data API: uploads and videos, threads of comments and their replies. Pure."""
