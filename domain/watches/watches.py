"""A saved search, and how its owner wants to hear of what it finds."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from domain.documents import PostDocument
from domain.posts import Frozen
from domain.search import Filters

OLD: Final = timedelta(days=7)  # what is older than that when it comes in, or has been here that long, is history


class WatchKind(StrEnum):
    """How a saved search speaks: not at all, of each story, once a day, or when there is suddenly much."""

    SAVED = "saved"
    EACH = "each"
    DIGEST = "digest"
    SPIKE = "spike"


class Watch(Frozen):
    """A search that a person saved for one region. `filters` hold no days: a watch looks forward."""

    id: str
    owner: str
    region: str
    name: str
    q: str
    filters: Filters
    kind: WatchKind
    hour: int  # of the region's day at which a digest is told
    zone: str
    shared: bool  # the region's center reads along, each reader only what he may see himself
    paused: bool
    since: AwareDatetime  # what was stored before is never told
    created_at: AwareDatetime

    @property
    def speaks(self) -> bool:
        """Whether it looks at new posts at all."""
        return self.kind is not WatchKind.SAVED and not self.paused


def is_news(document: PostDocument, now: datetime) -> bool:
    """Whether a post may still be told: neither old when it came in, nor here for long."""
    return document.ingested_at - document.published_at <= OLD and now - document.ingested_at <= OLD


def next_digest(now: datetime, hour: int, zone: str) -> datetime:
    """The first moment after `now` at which a clock of the zone shows that full hour."""
    tz = ZoneInfo(zone)
    today = now.astimezone(tz).date()
    days = (datetime.combine(today + timedelta(days=n), time(hour), tz) for n in range(3))
    return next(moment for moment in days if moment > now)
