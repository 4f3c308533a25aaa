"""How a source fares: what one crawl came to, held against the source's own past. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from domain.labels import SourceState
from domain.ports import SourceMemory

MIN_DATES = 5  # posts whose dates tell a pace; fewer tell nothing
PATIENCE = timedelta(days=2)  # no source is silent before this: weekends, a broken server over night
PATIENCE_UNKNOWN = timedelta(days=30)  # where no pace is known
GAPS = 8  # silent after so many typical gaps,
LONGEST_GAPS = 1.5  # or this many times the longest gap seen, whichever is longer
FORGET = 0.3  # weight of the newest crawl in the typical gap: follows a change of pace within a few crawls


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a source speaks: the typical time between two posts, and the longest seen."""

    typical: timedelta
    longest: timedelta

    @property
    def patience(self) -> timedelta:
        """How long the newest post may lie back before the source counts as silent."""
        return max(PATIENCE, self.typical * GAPS, self.longest * LONGEST_GAPS)

    def as_cursor(self) -> dict[str, float]:
        """As it is remembered, in seconds."""
        return {"typical": self.typical.total_seconds(), "longest": self.longest.total_seconds()}


@dataclass(frozen=True, slots=True)
class CrawlFacts:
    """What one crawl came to. `incremental`: only what is new was asked for, so no posts means no news."""

    answered: bool = False
    not_modified: bool = False
    incremental: bool = False
    blocked: bool = False
    key_refused: bool = False  # 401/403 where a key is used
    resting: bool = False  # the platform or the budget asks for a pause: says nothing about how the source fares
    seen: int = 0
    new: int = 0  # added or revised
    newest_post_at: datetime | None = None


def judge(memory: SourceMemory, facts: CrawlFacts, now: datetime, pace: Pace | None = None) -> SourceState:
    """The state of a source after a crawl.

    Silence is judged by the newest post it ever showed: a feed that answers and has said nothing for longer than
    its own past predicts is `stale`, even while every answer is a flawless "nothing changed".
    """
    if facts.key_refused:
        return SourceState.AUTH_EXPIRED
    if facts.blocked:
        return SourceState.BLOCKED
    if not facts.answered:
        return memory.state if facts.resting else SourceState.FAILED
    newest = max((t for t in (facts.newest_post_at, memory.newest_post_at) if t), default=None)
    patience = pace.patience if pace else PATIENCE_UNKNOWN
    if newest is not None and now - newest > patience and not _first(memory):
        return SourceState.STALE
    if facts.new:
        return SourceState.OK
    if facts.seen == 0 and not facts.not_modified and not facts.incremental:
        return SourceState.EMPTY
    return SourceState.UNCHANGED


def measure_pace(dates: Sequence[datetime], known: Pace | None, now: datetime) -> Pace | None:
    """The pace that the dates of the posts in one crawl show, blended into the pace known so far.

    The time since the newest post is no gap yet: silence must not teach patience.
    """
    days = sorted(moment for moment in dates if moment <= now)
    gaps = [later - earlier for earlier, later in pairwise(days)]
    if len(days) < MIN_DATES:
        return known
    typical = sorted(gaps)[len(gaps) // 2]
    if known is None:
        return Pace(typical, _longest(gaps))
    return Pace(known.typical * (1 - FORGET) + typical * FORGET, max(_longest(gaps), known.longest * (1 - FORGET / 2)))


def stored_pace(cursor: Mapping[str, object]) -> Pace | None:
    """The pace out of a source's cursor."""
    said = cursor.get("pace")
    if not isinstance(said, dict):
        return None
    typical, longest = said.get("typical"), said.get("longest")
    if not isinstance(typical, int | float) or not isinstance(longest, int | float):
        return None
    return Pace(timedelta(seconds=typical), timedelta(seconds=longest))


def _longest(gaps: Sequence[timedelta]) -> timedelta:
    """The longest gap but for the odd one out: one sticky post from years ago is no pace."""
    ordered = sorted(gaps)
    return ordered[max(0, int(len(ordered) * 0.9) - 1)]


def _first(memory: SourceMemory) -> bool:
    return memory.last_ok_at is None
