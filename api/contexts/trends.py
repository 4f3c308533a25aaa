"""The trend page: panels with their pictures and tables, and the filter that all of them share."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from api.contexts.search import Choice
from api.trends.panel import Note
from api.trends.table import Table


@dataclass(frozen=True, slots=True)
class PanelView:
    """One panel. `face` is results | empty | failing | waiting; `picture` stands only where it leads."""

    key: str
    title: str
    about: str
    face: str
    lead: str
    width: str
    empty: str = ""
    picture: Markup | None = None
    legend: Markup | None = None
    table: Table | None = None
    notes: tuple[Note, ...] = ()
    csv_href: str = ""
    svg_href: str = ""
    png_href: str = ""
    late_href: str = ""  # where the panel alone is, for a page that waits for it
    whole_href: str = ""  # where the page is that waits for no panel
    made: str = ""  # when it was counted, where that was not now


@dataclass(frozen=True, slots=True)
class SelectView:
    """A condition that can be chosen in the filter's form: value and label, the first one for none."""

    name: str
    title: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class TrendView:
    """The page. `face` is results | empty | failing | refused | forbidden."""

    face: str
    status: int
    title: str
    days: str
    periods: tuple[Choice, ...]
    first: str
    last: str
    hidden: tuple[tuple[str, str], ...]
    selects: tuple[SelectView, ...]
    chips: tuple[Choice, ...]
    compare: Choice
    panels: tuple[PanelView, ...] = ()
    message: str = ""
    before: str = ""  # the days compared with
    partial: bool = False  # today is among the days, and not over
    suggestions: tuple[Choice, ...] = ()
    posts_href: str = ""
    stale: str | None = None
    updated: str | None = None
    counted: str = ""  # when the numbers were made
