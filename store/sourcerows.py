"""Sources as rows: written and read back, and what a crawl changes in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import Connection, insert, select, update

from domain.errors import NotFound
from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceMemory, SourceSpec
from store.pacing import remembered
from store.rows import dump
from store.sourcedays import add_crawl
from store.tables import crawls, sources
from store.types import AnyRow

AHEAD: Final = timedelta(hours=1)  # a crawl that lies so far in the future was made by a clock gone wrong
_REMEMBERED: Final = (
    "etag", "last_modified", "cursor", "last_attempt_at", "last_ok_at", "last_new_at", "newest_post_at",
    "failures", "message", "posts_total", "next_due_at", "interval_minutes", "answer",
)  # fmt: skip


def record_outcome(connection: Connection, outcome: CrawlOutcome) -> None:
    """Write down how a crawl went, in its caller's transaction. NotFound for an unknown source."""
    row = connection.execute(select(sources).where(sources.c.key == outcome.key).with_for_update()).first()
    if row is None:
        raise NotFound(f"Sumber {outcome.key} tidak ada.")
    new = remembered(memory_of(row), outcome, every=timedelta(minutes=row.every_minutes))
    columns = {name: getattr(new, name) for name in _REMEMBERED} | {"state": new.state.value}
    connection.execute(update(sources).where(sources.c.key == outcome.key).values(columns))
    connection.execute(
        insert(crawls).values(
            source=outcome.key, at=outcome.at, state=outcome.state.value, seen=outcome.seen,
            added=outcome.report.added, revised=outcome.report.revised,
        )
    )  # fmt: skip
    add_crawl(connection, outcome)


def is_due(row: AnyRow, now: datetime) -> bool:
    """Whether a source is to be crawled now, also where a clock that went wrong put that off."""
    listened = row.enabled and not row.paused and not row.retired
    if not listened:
        return False
    ahead = row.last_attempt_at is not None and row.last_attempt_at > now + AHEAD
    return bool(row.next_due_at is None or row.next_due_at <= now or ahead)


def spec_row(spec: SourceSpec) -> dict[str, Any]:
    """A source's columns; of memory none."""
    return {
        "key": spec.key, "name": spec.name, "kind": spec.kind, "url": spec.url, "regions": dump(list(spec.regions)),
        "every_minutes": spec.every_minutes, "enabled": spec.enabled, "added_by": spec.added_by,
        "options": dump([list(pair) for pair in spec.options]),
    }  # fmt: skip


def spec_of(row: AnyRow) -> SourceSpec:
    """A source out of its row. A paused one is not `enabled`."""
    return SourceSpec(
        key=row.key,
        name=row.name,
        kind=row.kind,
        url=row.url,
        regions=tuple(orjson.loads(row.regions)),
        every_minutes=row.every_minutes,
        enabled=row.enabled and not row.paused,
        added_by=row.added_by,
        options=tuple((name, value) for name, value in orjson.loads(row.options)),
    )


def memory_of(row: AnyRow) -> SourceMemory:
    """What a source remembers, out of its row."""
    return SourceMemory(key=row.key, state=SourceState(row.state), **{name: getattr(row, name) for name in _REMEMBERED})
