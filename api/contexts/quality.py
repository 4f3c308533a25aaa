"""The page of quality: tasks, one of them in detail, routing, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from api.contexts.settings import Tab


@dataclass(frozen=True, slots=True)
class ModelShare:
    """A model and how many of the newest posts it answered, or how it fared where people spoke."""

    name: str
    share: str
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in the list. `span` is the interval in words; `few` says that it is wide."""

    key: str
    title: str
    href: str
    chosen: bool
    answers: int
    agreed: str  # empty where the machine's former answers are not known
    width: float
    span: str
    few: bool
    models: tuple[ModelShare, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with the table behind it."""

    svg: Markup
    legend: Markup | None
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ConfusionRow:
    """What the machine took for what, with posts of it."""

    machine: str
    said: str
    n: int
    hrefs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskView:
    """The chosen task. What it has nothing of is None or empty."""

    key: str
    title: str
    weeks: Picture
    diagram: Picture | None
    error: str
    confusions: tuple[ConfusionRow, ...]
    fared: tuple[ModelShare, ...]


@dataclass(frozen=True, slots=True)
class RoutingView:
    """How far the machine may route by itself. `take` is the threshold that one click takes over; empty for none."""

    told: str
    stands: str  # mode and probability, in words
    curve: Picture | None
    before: str  # why the curve decides nothing yet
    calibration: str
    take: str
    take_value: str
    settings_href: str  # empty for those who may not set it


@dataclass(frozen=True, slots=True)
class QualityView:
    """The page. `face` is results | empty | failing | forbidden."""

    face: str
    status: int
    region: str = ""
    name: str = ""
    regions: tuple[Tab, ...] = ()
    since: str = ""
    advice: tuple[str, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    task: TaskView | None = None
    routing: RoutingView | None = None
    notice: str = ""
    fault: str = ""
    counted: str = ""
