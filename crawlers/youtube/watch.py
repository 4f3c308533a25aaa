"""The videos that a channel's source keeps an eye on, as they stand in its cursor. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

MAX_WATCHED = 200  # videos of one source: the cursor stays within some 30 kB
REFRESH = timedelta(days=7)  # comments are read from end to end this often: edits and deletions change no number
_LOOKS = (
    (timedelta(days=1), timedelta()),
    (timedelta(days=7), timedelta(hours=6)),
    (timedelta(days=30), timedelta(days=1)),
    (timedelta(days=90), timedelta(days=7)),
)  # so long after its last comment a video is looked at so often
_RARELY = timedelta(days=14)


@dataclass(slots=True)
class Walk:
    """A walk through a video's comments that has not come to its end: where it goes on, and what it saw so far."""

    page: str | None = None  # the platform's name of the next page; None: the first
    top: datetime | None = None  # the newest comment when it began
    count: int = 0  # how many comments the platform counted when it began
    fresh: int = 0  # comments that were not known
    late: bool = False  # one of them should have been met by an earlier walk: something had slipped past it
    several: bool = False  # the list came on several pages, and may have moved between them
    spread: bool = False  # what is newer than the last walk came on several pages


@dataclass(slots=True)
class Watched:
    """A video. Everything up to `floor` is known to be read; up to `top` it was read once, and that is not the same.

    A list of several pages moves while it is read: what is deleted lets another comment slip past the reader. So
    `floor` follows `top` only when the list came on one page, or when a second walk met nothing that the first one
    had missed.
    """

    id: str
    at: datetime  # when it was published
    last: datetime | None = None  # its newest comment
    top: datetime | None = None
    floor: datetime | None = None
    count: int | None = None  # comments when they were last read; None: never
    look: datetime | None = None  # not before then; None: now
    whole: datetime | None = None  # when its comments were last read from end to end
    shut: bool = False  # comments are switched off
    walk: Walk | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing of it is left to be read, as far as is known."""
        return self.walk is None and self.count is not None and self.floor == self.top

    @property
    def alive(self) -> datetime:
        """When something last happened to it."""
        return max(self.at, self.last or self.at)

    def due(self, now: datetime) -> bool:
        """Whether its numbers are to be asked for."""
        return self.look is None or self.look <= now or not (self.settled or self.shut)

    def wants_walk(self, comments: int, now: datetime) -> bool:
        """Whether its comments are to be read, now that the platform counts so many."""
        return comments != self.count or not self.settled or self.wants_whole(now)

    def wants_whole(self, now: datetime) -> bool:
        """Whether they are to be read from end to end."""
        return self.whole is None or now - self.whole > REFRESH

    def rest(self, now: datetime) -> None:
        """Set when it is looked at next."""
        age = now - self.alive
        self.look = now + next((wait for limit, wait in _LOOKS if age < limit), _RARELY)

    def as_cursor(self) -> dict[str, object]:
        """As it is remembered: times in whole seconds, what is not there left out."""
        said: dict[str, object] = {"id": self.id, "at": _seconds(self.at)}
        for name in ("last", "top", "floor", "look", "whole"):
            moment = getattr(self, name)
            if moment is not None:
                said[name] = _seconds(moment)
        if self.count is not None:
            said["count"] = self.count
        if self.shut:
            said["shut"] = True
        if self.walk is not None:
            said["walk"] = {
                "page": self.walk.page,
                "top": _seconds(self.walk.top) if self.walk.top else None,
                "count": self.walk.count,
                "fresh": self.walk.fresh,
                "late": self.walk.late,
                "several": self.walk.several,
                "spread": self.walk.spread,
            }
        return said

    @classmethod
    def from_cursor(cls, said: Mapping[str, object]) -> Self | None:
        """Out of a cursor; None for what is no video."""
        name, at = said.get("id"), _moment(said.get("at"))
        if not isinstance(name, str) or at is None:
            return None
        count, walk = said.get("count"), said.get("walk")
        times = {each: _moment(said.get(each)) for each in ("last", "top", "floor", "look", "whole")}
        return cls(
            name,
            at,
            **times,
            count=count if isinstance(count, int) else None,
            shut=said.get("shut") is True,
            walk=_walk(walk) if isinstance(walk, dict) else None,
        )


@dataclass(slots=True)
class Watch:
    """All of them, by id."""

    videos: dict[str, Watched] = field(default_factory=dict)

    @classmethod
    def from_cursor(cls, said: object) -> Self:
        """Out of a cursor."""
        found = (Watched.from_cursor(one) for one in said if isinstance(one, dict)) if isinstance(said, list) else ()
        return cls({one.id: one for one in found if one is not None})

    def as_cursor(self) -> list[dict[str, object]]:
        """As they are remembered: what is not read yet first, then the liveliest; no more than the cursor may hold."""
        kept = sorted(self.videos.values(), key=lambda one: (one.settled or one.shut, -one.alive.timestamp()))
        return [one.as_cursor() for one in kept[:MAX_WATCHED]]

    def add(self, video: str, at: datetime) -> Watched:
        """Watch a video."""
        return self.videos.setdefault(video, Watched(video, at.replace(microsecond=0)))

    def due(self, now: datetime) -> list[Watched]:
        """Those to be looked at, the liveliest first."""
        return sorted((one for one in self.videos.values() if one.due(now)), key=lambda one: one.alive, reverse=True)


def newest(*moments: datetime | None) -> datetime | None:
    """The newest of moments that may be absent."""
    return max(_present(moments), default=None)


def _present(moments: Iterable[datetime | None]) -> Iterable[datetime]:
    return (one for one in moments if one is not None)


def _walk(said: Mapping[str, object]) -> Walk:
    page, count, fresh = said.get("page"), said.get("count"), said.get("fresh")
    return Walk(
        page=page if isinstance(page, str) else None,
        top=_moment(said.get("top")),
        count=count if isinstance(count, int) else 0,
        fresh=fresh if isinstance(fresh, int) else 0,
        late=said.get("late") is True,
        several=said.get("several") is True,
        spread=said.get("spread") is True,
    )


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(said: object) -> datetime | None:
    return datetime.fromtimestamp(said, tz=UTC) if isinstance(said, int) and not isinstance(said, bool) else None
