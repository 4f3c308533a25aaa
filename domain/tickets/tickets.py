"""A ticket and the lines of its history, as they are read."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from domain.labels import Intent, Sentiment, Urgency
from domain.posts import Frozen
from domain.tickets.clocks import Clock
from domain.tickets.labels import OPEN_STATES, Action, Origin, TicketState


class Ticket(Frozen):
    """One matter for one office. `rev` grows with every change: who acts on what he saw names it."""

    code: str  # public: "LB-2026-11-0412"
    region: str
    state: TicketState
    title: str  # masked words of the first case, or what a person wrote
    opd: str | None = None  # the office that has it; None while it is with the center
    proposed: str | None = None  # whom the machine, or the office that returned it, would give it to
    topic: str
    intent: Intent
    urgency: Urgency
    sentiment: Sentiment
    oversight: bool = False
    accused_opd: tuple[str, ...] = ()
    area: str | None = None  # Kemendagri code of the most specific area known
    place: str | None = None  # its name in words
    lat: float | None = None
    lon: float | None = None
    cases: int = 1  # how many cases tell of it ("saya juga")
    origin: Origin
    opened_at: AwareDatetime
    opened_by: str
    published_at: AwareDatetime  # of the oldest case
    disposed_at: AwareDatetime | None = None  # to the office that has it now
    first_disposed_at: AwareDatetime | None = None
    accepted_at: AwareDatetime | None = None
    answered_at: AwareDatetime | None = None  # first answer of an office
    done_at: AwareDatetime | None = None
    response_due: AwareDatetime | None = None
    resolve_due: AwareDatetime | None = None
    resolve_why: str = ""
    clock: Clock = Clock()
    paused_from: TicketState | None = None
    updated_at: AwareDatetime
    rev: int = 1

    @property
    def is_open(self) -> bool:
        """Whether anybody still has to do something."""
        return self.state in OPEN_STATES

    @property
    def area_codes(self) -> tuple[str, ...]:
        """Codes of the areas the ticket is in, for scopes."""
        return (self.area,) if self.area else ()

    def is_overdue(self, now: AwareDatetime) -> bool:
        """Whether the clock that runs has run out."""
        return self.is_open and self.clock.at is not None and self.clock.at <= now


class TicketEvent(Frozen):
    """One line of a ticket's history. Lines are only ever added."""

    id: int
    code: str
    at: AwareDatetime
    by: str  # user name, or "sistem"
    action: Action
    before: TicketState | None = None
    after: TicketState
    opd: str | None = None  # the office it went to, came from (terima, jawab, bukan_wewenang) or passed to
    note: str | None = None  # masked
    detail: dict[str, str] = Field(default_factory=dict)  # cases joined, successor proposed, the due time told


def ticket_code(prefix: str, year: int, month: int, number: int) -> str:
    """Return a public code: region's prefix, year and month of opening in the region's zone, number in that month."""
    return f"{prefix}-{year:04d}-{month:02d}-{number:04d}"
