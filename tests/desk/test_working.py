"""Working time: deadlines by the region's calendar, holidays and joint leave taken off, with the reason in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.working import Left, WorkClock, WorkClocks, national_holidays
from domain.regions import DayOff, RegionProfile, Span, WorkCalendar, load_regions
from domain.tickets import ClockKind

WITA = ZoneInfo("Asia/Makassar")
PROFILES = load_regions(["lombok-barat", "kota-bengkulu"])
CLOCK = WorkClock(PROFILES["lombok-barat"])
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis adds the zone


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


def with_calendar(**changes: object) -> RegionProfile:
    profile = PROFILES["lombok-barat"]
    calendar = WorkCalendar.model_validate(profile.calendar.model_dump() | changes)
    return profile.model_copy(update={"calendar": calendar, "version": "lain"})


@pytest.mark.parametrize(
    ("start", "days", "until"),
    [
        ("2026-11-23 09:00", 1, "2026-11-24 16:00"),  # Monday
        ("2026-11-20 11:00", 3, "2026-11-25 16:00"),  # Friday: a weekend does not count
        ("2026-11-20 23:30", 3, "2026-11-25 16:00"),  # after hours, the same day
        ("2026-11-21 10:00", 3, "2026-11-25 16:00"),  # Saturday counts from Monday too
        ("2026-11-23 09:00", 4, "2026-11-27 16:30"),  # Friday closes later
        ("2026-12-23 09:00", 2, "2026-12-29 16:00"),  # joint leave on the 24th, Christmas on the 25th
        ("2026-12-31 09:00", 1, "2027-01-04 16:00"),  # New Year is a holiday of the next year
    ],
)
def test_a_deadline_is_the_close_of_the_nth_working_day_after(start: str, days: int, until: str) -> None:
    assert CLOCK.add_days(at(start), days) == at(until)


def test_a_region_in_another_zone_has_its_own_close_of_day() -> None:
    bengkulu = WorkClock(PROFILES["kota-bengkulu"])
    due = bengkulu.due(ClockKind.VERIFY, datetime(2026, 11, 22, 18, 0, tzinfo=UTC), 1)  # Monday 01.00 WIB
    assert due.at == datetime(2026, 11, 24, 16, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert due.why.endswith("Selasa, 24 November 2026 pukul 16.00 WIB.")


def test_the_reason_names_rule_start_what_did_not_count_and_the_result() -> None:
    due = CLOCK.due(ClockKind.VERIFY, at("2026-12-22 10:00"), 3)
    assert due.why == (
        "Verifikasi paling lama 3 hari kerja sejak Selasa, 22 Desember 2026 pukul 10.00 WITA; "
        "tidak dihitung: 2 hari akhir pekan, 24 Desember (Cuti Bersama Hari Raya Natal), "
        "25 Desember (Hari Raya Natal); "
        "tenggatnya Selasa, 29 Desember 2026 pukul 16.00 WITA."
    )
    assert CLOCK.due(ClockKind.RESPONSE, at("2026-11-23 10:00"), 1).why == (
        "Tanggapan pertama paling lama 1 hari kerja sejak disposisi Senin, 23 November 2026 pukul 10.00 WITA; "
        "tenggatnya Selasa, 24 November 2026 pukul 16.00 WITA."
    )


def test_holidays_that_are_not_yet_decreed_say_so() -> None:
    assert "(perkiraan)" in national_holidays(2028)[date(2028, 2, 27)]
    assert "Cuti Bersama" in national_holidays(2026)[date(2026, 12, 24)]


def test_a_regions_own_holiday_and_own_working_day_win() -> None:
    clock = WorkClock(
        with_calendar(
            holidays=(DayOff(day=date(2026, 11, 24), name="Hari jadi daerah"),),
            workdays=(DayOff(day=date(2026, 12, 24), name="Tetap masuk"), DayOff(day=date(2026, 11, 28), name="Ganti")),
        )
    )
    assert clock.add_days(at("2026-11-23 09:00"), 1) == at("2026-11-25 16:00")
    assert "24 November (Hari jadi daerah)" in clock.due(ClockKind.VERIFY, at("2026-11-23 09:00"), 1).why
    assert clock.is_working(at("2026-12-24 09:00"))
    assert clock.is_working(at("2026-11-28 09:00")), "a Saturday that the region works"
    assert not CLOCK.is_working(at("2026-12-24 09:00"))


@pytest.mark.parametrize(
    ("now", "until", "words"),
    [
        ("2026-11-23 09:00", "2026-11-23 16:00", "sisa 6 jam kerja"),  # the break does not count
        ("2026-11-23 12:30", "2026-11-23 13:25", "sisa 25 menit kerja"),
        ("2026-11-20 10:00", "2026-11-25 16:00", "sisa 3 hari kerja"),
        ("2026-11-20 17:00", "2026-11-23 09:00", "sisa 1 jam kerja"),
        ("2026-11-24 10:00", "2026-11-23 16:00", "terlambat 2 jam kerja"),
        ("2026-11-30 16:00", "2026-11-23 16:00", "terlambat 5 hari kerja"),
        ("2026-11-23 20:00", "2026-11-23 16:00", "baru saja lewat tenggat"),
        ("2026-11-23 16:00", "2026-11-23 16:00", "baru saja lewat tenggat"),
    ],
)
def test_what_is_left_is_told_in_working_time(now: str, until: str, words: str) -> None:
    assert CLOCK.left_words(at(now), at(until)) == words


def test_what_is_left_is_also_told_in_numbers() -> None:
    assert CLOCK.left(at("2026-11-24 10:00"), at("2026-11-23 16:00")) == Left(late=True, amount=2, unit="jam")


def test_a_clock_that_stood_still_goes_on_with_what_it_had() -> None:
    due = CLOCK.resumed(ClockKind.RESPONSE, at("2026-11-20 16:00"), 90)  # half an hour on Friday, an hour on Monday
    assert due.at == at("2026-11-23 08:30")
    assert "sisa 1 jam 30 menit kerja" in due.why
    assert CLOCK.resumed(ClockKind.RESPONSE, at("2026-11-20 16:00"), -5).at == at("2026-11-20 16:00")


@settings(max_examples=60, deadline=None)
@given(start=MOMENTS, minutes=st.integers(1, 20_000))
def test_minutes_added_are_the_minutes_between(start: datetime, minutes: int) -> None:
    end = CLOCK.add_minutes(start, minutes)
    assert abs(CLOCK.minutes_between(start, end) - minutes) <= 1, "seconds may round"
    assert CLOCK.minutes_between(end, start) == 0


@settings(max_examples=60, deadline=None)
@given(start=MOMENTS, days=st.integers(1, 60))
def test_no_deadline_falls_on_a_day_off_or_before_its_days_are_over(start: datetime, days: int) -> None:
    due = CLOCK.add_days(start, days)
    assert CLOCK.is_working(due - timedelta(minutes=1))
    assert not CLOCK.is_working(due)
    first, day = start.astimezone(WITA).date(), due.astimezone(WITA).date()
    between = (first + timedelta(days=n) for n in range(1, (day - first).days + 1))
    assert sum(bool(CLOCK.spans(one)) for one in between) == days


def test_a_changed_calendar_makes_a_new_clock() -> None:
    profiles = dict(PROFILES)
    clocks = WorkClocks(profiles)
    before = clocks.of("lombok-barat")
    assert clocks.of("lombok-barat") is before
    profiles["lombok-barat"] = with_calendar(hours={"senin": (Span.model_validate("08:00-10:00"),)})
    after = clocks.of("lombok-barat")
    assert after.add_days(at("2026-11-23 09:00"), 1) == at("2026-11-30 10:00")
