"""A source's days: its crawls summed up, so that a gap in listening can be told from silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date
from functools import cache
from typing import Final

from sqlalchemy import Connection, select

from domain.labels import SourceState
from domain.ports import CrawlOutcome
from store.database import insert as upsert
from store.tables import source_days

_ANSWERED: Final = frozenset({SourceState.OK, SourceState.EMPTY, SourceState.UNCHANGED})
_SUMS: Final = ("crawls", "healthy", "added")


@dataclass(frozen=True, slots=True)
class SourceDay:
    """A source's crawls of one day in UTC."""

    source: str
    day: date
    crawls: int
    healthy: int  # crawls that were answered: ok, empty or unchanged
    added: int


def add_crawl(connection: Connection, outcome: CrawlOutcome) -> None:
    """Add a crawl to its source's day."""
    row = {
        "source": outcome.key, "day": outcome.at.astimezone(UTC).date().isoformat(), "crawls": 1,
        "healthy": int(outcome.state in _ANSWERED), "added": outcome.report.added,
    }  # fmt: skip
    statement = upsert(connection, source_days).values(row)
    summed = {name: source_days.c[name] + statement.excluded[name] for name in _SUMS}
    connection.execute(statement.on_conflict_do_update(index_elements=["source", "day"], set_=summed))


def days_between(connection: Connection, since: date, until: date, source: str | None = None) -> list[SourceDay]:
    """The days `since <= day < until` on which sources, or only one, were crawled, by source and day."""
    query = (
        select(source_days)
        .where(source_days.c.day >= since.isoformat(), source_days.c.day < until.isoformat())
        .order_by(source_days.c.source, source_days.c.day)
    )
    if source is not None:
        query = query.where(source_days.c.source == source)
    day_of = cache(date.fromisoformat)  # many sources share few days
    return [
        SourceDay(row.source, day_of(row.day), row.crawls, row.healthy, row.added) for row in connection.execute(query)
    ]
