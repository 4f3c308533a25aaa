"""From which probability on a machine may route by itself in a region, and in words why, or why not.

Three sources, the best there is: what people in the region answered to the routing that is in force; answers that the
region's own training gave to tickets it had not learnt; a careful default from other regions.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Final

from domain.errors import CatalogueError
from domain.quality.calibration import Calibration, Pair
from domain.quality.coverage import ENOUGH, PRECISION, Point, at, curve, lower_bound, threshold

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
