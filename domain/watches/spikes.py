"""When an hour brings more stories than that hour of the week usually does.

The stories of an hour are held against the same hour of the same weekday in the weeks before. Counts of that kind are
spread wider than Poisson's, and few weeks tell the mean only roughly; so the tail is that of a negative binomial. Its
1/size adds up what is not known: the spread that the weeks show (method of moments, never less than `UNREST`) and how
roughly the mean is known (gamma prior with shape 1/2, Jeffreys'). The highest past week counts at most twice the second
highest and two more: one flood must not hide the next.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WEEKS: Final = 8
FEWEST_WEEKS: Final = 3  # fewer tell nothing of what is usual
LEAST: Final = 5  # stories: fewer are no rise, however quiet the hour is
CHANCE: Final = 0.001  # of an ordinary hour to be taken for a rise: a handful in a year of hours
UNREST: Final = 0.2  # least 1/size: days differ by some 45 percent even where eight weeks happen to look alike
TIMES: Final = 2.0  # at least so many times the usual: a busy search is not told of every small wave


@dataclass(frozen=True, slots=True)
class Spike:
    """An hour out of the usual: its stories, how many were to be expected, and how likely so many were."""

    count: int
    usual: float
    chance: float


def spike_of(count: int, before: Sequence[int]) -> Spike | None:
    """The spike that an hour with `count` stories is, given that hour in the weeks before; None where it is none."""
    if count < LEAST or len(before) < FEWEST_WEEKS:
        return None
    weeks = sorted(before)
    weeks[-1] = min(weeks[-1], 2 * weeks[-2] + 2)
    mean = (sum(weeks) + 0.5) / len(weeks)
    spread = sum((week - mean) ** 2 for week in weeks) / (len(weeks) - 1)
    unrest = max(UNREST, (spread - mean) / mean**2)
    chance = tail(count, mean, 1 / (unrest + 1 / (mean * len(weeks))))
    if chance > CHANCE or count < TIMES * mean:
        return None
    return Spike(count, sum(weeks) / len(weeks), chance)


def tail(count: int, mean: float, size: float) -> float:
    """P(X >= count) for a negative binomial with that mean and size (variance: mean + mean^2 / size)."""
    stay = math.log(size / (size + mean))
    go = math.log(mean / (size + mean))
    below = math.fsum(
        math.exp(math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1) + size * stay + k * go)
        for k in range(count)
    )
    return min(1.0, max(0.0, 1.0 - below))
