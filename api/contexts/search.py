"""The search page: everything it shows, in the reader's language, with an address behind every number."""

from __future__ import annotations

from dataclasses import dataclass

from api.contexts.post import PanelView, Piece


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen or given up by following `href`."""

    label: str
    href: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FacetEntry:
    """One value of a facet. `width` is its share of the longest bar, 0..100."""

    label: str
    count: int
    width: int
    href: str
    chosen: bool
    tone: str = ""  # neg | neu | pos for sentiments


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field among the found cases; `clear` gives all chosen ones up."""

    field: str
    title: str
    entries: tuple[FacetEntry, ...]
    more: tuple[FacetEntry, ...] = ()
    clear: str | None = None


@dataclass(frozen=True, slots=True)
class BarPart:
    """One colour of a bar, in the chart's own units."""

    tone: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of time; `href` leads to its posts."""

    x: float
    label: str
    total: int
    counts: tuple[int, int, int]  # negative, neutral, positive
    parts: tuple[BarPart, ...]
    href: str
    outside: bool  # not among the days asked for


@dataclass(frozen=True, slots=True)
class Tick:
    """A label under the chart, at so many percent of its width."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A histogram split by sentiment, `width` units wide."""

    title: str
    width: int
    bar_width: float
    top: int
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class AgencyShare:
    """An agency that may have to answer."""

    code: str
    name: str
    share: str
    width: int


@dataclass(frozen=True, slots=True)
class HitView:
    """One found case, or one story's found case."""

    id: str
    tone: str
    sentiment: str
    channel: str
    source: str
    ago: str
    when: str
    iso: str
    trust: str | None  # in words, where the date is not certain
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    agencies: tuple[AgencyShare, ...]
    place: str
    tags: tuple[str, ...]
    urgent: str | None
    unsure: bool
    same: str | None  # "38 serupa"
    same_href: str
    href: str  # the post's own page
    pick_href: str  # this page with the case picked
    lang: str  # of the post's words
    picked: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a query goes wrong: what stands before, what cannot be read, and why."""

    before: str
    rest: str
    message: str


@dataclass(frozen=True, slots=True)
class SearchView:
    """The page. `face` is one of results | empty | failing | refused | forbidden."""

    face: str
    status: int
    q: str
    hidden: tuple[tuple[str, str], ...]  # the other conditions, for the query's form
    periods: tuple[Choice, ...]
    first: str
    last: str
    chips: tuple[Choice, ...]
    modes: tuple[Choice, ...] = ()  # none where nothing is found by meaning
    told: str = ""  # what the chosen mode does
    summary: str = ""
    stale: str | None = None
    updated: str | None = None
    fault: Fault | None = None
    message: str = ""
    suggestions: tuple[Choice, ...] = ()
    facets: tuple[Facet, ...] = ()
    chart: Chart | None = None
    orders: tuple[Choice, ...] = ()
    fold: Choice | None = None
    hits: tuple[HitView, ...] = ()
    total: int = 0
    shown: int = 0  # hits that paging leads through: stories when folded, else cases
    next_href: str | None = None
    start_href: str | None = None
    csv_href: str | None = None
    xlsx_href: str | None = None
    watch_href: str | None = None  # where this search is saved and watched
    panel: PanelView | None = None
    place: int = 0  # of the picked hit among those shown, from 1
