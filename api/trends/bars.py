"""Stacked bars over time: gaps hatched behind them, a short line where the period before stood, days below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.trends.drawing import Drawing, Legend, Line, Mark, Rect, Shape, Words, percent

PLOT: Final = 216  # units: the highest bar
HEAD: Final = 10  # above the plot
FOOT: Final = 20  # below: the days
THIN: Final = 0.14  # of a bar's step left free
GUTTER: Final = 34  # for the numbers of the lines
TICKS: Final = 6
LEAST: Final = 1.0  # units: what is there can be seen
STEPS: Final = (1, 2, 2.5, 5, 10)
LINES: Final = 4


@dataclass(frozen=True, slots=True)
class Part:
    """One colour of a bar. `size` is in units of the scale."""

    tone: str
    size: float
    title: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of time. `level` is how high the period before stood; `gap` says who was not heard."""

    tick: str
    parts: tuple[Part, ...]
    title: str
    href: str
    level: float | None = None
    gap: str = ""


def bars(
    found: Sequence[Bar], *, top: float, lines: Sequence[tuple[float, str]], legend: tuple[Legend, ...]
) -> Drawing:
    """Draw bars up to `top`; `lines` are the levels with a number."""
    step = 1 / max(len(found), 1)
    marks: list[Mark] = [_gridline(level, top, text) for level, text in lines]
    base = HEAD + PLOT
    for n, bar in enumerate(found):
        x, width = n * step, step
        ground: list[Shape] = [Rect(percent(x), HEAD, percent(width), PLOT, "ground")]
        if bar.gap:
            ground.append(Rect(percent(x), HEAD, percent(width), PLOT, "gap", hatched=True))
        title = f"{bar.title}\n{bar.gap}" if bar.gap else bar.title
        marks.append(Mark(tuple(ground), title, bar.href))
        y = float(base)
        for part in bar.parts:
            if part.size > 0:
                height = max(LEAST, part.size / top * PLOT)
                y -= height
                shape = Rect(
                    percent(x + step * THIN / 2), round(y, 1), percent(width * (1 - THIN)), round(height, 1), part.tone
                )
                marks.append(Mark((shape,), part.title, part.href))
        if bar.level is not None and bar.level <= top:
            level = round(base - bar.level / top * PLOT, 1)
            marks.append(Mark((Line(percent(x), level, percent(x + width), level, "ink"),)))
    marks.append(Mark((Line("0%", base + 0.5, "100%", base + 0.5, "axis"),)))
    every = max(1, -(-len(found) // TICKS))
    marks.extend(
        Mark((Words(percent((n + 0.5) * step), base + 15, found[n].tick, anchor="middle"),))
        for n in range(every // 2, len(found), every)
    )
    return Drawing(HEAD + PLOT + FOOT, tuple(marks), legend, gutter=GUTTER)


def scale(highest: float) -> tuple[float, tuple[float, ...]]:
    """The top of a scale for counts, and the levels worth a line: round numbers."""
    if highest <= 0:
        return 1.0, ()
    rough, size = highest / LINES, 1.0
    while size * STEPS[-1] < rough:
        size *= STEPS[-1]
    step = max(1.0, next(size * s for s in STEPS if size * s >= rough))
    step = float(int(step)) if step > 1 else step
    count = int(highest // step)
    return highest, tuple(step * n for n in range(1, count + 1))


def _gridline(level: float, top: float, text: str) -> Mark:
    y = round(HEAD + PLOT - level / top * PLOT, 1)
    return Mark((Line("0%", y, "100%", y, "grid"), Words(-8, y + 4, text, anchor="end")))
