from __future__ import annotations

import pytest

from nlp.eval.metrics import (
    accuracy,
    bootstrap,
    calibration_error,
    class_f1,
    macro_f1,
    precision_recall,
    sure_share,
)

GOLD = ["a", "a", "a", "b", "b", "c"]
SAID = ["a", "a", "b", "b", "c", "c"]


def test_figures_agree_with_those_worked_out_by_hand() -> None:
    assert accuracy(GOLD, SAID) == pytest.approx(4 / 6)
    assert class_f1(GOLD, SAID) == pytest.approx({"a": 0.8, "b": 0.5, "c": 2 / 3})
    assert macro_f1(GOLD, SAID) == pytest.approx((0.8 + 0.5 + 2 / 3) / 3)
    assert macro_f1(GOLD, SAID, ["a", "never"]) == pytest.approx(0.8)


def test_nothing_to_measure_measures_nothing() -> None:
    assert accuracy([], []) == 0
    assert macro_f1([], []) == 0
    assert precision_recall([False], [False]) == (1.0, 1.0)


def test_precision_and_recall_are_told_apart() -> None:
    assert precision_recall([True, True, False, False], [True, False, True, False]) == (0.5, 0.5)
    assert precision_recall([True, True], [True, False]) == (1.0, 0.5)


def test_an_interval_holds_its_figure_and_is_the_same_each_time() -> None:
    found = bootstrap(accuracy, GOLD * 20, SAID * 20)
    assert found.low < found.value < found.high
    assert found == bootstrap(accuracy, GOLD * 20, SAID * 20)


def test_calibration_is_zero_where_probabilities_hold() -> None:
    assert calibration_error([True] * 3 + [False], [0.75] * 4) == pytest.approx(0)
    assert calibration_error([False] * 4, [1.0] * 4) == pytest.approx(1)


def test_the_sure_share_is_what_can_be_answered_at_a_precision() -> None:
    assert sure_share([True, True, False, True], [0.9, 0.8, 0.7, 0.6], precision=1.0) == (0.8, 0.5)
    assert sure_share([False], [0.9], precision=0.9) == (1.0, 0.0)
