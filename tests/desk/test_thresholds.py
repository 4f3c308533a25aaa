"""How sure a machine must be to route alone: by a region's own answers, by its training, or carefully."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk.decide import Desk
from desk.routing import Router
from desk.thresholds import Ground, careful_default, measured, objection, routed, told, typed
from domain.quality.calibration import Calibration, Pair
from domain.quality.lessons import Lesson, MachineAnswer

NOW = datetime(2026, 11, 21, tzinfo=UTC)
GOOD = tuple(Pair(0.8 + n % 20 / 100, right=n % 50 != 0) for n in range(400))  # 98 of 100
BAD = tuple(Pair(0.6 + n % 40 / 100, right=n % 4 != 0) for n in range(400))


def test_a_region_that_has_not_answered_enough_gets_the_careful_default() -> None:
    found = measured(GOOD[:199], ())
    assert (found.ground, found.sure, found.answers) == (Ground.DEFAULT, typed(careful_default().sure), 199)
    assert found.sure is not None
    assert 0.9 < found.sure < 1


def test_its_own_answers_win_over_its_training_and_that_over_the_default() -> None:
    assert measured(GOOD, BAD).ground is Ground.ANSWERS
    trained = measured(GOOD[:100], GOOD)
    assert (trained.ground, trained.answers) == (Ground.TRAINING, 100)
    assert trained.sure == 0.8


def test_where_nothing_is_precise_enough_people_route_everything() -> None:
    found = measured(BAD, ())
    assert (found.ground, found.sure) == (Ground.ANSWERS, None)
    against = objection(found, 0.6)
    assert against is not None
    assert against.precision == pytest.approx(0.75)
    assert "Belum ada ambang yang memenuhi" in told(against)
    assert "dari 400 jawaban" in told(against)


def test_what_is_measured_well_enough_is_allowed_and_below_the_default_nothing_is() -> None:
    assert objection(measured(GOOD, ()), 0.8) is None
    assert objection(measured(GOOD, ()), 0.7) is None, "nothing was less sure: the same posts would be routed"
    unknown = measured((), ())
    assert objection(unknown, 0.98) is None
    against = objection(unknown, 0.9)
    assert against is not None
    assert "0 dari 200" in told(against)
    assert f"{unknown.sure:g}".replace(".", ",") in told(against)


def test_a_threshold_is_typed_in_three_digits_and_never_below_what_was_measured() -> None:
    assert [typed(p) for p in (0.9753, 0.975, 0.97501, 1.0)] == [0.976, 0.975, 0.976, 1.0]


def lesson(said: str, *, by: str, guided: bool = False, oversight: bool = False, p: float | None = 0.9) -> Lesson:
    machine = MachineAnswer("PUTR", p, by, guided)
    return Lesson("k", "r", "s", "opd", said, "ratna", NOW, machine, oversight)


def test_only_answers_to_the_routing_in_force_that_nobody_helped_count() -> None:
    lessons = [
        lesson("PUTR", by="meja-2/baru"), lesson("DLH", by="meja-2/baru"), lesson("PUTR", by="meja-2/lama"),
        lesson("PUTR", by="meja-2"), lesson("PUTR", by="meja-2/baru", guided=True),
        lesson("PUTR", by="meja-2/baru", oversight=True), lesson("PUTR", by="meja-2/baru", p=None),
    ]  # fmt: skip
    assert routed(lessons, Calibration("baru", 0.8, 0.1)) == (Pair(0.9, right=True), Pair(0.9, right=False))
    assert len(routed(lessons, Calibration("lama", 1.0, 0.0))) == 2, "what bends nothing is what was there before it"


def test_the_router_bends_probabilities_and_keeps_the_order() -> None:
    router = Router.__new__(Router)
    router._calibration = Calibration("x", 0.5, -0.4)
    held = router._calibrated({"A": 0.9, "B": 0.08, "C": 1e-5})
    assert list(held) == ["A", "B"]
    assert 0.5 < held["A"] < 0.9
    assert held["B"] < held["A"]
    router._calibration = Calibration("x", 0.3, 2.0)
    sure = router._calibrated({"A": 0.5, "B": 0.5})
    assert sum(sure.values()) <= 1.0 + 1e-9


def test_a_case_names_the_calibration_that_touched_it() -> None:
    assert Desk({}, None, calibrations={})._rules == {}  # type: ignore[arg-type]  # nothing is asked of the taxonomy
