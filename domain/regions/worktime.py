"""When a region works and how long it may take: `calendar.toml` and `sla.toml`."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal, Self, cast, get_args

from pydantic import Field, model_validator

from domain.posts import Frozen
from domain.regions.records import Name

Weekday = Literal["senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"]
Kind = Literal["permintaan_informasi", "aspirasi", "pengaduan", "pengawasan"]
ClassName = Literal["biasa", "cepat", "darurat", "pengawasan"]
Days = Annotated[int, Field(ge=1, le=365)]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)  # in the order of date.weekday()


class Span(Frozen):
    """Working hours in region-local time, `start <= t < end`; written "07:30-12:00" in the file."""

    start: time
    end: time

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        start, dash, end = value.partition("-")
        if not dash:
            raise ValueError('jam ditulis "07:30-12:00"')
        return {"start": start.strip(), "end": end.strip()}

    @model_validator(mode="after")
    def _goes_forward(self) -> Self:
        if self.start >= self.end:
            raise ValueError(f"jam berakhir sebelum mulai: {self.start:%H:%M}-{self.end:%H:%M}")
        return self


class DayOff(Frozen):
    """A day the region's offices are shut (or, under `workdays`, open) besides the national calendar."""

    day: date
    name: Name


class WorkCalendar(Frozen):
    """Hours per weekday; a weekday without hours is off. National holidays and cuti bersama are added elsewhere."""

    source: str
    verified: bool = False
    hours: dict[Weekday, tuple[Span, ...]]
    holidays: tuple[DayOff, ...] = ()
    workdays: tuple[DayOff, ...] = ()

    def spans(self, day: date) -> tuple[Span, ...]:
        """The region's working hours on a day, before national holidays are taken off; empty when off."""
        if any(holiday.day == day for holiday in self.holidays):
            return ()
        if any(workday.day == day for workday in self.workdays):
            return self.hours.get("senin", ())
        return self.hours.get(WEEKDAYS[day.weekday()], ())


class SlaClass(Frozen):
    """Working days of one class of topics: first response, then resolution, both from the first disposition."""

    response: Days
    resolve: Days


class Sla(Frozen):
    """Deadlines in working days. A deadline is the shorter of kind and class; oversight cases have their own."""

    source: str
    verified: bool = False
    verify: Days
    response: Days
    auto_close: Days
    kind: dict[Kind, Days]
    classes: dict[ClassName, SlaClass]

    def resolve_days(self, kind: str, topic_class: str, *, oversight: bool = False) -> int:
        """Working days to resolve. Unknown kinds count as pengaduan, unknown classes as biasa."""
        if oversight or (kind == "pengaduan" and topic_class == "pengawasan"):
            return self.kind["pengawasan"]
        days = self.kind.get(cast("Kind", kind), self.kind["pengaduan"])
        return min(days, self._class(topic_class).resolve)

    def response_days(self, topic_class: str) -> int:
        """Working days to the first response."""
        return min(self.response, self._class(topic_class).response)

    def _class(self, name: str) -> SlaClass:
        return self.classes.get(cast("ClassName", name), self.classes["biasa"])

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        missing = [f"kind.{kind}" for kind in get_args(Kind) if kind not in self.kind]
        missing += [f"classes.{name}" for name in get_args(ClassName) if name not in self.classes]
        if missing:
            raise ValueError(f"belum ada: {', '.join(missing)}")
        return self
