"""What is remembered of the posts of one's own page: how much was said under each when it was last read. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crawlers.kinds import stored_time

MAX_TALKS = 1_000  # posts that are remembered, the newest: some 40 kB of cursor
WATCH_DAYS = 14  # posts of so many days are looked at in every crawl
DEEP = timedelta(days=90)  # and of so many once a day
DAILY = timedelta(hours=23)  # an hourly schedule drifts a little
_TIMES = ("read_until", "deep_at", "back", "walked")
ROOM = timedelta(days=1)  # read again where a crawl goes on after a gap


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said under a post when it was read. `whole`: when that was read to its end."""

    count: int | None
    whole: datetime | None
    at: datetime  # when the post was published


@dataclass(slots=True)
class Talked:
    """The cursor of a page: the talks by native id, up to when its posts are read, when it looked far back."""

    page: str
    talks: dict[str, Talk] = field(default_factory=dict)
    read_until: datetime | None = None
    deep_at: datetime | None = None
    back: datetime | None = None  # a look further back than usual that has not come to its end: how far it goes,
    walked: datetime | None = None  # and how far it has come

    @classmethod
    def of(cls, cursor: Mapping[str, object], page: str) -> Talked:
        """Out of a source's cursor. What it tells of another page is forgotten: the source was given a new one."""
        if cursor.get("page") != page:
            return cls(page)
        said = cursor.get("talks")
        pairs = said.items() if isinstance(said, dict) else ()
        talks = {name: talk for name, one in pairs if (talk := _talk(one)) is not None}
        return cls(page, talks, *(stored_time(cursor, name) for name in _TIMES))

    def as_cursor(self) -> dict[str, object]:
        """As it is remembered."""
        newest = sorted(self.talks.items(), key=lambda pair: pair[1].at, reverse=True)[:MAX_TALKS]
        times = {name: getattr(self, name) for name in _TIMES}
        return {
            "page": self.page,
            "talks": {name: [talk.count, _seconds(talk.whole), _seconds(talk.at)] for name, talk in newest},
            **{name: at.isoformat() for name, at in times.items() if at is not None},
        }

    def goes_deep(self, now: datetime) -> bool:
        """Whether it is time to look far back."""
        return self.deep_at is None or now - self.deep_at >= DAILY

    def horizon(self, now: datetime, *, watch: timedelta, since: datetime | None) -> datetime:
        """How far back the posts are to be listed."""
        back = [now - watch]
        if self.read_until is None:
            back.append(now - watch)
        elif self.goes_deep(now):
            back.append(now - max(DEEP, watch))
        if self.read_until is not None:
            back.append(self.read_until - ROOM)  # nothing is left out after a gap, however long
        return min([*back, since or now, self.back or now])

    def was_walked(self, name: str, at: datetime) -> bool:
        """Whether a look back has come past a post already, which is remembered no longer."""
        return self.walked is not None and at >= self.walked and name not in self.talks

    def wants_reading(self, name: str, count: int | None, *, watched: bool, now: datetime) -> bool:
        """Whether what is said under a post is to be read, now that the platform counts so many."""
        before = self.talks.get(name)
        if before is None:
            return count != 0
        return count != before.count or (watched and count != 0 and self.wants_whole(name, now))

    def wants_whole(self, name: str, now: datetime) -> bool:
        """Whether it is to be read to its end: edits and deletions change no number."""
        before = self.talks.get(name)
        return before is None or before.whole is None or now - before.whole >= DAILY


def _talk(said: object) -> Talk | None:
    if not isinstance(said, list) or len(said) != 3 or (at := _moment(said[2])) is None:  # noqa: PLR2004  count, whole, at
        return None
    return Talk(said[0] if isinstance(said[0], int) else None, _moment(said[1]), at)


def _seconds(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment is not None else None


def _moment(said: object) -> datetime | None:
    return datetime.fromtimestamp(said, tz=UTC) if isinstance(said, int) and not isinstance(said, bool) else None
