"""Sources: what they are, what they remember, and how each crawl went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Named, Table, Text, TypedColumns

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
    options: Named[str] = Column(Text, server_default="[]")  # JSON list of pairs
    answer: Named[str | None] = Column(Text)
    interval_minutes: Named[int | None]  # what its own changes make of `every_minutes`


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
    kind: Named[str] = Column(Key)  # add | move | refill | suggest
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


class CredentialColumns(TypedColumns):
    """A key to a platform, sealed. What is shown of it is its name, its dates and who brought it."""

    name: Named[str] = Column(Key, primary_key=True)
    key_id: Named[str] = Column(Key)
    sealed: Named[bytes] = Column(LargeBinary)
    mark: Named[str] = Column(Key)  # keyed hash: the same key is one account, whatever it is called
    expires_at: Named[datetime | None] = Column(UtcTime())
    added_by: Named[str] = Column(Key)
    added_at: Named[datetime] = Column(UtcTime())
    refused_at: Named[datetime | None] = Column(UtcTime())  # when a platform last took it no longer


credentials = Table("credentials", metadata, CredentialColumns)


class PurseColumns(TypedColumns):
    """Whom a platform counts. One row is locked while a sum is looked at and added to."""

    account: Named[str] = Column(Key, primary_key=True)


purses = Table("purses", metadata, PurseColumns)


class PurseHourColumns(TypedColumns):
    """What an account spent, or set aside, in an hour of UTC."""

    account: Named[str] = Column(Key, ForeignKey("purses.account", ondelete="CASCADE"), primary_key=True)
    hour: Named[datetime] = Column(UtcTime(), primary_key=True)
    units: Named[int]


purse_hours = Table("purse_hours", metadata, PurseHourColumns)


class HostTurnColumns(TypedColumns):
    """When a host may be asked next, whichever process asks."""

    host: Named[str] = Column(Key, primary_key=True)
    next_at: Named[datetime] = Column(UtcTime())


host_turns = Table("host_turns", metadata, HostTurnColumns)


class SourceFindColumns(TypedColumns):
    """A door that a region's profile does not have yet: found, checked, and waiting for a person's click."""

    id: Named[int] = Column(Serial, primary_key=True)
    region: Named[str] = Column(Key)
    url: Named[str] = Column(Key)
    kind: Named[str] = Column(Key)
    name: Named[str] = Column(Text)
    why: Named[str] = Column(Text)  # where it was found, in words
    body: Named[str | None] = Column(Text)  # JSON: newest posts seen, pace
    found_at: Named[datetime] = Column(UtcTime())
    state: Named[str] = Column(Key)  # new | added | dropped
    by: Named[str | None] = Column(Key)  # who added or dropped it
    at: Named[datetime | None] = Column(UtcTime())


source_finds = Table("source_finds", metadata, SourceFindColumns, Index(None, "region", "url", unique=True))
