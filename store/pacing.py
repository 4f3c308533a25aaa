"""When a source is asked again, by what it has brought so far; and when it should have been and was not. Pure."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final

from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceMemory, SourceSpec

DEAD: Final = frozenset({SourceState.FAILED, SourceState.AUTH_EXPIRED, SourceState.BLOCKED})
SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(days=1)  # a source that says little, or is down, is asked at least this often
SPREAD: Final = 4  # how far from its profile's interval what a source shows may move it, either way
MORE: Final = 1.5
FEWER: Final = math.sqrt(MORE)  # so that one crawl of three with something new keeps the interval as it is
MANY: Final = 20  # new posts in one crawl: a feed that shows no more than that may have dropped some
_MAX_DOUBLINGS: Final = 6


def interval_of(memory: SourceMemory, spec: SourceSpec) -> timedelta:
    """How often a source is asked now."""
    return timedelta(minutes=memory.interval_minutes or spec.every_minutes)


def bounds(every: timedelta) -> tuple[timedelta, timedelta]:
    """Between what a source's interval moves when its profile says `every`; both are `every` for the rarest."""
    return min(every, max(SHORTEST, every / SPREAD)), max(every, min(LONGEST, every * SPREAD))


def adapted(before: SourceMemory, outcome: CrawlOutcome, every: timedelta) -> timedelta:
    """The interval after a crawl: shorter when it brought something, longer when it did not.

    Moves after an answer only, and not after the first: everything is new then.
    """
    shortest, longest = bounds(every)
    now = timedelta(minutes=before.interval_minutes) if before.interval_minutes else every
    if before.last_ok_at is not None and outcome.state not in DEAD and outcome.rest_until is None:
        brought = outcome.report.added + outcome.report.revised
        if brought:
            now /= MORE * MORE if outcome.report.added >= MANY else MORE
        else:
            now *= FEWER
    return min(max(now, shortest), longest)


def remembered(before: SourceMemory, outcome: CrawlOutcome, *, every: timedelta) -> SourceMemory:
    """What a source remembers after a crawl. A failing source is asked less and less often, up to daily."""
    dead = outcome.state in DEAD
    failures = before.failures + 1 if dead else 0
    interval = adapted(before, outcome, every)
    wait = min(interval * 2 ** min(failures, _MAX_DOUBLINGS), max(LONGEST, every)) if dead else interval
    answered = outcome.state is SourceState.OK  # only a full answer may also take a validator away
    newest = max((t for t in (before.newest_post_at, outcome.newest_post_at) if t), default=None)
    return SourceMemory(
        key=before.key,
        state=outcome.state,
        etag=outcome.etag if answered or outcome.etag else before.etag,
        last_modified=outcome.last_modified if answered or outcome.last_modified else before.last_modified,
        cursor=outcome.cursor if outcome.cursor is not None else before.cursor,
        last_attempt_at=outcome.at,
        last_ok_at=before.last_ok_at if dead else outcome.at,
        last_new_at=outcome.at if outcome.report.added else before.last_new_at,
        newest_post_at=newest,
        failures=failures,
        message=outcome.message,
        posts_total=before.posts_total + outcome.report.added,
        next_due_at=max(outcome.at + wait, outcome.rest_until or outcome.at),
        answer=outcome.answer,
        interval_minutes=round(interval / timedelta(minutes=1)) if interval != every else None,
    )


def overdue(memory: SourceMemory, spec: SourceSpec, now: datetime) -> bool:
    """Whether a source should have been crawled a whole interval ago, and nobody did: two since its last crawl.

    A source that rests, or whose failures make it wait, is due later and so overdue later. One that was never
    crawled tells that by its state.
    """
    if not spec.enabled or memory.last_attempt_at is None:
        return False
    due = memory.next_due_at or memory.last_attempt_at
    return now - due > interval_of(memory, spec)
