"""Figures of merit from gold and predicted labels, without scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 500  # enough for two decimals of a 95 % interval
_BINS = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def accuracy(gold: Sequence[str], said: Sequence[str]) -> float:
    """Return the share of equal pairs; 0 for none."""
    return sum(g == s for g, s in zip(gold, said, strict=True)) / len(gold) if gold else 0.0


def class_f1(gold: Sequence[str], said: Sequence[str]) -> dict[str, float]:
    """Return F1 of every class of the gold labels or the predictions."""
    right = Counter(g for g, s in zip(gold, said, strict=True) if g == s)
    in_gold, in_said = Counter(gold), Counter(said)
    return {x: 2 * right[x] / (in_gold[x] + in_said[x]) for x in sorted(in_gold | in_said)}


def macro_f1(gold: Sequence[str], said: Sequence[str], classes: Sequence[str] | None = None) -> float:
    """Return the mean F1 over classes: those given that occur in gold or predictions, else those of the gold labels."""
    by_class = class_f1(gold, said)
    chosen = [x for x in (classes if classes is not None else sorted(set(gold))) if x in by_class]
    return sum(by_class[x] for x in chosen) / len(chosen) if chosen else 0.0


def precision_recall(gold: Sequence[bool], said: Sequence[bool]) -> tuple[float, float]:
    """Return precision and recall of a yes/no task; 1 where nothing was said, or nothing was to be found."""
    both = sum(g and s for g, s in zip(gold, said, strict=True))
    return (both / sum(said) if any(said) else 1.0, both / sum(gold) if any(gold) else 1.0)


def bootstrap(
    figure: Callable[[Sequence[str], Sequence[str]], float], gold: Sequence[str], said: Sequence[str], *, seed: int = 7
) -> Interval:
    """Return a figure with its percentile bootstrap interval over posts (Efron 1979)."""
    random = np.random.default_rng(seed)
    draws = []
    for _ in range(RESAMPLES):
        picked = random.integers(0, len(gold), len(gold)).tolist()
        draws.append(figure([gold[n] for n in picked], [said[n] for n in picked]))
    low, high = np.percentile(draws, (2.5, 97.5))
    return Interval(figure(gold, said), float(low), float(high))


def calibration_error(right: Sequence[bool], p: Sequence[float]) -> float:
    """Return the expected calibration error over ten equal bins of probability (Guo et al. 2017)."""
    hits, sure = np.asarray(right, dtype=float), np.asarray(p, dtype=float)
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    gaps = [abs(hits[bins == b].sum() - sure[bins == b].sum()) for b in range(_BINS)]
    return float(sum(gaps) / max(len(hits), 1))


def sure_share(right: Sequence[bool], p: Sequence[float], *, precision: float) -> tuple[float, float]:
    """Return the least probability from which answers are right at `precision`, and the share of posts above it."""
    order = np.argsort(-np.asarray(p, dtype=float), kind="stable")
    hits: npt.NDArray[np.float64] = np.cumsum(np.asarray(right, dtype=float)[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(hits >= precision)
    if not len(good):
        return 1.0, 0.0
    last = int(good[-1])
    return float(np.asarray(p, dtype=float)[order][last]), (last + 1) / len(order)
