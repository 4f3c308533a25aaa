"""A source is asked as often as it has something to say, within bounds; and who is asked too late is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceMemory, SourceSpec
from domain.posts import IntakeReport
from store.pacing import bounds, interval_of, overdue, remembered
from tests.store.line import NOW, REGION

HOUR = timedelta(hours=1)
SPEC = SourceSpec("a", "A", "rss", "https://a.id", (REGION,), every_minutes=60)
FRESH = SourceMemory("a")


def crawled(before: SourceMemory, added: int = 0, state: SourceState = SourceState.OK, **more: object) -> SourceMemory:
    at = before.next_due_at or NOW
    outcome = CrawlOutcome("a", state, at, report=IntakeReport(added=added), **more)  # type: ignore[arg-type]
    return remembered(before, outcome, every=HOUR)


def after(memory: SourceMemory, *added: int) -> SourceMemory:
    for number in added:
        memory = crawled(memory, number)
    return memory


def test_the_first_crawl_brings_everything_and_moves_nothing() -> None:
    assert crawled(FRESH, 50).interval_minutes is None
    assert crawled(FRESH, 50).next_due_at == NOW + HOUR


def test_a_source_that_always_has_news_is_asked_four_times_as_often_and_a_quiet_one_a_fourth() -> None:
    busy, quiet = after(FRESH, *[1] * 12), after(FRESH, *[0] * 12)
    assert interval_of(busy, SPEC) == HOUR / 4
    assert interval_of(quiet, SPEC) == HOUR * 4
    assert quiet.last_attempt_at is not None
    assert quiet.next_due_at == quiet.last_attempt_at + 4 * HOUR


def test_a_source_with_news_in_every_third_crawl_stays_about_where_it_is() -> None:
    steady = after(FRESH, *[0, 0, 1] * 20)
    assert HOUR / 1.6 <= interval_of(steady, SPEC) <= HOUR * 1.6


def test_a_feed_that_may_have_dropped_some_is_asked_sooner_still() -> None:
    assert interval_of(after(FRESH, 0, 40), SPEC) < interval_of(after(FRESH, 0, 4), SPEC) < HOUR


def test_a_source_that_fails_is_asked_less_and_less_from_its_own_interval_on_and_keeps_it() -> None:
    busy = after(FRESH, *[1] * 12)
    waits = []
    for _ in range(9):
        busy = crawled(busy, state=SourceState.FAILED)
        assert busy.next_due_at is not None
        assert busy.last_attempt_at is not None
        waits.append(busy.next_due_at - busy.last_attempt_at)
    assert waits[:3] == [HOUR / 2, HOUR, 2 * HOUR]
    assert max(waits) <= timedelta(days=1)
    assert interval_of(busy, SPEC) == HOUR / 4


def test_a_rest_is_kept_and_says_nothing_about_the_pace() -> None:
    known = after(FRESH, 1)
    rest = NOW + timedelta(days=3)
    rested = crawled(known, state=SourceState.UNCHANGED, rest_until=rest)
    assert (rested.next_due_at, rested.interval_minutes) == (rest, known.interval_minutes)


@pytest.mark.parametrize("every", [5, 15, 60, 360, 1440, 10_080])
@given(brings=st.lists(st.integers(0, 50), max_size=40))
def test_no_past_moves_an_interval_out_of_its_bounds(every: int, brings: list[int]) -> None:
    span = timedelta(minutes=every)
    low, high = bounds(span)
    assert timedelta(minutes=5) <= low <= span <= high <= max(span, timedelta(days=1))
    memory = FRESH
    for added in brings:
        outcome = CrawlOutcome("a", SourceState.OK, NOW, report=IntakeReport(added=added))
        memory = remembered(memory, outcome, every=span)
        now = interval_of(memory, replace(SPEC, every_minutes=every))
        assert low <= now <= high + timedelta(minutes=1)


def test_a_source_is_overdue_when_two_of_its_intervals_have_passed_without_a_crawl() -> None:
    busy = after(FRESH, *[1] * 12)
    last = busy.last_attempt_at
    assert last is not None
    assert not overdue(busy, SPEC, last + HOUR / 2)
    assert overdue(busy, SPEC, last + HOUR / 2 + timedelta(seconds=1))
    assert not overdue(busy, replace(SPEC, enabled=False), last + timedelta(days=9))
    assert not overdue(FRESH, SPEC, NOW)


def test_a_source_that_rests_is_not_overdue_before_its_rest_is_over() -> None:
    resting = crawled(after(FRESH, 1), state=SourceState.UNCHANGED, rest_until=NOW + timedelta(days=3))
    assert not overdue(resting, SPEC, NOW + timedelta(days=3))
    assert overdue(resting, SPEC, NOW + timedelta(days=3, hours=2))
