"""The page of alerts and the form of a saved search."""

from __future__ import annotations

from dataclasses import dataclass

from api.contexts.post import Option, Piece
from api.contexts.search import Choice, Fault
from api.contexts.tickets import Tab


@dataclass(frozen=True, slots=True)
class SampleView:
    """One post behind an alert, in a glimpse."""

    href: str
    label: str
    when: str
    iso: str
    text: tuple[Piece, ...]
    lang: str
    tone: str


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert: what kind it is, why it is told, samples, and what its reader may do with it.

    `urgent` is told of a rise; `until` only of what is snoozed.
    """

    id: str
    kind: str
    urgent: bool
    name: str
    href: str  # the watch's search
    by: str  # who shares it; empty for one's own
    region: str  # empty where the reader has only one
    ago: str
    when: str
    iso: str
    why: str
    samples: tuple[SampleView, ...]
    more: str  # "5 lagi"; empty where all are shown
    more_href: str
    until: str


@dataclass(frozen=True, slots=True)
class WatchView:
    """A saved search in the list beside the alerts."""

    name: str
    href: str
    about: str
    words: str  # what it searches for
    state: str  # "dijeda"; empty where it runs
    shared: str  # with whom, or by whom
    edit_href: str  # empty for another's


@dataclass(frozen=True, slots=True)
class AlertsView:
    """The page. `face` is one of results | empty | failing | forbidden."""

    face: str
    status: int
    state: str = "new"  # which alerts are shown: new | snoozed | seen
    tabs: tuple[Tab, ...] = ()
    alerts: tuple[AlertView, ...] = ()
    watches: tuple[WatchView, ...] = ()
    snoozes: tuple[Option, ...] = ()
    notice: str = ""
    bad: bool = False  # the notice tells of something that was not done
    stale: str | None = None
    waiting: bool = False  # the search engine is away: watches wait
    updated: str | None = None
    next_href: str | None = None
    start_href: str | None = None


@dataclass(frozen=True, slots=True)
class WatchForm:
    """The form of a saved search, new or kept. `watch` is empty for a new one."""

    watch: str
    action: str
    name: str
    kind: str
    kinds: tuple[Option, ...]
    hour: int
    hours: tuple[Option, ...]
    shared: bool
    paused: bool
    region: str
    regions: tuple[Option, ...]  # more than one where it is yet to be chosen
    search: str  # the search as an address has it, brought back by the form of a new one
    words: str
    chips: tuple[str, ...]
    back: Choice
    zone: str
    refused: str = ""
    fault: Fault | None = None
