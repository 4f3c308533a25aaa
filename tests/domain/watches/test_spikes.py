"""What counts as out of the usual."""

from __future__ import annotations

import math
import random
from statistics import fmean

import pytest

from domain.watches.spikes import CHANCE, LEAST, spike_of, tail


@pytest.mark.parametrize(
    ("count", "before"),
    [
        (5, [0] * 8),
        (9, [1, 0, 2, 1, 1, 0, 1, 1]),
        (40, [9, 11, 10, 8, 12, 10, 9, 11]),
        (15, [1, 0, 2, 40, 1, 0, 1, 1]),  # one flood among the weeks hides nothing
    ],
)
def test_a_rise_is_told(count: int, before: list[int]) -> None:
    spike = spike_of(count, before)
    assert spike is not None
    assert spike.count == count
    assert spike.chance <= CHANCE


@pytest.mark.parametrize(
    ("count", "before"),
    [
        (LEAST - 1, [0] * 8),  # too few, however quiet the hour
        (100, [0, 0]),  # two weeks tell nothing of what is usual
        (6, [3, 4, 2, 5, 3, 4, 2, 3]),
        (19, [10] * 8),  # not twice the usual
        (15, [0, 20, 1, 18, 0, 15, 2, 22]),  # an hour that is always wild
    ],
)
def test_what_is_usual_small_or_unknown_is_not(count: int, before: list[int]) -> None:
    assert spike_of(count, before) is None


def test_one_more_story_never_ends_a_spike() -> None:
    chance = random.Random(1)
    for _ in range(200):
        before = [chance.randint(0, 12) for _ in range(8)]
        told = [spike_of(count, before) is not None for count in range(80)]
        assert told == sorted(told)


def test_the_tail_is_a_probability_that_falls() -> None:
    falls = [tail(count, 3.0, 2.0) for count in range(40)]
    assert falls[0] == 1.0
    assert falls == sorted(falls, reverse=True)
    assert math.isclose(tail(1, 2.0, 1e9), 1 - math.exp(-2), rel_tol=1e-6)  # Poisson, where nothing is spread


def test_ordinary_hours_are_seldom_taken_for_a_rise() -> None:
    chance = random.Random(7)

    def hour() -> int:  # a busy or a quiet hour, as days differ
        mean = chance.gammavariate(2, 2)
        return sum(chance.random() < mean / 100 for _ in range(100))

    told = [spike_of(hour(), [hour() for _ in range(8)]) is not None for _ in range(3_000)]
    assert fmean(told) < 0.008
