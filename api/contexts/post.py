"""A post's own page and the panel beside the hits: words with their evidence, labels, who answers and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that looks alike. `mask` names what is hidden there; nothing of it is in `text`."""

    text: str
    found: bool = False  # the query asked for it
    why: bool = False  # it spoke for a label
    mask: str = ""
    gone: bool = False  # the post's own words are gone: this says so, in the reader's language


@dataclass(frozen=True, slots=True)
class OpdView:
    """An agency of the ranking."""

    name: str
    code: str
    share: str
    width: int
    evidence: str


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place and how it was found."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class RelatedView:
    """Another case: of the same story, or the same post elsewhere."""

    href: str
    label: str
    when: str
    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class TicketLink:
    """What a post's page and panel say of tickets: the one there is, or the way to make one."""

    code: str = ""
    state: str = ""
    href: str = ""
    make_href: str = ""
    opd: str = ""  # one click sends it there; empty where somebody has to choose
    opd_name: str = ""


@dataclass(frozen=True, slots=True)
class PanelView:
    """What the panel beside the hits shows of a case. `lang` is the language of its words, for screen readers."""

    id: str
    href: str
    tone: str
    sentiment: str
    sentiment_sure: str
    intent: str
    intent_sure: str
    authority: str
    urgency: str | None
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    shortened: bool
    opds: tuple[OpdView, ...]
    why: str
    unsure: bool
    places: tuple[PlaceView, ...]
    withdrawn: str  # since when its source no longer has it, in a sentence; empty while it has
    spots: tuple[str, ...]  # addresses and landmarks as the writer gives them
    when: str
    iso: str
    trust: str
    origin: str
    lang: str
    language: str
    topic: str
    same: str
    same_href: str
    url: str | None
    may_correct: bool
    ticket: TicketLink | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A value that may be chosen; `group` is a heading above it."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One label, who decided it, and what else it could be. No options and no names: it is shown only."""

    task: str
    title: str
    value: str
    label: str
    decided: str
    options: tuple[Option, ...] = ()
    names: tuple[str, ...] = ()  # suggestions for a label that is typed
    typed: bool = False


@dataclass(frozen=True, slots=True)
class SaidView:
    """One thing that a person said."""

    title: str
    label: str
    by: str
    when: str
    note: str


@dataclass(frozen=True, slots=True)
class RevisionView:
    """The words before an edit."""

    when: str
    title: str
    text: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RevealedView:
    """Personal data, opened for this one answer."""

    text: str
    contact: str | None


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo of the report, with the address of its small picture."""

    href: str
    small: str


@dataclass(frozen=True, slots=True)
class PostView:
    """The page. `back` leads to the search that one came from."""

    panel: PanelView
    labels: tuple[LabelRow, ...]
    said: tuple[SaidView, ...]
    state: str
    states: tuple[Option, ...]
    story: tuple[RelatedView, ...]
    elsewhere: tuple[RelatedView, ...]
    revisions: tuple[RevisionView, ...]
    may_reveal: bool  # whether something is hidden here, and this reader may open it
    revealed: RevealedView | None
    notice: str
    back: str
    photos: tuple[PhotoView, ...] = ()
