"""The words that dashboards are written in: a panel asks one question of one data view and draws it one way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, TypeAlias

COLUMNS = 48  # of Kibana's grid


class Kind(StrEnum):
    """How a panel is drawn."""

    NUMBER = "number"
    LINE = "line"
    BARS = "bar_stacked"
    AREA = "area_stacked"
    RANKING = "bar_horizontal_stacked"
    SHARES = "bar_horizontal_percentage_stacked"
    RING = "donut"
    TABLE = "table"
    HEAT = "heatmap"


class Index(StrEnum):
    """Which of the two projections a data view reads."""

    CASES = "cases"
    TICKETS = "tickets"


@dataclass(frozen=True, slots=True)
class View:
    """A data view: an index by one of its times."""

    key: str
    name: str
    index: Index
    time: str


@dataclass(frozen=True, slots=True)
class Metric:
    """What is reckoned of each group. `field` is empty for a count; `rank` is a percentile's."""

    label: str
    how: Literal["count", "unique_count", "average", "sum", "median", "percentile"] = "count"
    field: str = ""
    rank: int = 50
    digits: int = 0
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Over:
    """Groups by time."""

    field: str
    every: Literal["1h", "1d", "1w"] = "1d"


@dataclass(frozen=True, slots=True)
class Top:
    """Groups by the most frequent values of a field, the rest as one group more."""

    field: str
    size: int = 10
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Is:
    """Only what has one of these values."""

    field: str
    values: tuple[str | bool, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """Only what has this moment behind it."""

    field: str


@dataclass(frozen=True, slots=True)
class Above:
    """Only what has more of something."""

    field: str
    least: int


@dataclass(frozen=True, slots=True)
class Lacks:
    """Only what has no value there."""

    field: str


Only: TypeAlias = Is | Past | Above | Lacks
Bucket: TypeAlias = Over | Top


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a panel stands: 48 columns, rows of about 20 pixels."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture of a dashboard. `by` are the groups along it, `split` those that part each of them."""

    title: str
    kind: Kind
    view: View
    metrics: tuple[Metric, ...]
    grid: Grid
    by: Bucket | None = None
    split: Top | None = None
    only: tuple[Only, ...] = ()

    @property
    def buckets(self) -> tuple[tuple[str, Bucket], ...]:
        """The groups by their columns' names, outermost first: along a time, what parts it is the same all along."""
        named = [("by", self.by), ("split", self.split)]
        if isinstance(self.by, Over):
            named.reverse()
        return tuple((name, bucket) for name, bucket in named if bucket is not None)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A page of panels. `since` is the time that it opens with."""

    key: str
    title: str
    about: str
    panels: tuple[Panel, ...]
    since: str = "now-30d"


@dataclass(frozen=True, slots=True)
class Search:
    """A list to look through, newest first."""

    key: str
    title: str
    about: str
    view: View
    columns: tuple[str, ...]
    only: tuple[Only, ...] = ()


def kuery(only: tuple[Only, ...]) -> str:
    """Return conditions in Kibana's language."""
    return " and ".join(_kuery(one) for one in only)


def clauses(only: tuple[Only, ...]) -> list[dict[str, Any]]:
    """Return the same conditions in Elasticsearch's language."""
    return [_clause(one) for one in only]


def _kuery(one: Only) -> str:
    match one:
        case Is(field, values):
            said = [str(x).lower() if isinstance(x, bool) else f'"{x}"' for x in values]
            return f"{field} : {said[0]}" if len(said) == 1 else f"{field} : ({' or '.join(said)})"
        case Past(field):
            return f"{field} < now"
        case Above(field, least):
            return f"{field} > {least}"
        case Lacks(field):
            return f"not {field} : *"


def _clause(one: Only) -> dict[str, Any]:
    match one:
        case Is(field, values):
            return {"terms": {field: list(values)}}
        case Past(field):
            return {"range": {field: {"lt": "now"}}}
        case Above(field, least):
            return {"range": {field: {"gt": least}}}
        case Lacks(field):
            return {"bool": {"must_not": [{"exists": {"field": field}}]}}
