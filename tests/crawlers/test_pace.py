"""Silence is noticed within a day of what a source's own past predicts, and its habits raise no alarm."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.pace import FEW, KEPT, LEARNING, MEMORY, UNKNOWN, WEEKEND, Pace, measure_pace, stored_pace
from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceMemory
from domain.posts import IntakeReport
from store.pacing import remembered

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FEED = 15  # posts that a feed shows
HEARD, DIES = 20, 130  # days after the first post: when crawling begins, and about when the source ends
SPAN = timedelta(days=60)  # in which false alarms are counted, before it ends


def hours(*ago: float) -> list[datetime]:
    return [NOW - timedelta(hours=one) for one in ago]


def known(dates: Sequence[datetime], before: Pace | None = None, now: datetime = NOW) -> Pace:
    pace = measure_pace(dates, before, now)
    assert pace is not None
    return pace


def test_the_longest_usual_pause_and_half_of_it_more_is_waited() -> None:
    dates = [NOW - timedelta(days=days, hours=ago) for days in range(20, 60) for ago in (0, 1, 2, 3, 15)]
    pace = known(dates)
    assert pace.usual(NOW) == 12 * HOUR
    assert pace.patience(NOW) == 18 * HOUR


def test_a_source_that_is_new_here_is_given_a_weekend() -> None:
    pace = known(hours(*range(20)))
    assert pace.patience(NOW) == WEEKEND
    assert pace.patience(NOW + LEARNING) < WEEKEND


def test_silence_teaches_no_patience() -> None:
    pace = known(hours(*range(20)))
    silent = known([], pace, NOW + 90 * DAY)
    assert silent == pace


def test_one_sticky_post_of_years_ago_is_no_habit() -> None:
    pace = known([*hours(*range(20)), NOW - timedelta(days=2_000)])
    assert pace.usual(NOW) == 2 * HOUR
    assert pace.patience(NOW) == WEEKEND  # and it has not been heard for years


def test_an_old_post_that_was_edited_is_no_pause() -> None:
    pace = known(hours(*range(20)))
    later = NOW + HOUR
    assert known([NOW - timedelta(days=400), NOW - timedelta(days=90), later], pace, later).usual(later) == HOUR


def test_a_holiday_is_no_habit_and_the_second_one_is() -> None:
    dates = [MONDAY + timedelta(days=days) for days in range(60) if not 20 <= days < 30]
    now = dates[-1]
    assert known(dates).usual(now) == 2 * DAY
    twice = [day for day in dates if not MONDAY + 40 * DAY <= day < MONDAY + 50 * DAY]
    assert known(twice, now=now).usual(now) == 11 * DAY


def test_too_few_posts_tell_no_pace_and_add_up_over_crawls() -> None:
    assert measure_pace([], None, NOW) is None
    pace = known(hours(0))
    for number in range(1, FEW + 1):
        assert pace.patience(NOW) == UNKNOWN
        pace = known([NOW + number * HOUR], pace, NOW + number * HOUR)
    assert pace.patience(NOW + FEW * HOUR) == WEEKEND


def test_what_was_usual_a_season_ago_is_not_usual_now() -> None:
    slow = known([MONDAY + timedelta(days=7 * week) for week in range(10)], now=MONDAY + 70 * DAY)
    then = MONDAY + 63 * DAY
    fast = known([then + timedelta(hours=step) for step in range(24 * 40)], slow, then + 40 * DAY)
    assert fast.usual(then + 40 * DAY) == 7 * DAY
    later = known([then + timedelta(hours=step) for step in range(24 * 95)], fast, then + 95 * DAY)
    assert later.usual(then + MEMORY + 5 * DAY) == HOUR


@given(st.lists(st.integers(0, 40_000_000), min_size=1, max_size=300), st.integers(1, 40))
def test_the_same_pace_comes_of_the_same_posts_however_crawls_cut_them(offsets: list[int], size: int) -> None:
    dates = sorted({MONDAY + timedelta(seconds=offset) for offset in offsets})
    now = dates[-1]
    whole, part = known(dates, now=now), None
    for start in range(0, len(dates), size):
        part = measure_pace(dates[max(0, start - 3) : start + size], part, now)
    assert part is not None
    assert (part.last, part.count) == (whole.last, whole.count)
    assert len(part.pauses) <= KEPT
    if len(dates) <= KEPT:
        assert part.usual(now) == whole.usual(now)


def test_a_pace_is_remembered_as_it_was() -> None:
    pace = known(hours(*range(20)))
    assert stored_pace(orjson.loads(orjson.dumps({"pace": pace.as_cursor()}))) == pace


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {"typical": 1.0, "longest": 2.0},
        {"pauses": [["a", 1]], "count": 1, "since": 1, "last": 1},
        {"pauses": 3},
    ],
)
def test_what_is_no_pace_is_none(said: object) -> None:
    assert stored_pace({"pace": said}) is None


def news_desk(chance: random.Random, days: int) -> Iterator[datetime]:
    """About one an hour by day, none at night, few at weekends."""
    for day in range(days):
        number = chance.randint(9, 16) if (MONDAY + timedelta(days=day)).weekday() < 5 else chance.randint(0, 3)
        yield from (MONDAY + timedelta(days=day, hours=chance.uniform(6, 22)) for _ in range(number))


def office(chance: random.Random, days: int) -> Iterator[datetime]:
    """One on nearly every working day."""
    for day in range(days):
        if (MONDAY + timedelta(days=day)).weekday() < 5 and chance.random() < 0.95:
            yield MONDAY + timedelta(days=day, hours=chance.uniform(7, 18))


def daily(chance: random.Random, days: int) -> Iterator[datetime]:
    """One on nearly every day."""
    for day in range(days):
        if chance.random() < 0.93:
            yield MONDAY + timedelta(days=day, hours=chance.uniform(7, 18))


def column(chance: random.Random, days: int) -> Iterator[datetime]:
    """One a week."""
    for day in range(2, days, 7):
        yield MONDAY + timedelta(days=day, hours=chance.uniform(0, 12))


def bursts(chance: random.Random, days: int) -> Iterator[datetime]:
    """Several in an hour or two, then nothing for a while: a day in the middle, often much longer."""
    moment = MONDAY
    while moment < MONDAY + timedelta(days=days):
        for _ in range(chance.randint(3, 12)):
            yield moment
            moment += timedelta(minutes=chance.expovariate(1 / 20))
        moment += timedelta(hours=chance.expovariate(1 / 24))


@pytest.mark.parametrize("speaks", [news_desk, office, daily, column, bursts])
def test_a_source_that_dies_silently_is_noticed_within_a_day_of_what_its_past_predicts(
    speaks: Callable[[random.Random, int], Iterator[datetime]],
) -> None:
    alarms = []
    for seed in range(5):
        chance = random.Random(seed)
        posts = sorted(speaks(chance, 200))
        dies = MONDAY + timedelta(days=DIES + chance.uniform(0, 7))
        spoken = [moment for moment in posts if moment <= dies]
        false, noticed = listen(spoken, dies)
        past = [later - earlier for earlier, later in pairwise(spoken) if later > dies - MEMORY]
        assert noticed - spoken[-1] <= max(past) + DAY
        alarms.append(false)
    assert sum(alarms) / len(alarms) < 1


def listen(posts: Sequence[datetime], dies: datetime) -> tuple[int, datetime]:
    """Crawl a source on its own schedule: how often it was taken for silent and was not, and when at last it was."""
    memory, pace, now = SourceMemory("a"), None, MONDAY + timedelta(days=HEARD)
    alarms, was, shown = 0, False, 0
    while True:
        there = sum(moment <= now for moment in posts[shown:]) + shown
        pace = measure_pace(posts[max(0, there - FEED) : there], pace, now)
        silent = pace is not None and now - posts[there - 1] > pace.patience(now)
        if silent and now >= dies:
            return alarms, now
        alarms += silent and not was and now >= dies - SPAN
        outcome = CrawlOutcome("a", SourceState.OK, now, report=IntakeReport(added=there - shown))
        memory = remembered(memory, outcome, every=HOUR)
        was, shown, now = silent, there, memory.next_due_at or now
