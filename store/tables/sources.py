"""Sources: what they are, what they remember, and how each crawl went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Named, Table, Text, TypedColumns

from store.tables.base import metadata
from store.types import Key, Serial, UtcTime


class SourceColumns(TypedColumns):
    """A `SourceSpec` and its `SourceMemory`. `paused` is a person's switch, kept when profiles are synced."""

    key: Named[str] = Column(Key, primary_key=True)
    name: Named[str] = Column(Text)
    kind: Named[str] = Column(Key)
    url: Named[str] = Column(Text)
    regions: Named[str] = Column(Text)
    every_minutes: Named[int]
    enabled: Named[bool]
    paused: Named[bool]
    retired: Named[bool]  # its profile no longer names it; the memory stays
    added_by: Named[str] = Column(Key)
    state: Named[str] = Column(Key)
    etag: Named[str | None] = Column(Text)
    last_modified: Named[str | None] = Column(Text)
    cursor: Named[str | None] = Column(Text)
    last_attempt_at: Named[datetime | None] = Column(UtcTime())
    last_ok_at: Named[datetime | None] = Column(UtcTime())
    last_new_at: Named[datetime | None] = Column(UtcTime())
    newest_post_at: Named[datetime | None] = Column(UtcTime())
    failures: Named[int]
    message: Named[str | None] = Column(Text)
    posts_total: Named[int]
    next_due_at: Named[datetime | None] = Column(UtcTime())


sources = Table("sources", metadata, SourceColumns)


class CrawlColumns(TypedColumns):
    """One crawl of one source: the past against which silence is judged."""

    id: Named[int] = Column(Serial, primary_key=True)
    source: Named[str] = Column(Key, ForeignKey("sources.key", ondelete="CASCADE"))
    at: Named[datetime] = Column(UtcTime())
    state: Named[str] = Column(Key)
    seen: Named[int]
    added: Named[int]
    revised: Named[int]


crawls = Table("crawls", metadata, CrawlColumns, Index(None, "source", "at"))


class SourceDayColumns(TypedColumns):
    """A source's day in UTC, summed up from its crawls: what health pages and trend gaps are drawn from."""

    source: Named[str] = Column(Key, ForeignKey("sources.key", ondelete="CASCADE"), primary_key=True)
    day: Named[str] = Column(Key, primary_key=True)  # "2026-11-22"
    crawls: Named[int]
    healthy: Named[int]  # crawls that were answered: ok, empty or unchanged
    added: Named[int]


source_days = Table("source_days", metadata, SourceDayColumns, Index(None, "day"))


class SourceErrandColumns(TypedColumns):
    """Something that a person asked the crawlers to do: prove an address, or fill a gap. Done on their next turn."""

    id: Named[int] = Column(Serial, primary_key=True)
    kind: Named[str] = Column(Key)  # add | move | refill
    source: Named[str | None] = Column(Key)  # the source that is moved or refilled
    url: Named[str | None] = Column(Text)
    region: Named[str | None] = Column(Key)
    name: Named[str | None] = Column(Text)
    since: Named[datetime | None] = Column(UtcTime())
    inside: Named[bool]  # whether the address may lie in a private network
    by: Named[str] = Column(Key)
    at: Named[datetime] = Column(UtcTime())
    state: Named[str] = Column(Key)
    taken_at: Named[datetime | None] = Column(UtcTime())
    ended_at: Named[datetime | None] = Column(UtcTime())
    message: Named[str | None] = Column(Text)
    body: Named[str | None] = Column(Text)  # JSON: what was found


source_errands = Table(
    "source_errands", metadata, SourceErrandColumns, Index(None, "state", "id"), Index(None, "source", "id")
)
