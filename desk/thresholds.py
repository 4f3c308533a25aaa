"""From which probability on a machine may route by itself in a region, and in words why, or why not.

Three sources, the best there is: what people in the region answered to the routing that is in force; answers that the
region's own training gave to tickets it had not learnt; a careful default from other regions.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Final

from domain.errors import CatalogueError, Refused
from domain.labels import LabelTask
from domain.quality.calibration import Calibration, Pair
from domain.quality.coverage import CONFIDENCE, ENOUGH, PRECISION, Point, at, curve, lower_bound, threshold
from domain.quality.lessons import Lesson
from domain.scope import Scope
from domain.tickets import RoutingMode
from store import Store
from store.modes import RegionMode

LOOKS_BACK: Final = timedelta(weeks=26)  # older answers were to other models, offices and rules
_FILE: Final = "routing.toml"


class Ground(StrEnum):
    """What a threshold stands on."""

    ANSWERS = "jawaban"  # people's answers to the routing in force
    TRAINING = "pelatihan"  # the region's tickets, each asked of a model that had not learnt it
    DEFAULT = "umum"  # other regions


@dataclass(frozen=True, slots=True)
class CarefulDefault:
    """What holds where a region has not answered enough."""

    calibration: Calibration
    sure: float
    source: str


@dataclass(frozen=True, slots=True)
class Measured:
    """The threshold of a region. `sure` is None where no probability is precise enough: then people route all."""

    ground: Ground
    sure: float | None
    pairs: tuple[Pair, ...]  # of the ground; empty for the default
    answers: int  # the region's own answers so far, whatever the ground
    point: Point | None = None

    @property
    def points(self) -> tuple[Point, ...]:
        """The risk-coverage curve, from the surest answers on."""
        return curve(self.pairs)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a machine may not route from a probability on. `precision` and `low` are measured; None where nothing is."""

    sure: float
    ground: Ground
    needed: float | None
    answers: int
    precision: float | None = None
    low: float | None = None


@cache
def careful_default() -> CarefulDefault:
    """The default that ships with Jaring.

    Raises:
        CatalogueError: its file cannot be used.
    """
    try:
        table = tomllib.loads((files("desk") / _FILE).read_text("utf-8"))
        calibration = Calibration(table["name"], float(table["slope"]), float(table["shift"]))
        return CarefulDefault(calibration, float(table["sure"]), table["source"])
    except (OSError, KeyError, ValueError) as cause:
        raise CatalogueError(f"desk/{_FILE} cannot be used: {cause}") from cause


def measured(answers: Sequence[Pair], training: Sequence[Pair]) -> Measured:
    """The threshold that a region's own figures give, or the default where there are not enough of them."""
    for ground, pairs in ((Ground.ANSWERS, answers), (Ground.TRAINING, training)):
        if len(pairs) >= ENOUGH:
            point = threshold(curve(pairs))
            return Measured(ground, typed(point.p) if point else None, tuple(pairs), len(answers), point)
    return Measured(Ground.DEFAULT, typed(careful_default().sure), (), len(answers))


def routed(lessons: Iterable[Lesson], calibration: Calibration) -> tuple[Pair, ...]:
    """The answers to the machine's own first office, under that calibration, without anybody's help."""
    names = {calibration.name} if calibration.bends else {calibration.name, ""}
    return tuple(
        Pair(one.machine.p, bool(one.agrees))
        for one in lessons
        if one.task == LabelTask.OPD.value
        and not one.oversight
        and one.machine is not None
        and one.machine.p is not None
        and not one.machine.guided
        and one.machine.by.partition("/")[2] in names
    )


def region_threshold(store: Store, region: str, lessons: Iterable[Lesson] | None = None) -> Measured:
    """The threshold of a region today, by all that is no accusation, or by the lessons that a reader may see."""
    fit = store.calibrations.newest([region]).get(region)
    in_force = fit.calibration if fit else careful_default().calibration
    if lessons is None:
        whole = Scope(regions=frozenset({region}))
        lessons = store.lessons.read(whole, region=region, since=store.clock() - LOOKS_BACK)
    return measured(routed(lessons, in_force), fit.pairs if fit else ())


def may_route(store: Store, stands: RegionMode, mode: RoutingMode, sure: float, reason: str) -> None:
    """Let a machine route from a probability on, if what was measured allows it or a person gives a reason in words.

    Raises:
        Refused: it does not, and nobody gave a reason; says what was measured and what would do.
    """
    if mode is not RoutingMode.AUTOMATIC or reason.strip():
        return
    if stands.mode is mode and sure >= stands.sure:
        return
    against = objection(region_threshold(store, stands.region), sure)
    if against is not None:
        raise Refused(told(against))


def told(against: Objection) -> str:
    """An objection in words."""
    needed = (
        f"Ambang yang memenuhi: {_number(against.needed)}." if against.needed else "Belum ada ambang yang memenuhi."
    )
    if against.precision is None or against.low is None:
        why = f"baru ada {against.answers} dari {ENOUGH} jawaban orang yang diperlukan untuk mengukurnya"
        needed = f"Sampai cukup, ambang hati-hatinya {_number(against.needed or 1)}."
    else:
        why = (
            f"dari {against.answers} jawaban, yang benar mulai ambang itu {_number(against.precision)} "
            f"(paling sedikit {_number(against.low)} pada keyakinan {CONFIDENCE:.0%}), diminta {_number(PRECISION)}"
        )
    return (
        f"Belum boleh otomatis mulai dari {_number(against.sure)}: {why}. {needed} "
        "Naikkan ambangnya, atau tulis alasan untuk tetap menyalakannya."
    )


def objection(found: Measured, sure: float) -> Objection | None:
    """What speaks against routing from a probability on; None where nothing does."""
    if found.ground is Ground.DEFAULT:
        short = found.sure is not None and sure < found.sure
        return Objection(sure, found.ground, found.sure, found.answers) if short else None
    if found.sure is not None and sure >= found.sure:
        return None
    point = at(found.points, sure)
    if point is None:  # nothing was ever that sure: nothing would be routed either
        return None
    low = lower_bound(point.right, point.n)
    if low >= PRECISION:
        return None
    return Objection(sure, found.ground, found.sure, len(found.pairs), point.precision, low)


def typed(p: float) -> float:
    """A probability as people can type it: three digits, rounded up."""
    return min(1.0, ceil(round(p * 1000, 6)) / 1000)


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").replace(".", ",").rstrip(",")
