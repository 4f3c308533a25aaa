"""How a source fares is judged by one crawl and its own past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.health import CrawlFacts, judge
from crawlers.pace import measure_pace
from domain.labels import SourceState
from domain.ports import SourceMemory

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
HOURLY = measure_pace([NOW - timedelta(days=2, hours=hours) for hours in range(0, 24 * 30, 6)], None, NOW)
WEEKLY = measure_pace([NOW - timedelta(days=2 + days) for days in range(0, 70, 7)], None, NOW)


def memory(newest: timedelta | None = timedelta(hours=2)) -> SourceMemory:
    """A source that answered yesterday; its newest post is so old."""
    newest_at = NOW - newest if newest is not None else None
    return SourceMemory(key="uji", last_ok_at=NOW - timedelta(days=1), newest_post_at=newest_at, posts_total=50)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (CrawlFacts(), SourceState.FAILED),
        (CrawlFacts(blocked=True), SourceState.BLOCKED),
        (CrawlFacts(key_refused=True), SourceState.AUTH_EXPIRED),
        (CrawlFacts(answered=True), SourceState.EMPTY),
        (CrawlFacts(answered=True, not_modified=True), SourceState.UNCHANGED),
        (CrawlFacts(answered=True, incremental=True), SourceState.UNCHANGED),
        (CrawlFacts(answered=True, seen=10), SourceState.UNCHANGED),
        (CrawlFacts(answered=True, seen=10, new=1, newest_post_at=NOW), SourceState.OK),
    ],
)
def test_each_way_a_crawl_can_end_has_its_state(facts: CrawlFacts, state: SourceState) -> None:
    assert judge(memory(), facts, NOW, HOURLY) is state


def test_a_busy_source_is_silent_within_a_day_and_a_weekly_one_is_not() -> None:
    answered = CrawlFacts(answered=True, seen=10)
    silent = memory(timedelta(days=1))
    assert judge(silent, answered, NOW, HOURLY) is SourceState.STALE
    assert judge(silent, answered, NOW, WEEKLY) is SourceState.UNCHANGED


def test_flawless_answers_of_nothing_new_hide_no_silence() -> None:
    facts = CrawlFacts(answered=True, not_modified=True)
    assert judge(memory(timedelta(days=3)), facts, NOW, HOURLY) is SourceState.STALE


def test_a_feed_that_lost_its_posts_is_silent_once_its_past_says_so() -> None:
    facts = CrawlFacts(answered=True)
    assert judge(memory(timedelta(hours=2)), facts, NOW, HOURLY) is SourceState.EMPTY
    assert judge(memory(timedelta(days=3)), facts, NOW, HOURLY) is SourceState.STALE


def test_a_comment_today_keeps_a_site_from_silence() -> None:
    facts = CrawlFacts(answered=True, seen=1, new=1, newest_post_at=NOW)
    assert judge(memory(timedelta(days=30)), facts, NOW, HOURLY) is SourceState.OK


def test_a_source_is_not_silent_at_its_first_crawl() -> None:
    facts = CrawlFacts(answered=True, seen=5, new=5, newest_post_at=NOW - timedelta(days=300))
    assert judge(SourceMemory(key="uji"), facts, NOW) is SourceState.OK


def test_a_source_of_unknown_pace_gets_a_month() -> None:
    facts = CrawlFacts(answered=True, incremental=True)
    assert judge(memory(timedelta(days=29)), facts, NOW) is SourceState.UNCHANGED
    assert judge(memory(timedelta(days=31)), facts, NOW) is SourceState.STALE
