"""Which trend is asked for, as a page's address says it: a search without paging, and whether to compare."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.datastructures import QueryParams

from api.asked import Asked, midnight, read_asked
from domain.scope import within
from domain.search import Filters, Interval, Order

PATH: Final = "/tren"
PERIODS: Final = (7, 30, 90, 365)
MAX_DAY_BARS: Final = 45  # more bars than that are too thin to hit with a finger
MAX_WEEK_BARS: Final = 106  # two years


@dataclass(frozen=True, slots=True)
class Stretch:
    """Local days, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Stretch:
        """The same number of days right before."""
        return Stretch(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    @property
    def interval(self) -> Interval:
        """The bars that a stretch of this length is drawn with."""
        if self.days <= MAX_DAY_BARS:
            return Interval.DAY
        return Interval.WEEK if self.days <= 7 * MAX_WEEK_BARS else Interval.MONTH

    def since(self, zone: ZoneInfo) -> datetime:
        """When the first day begins."""
        return midnight(self.first, zone)

    def until(self, zone: ZoneInfo) -> datetime:
        """When the last day has ended."""
        return midnight(self.last + timedelta(days=1), zone)

    def each(self) -> tuple[date, ...]:
        """All days, in order."""
        return tuple(self.first + timedelta(days=n) for n in range(self.days))


@dataclass(frozen=True, slots=True)
class TrendAsked:
    """One trend: whose posts, over which days, and whether beside the days before. `asked` is never paged or picked."""

    asked: Asked = field(default_factory=Asked)
    compare: bool = True

    def changed(self, **changes: Any) -> TrendAsked:
        """The same trend with something else in its search."""
        return replace(self, asked=self.asked.changed(**changes))

    def stretch(self, today: date) -> Stretch:
        """The days asked for, none of them after today; one end alone is filled up to the usual length."""
        asked = self.asked
        if not asked.has_days:
            return Stretch(today - timedelta(days=asked.days - 1), today)
        last = min(asked.last or today, today)
        first = min(asked.first or last - timedelta(days=asked.days - 1), today)
        return Stretch(min(first, last), max(first, last))

    def filters(self, stretch: Stretch, zone: ZoneInfo, **values: tuple[str, ...]) -> Filters:
        """What the index is asked of some days; `values` narrow it further, field by field."""
        return Filters(
            since=stretch.since(zone),
            until=stretch.until(zone),
            oversight=True if self.asked.oversight else None,
            **{**self.asked.values, **values},
        )

    def href(self, path: str = PATH) -> str:
        """The address of this trend."""
        href = self.asked.href(path)
        if self.compare:
            return href
        return f"{href}{'&' if '?' in href else '?'}banding=0"

    def posts(self, stretch: Stretch, **values: tuple[str, ...]) -> str:
        """The address of the posts that the same filter finds on some days."""
        narrowed = self.asked.changed(first=stretch.first, last=stretch.last, values={**self.asked.values, **values})
        return narrowed.href()


def read_trend_asked(params: QueryParams) -> TrendAsked:
    """Read an address. What cannot be used is left out."""
    asked = read_asked(params)
    parents = asked.values.get("kecamatan", ())
    for desa in asked.values.get("desa", ()):  # another kecamatan was chosen since: its own villages are meant
        if parents and not any(within(desa, parent) for parent in parents):
            asked = asked.without_value("desa", desa)
    return TrendAsked(
        asked.changed(order=Order.NEWEST, fold=True, days=asked.days or max(PERIODS)),
        compare=params.get("banding") != "0",
    )
