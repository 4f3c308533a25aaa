"""The anchor: SQLite's FTS5 with the same tokens and plain SQL, as one would write it without an engine around it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from domain.documents import PostDocument

_PRAGMAS = ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -65536", "temp_store = MEMORY")


class RawFts:
    """`words` alone is what writes are compared with; `docs` lets searches ask for the same answer in SQL."""

    def __init__(self, file: Path) -> None:
        self.connection = sqlite3.connect(file, isolation_level=None)
        for pragma in _PRAGMAS:
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute("CREATE VIRTUAL TABLE words USING fts5(exact, stem)")
        self.connection.execute(
            "CREATE TABLE docs (id TEXT, published INTEGER, story TEXT, region TEXT, topic TEXT, opd TEXT,"
            " sentiment TEXT, oversight INTEGER)"
        )
        self.connection.execute("CREATE INDEX newest ON docs (published)")

    def write(self, rows: Sequence[tuple[str, str]]) -> None:
        """Write both streams of a batch, in one transaction."""
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany("INSERT INTO words (exact, stem) VALUES (?, ?)", rows)
        self.connection.execute("COMMIT")

    def describe(self, documents: Sequence[PostDocument]) -> None:
        """Write what searches filter and fold by. Not part of any timing."""
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany(
            "INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (x.id, x.published_at.timestamp(), x.story, x.region, x.topic, x.opd, x.sentiment.value, x.oversight)
                for x in documents
            ],
        )
        self.connection.execute("COMMIT")

    def answer(self, match: str | None, condition: str, *, best: bool) -> None:
        """Ask in SQL for what a search answers: a page of stories, the number of cases and of stories."""
        source, values = self._source(match, condition)
        if best and match:  # FTS5's rank cannot stand in an aggregate: rank first, then fold
            found = f"WITH found AS MATERIALIZED (SELECT docs.id, story, -bm25(words) AS worth FROM {source})"  # noqa: S608
        else:
            found = f"WITH found AS (SELECT docs.id, story, published AS worth FROM {source})"  # noqa: S608
        select = f"{found} SELECT id, count(*), max(worth) FROM found GROUP BY story ORDER BY 3 DESC LIMIT 20"  # noqa: S608
        self.connection.execute(select, values).fetchall()
        self.connection.execute(f"SELECT count(*), count(DISTINCT story) FROM {source}", values).fetchall()  # noqa: S608

    def page(self, match: str | None, condition: str, *, best: bool) -> None:
        """Ask in SQL for twenty cases only: neither folded nor counted."""
        source, values = self._source(match, condition)
        order = "bm25(words)" if best and match else "docs.published DESC"
        self.connection.execute(f"SELECT docs.id FROM {source} ORDER BY {order} LIMIT 20", values).fetchall()  # noqa: S608

    def _source(self, match: str | None, condition: str) -> tuple[str, list[str]]:
        if match is None:
            return f"docs WHERE {condition}", []
        return f"words JOIN docs ON docs.rowid = words.rowid WHERE words MATCH ? AND {condition}", [match]
