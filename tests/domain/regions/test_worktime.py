"""Working hours and deadlines as a region states them."""

from __future__ import annotations

from datetime import date, time

import pytest
from pydantic import ValidationError

from domain.regions import DayOff, Span, WorkCalendar, load_regions

PROFILE = load_regions(["lombok-barat"])["lombok-barat"]
FRIDAY, SATURDAY = date(2026, 11, 6), date(2026, 11, 7)


def test_friday_has_its_own_break_and_saturday_no_hours() -> None:
    assert [span.end for span in PROFILE.calendar.spans(FRIDAY)] == [time(11, 30), time(16, 30)]
    assert PROFILE.calendar.spans(SATURDAY) == ()


def test_a_week_has_thirty_seven_and_a_half_hours() -> None:
    minutes = sum(
        (span.end.hour - span.start.hour) * 60 + span.end.minute - span.start.minute
        for spans in PROFILE.calendar.hours.values()
        for span in spans
    )
    assert minutes == 37.5 * 60


def test_regional_holidays_shut_and_extra_workdays_open() -> None:
    calendar = WorkCalendar(
        source="x",
        hours={"senin": (Span(start=time(8), end=time(12)),), "jumat": (Span(start=time(8), end=time(11)),)},
        holidays=(DayOff(day=FRIDAY, name="Hari jadi"),),
        workdays=(DayOff(day=SATURDAY, name="Pengganti"),),
    )
    assert calendar.spans(FRIDAY) == ()
    assert calendar.spans(SATURDAY) == calendar.hours["senin"]


def test_hours_are_read_from_text_and_must_go_forward() -> None:
    assert Span.model_validate("07:30-12:00").start == time(7, 30)
    with pytest.raises(ValidationError):
        Span.model_validate("12:00-07:30")
    with pytest.raises(ValidationError):
        Span.model_validate("pagi")


@pytest.mark.parametrize(
    ("kind", "topic_class", "oversight", "days"),
    [
        ("pengaduan", "biasa", False, 14),
        ("pengaduan", "cepat", False, 7),
        ("pengaduan", "darurat", False, 3),
        ("pengaduan", "pengawasan", False, 60),
        ("pengaduan", "biasa", True, 60),
        ("permintaan_informasi", "biasa", False, 5),
        ("permintaan_informasi", "pengawasan", False, 5),
        ("aspirasi", "darurat", False, 3),
        ("apresiasi", "biasa", False, 14),
    ],
)
def test_the_shorter_of_kind_and_class_counts(kind: str, topic_class: str, oversight: bool, days: int) -> None:
    assert PROFILE.sla.resolve_days(kind, topic_class, oversight=oversight) == days


def test_an_emergency_is_answered_within_a_day() -> None:
    assert PROFILE.sla.response_days("darurat") == 1
    assert PROFILE.sla.response_days("biasa") == 5
