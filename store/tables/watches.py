"""Saved searches, the posts they found while these were new, and what each reader did with what he was told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Double, ForeignKey, Index, Named, Table, Text, TypedColumns

from store.tables.base import metadata
from store.types import Key, UtcTime


class WatchColumns(TypedColumns):
    """A `Watch`. `filters` is JSON; `changed_at` grows with every change, so that workers notice."""

    id: Named[str] = Column(Key, primary_key=True)
    owner: Named[str] = Column(Key, ForeignKey("accounts.name", ondelete="CASCADE"), index=True)
    region: Named[str] = Column(Key)
    title: Named[str] = Column(Text)  # the `name` that its owner gave it; accounts have a column of that name
    q: Named[str] = Column(Text)
    filters: Named[str] = Column(Text)
    kind: Named[str] = Column(Key)
    hour: Named[int]
    zone: Named[str] = Column(Key)
    shared: Named[bool]
    paused: Named[bool]
    since: Named[datetime] = Column(UtcTime())
    created_at: Named[datetime] = Column(UtcTime())
    changed_at: Named[datetime] = Column(UtcTime())


watches = Table("watches", metadata, WatchColumns)


class WatchHitColumns(TypedColumns):
    """A case that a watch found. Once a case: a replay adds nothing. Who may see it is asked when it is read.

    `kind` and `due_at` are the watch's at that time: when and how the story is told does not change afterwards.
    """

    watch: Named[str] = Column(Key, ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True)
    case_id: Named[str] = Column(Key, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, index=True)
    story: Named[str] = Column(Key)
    kind: Named[str] = Column(Key)
    at: Named[datetime] = Column(UtcTime(), index=True)
    due_at: Named[datetime] = Column(UtcTime())
    published_at: Named[datetime] = Column(UtcTime())


watch_hits = Table("watch_hits", metadata, WatchHitColumns, Index(None, "watch", "story"))


class WatchSpikeColumns(TypedColumns):
    """An hour that was out of the usual for one reader. `least` is how many stories it takes to be that.

    `scope` is a hash of what the reader could see then: seen otherwise, the figures no longer hold.
    """

    watch: Named[str] = Column(Key, ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True)
    account: Named[str] = Column(Key, ForeignKey("accounts.name", ondelete="CASCADE"), primary_key=True, index=True)
    hour: Named[datetime] = Column(UtcTime(), primary_key=True)
    found_at: Named[datetime] = Column(UtcTime())
    least: Named[int]
    usual: Named[float] = Column(Double)
    scope: Named[str] = Column(Key)


watch_spikes = Table("watch_spikes", metadata, WatchSpikeColumns)


class WatchMarkColumns(TypedColumns):
    """What a reader did with an alert: seen, or snoozed until then."""

    watch: Named[str] = Column(Key, ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True)
    account: Named[str] = Column(Key, ForeignKey("accounts.name", ondelete="CASCADE"), primary_key=True, index=True)
    alert: Named[str] = Column(Key, primary_key=True)
    at: Named[datetime] = Column(UtcTime())
    until: Named[datetime | None] = Column(UtcTime())  # absent: seen for good


watch_marks = Table("watch_marks", metadata, WatchMarkColumns)
