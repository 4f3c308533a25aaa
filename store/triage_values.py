"""What the triage desk asks for and what it gets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from domain.documents import PostDocument
from domain.tickets import Ticket

View = Literal["semua", "baru", "saya", "ragu", "tanpa_tempat", "pengawasan", "lama"]
VIEWS: Final[tuple[View, ...]] = get_args(View)


@dataclass(frozen=True, slots=True)
class TriageQuery:
    """Which stories. `area` is a Kemendagri code and what lies in it, `topic` main topics or topics."""

    view: str = "semua"  # one of VIEWS
    region: tuple[str, ...] = ()
    area: str | None = None
    topic: tuple[str, ...] = ()
    after: str | None = None  # `next` of the page before
    size: int = 30


@dataclass(frozen=True, slots=True)
class StoryItem:
    """A story that waits. Counts and times are of the cases that the reader may see."""

    story: str
    region: str
    head: PostDocument  # of those that wait: the most pressing, then the newest
    cases: int
    sources: int
    first_at: datetime  # when the oldest was published
    last_at: datetime
    is_new: bool  # all that waits of it came after my last look
    claimed_by: str | None  # name of whoever works on it now
    proposed: Ticket | None  # waits for one click
    same: tuple[Ticket, ...]  # open tickets of the same matter nearby
    waiting_hours: float  # since the first one that waits came in


@dataclass(frozen=True, slots=True)
class TriagePage:
    """A page of the queue. `total` counts all pages."""

    total: int
    items: tuple[StoryItem, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class StoryClaim:
    """Somebody works on a story, until then."""

    story: str
    region: str
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Handover:
    """A note to the next shift."""

    id: int
    region: str
    by: str
    at: datetime
    text: str  # masked
    done_at: datetime | None = None
    done_by: str | None = None
