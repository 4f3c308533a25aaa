"""Calibration keeps the order and tells the truth; thresholds hold with the confidence that they claim."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.quality.calibration import Calibration, Pair, calibration_error, fit_calibration, reliability
from domain.quality.coverage import ENOUGH, PRECISION, at, curve, lower_bound, threshold


def answers(count: int, *, boast: float = 1.0, seed: int = 1) -> list[Pair]:
    """Answers whose truth is `p ** boast`: a `boast` above 1 says more than it keeps."""
    chance = random.Random(seed)
    said = [0.3 + 0.699 * chance.random() for _ in range(count)]
    return [Pair(p, chance.random() < p**boast) for p in said]


def test_an_overconfident_machine_becomes_modest() -> None:
    told = answers(4_000, boast=3.0)
    bends = fit_calibration("x", told)
    held = [Pair(bends.of(one.p), one.right) for one in told]
    assert calibration_error(told) > 0.1
    assert calibration_error(held) < 0.03


def test_an_honest_machine_and_one_with_few_answers_stay_nearly_as_they_are() -> None:
    honest = fit_calibration("x", answers(4_000))
    assert (honest.slope, honest.shift) == pytest.approx((1, 0), abs=0.15)
    few = fit_calibration("x", [Pair(0.9, right=False)] * 2)
    assert 0.5 < few.of(0.9) < 0.9
    assert fit_calibration("x", []) == Calibration("x", 1.0, 0.0)


def test_all_right_or_all_wrong_does_not_run_off() -> None:
    for right in (True, False):
        bends = fit_calibration("x", [Pair(0.7, right)] * 300)
        assert 0.0 < bends.of(0.7) < 1.0
        assert bends.slope > 0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40), st.floats(0, 1), st.floats(0, 1))
def test_calibration_never_turns_the_order_round(told: list[tuple[float, bool]], one: float, other: float) -> None:
    bends = fit_calibration("x", [Pair(p, right) for p, right in told])
    low, high = sorted((one, other))
    assert 0.0 <= bends.of(low) <= bends.of(high) <= 1.0


def test_bins_hold_every_answer_once() -> None:
    told = [Pair(0.0, right=False), Pair(1.0, right=True), Pair(0.95, right=True), Pair(0.05, right=False)]
    bins = reliability(told)
    assert [(b.low, b.share.n, b.share.right) for b in bins] == [(0.0, 2, 0), (0.9, 2, 2)]
    assert calibration_error(told) == pytest.approx(0.025)


def test_the_lower_bound_is_clopper_and_pearson_s() -> None:
    assert lower_bound(200, 200) == pytest.approx(0.98855, abs=1e-5)
    assert lower_bound(190, 200) == pytest.approx(0.92401, abs=1e-5)
    assert lower_bound(3, 5) == pytest.approx(0.246636, abs=1e-5)
    assert lower_bound(0, 5) == 0.0


def test_the_threshold_is_the_smallest_probability_that_is_precise_enough_for_sure() -> None:
    told = answers(1_200, boast=1.5)
    points = curve(told)
    found = threshold(points)
    assert found is not None
    assert lower_bound(found.right, found.n) >= PRECISION
    lower = [point for point in points if point.p < found.p][::25]
    assert lower
    assert all(lower_bound(point.right, point.n) < PRECISION for point in lower)


def test_a_handful_of_right_answers_proves_nothing() -> None:
    assert threshold(curve([Pair(0.99, right=True)] * 44)) is None
    assert threshold(curve([Pair(0.99, right=True)] * 45)) is not None
    assert threshold(()) is None


def test_the_claim_holds_as_often_as_it_says() -> None:
    """Of thresholds chosen on 400 answers, at most about one in ten is less precise than claimed on unseen ones."""
    chance, broken, made = random.Random(5), 0, 0
    for _ in range(25):
        learnt = [Pair(p := 0.5 + 0.5 * chance.random(), chance.random() < 0.8 + 0.2 * p) for _ in range(2 * ENOUGH)]
        found = threshold(curve(learnt))
        if found is not None:
            made += 1
            true = 0.8 + 0.2 * (1 + found.p) / 2
            broken += true < PRECISION - 0.005
    assert made >= 8
    assert broken / made <= 0.2


def test_a_point_tells_what_would_be_routed() -> None:
    told = [Pair(0.9, right=True), Pair(0.9, right=False), Pair(0.5, right=True), Pair(0.2, right=False)]
    points = curve(told)
    assert [(p.p, p.n, p.coverage) for p in points] == [(0.9, 2, 0.5), (0.5, 3, 0.75), (0.2, 4, 1.0)]
    assert at(points, 0.6) == points[0]
    assert at(points, 0.95) is None
