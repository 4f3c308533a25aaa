"""The list of tickets: everything it shows, with an address behind every number."""

from __future__ import annotations

from dataclasses import dataclass

from api.contexts.post import Option, Piece
from api.contexts.search import Choice
from api.contexts.ticket import OneClick, TicketPanel


@dataclass(frozen=True, slots=True)
class Tab:
    """A view of the list. `tone` is late | due where its count asks for somebody.

    `live` names the count as an open page is told it; empty where filters make it another number.
    """

    label: str
    href: str
    count: int
    chosen: bool
    tone: str = ""
    live: str = ""


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket. `tone` of its clock: late | due | nothing. `picked` stands in the panel beside the list."""

    code: str
    value: str  # code and rev, as the form of many brings them back
    href: str
    title: tuple[Piece, ...]
    opd: str
    opd_name: str
    is_proposed: bool  # the office is only proposed
    place: str
    state: str
    cases: int
    left: str
    due: str
    iso: str
    tone: str
    urgent: str | None
    oversight: bool
    one_click: OneClick | None
    picked: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A condition of the filter form: one value of several."""

    name: str
    title: str
    value: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Bulk:
    """What may be done to many at once."""

    actions: tuple[Option, ...]
    agencies: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """One ticket of many that was not changed, and why."""

    code: str
    href: str
    why: str


@dataclass(frozen=True, slots=True)
class OutcomesView:
    """What became of an action on many tickets."""

    done: int
    summary: str
    refused: tuple[OutcomeView, ...]
    back: str


@dataclass(frozen=True, slots=True)
class TicketsView:
    """The page. `face` is one of results | empty | failing | refused | forbidden."""

    face: str
    status: int
    title: str
    tabs: tuple[Tab, ...] = ()
    q: str = ""
    hidden: tuple[tuple[str, str], ...] = ()  # the other conditions, for the query's form
    kept: tuple[tuple[str, str], ...] = ()  # what the filter form does not ask for
    fields: tuple[Field, ...] = ()
    first: str = ""
    last: str = ""
    oversight: bool | None = None  # None: this reader sees no such tickets
    chips: tuple[Choice, ...] = ()
    summary: str = ""
    orders: tuple[Choice, ...] = ()
    rows: tuple[TicketRow, ...] = ()
    total: int = 0
    next_href: str | None = None
    start_href: str | None = None
    csv_href: str | None = None
    xlsx_href: str | None = None
    bulk: Bulk | None = None
    suggestions: tuple[Choice, ...] = ()
    panel: TicketPanel | None = None
    notice: str = ""
    message: str = ""
    back: str = ""  # the query string of this list
