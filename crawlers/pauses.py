"""How long a platform asks to be left alone, in the headers of its answers, and when its patience is nearly spent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from crawlers.asking import Answer
from crawlers.moments import moment

TOO_MANY = 429
TIRED = 90  # per cent of a platform's own patience at which we stop by ourselves
REST = timedelta(minutes=15)  # where a platform asks for a pause and does not say how long
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=32)  # a pause outside of these is a clock that is off


def rests_until(answer: Answer, now: datetime) -> datetime:
    """Until when a platform asks to be left alone, by our clock: its own may be off."""
    waits = [_reset(answer, now), _retry_after(answer, now), *_regained(answer)]
    wait = max((one for one in waits if one is not None), default=REST)
    return now + min(max(wait, SHORTEST), LONGEST)


def tired(answer: Answer, now: datetime) -> datetime | None:
    """Until when to leave a Graph platform alone although it still answers; None while it has patience left."""
    used = [*_shares(answer, "x-app-usage"), *_shares(answer, "x-business-use-case-usage")]
    return rests_until(answer, now) if any(share >= TIRED for share in used) else None


def _clock(answer: Answer, now: datetime) -> datetime:
    """The platform's clock when it answered."""
    try:
        found = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return now
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _reset(answer: Answer, now: datetime) -> timedelta | None:
    at = moment(answer.headers.get("x-rate-limit-reset", "").strip())
    return at - _clock(answer, now) if at is not None else None


def _retry_after(answer: Answer, now: datetime) -> timedelta | None:
    value = answer.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return timedelta(seconds=min(int(value), LONGEST.total_seconds()))
    try:
        return parsedate_to_datetime(value) - _clock(answer, now)
    except (TypeError, ValueError):
        return None


def _usages(answer: Answer, header: str) -> Iterator[Mapping[str, Any]]:
    """The records of a usage header, plain or by business."""
    try:
        found = orjson.loads(answer.headers.get(header, ""))
    except orjson.JSONDecodeError:
        return
    if isinstance(found, dict):
        yield found
        for records in found.values():
            yield from (one for one in records if isinstance(one, dict)) if isinstance(records, list) else ()


def _shares(answer: Answer, header: str) -> Iterator[float]:
    for record in _usages(answer, header):
        for name in ("call_count", "total_time", "total_cputime"):
            if isinstance(record.get(name), int | float):
                yield record[name]


def _regained(answer: Answer) -> Iterator[timedelta]:
    """Minutes, as Graph writes them."""
    for record in _usages(answer, "x-business-use-case-usage"):
        wait = record.get("estimated_time_to_regain_access")
        if isinstance(wait, int | float) and wait > 0:
            yield timedelta(minutes=min(wait, LONGEST.total_seconds() / 60))
