"""How often people and machine say the same: with its interval, week by week, and what is taken for what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Final
from zoneinfo import ZoneInfo

from domain.quality.lessons import Lesson

FEW: Final = 30  # below it a share says little, and is shown with that warning
_Z: Final = 1.959964  # two-sided 95 %
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with Wilson's 95 % interval (Wilson 1927)."""

    right: int
    n: int

    @property
    def value(self) -> float:
        """The share; 0 of none."""
        return self.right / self.n if self.n else 0.0

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self._ends()[0]

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self._ends()[1]

    def _ends(self) -> tuple[float, float]:
        if not self.n:
            return 0.0, 1.0
        z2 = _Z * _Z / self.n
        middle = (self.value + z2 / 2) / (1 + z2)
        half = _Z / (1 + z2) * sqrt(self.value * (1 - self.value) / self.n + z2 / (4 * self.n))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Week:
    """The answers of a week that begins on a Monday."""

    start: date
    share: Share


@dataclass(frozen=True, slots=True)
class Confusion:
    """The machine said one thing, people another: how often, and in which cases, newest first."""

    machine: str
    said: str
    n: int
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answerer:
    """A model, and how it fared."""

    by: str
    share: Share


def agreement(lessons: Iterable[Lesson]) -> Share:
    """How often the machine had said what people say, of those where that is known."""
    known = [lesson.agrees for lesson in lessons if lesson.agrees is not None]
    return Share(sum(known), len(known))


def by_week(lessons: Iterable[Lesson], zone: ZoneInfo, *, last: date, weeks: int) -> tuple[Week, ...]:
    """Agreement of the weeks up to the one of the day `last`, without gaps, oldest first."""
    monday = last - timedelta(days=last.weekday())
    starts = [monday - _WEEK * n for n in reversed(range(weeks))]
    found: defaultdict[date, list[bool]] = defaultdict(list)
    for lesson in lessons:
        if lesson.agrees is not None:
            day = lesson.at.astimezone(zone).date()
            found[day - timedelta(days=day.weekday())].append(lesson.agrees)
    return tuple(Week(start, Share(sum(found[start]), len(found[start]))) for start in starts)


def confusions(lessons: Iterable[Lesson], *, most: int, cases: int = 3) -> tuple[Confusion, ...]:
    """The most frequent pairs of what the machine said and what people say instead."""
    wrong: defaultdict[tuple[str, str], list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        if lesson.machine is not None and lesson.agrees is False:
            wrong[lesson.machine.value, lesson.said].append(lesson)
    ranked = sorted(wrong.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:most]
    return tuple(Confusion(*pair, len(found), _newest(found, cases)) for pair, found in ranked)


def answerers(lessons: Iterable[Lesson]) -> tuple[Answerer, ...]:
    """How each model fared, the one that answered most first."""
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for lesson in lessons:
        if lesson.machine is not None:
            asked[lesson.machine.by] += 1
            right[lesson.machine.by] += bool(lesson.agrees)
    return tuple(
        Answerer(by, Share(right[by], n)) for by, n in sorted(asked.items(), key=lambda pair: (-pair[1], pair))
    )


def _newest(lessons: Sequence[Lesson], most: int) -> tuple[str, ...]:
    return tuple(lesson.case_id for lesson in sorted(lessons, key=lambda one: one.at, reverse=True)[:most])
