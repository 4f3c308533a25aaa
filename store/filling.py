"""Cases that an older version stored, told in the columns that this one has. Done when truth is opened to be served."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update

from store.database import Database
from store.projection import UrusanOf, refresh
from store.tables import cases, story_links

_BATCH: Final = 500  # cases of one write transaction


def fill(database: Database, now: datetime, *, urusan_of: UrusanOf, story_name: Callable[[str], str]) -> int:
    """Name the story of every case that has none, which gives it a new rev and all its columns. Returns how many."""
    first = func.coalesce(story_links.c.story, cases.c.id).label("first")
    unnamed = (
        select(cases.c.id, cases.c.decided_at, first)
        .join_from(cases, story_links, story_links.c.case_id == cases.c.id, isouter=True)
        .where(cases.c.story == "")
        .limit(_BATCH)
    )
    total = 0
    while True:
        with database.write() as connection:
            rows = connection.execute(unnamed).all()
            for row in rows:
                named = update(cases).where(cases.c.id == row.id)
                connection.execute(named.values(story=story_name(row.first), born_at=row.decided_at))
            refresh(connection, [row.id for row in rows], now, urusan_of)
        total += len(rows)
        if len(rows) < _BATCH:
            return total
