"""The triage desk: a queue of stories, the chosen one with what may be said of it, and notes to the next shift."""

from __future__ import annotations

from dataclasses import dataclass

from api.contexts.post import Option, PanelView, Piece, RelatedView
from api.contexts.search import AgencyShare


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at the queue. `count` is of everything that waits there, whatever the filters."""

    label: str
    href: str
    count: int
    chosen: bool
    key: str


@dataclass(frozen=True, slots=True)
class FilterSelect:
    """One filter of the queue, as a select; the first option is "all"."""

    name: str
    title: str
    value: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story as the queue shows it. `held_by` names another person who works on it, `mine` says that it is I."""

    story: str
    href: str
    tone: str
    words: tuple[Piece, ...]
    lang: str
    ago: str
    when: str
    iso: str
    posts: str  # "4 kiriman", empty for one
    agency: AgencyShare | None
    unsure: bool
    place: str
    urgent: str | None
    oversight: bool
    is_new: bool
    same: bool  # an open ticket of the same matter is near
    held_by: str | None
    mine: bool
    picked: bool
    ticked: bool


@dataclass(frozen=True, slots=True)
class AgencyChoice:
    """An agency that one key or click gives the story to."""

    key: str  # "1", "2", "3"
    code: str
    name: str
    share: str
    width: int
    evidence: str


@dataclass(frozen=True, slots=True)
class NearTicket:
    """An open ticket of the same matter nearby."""

    code: str
    title: str
    agency: str
    state: str
    cases: str
    ago: str


@dataclass(frozen=True, slots=True)
class StoryView:
    """The chosen story. `next` are the stories behind it, first the next one: a verdict leads there."""

    story: str
    panel: PanelView
    posts: str  # "3 kiriman, 3 orang, 2 sumber"
    waited: str
    others: tuple[RelatedView, ...]
    more: int  # posts of the story that are not listed
    choices: tuple[AgencyChoice, ...]
    agencies: tuple[Option, ...]
    proposed: str | None  # code of the ticket that waits for one click
    near: tuple[NearTicket, ...]
    topics: tuple[Option, ...]
    topic: str
    place: str
    areas: tuple[str, ...]  # names to type a place with; none in a region of thousands
    held_by: str | None
    mine: bool
    next: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What just happened, in a sentence. `undo` is the verdict that `u` takes back."""

    words: str
    bad: bool = False
    undo: str = ""
    ticket: str = ""  # code of the ticket that came of it
    news: str = ""  # the name by which a page that one is sent to tells it again


@dataclass(frozen=True, slots=True)
class HandoverView:
    """A note to the next shift."""

    id: int
    text: str
    by: str
    when: str
    region: str  # its name, where one reads several


@dataclass(frozen=True, slots=True)
class TriageView:
    """The page. `face` is one of queue | empty | narrow (nothing left by the filters) | failing | forbidden."""

    face: str
    status: int
    is_part: bool = False  # only what changes is rendered, for script
    tabs: tuple[Tab, ...] = ()
    filters: tuple[FilterSelect, ...] = ()
    view: str = ""
    here: str = ""  # this page's own query, for the forms
    href: str = "/meja"  # this page's address, with the story that is chosen
    clear_href: str | None = None  # without the filters, where any is in force
    total: int = 0
    most: int = 0  # stories that one verdict on many takes
    ticked: tuple[str, ...] = ()  # stories that a verdict on many held up
    rows: tuple[StoryRow, ...] = ()
    place: int = 0  # of the chosen story among those shown, from 1
    next_href: str | None = None
    start_href: str | None = None
    chosen: StoryView | None = None
    told: Told | None = None
    handovers: tuple[HandoverView, ...] = ()
    regions: tuple[Option, ...] = ()  # where a note may be left
    reasons: tuple[str, ...] = ()
    stale: str | None = None
    updated: str | None = None
