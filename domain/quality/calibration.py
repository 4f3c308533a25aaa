"""Probabilities that mean what they say: fitted as a logistic curve, checked by bins (Platt 1999, Guo et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Final

from domain.quality.agreement import Share

BINS: Final = 10
_EDGE: Final = 1e-4  # probabilities are kept this far from 0 and 1: their logit must be a number
_STEPS: Final = 100
_LONGEST: Final = 1.0
_CAUTION: Final = 4.0  # answers' worth of belief that the probabilities are right as they are
_LEAST_SLOPE: Final = 0.05  # a flatter curve would turn the order of answers round, or nearly


@dataclass(frozen=True, slots=True)
class Pair:
    """The probability that was shown, and whether it came true."""

    p: float
    right: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns a probability into one that holds here. It never changes the order of answers.

    `name` says which fit it is; cases that it touched name it in `decided_by`.
    """

    name: str
    slope: float
    shift: float

    @property
    def bends(self) -> bool:
        """Whether it changes anything."""
        return (self.slope, self.shift) != (1.0, 0.0)

    def of(self, p: float) -> float:
        """The calibrated probability."""
        if not self.bends:
            return p
        return 1 / (1 + exp(-(self.slope * _logit(p) + self.shift)))


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers of one tenth of the probabilities."""

    low: float
    high: float
    p: float  # mean of what was said
    share: Share


def fit_calibration(name: str, pairs: Sequence[Pair]) -> Calibration:
    """Fit slope and shift by likelihood, with a little belief that nothing is to be changed.

    With few pairs, or all right, the curve stays near the diagonal instead of running off.
    """
    slope, shift = 1.0, 0.0
    for _ in range(_STEPS):
        step = _newton_step(pairs, slope, shift)
        slope, shift = max(_LEAST_SLOPE, slope - _short(step[0])), shift - _short(step[1])
        if abs(step[0]) + abs(step[1]) < _EDGE:
            break
    return Calibration(name, slope, shift)


def calibration_error(pairs: Sequence[Pair]) -> float:
    """The expected calibration error over ten equal bins of probability; 0 of none."""
    found = reliability(pairs)
    return sum(abs(one.share.value - one.p) * one.share.n for one in found) / max(len(pairs), 1)


def reliability(pairs: Sequence[Pair]) -> tuple[Bin, ...]:
    """How often the answers of each bin came true; bins without answers are left out."""
    bins: list[list[Pair]] = [[] for _ in range(BINS)]
    for pair in pairs:
        bins[min(BINS - 1, int(pair.p * BINS))].append(pair)
    return tuple(
        Bin(n / BINS, (n + 1) / BINS, sum(x.p for x in one) / len(one), Share(sum(x.right for x in one), len(one)))
        for n, one in enumerate(bins)
        if one
    )


def _newton_step(pairs: Sequence[Pair], slope: float, shift: float) -> tuple[float, float]:
    """One step of Newton's method on the penalised likelihood."""
    g0, g1 = _CAUTION * (slope - 1), _CAUTION * shift
    h00, h01, h11 = _CAUTION, 0.0, _CAUTION
    for pair in pairs:
        x = _logit(pair.p)
        said = 1 / (1 + exp(-(slope * x + shift)))
        gap, spread = said - pair.right, said * (1 - said)
        g0, g1 = g0 + gap * x, g1 + gap
        h00, h01, h11 = h00 + spread * x * x, h01 + spread * x, h11 + spread
    determinant = h00 * h11 - h01 * h01
    return (h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant


def _short(step: float) -> float:
    """A step that cannot leap over the answer."""
    return max(-_LONGEST, min(_LONGEST, step))


def _logit(p: float) -> float:
    kept = min(1 - _EDGE, max(_EDGE, p))
    return log(kept / (1 - kept))
