"""Ids of X as moments: an id tells when its post was written, so the ends of a span are points in time."""

from __future__ import annotations

from datetime import UTC, datetime

from crawlers.spans import Span

_EPOCH_MS = 1_288_834_974_657  # ids hold their time, in milliseconds since then


def mark_at(moment: datetime) -> int:
    """The id that a post of this moment would have at least."""
    return max(0, int(moment.timestamp() * 1000) - _EPOCH_MS) << 22


def moment_of(mark: int) -> datetime:
    """When the post of an id was written."""
    return datetime.fromtimestamp(((mark >> 22) + _EPOCH_MS) / 1000, tz=UTC)


def between(span: Span) -> str:
    """From when until when, in words for people; without an end where the span has none yet."""
    ends = [moment_of(span.after)] + ([moment_of(span.before)] if span.before is not None else [])
    return "dari " + " sampai ".join(f"{end:%Y-%m-%d %H:%M}" for end in ends) + " UTC"
