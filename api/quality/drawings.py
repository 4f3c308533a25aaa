"""What the page of quality draws: weeks as bars, a reliability diagram, a risk-coverage curve."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from api.quality.words import exact, percent
from api.speech import Speech
from api.trends.drawing import Drawing, Legend, Line, Mark, Path, Rect, Shape, Words
from api.trends.drawing import percent as wide
from domain.quality.agreement import Week
from domain.quality.calibration import Bin
from domain.quality.coverage import PRECISION, Point

BARS: Final = 84  # units: the highest bar
FOOT: Final = 18
TICKS: Final = 6
VIEW: Final = (400, 300)
LEFT, TOP, RIGHT, BOTTOM = 40, 10, 388, 262  # the plot within the view
LEAST: Final = 0.5  # where the curve's precision axis begins, at most
STEPS: Final = 80  # lines of a curve: more are not seen
_TENTHS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def weeks(found: Sequence[Week], says: Speech) -> Drawing:
    """Bars of answers by week: agreed below, others above."""
    highest = max((week.share.n for week in found), default=0) or 1
    step, marks = 1 / max(len(found), 1), list[Mark]()
    for n, week in enumerate(found):
        agreed = week.share.right / highest * BARS
        other = (week.share.n - week.share.right) / highest * BARS
        shapes: list[Shape] = [Rect(wide(n * step), 0, wide(step), BARS, "ground")]
        x, width = wide((n + 0.08) * step), wide(0.84 * step)
        if agreed:
            shapes.append(Rect(x, round(BARS - agreed, 1), width, round(agreed, 1), "net"))
        if other:
            shapes.append(Rect(x, round(BARS - agreed - other, 1), width, round(other, 1), "neu"))
        told = says.say("%(right)s dari %(n)s sepakat", right=week.share.right, n=week.share.n)
        marks.append(Mark(tuple(shapes), says.say("pekan %(day)s", day=says.day(week.start)) + f": {told}"))
    marks.append(Mark((Line("0%", BARS + 0.5, "100%", BARS + 0.5, "axis"),)))
    every = max(1, -(-len(found) // TICKS))
    marks.extend(
        Mark((Words(wide((n + 0.5) * step), BARS + 14, says.short_day(found[n].start), anchor="middle"),))
        for n in range(every // 2, len(found), every)
    )
    legend = (Legend("net", says.say("sepakat")), Legend("neu", says.say("diubah orang")))
    return Drawing(BARS + FOOT, tuple(marks), legend)


def diagram(bins: Sequence[Bin], says: Speech) -> Drawing:
    """What was said against what came true; the dashed line is where both are the same."""
    marks = [_axis(says.say("yakin"), says.say("benar"), _TENTHS, _TENTHS, 0.0, says)]
    marks.append(Mark((Line(LEFT, BOTTOM, RIGHT, TOP, "same", dashed=True),)))
    for one in bins:
        x, y = _x(one.p), _y(one.share.value, 0.0)
        around = Line(x, _y(one.share.low, 0.0), x, _y(one.share.high, 0.0), "span")
        told = says.say(
            "yakin %(p)s: %(right)s dari %(n)s benar (%(low)s–%(high)s)",
            p=says.share(one.p), right=one.share.right, n=one.share.n, low=percent(one.share.low, says),
            high=percent(one.share.high, says),
        )  # fmt: skip
        marks.append(Mark((around, _dot(x, y, 3 + 5 * min(1.0, (one.share.n / 100) ** 0.5))), told))
    return Drawing(VIEW[1], tuple(marks), view=VIEW)


def risk_curve(points: Sequence[Point], says: Speech, *, chosen: float | None, stands: float | None = None) -> Drawing:
    """Precision against the share that would be routed; where the threshold lies, and where the mode stands."""
    shown = [point for point in points if point.n >= min(20, points[-1].n)] if points else []
    floor = min(LEAST, min((point.precision for point in shown), default=1.0))
    floor = max(0.0, int(floor * 10) / 10)
    levels = tuple(round(floor + (1 - floor) * n / 5, 2) for n in range(6))
    marks = [_axis(says.say("kiriman yang langsung"), says.say("benar"), _TENTHS, levels, floor, says)]
    target = _y(PRECISION, floor)
    marks.append(Mark((Line(LEFT, target, RIGHT, target, "same", dashed=True),)))
    marks.append(
        Mark((Words(LEFT + 6, target + 13, says.say("diminta %(p)s", p=percent(PRECISION, says)), halo=True),))
    )
    thin = shown[:: max(1, -(-len(shown) // STEPS))]
    if shown and thin[-1] is not shown[-1]:
        thin = [*thin, shown[-1]]
    marks.extend(
        Mark(
            (Line(_x(a.coverage), _y(a.precision, floor), _x(b.coverage), _y(b.precision, floor), "curve"),),
            _told(b, says),
        )
        for a, b in pairwise(thin)
    )
    for p, tone in ((stands, "stands"), (chosen, "net")):
        point = next((x for x in reversed(points) if p is not None and x.p >= p), None)
        if p is not None and point is not None:
            x, y = _x(point.coverage), _y(max(point.precision, floor), floor)
            anchor = "end" if point.coverage > 0.6 else "start"  # noqa: PLR2004  else the words leave the drawing
            label = Words(
                x + (-8 if anchor == "end" else 8), y + 18, exact(p, says), "ink", anchor=anchor, bold=True, halo=True
            )
            marks.append(
                Mark((Line(x, TOP, x, BOTTOM, f"{tone}-line"), _dot(x, y, 5, tone), label), _told(point, says))
            )
    return Drawing(VIEW[1], tuple(marks), view=VIEW)


def _told(point: Point, says: Speech) -> str:
    return says.say(
        "mulai %(p)s: %(share)s kiriman langsung, %(right)s benar",
        p=says.share(point.p), share=percent(point.coverage, says), right=percent(point.precision, says),
    )  # fmt: skip


def _axis(  # noqa: PLR0913  two axes, each with its title and steps
    across: str, up: str, xs: Sequence[float], ys: Sequence[float], floor: float, says: Speech
) -> Mark:
    shapes: list[Shape] = []
    for y in ys:
        shapes += [
            Line(LEFT, _y(y, floor), RIGHT, _y(y, floor), "grid"),
            Words(LEFT - 7, _y(y, floor) + 4, percent(y, says), anchor="end"),
        ]
    shapes += [Words(_x(x), BOTTOM + 16, percent(x, says), anchor="middle") for x in xs]
    shapes += [
        Line(LEFT, BOTTOM, RIGHT, BOTTOM, "axis"),
        Words(RIGHT, BOTTOM + 33, f"{across} →", "ink2", anchor="end"),
        Words(LEFT + 6, TOP + 10, f"↑ {up}", "ink2", halo=True),
    ]
    return Mark(tuple(shapes))


def _dot(x: float, y: float, radius: float, tone: str = "net") -> Path:
    r = round(radius, 1)
    return Path(f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0z", tone)


def _x(share: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * share, 1)


def _y(share: float, floor: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * (share - floor) / (1 - floor), 1)
