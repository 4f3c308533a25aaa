"""The pages of sources: which there are, how they fare against their own past, and what was asked of them."""

from __future__ import annotations

from dataclasses import dataclass

from api.contexts.source_terms import FindsView, KeyWarning, TermsView


@dataclass(frozen=True, slots=True)
class StateView:
    """A state in words, with the shape that says the same."""

    word: str
    shape: str  # good | quiet | hollow | dashed | wedge | cross | bar | pause
    tone: str  # late | due | ok | off
    about: str = ""  # what it means, in a sentence


@dataclass(frozen=True, slots=True)
class VolumeView:
    """New posts of each day as paths in a box of `width` by `height`; `label` says it in words."""

    width: int
    height: int
    bars: str
    gaps: str  # days on which nothing was answered
    usual: float | None  # y of what is usual
    label: str
    verdict: str
    tone: str  # late | due | ok


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of a source in words."""

    day: str
    added: str
    answered: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A line of the list."""

    key: str
    name: str
    kind: str
    host: str
    regions: str
    state: StateView
    message: str
    answered: str  # when it last answered
    newest: str  # its newest post
    volume: VolumeView | None
    pending: str  # what is being done for it now
    may_act: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many sources are in a state."""

    state: StateView
    number: int


@dataclass(frozen=True, slots=True)
class Pick:
    """Something that can be chosen."""

    value: str
    label: str
    chosen: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class ProofLink:
    """An address that somebody asked to be proven."""

    href: str
    url: str
    word: str
    when: str


@dataclass(frozen=True, slots=True)
class SourcesView:
    """The list, those that fail first."""

    counts: tuple[Count, ...]
    periods: tuple[Pick, ...]
    rows: tuple[SourceRow, ...]
    regions: tuple[Pick, ...]  # that a new source may listen for
    proofs: tuple[ProofLink, ...]
    days: int
    finds: FindsView
    warnings: tuple[KeyWarning, ...]  # keys that ended or soon will
    may_key: bool  # whether the keys are this visitor's to look after
    notice: str = ""
    fault: str = ""
    typed: str = ""  # the address that was refused


@dataclass(frozen=True, slots=True)
class ErrandView:
    """Something that was asked of the crawlers, and what came of it."""

    what: str
    by: str
    when: str
    word: str
    tone: str
    outcome: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class CrawlRow:
    """One crawl."""

    when: str
    iso: str
    state: StateView
    seen: int
    added: int
    revised: int


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source's own page."""

    row: SourceRow
    url: str
    every: str
    due: str
    by: str
    total: int
    posts_href: str
    days: tuple[DayRow, ...]
    errands: tuple[ErrandView, ...]
    crawls: tuple[CrawlRow, ...]
    paused: bool
    off: bool  # switched off in its profile
    today: str  # the latest day that a gap may begin
    since: str  # the day that is offered
    waiting: bool  # something is under way: the page looks again
    failed_on: str  # the answer that the last crawl failed on is kept: open to this visitor | shut | empty for none
    overdue: bool  # it should have been crawled long ago, and nobody did
    withdrawn: int  # posts that it has deleted since
    terms: TermsView | None
    notice: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post of a proof."""

    title: str
    url: str
    when: str


@dataclass(frozen=True, slots=True)
class ProofView:
    """What came of looking at an address. `face`: waiting | proven | failed | over."""

    id: int
    face: str
    url: str
    for_whom: str  # the region, or the source that moves
    back: str
    message: str
    late: bool  # nobody has begun it for a while
    name: str = ""
    kind: str = ""
    price: str = ""
    paid: bool = False  # it is saved switched off, until somebody agrees to the price
    allowed: str = ""
    address: str = ""  # where it would be crawled
    posts: tuple[PostRow, ...] = ()
    moves: bool = False
    source_href: str = ""
