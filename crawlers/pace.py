"""How often a source speaks, by its own past, and how long it may be silent before somebody should look. Pure.

What a past predicts is its longest usual pause: nights, weekends, a weekly column. The longest pauses of the last
months are kept, not an average that a quiet night would already exceed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

MEMORY: Final = timedelta(days=90)  # a season: what was usual before is not usual now
KEPT: Final = 16  # pauses remembered: more than there are weekends in a season
FEW: Final = 4  # pauses that tell a pace; fewer tell nothing
UNKNOWN: Final = timedelta(days=30)  # the patience where no pace is known
LEARNING: Final = timedelta(days=15)  # until two weekends were heard,
WEEKEND: Final = timedelta(days=3)  # no source is silent before this
ODD: Final = 2  # a pause that is more than so many times the next longest was a holiday or a breakdown, not a habit
SHORTEST: Final = timedelta(hours=3)  # beyond the longest pause at least so much longer, or half of it,
LONGEST: Final = timedelta(hours=18)  # at most so much: with the way to the next crawl it is noticed within a day


@dataclass(frozen=True, slots=True)
class Pace:
    """What is remembered of a source's pauses, in whole seconds since 1970 and of length."""

    pauses: tuple[tuple[int, int], ...]  # the longest of the last months: their end and their length, by end
    count: int  # how many pauses it was seen to make
    since: int  # from when on it is heard
    last: int  # its newest post

    def usual(self, now: datetime) -> timedelta | None:
        """The longest pause that is a habit; None where too little is known."""
        if self.count < FEW:
            return None
        start = _seconds(now - MEMORY)
        lengths = sorted((length for end, length in self.pauses if end >= start), reverse=True)
        if len(lengths) < FEW:  # it speaks less than once in three weeks: all that is known of it counts
            lengths = sorted((length for _, length in self.pauses), reverse=True)
        return timedelta(seconds=min(lengths[0], ODD * lengths[1]))

    def patience(self, now: datetime) -> timedelta:
        """How long the newest post may lie back before the source counts as silent."""
        usual = self.usual(now)
        if usual is None:
            return UNKNOWN
        patience = usual + min(max(usual / 2, SHORTEST), LONGEST)
        return patience if now - _moment(self.since) >= LEARNING else max(patience, WEEKEND)

    def as_cursor(self) -> dict[str, object]:
        """As it is remembered."""
        pauses = [list(pause) for pause in self.pauses]
        return {"pauses": pauses, "count": self.count, "since": self.since, "last": self.last}


def measure_pace(dates: Iterable[datetime], known: Pace | None, now: datetime) -> Pace | None:
    """The pace after the posts of one crawl; None while there was none.

    The time since the newest post is no pause yet: silence must not teach patience. Of a source that is known only
    what is newer than all before counts: an old post that is edited, or comes late, is no pause.
    """
    moments = sorted({_seconds(moment) for moment in dates if moment <= now})
    if known is not None:
        moments = [known.last, *(moment for moment in moments if moment > known.last)]
    if not moments:
        return None
    new = [(later, later - earlier) for earlier, later in pairwise(moments)]
    before = known or Pace((), 0, moments[len(moments) // 2], moments[-1])  # half of them: old pages may stick
    return Pace(_longest([*before.pauses, *new], now), before.count + len(new), before.since, moments[-1])


def stored_pace(cursor: Mapping[str, object]) -> Pace | None:
    """The pace out of a source's cursor."""
    said = cursor.get("pace")
    if not isinstance(said, dict):
        return None
    pauses = said.get("pauses")
    numbers = [number for name in ("count", "since", "last") if isinstance(number := said.get(name), int)]
    if not isinstance(pauses, list) or len(numbers) != 3:  # noqa: PLR2004  those three
        return None
    pairs = [tuple(pair) for pair in pauses if isinstance(pair, list) and len(pair) == 2]  # noqa: PLR2004  end, length
    if not all(isinstance(number, int) for pair in pairs for number in pair):
        return None
    count, since, last = numbers
    return Pace(tuple(pairs), count, since, last)


def _longest(pauses: Sequence[tuple[int, int]], now: datetime) -> tuple[tuple[int, int], ...]:
    """The longest pauses of the last months; where these are few, the longest of all."""
    start = _seconds(now - MEMORY)
    recent = [pause for pause in pauses if pause[0] >= start]
    kept = sorted(recent if len(recent) >= FEW else pauses, key=lambda pause: pause[1], reverse=True)[:KEPT]
    return tuple(sorted(kept))


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
