"""Queue everything again: after new models, new region data, or for a new index."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, or_, select

from domain.errors import Refused
from store.database import Database
from store.tables import cases, posts
from store.work import BELTS, INDEX, enqueue

_BATCH = 5_000  # keys of one write transaction: others get their turn between two


def requeue(database: Database, belt: str, region: str | None, now: datetime) -> int:
    """Queue all posts (or cases, for the index) on a belt, in small transactions. Returns how many."""
    if belt not in BELTS:
        raise Refused(f"Tidak ada ban {belt}; yang ada: {', '.join(BELTS)}.")
    query = _cases(region) if belt == INDEX else _posts(region)
    key = query.selected_columns[0]
    total, last = 0, ""
    while True:
        with database.write() as connection:
            keys = connection.execute(query.where(key > last).order_by(key).limit(_BATCH)).scalars().all()
            enqueue(connection, belt, keys, now)
        total += len(keys)
        if len(keys) < _BATCH:
            return total
        last = keys[-1]


def _cases(region: str | None) -> Select[str]:
    """All cases, tombstones too: the index may hold what is gone."""
    query = select(cases.c.id)
    return query if region is None else query.where(cases.c.region == region)


def _posts(region: str | None) -> Select[str]:
    """All posts; for a region those it listened for, those that concern it, and those of no region's source."""
    query = select(posts.c.id)
    if region is None:
        return query
    return query.where(
        or_(
            posts.c.regions == "[]",
            posts.c.regions.contains(f'"{region}"', autoescape=True),
            posts.c.id.in_(select(cases.c.post_id).where(cases.c.region == region)),
        )
    )
