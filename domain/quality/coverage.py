"""How much a machine may do alone: the share of answers above a probability, and how many of them are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, sqrt
from typing import Final

from domain.quality.calibration import Pair

PRECISION: Final = 0.95  # of what the machine routes by itself
CONFIDENCE: Final = 0.9  # one-sided: that the precision is not an accident of these answers
ENOUGH: Final = 200  # answers of a region's own, below which its curve decides nothing
_HALVINGS: Final = 50
_GLANCE: Final = 1.0  # standard errors above the precision: no point below them holds at a confidence of .9 or more


@dataclass(frozen=True, slots=True)
class Point:
    """What would be routed from a probability on: the share of all answers, and how many of those are right."""

    p: float
    n: int
    right: int
    coverage: float

    @property
    def precision(self) -> float:
        """The share that is right."""
        return self.right / self.n


def curve(pairs: Sequence[Pair]) -> tuple[Point, ...]:
    """A point for each probability that was said, highest first."""
    points: list[Point] = []
    right = 0
    ranked = sorted(pairs, key=lambda pair: -pair.p)
    for n, pair in enumerate(ranked, start=1):
        right += pair.right
        if n == len(ranked) or ranked[n].p < pair.p:
            points.append(Point(pair.p, n, right, n / len(ranked)))
    return tuple(points)


def threshold(points: Sequence[Point], *, precision: float = PRECISION, confidence: float = CONFIDENCE) -> Point | None:
    """The point of the smallest probability whose precision holds with that confidence; None where none does."""
    good = (
        p for p in reversed(points) if p.precision >= precision and lower_bound(p.right, p.n, confidence) >= precision
    )
    return next(good, None)


def at(points: Sequence[Point], p: float) -> Point | None:
    """The point of all answers from a probability on; None where there are none."""
    return next((point for point in reversed(points) if point.p >= p), None)


def lower_bound(right: int, n: int, confidence: float = CONFIDENCE) -> float:
    """The one-sided lower bound of a share by Clopper and Pearson (1934): exact, and careful rather than bold."""
    if right <= 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _at_most_wrong(n - right, n, 1 - middle) < 1 - confidence:
            low = middle
        else:
            high = middle
    return low


def _holds(point: Point, precision: float, confidence: float) -> bool:
    """Whether the lower bound reaches a precision; asked of thousands of points, so most are told by a glance."""
    glance = (point.precision - precision) * sqrt(point.n / (precision * (1 - precision)))
    if glance < _GLANCE:
        return False
    return _at_most_wrong(point.n - point.right, point.n, 1 - precision) <= 1 - confidence


def _at_most_wrong(wrong: int, n: int, risk: float) -> float:
    """The chance of at most so many wrong answers of n, each at the same risk."""
    if risk <= 0:
        return 1.0
    if risk >= 1:
        return 1.0 if wrong >= n else 0.0
    return sum(
        exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(risk) + (n - k) * log(1 - risk))
        for k in range(wrong + 1)
    )
