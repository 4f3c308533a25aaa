"""A map whose areas are shaded by a number, with the names and numbers that have room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.trends.drawing import Drawing, Legend, Mark, Path, Words

SHADES: Final = 5
NAMED: Final = 24  # areas whose names have room in a map
LABEL: Final = 16  # units
LETTER: Final = 8  # units of a letter, about


@dataclass(frozen=True, slots=True)
class Shaded:
    """One area: its form, where its words stand, and the number that shades it."""

    d: str
    x: int
    y: int
    name: str
    size: float
    number: str
    title: str
    href: str | None


def choropleth(areas: Sequence[Shaded], view: tuple[int, int], legend: tuple[Legend, ...]) -> Drawing:
    """Draw the areas, those with the most in the strongest colour."""
    most = max((area.size for area in areas), default=0.0)
    marks = [Mark((Path(area.d, f"m{shade(area.size, most)}"),), area.title, area.href) for area in areas]
    labels: list[Words] = []
    if len(areas) <= NAMED:
        named = _with_room(areas)
        for area in areas:
            if area in named:
                labels.append(Words(area.x, area.y - 1, area.name, "ink", LABEL - 1, "middle", halo=True))
            labels.append(Words(area.x, area.y + LABEL, area.number, "ink2", LABEL - 1, "middle", bold=True, halo=True))
    return Drawing(view[1], (*marks, Mark(tuple(labels))), legend, view=view if areas else None)


def shade(size: float, most: float) -> int:
    """Which of the shades a number gets: 0 for nothing, `SHADES` for the most."""
    return 0 if size <= 0 else max(1, min(SHADES, -int(-size * SHADES // most)))


def edges(most: float, *, whole: bool) -> tuple[tuple[int, float], ...]:
    """The shades that occur, each with the highest number that gets it; of whole numbers, a whole one."""
    if not most:
        return ()
    if whole and most <= SHADES:
        return tuple((shade(n, most), n) for n in range(int(most) + 1))
    tops = (most * n / SHADES for n in range(1, SHADES + 1))
    return ((0, 0), *((n, int(top) if whole else round(top, 2)) for n, top in enumerate(tops, 1)))


def _with_room(areas: Sequence[Shaded]) -> list[Shaded]:
    """The areas whose names do not run into another one's, those with the most first."""
    taken: list[tuple[float, float, float]] = []  # x, y, half the width
    named = []
    for area in sorted(areas, key=lambda area: -area.size):
        half = len(area.name) * LETTER / 2
        if all(abs(area.x - x) > half + other or abs(area.y - y) > 2 * LABEL for x, y, other in taken):
            named.append(area)
            taken.append((area.x, area.y, half))
        else:
            taken.append((area.x, area.y, LABEL))  # its number stands there all the same
    return named
