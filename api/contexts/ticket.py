"""A ticket's own page and the panel beside the list: where it stands, until when and why, what was and may be done."""

from __future__ import annotations

from dataclasses import dataclass

from api.contexts.post import Option, Piece


@dataclass(frozen=True, slots=True)
class ClockView:
    """The clock that runs. `tone` is late | due | nothing; without `due` no clock runs now."""

    kind: str
    left: str
    due: str
    iso: str
    why: str
    tone: str


@dataclass(frozen=True, slots=True)
class Detail:
    """A small line under a line: how many cases, which other ticket, until when and why."""

    text: str
    href: str | None = None
    lang: str | None = None  # where it is not the page's own


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of the history. `fresh` came after the reader had loaded the page."""

    who: str
    deed: str
    when: str
    iso: str
    note: tuple[Piece, ...]
    details: tuple[Detail, ...]
    kind: str  # opened | routed | office | closed | noted: the shape of its mark
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case that tells of the matter. `href` is empty where its own page is not for this reader."""

    id: str
    href: str
    origin: str
    when: str
    iso: str
    trust: str | None
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    lang: str
    tone: str
    sentiment: str
    spots: tuple[str, ...]  # addresses and landmarks as the writer gives them


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact with where it leads."""

    title: str
    text: str
    href: str | None = None
    small: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ActionForm:
    """One thing that the reader may do. Without a note and an office it is a button alone.

    `note` is required | optional | empty; `agency` likewise. `typed` and `chosen` are what a refused form brought.
    """

    action: str
    label: str
    main: bool
    about: str = ""
    note: str = ""
    note_label: str = ""
    agency: str = ""
    agency_label: str = ""
    chosen: str = ""
    typed: str = ""
    opened: bool = False

    @property
    def is_button(self) -> bool:
        """Whether a click alone does it."""
        return not self.note and not self.agency


@dataclass(frozen=True, slots=True)
class OneClick:
    """What a proposed ticket needs: one click that sends it to the office proposed."""

    label: str
    opd: str
    name: str  # of the office, whole
    value: str  # code, rev and office, as the form brings them back


@dataclass(frozen=True, slots=True)
class Kin:
    """Another open ticket of the same matter nearby."""

    code: str
    href: str
    title: tuple[Piece, ...]
    state: str
    opd: str
    cases: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the last form changed nothing, and what it had said where the form is no longer there."""

    message: str
    meanwhile: tuple[LineView, ...] = ()
    lost: str = ""


@dataclass(frozen=True, slots=True)
class TicketPanel:
    """What the panel beside the list shows, and the head of the page."""

    code: str
    href: str
    title: tuple[Piece, ...]
    state: str
    state_key: str
    opd: str
    opd_name: str
    proposed: str
    clock: ClockView | None
    cases_word: str
    cases: tuple[CaseView, ...]
    place: str
    urgent: str | None
    oversight: bool
    forms: tuple[ActionForm, ...]
    one_click: OneClick | None
    history: tuple[LineView, ...]
    rev: int
    seen: int  # the newest line of the history that the reader has before him
    back: str


@dataclass(frozen=True, slots=True)
class TicketView:
    """The page. `agencies` are the offices that a form may name."""

    panel: TicketPanel
    facts: tuple[Fact, ...]
    agencies: tuple[Option, ...]
    kin: tuple[Kin, ...]
    may_join: bool
    may_split: bool
    read_only: str  # why there is nothing to do here
    refusal: Refusal | None
    all_href: str | None  # the page with all cases, where there are more than it shows
    notice: str
    back: str


@dataclass(frozen=True, slots=True)
class MakeView:
    """Making a ticket of cases: to whom, and whether the matter has one already."""

    cases: tuple[CaseView, ...]
    ids: tuple[str, ...]
    kin: tuple[Kin, ...]
    ranked: tuple[Option, ...]
    agencies: tuple[Option, ...]
    chosen: str
    because: str
    oversight: str  # who gets it, whatever is chosen
    note: str
    message: str
    back: str
