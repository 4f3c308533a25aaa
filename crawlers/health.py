"""How a source fares: what one crawl came to, held against the source's own past. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawlers.pace import UNKNOWN, Pace
from domain.labels import SourceState
from domain.ports import SourceMemory


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
    patience = pace.patience(now) if pace else UNKNOWN
    if newest is not None and now - newest > patience and not _first(memory):
        return SourceState.STALE
    if facts.new:
        return SourceState.OK
    if facts.seen == 0 and not facts.not_modified and not facts.incremental:
        return SourceState.EMPTY
    return SourceState.UNCHANGED


def _first(memory: SourceMemory) -> bool:
    return memory.last_ok_at is None
