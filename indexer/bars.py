"""Where the bars of a histogram begin: in a zone's own hours, days, weeks and months, without gaps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.errors import Refused
from domain.search import Interval

MAX_BARS = 10_000  # more than any screen shows: about 13 months of hours
_HOUR = timedelta(hours=1)


def zone_named(name: str) -> ZoneInfo:
    """Return a time zone. Raises: Refused for a name that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as cause:
        raise Refused(f"Zona waktu '{name[:40]}' tidak dikenal. Contoh: Asia/Makassar.") from cause


def bar_starts(first: datetime, last: datetime, interval: Interval, zone: ZoneInfo) -> list[datetime]:
    """Return the local starts of all bars from the one that holds `first` to the one that holds `last`.

    Raises: Refused for more than `MAX_BARS`.
    """
    starts: list[datetime] = []
    for start in _starts(first.astimezone(zone), interval, zone):
        if start.astimezone(UTC) > last:
            return starts
        if len(starts) == MAX_BARS:
            raise Refused(
                f"Terlalu banyak batang: paling banyak {MAX_BARS}. Perpendek waktunya atau perlebar jaraknya."
            )
        starts.append(start)
    return starts


def _starts(first: datetime, interval: Interval, zone: ZoneInfo) -> Iterator[datetime]:
    if interval is Interval.HOUR:
        start = first.replace(minute=0, second=0, microsecond=0)
        moment = start.astimezone(UTC)
        while True:  # hours are counted in UTC: where clocks are put back, an hour comes twice
            yield moment.astimezone(zone)
            moment += _HOUR
    day = first.date()
    if interval is Interval.WEEK:
        day -= timedelta(days=day.weekday())
    elif interval is Interval.MONTH:
        day = day.replace(day=1)
    while True:
        yield datetime.combine(day, time(), zone)
        if interval is Interval.MONTH:
            day = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        else:
            day += timedelta(days=7 if interval is Interval.WEEK else 1)
