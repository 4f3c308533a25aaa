"""Working time of a region: its hours, less weekends, national holidays and joint leave (cuti bersama).

A deadline of n working days is the close of the n-th working day after the day it is counted from: that day itself
never counts, at whatever hour it began.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final, Literal

import holidays

from domain.errors import CatalogueError
from domain.regions import RegionProfile
from domain.regions.worktime import WEEKDAYS
from domain.tickets import ClockKind, Due

_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
_TOO_LONG: Final = 3_660  # days without enough working time: the calendar has no hours
_MONTHS: Final = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
_RULES: Final[Mapping[ClockKind, str]] = {
    ClockKind.VERIFY: "Verifikasi paling lama {days} hari kerja sejak {start}",
    ClockKind.RESPONSE: "Tanggapan pertama paling lama {days} hari kerja sejak disposisi {start}",
    ClockKind.RESOLVE: "Penyelesaian paling lama {days} hari kerja sejak disposisi pertama {start}",
}


@dataclass(frozen=True, slots=True)
class Left:
    """Working time until a deadline, or since. Fewer than a day counts in hours, fewer than an hour in minutes."""

    late: bool
    amount: int
    unit: Literal["hari", "jam", "menit"]


class WorkClock:
    """The working time of one region. Safe to share between threads."""

    def __init__(self, profile: RegionProfile) -> None:
        self._calendar = profile.calendar
        self._zone = profile.tz
        self._label = profile.zone_label
        self._known: dict[date, tuple[tuple[datetime, datetime], ...]] = {}
        self._lengths: dict[date, int] = {}
        self._day_minutes = _minutes_of_day(profile)

    def is_working(self, at: datetime) -> bool:
        """Whether offices work at this moment."""
        return any(start <= at < end for start, end in self.spans(at.astimezone(self._zone).date()))

    def spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """Working hours of a day, `start <= t < end` in the region's zone; empty when offices are shut."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = tuple(
                (datetime.combine(day, span.start, self._zone), datetime.combine(day, span.end, self._zone))
                for span in (() if self._shut(day) else self._calendar.spans(day))
            )
        return known

    def _minutes_of(self, day: date) -> int:
        known = self._lengths.get(day)
        if known is None:
            known = self._lengths[day] = sum((end - begin) // _MINUTE for begin, end in self.spans(day))
        return known

    def holiday(self, day: date) -> str | None:
        """The name of a day off that is no weekend, else None."""
        local = next((off.name for off in self._calendar.holidays if off.day == day), None)
        return local or (national_holidays(day.year).get(day) if self._shut(day) else None)

    def add_days(self, start: datetime, days: int) -> datetime:
        """The close of the n-th working day after the day of `start`."""
        *_, last = self._working_days(start, days)
        return self.spans(last)[-1][1]

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """When so many minutes of working time have passed; `start` itself moves to the next opening."""
        left = minutes * _MINUTE
        for begin, end in self._spans_from(start):
            begin = max(begin, start)  # noqa: PLW2901  the first span may have begun before
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise _no_hours(self._label)

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole minutes of working time from one moment to a later one; 0 when `end` is not later."""
        if end <= start:
            return 0
        first, last = start.astimezone(self._zone).date(), end.astimezone(self._zone).date()
        ends = timedelta()
        for day in {first, last}:
            for begin, close in self.spans(day):
                ends += max(timedelta(), min(close, end) - max(begin, start))
        whole = sum(self._minutes_of(first + n * _DAY) for n in range(1, (last - first).days))
        return ends // _MINUTE + whole

    def left(self, now: datetime, at: datetime) -> Left:
        """How much working time is left until a deadline, or has passed since."""
        late = at <= now
        minutes = self.minutes_between(at, now) if late else self.minutes_between(now, at)
        if minutes >= self._day_minutes:
            return Left(late, minutes // self._day_minutes, "hari")
        return Left(late, minutes // 60, "jam") if minutes >= 60 else Left(late, minutes, "menit")  # noqa: PLR2004  an hour

    def left_words(self, now: datetime, at: datetime) -> str:
        """The same in words: "sisa 3 jam kerja", "terlambat 2 hari kerja"."""
        left = self.left(now, at)
        if not left.amount:
            return "baru saja lewat tenggat" if left.late else "tenggat sekarang"
        return f"{'terlambat' if left.late else 'sisa'} {left.amount} {left.unit} kerja"

    def due(self, kind: ClockKind, start: datetime, days: int) -> Due:
        """A deadline with its reason in one sentence: the rule, from when, what did not count, until when."""
        local = start.astimezone(self._zone)
        at = self.add_days(start, days)
        rule = _RULES[kind].format(days=days, start=self._told(local))
        shut = self._not_counted(local.date(), at.date())
        skipped = f"; tidak dihitung: {', '.join(shut)}" if shut else ""
        return Due(at=at, why=f"{rule}{skipped}; tenggatnya {self._told(at)}.")

    def resumed(self, kind: ClockKind, now: datetime, minutes: int) -> Due:
        """The deadline of a clock that stood still and goes on with so many minutes of working time left.

        One that had run out before (`minutes` is negative) runs out at once.
        """
        if minutes <= 0:
            told = self._told(now.astimezone(self._zone))
            return Due(at=now, why=f"Tenggat {kind.value} sudah lewat ketika ditunda; dilanjutkan {told}.")
        at = self.add_minutes(now, minutes)
        hours, rest = divmod(minutes, 60)
        left = f"{hours} jam {rest} menit kerja" if hours else f"{rest} menit kerja"
        return Due(
            at=at,
            why=f"Tenggat {kind.value} dilanjutkan {self._told(now.astimezone(self._zone))} dengan sisa {left}; "
            f"tenggatnya {self._told(at)}.",
        )

    def _shut(self, day: date) -> bool:
        """Whether the nation has a day off that the region does not work through."""
        return day in national_holidays(day.year) and all(work.day != day for work in self._calendar.workdays)

    def _working_days(self, start: datetime, days: int) -> Iterator[date]:
        day, found = start.astimezone(self._zone).date(), 0
        for _ in range(_TOO_LONG):
            day += _DAY
            if self.spans(day):
                yield day
                found += 1
                if found >= days:
                    return
        raise _no_hours(self._label)

    def _spans_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = start.astimezone(self._zone).date()
        for _ in range(_TOO_LONG):
            yield from ((begin, end) for begin, end in self.spans(day) if end > start)
            day += _DAY

    def _not_counted(self, first: date, last: date) -> list[str]:
        """The days between two days that did not count: weekends as one number, holidays by name."""
        weekend, named = 0, list[str]()
        day = first + _DAY
        while day < last:
            if not self.spans(day):
                name = self.holiday(day)
                if name and self._calendar.hours.get(WEEKDAYS[day.weekday()]):
                    named.append(f"{day.day} {_MONTHS[day.month - 1]} ({name})")
                else:
                    weekend += 1
            day += _DAY
        return ([f"{weekend} hari akhir pekan"] if weekend else []) + named

    def _told(self, at: datetime) -> str:
        weekday = WEEKDAYS[at.weekday()].capitalize()
        return f"{weekday}, {at.day} {_MONTHS[at.month - 1]} {at.year} pukul {at:%H.%M} {self._label}"


class WorkClocks:
    """The clock of every region, made anew when its profile changed."""

    def __init__(self, profiles: Mapping[str, RegionProfile]) -> None:
        self._profiles = profiles
        self._made: dict[str, tuple[str, WorkClock]] = {}

    def of(self, region: str) -> WorkClock:
        """The clock of a region that is served."""
        profile = self._profiles[region]
        version, clock = self._made.get(region, ("", None))
        if clock is None or version != profile.version:
            clock = WorkClock(profile)
            self._made[region] = (profile.version, clock)
        return clock


@cache
def national_holidays(year: int) -> Mapping[date, str]:
    """National holidays and joint leave of a year by day; those not yet decreed are told as "(perkiraan)"."""
    found = holidays.country_holidays("ID", years=year, categories=("public", "government"), language="id")
    return {day: name for day, name in sorted(found.items()) if day.year == year}


def _minutes_of_day(profile: RegionProfile) -> int:
    """The length of a usual working day: the middle one of the week's."""
    lengths = sorted(
        sum((datetime.combine(date.min, s.end) - datetime.combine(date.min, s.start)) // _MINUTE for s in spans)
        for spans in profile.calendar.hours.values()
        if spans
    )
    if not lengths:
        raise _no_hours(profile.slug)
    return lengths[len(lengths) // 2]


def _no_hours(where: str) -> CatalogueError:
    return CatalogueError(f"{where}: calendar.toml tidak mempunyai jam kerja.")
