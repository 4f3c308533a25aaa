"""The embedded engine: SQLite's FTS5 for words, columns in memory for everything that is counted."""

from indexer.sqlite.engine import SqliteIndex, open_index

__all__ = ["SqliteIndex", "open_index"]
