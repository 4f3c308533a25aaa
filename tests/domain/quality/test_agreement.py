"""Agreement with its interval, its weeks, and what is taken for what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.quality.agreement import Share, agreement, answerers, by_week, confusions
from domain.quality.lessons import Lesson, MachineAnswer, once_a_story

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)  # a Saturday
WITA = ZoneInfo("Asia/Makassar")


def lesson(number: int, machine: str | None, said: str, *, task: str = "opd", story: str = "", ago: int = 0) -> Lesson:
    answered = MachineAnswer(machine, 0.9, "meja-1") if machine is not None else None
    at = NOW - timedelta(days=ago)
    return Lesson(f"k{number}", "lombok-barat", story or f"s{number}", task, said, "ratna", at, answered)


def test_a_share_tells_how_far_it_can_be_off() -> None:
    assert (Share(8, 10).low, Share(8, 10).high) == pytest.approx((0.490, 0.943), abs=0.001)
    assert (Share(0, 0).low, Share(0, 0).high) == (0.0, 1.0)
    assert Share(300, 300).low > 0.98


def test_what_the_machine_had_said_is_compared_and_what_nobody_kept_is_not() -> None:
    found = agreement([lesson(1, "PUTR", "PUTR"), lesson(2, "PUTR", "DLH"), lesson(3, None, "DLH")])
    assert (found.right, found.n) == (1, 2)


def test_relevance_agrees_on_the_same_side_of_the_middle() -> None:
    assert lesson(1, "0.97", "1", task="relevance").agrees is True
    assert lesson(2, "0.08", "1", task="relevance").agrees is False


def test_weeks_begin_on_the_region_s_mondays_and_have_no_gaps() -> None:
    told = [lesson(1, "A", "A"), lesson(2, "A", "B", ago=6), lesson(3, "A", "A", ago=20)]
    weeks = by_week(told, WITA, last=date(2026, 11, 21), weeks=4)
    assert [(w.start, w.share.right, w.share.n) for w in weeks] == [
        (date(2026, 10, 26), 1, 1), (date(2026, 11, 2), 0, 0), (date(2026, 11, 9), 0, 1), (date(2026, 11, 16), 1, 1),
    ]  # fmt: skip  # six days before a Saturday is a Sunday: of the week before


def test_the_most_frequent_confusions_come_first_with_their_newest_cases() -> None:
    told = [lesson(n, "PUTR", "DLH", ago=n) for n in range(5)] + [lesson(9, "DLH", "PUTR"), lesson(8, "DLH", "DLH")]
    first, second = confusions(told, most=5)
    assert (first.machine, first.said, first.n, first.cases) == ("PUTR", "DLH", 5, ("k0", "k1", "k2"))
    assert second.n == 1
    assert confusions(told, most=1) == (first,)


def test_copies_of_one_story_are_one_answer_for_each_task() -> None:
    told = [lesson(n, "A", "A", story="s") for n in range(4)] + [lesson(5, "x", "y", task="topic", story="s")]
    assert [(x.case_id, x.task) for x in once_a_story(told)] == [("k0", "opd"), ("k5", "topic")]


def test_each_model_is_judged_by_its_own_answers() -> None:
    (one,) = answerers([lesson(1, "A", "A"), lesson(2, "A", "B"), lesson(3, None, "B")])
    assert (one.by, one.share) == ("meja-1", Share(1, 2))
