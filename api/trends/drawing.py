"""Shapes of a chart. Lengths are units, or percent of the width: a chart is as wide as its place, its words stay."""

from __future__ import annotations

from dataclasses import dataclass

Length = float | str  # 12.5, or "12.5%"


def percent(share: float) -> str:
    """A length as a share of the width."""
    return f"{round(share * 100, 2):g}%"


@dataclass(frozen=True, slots=True)
class Rect:
    """A box. `tone` names its colour; `hatched` draws it as stripes."""

    x: Length
    y: float
    width: Length
    height: float
    tone: str
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: Length
    y1: float
    x2: Length
    y2: float
    tone: str
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """A form by its SVG path: units only."""

    d: str
    tone: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text. `anchor` is start | middle | end."""

    x: Length
    y: float
    text: str
    tone: str = "ink3"
    size: float = 11
    anchor: str = "start"
    bold: bool = False
    halo: bool = False


Shape = Rect | Line | Path | Words


@dataclass(frozen=True, slots=True)
class Mark:
    """Shapes that belong together and lead somewhere. `title` says what they show."""

    shapes: tuple[Shape, ...]
    title: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Legend:
    """What a colour stands for."""

    tone: str
    label: str
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart `height` units high and as wide as its place; with `view` (width, height) it is scaled as a whole."""

    height: float
    marks: tuple[Mark, ...] = ()
    legend: tuple[Legend, ...] = ()
    view: tuple[int, int] | None = None
    gutter: int = 0  # units left free on the left, for words at negative places
