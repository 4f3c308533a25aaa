"""What the API answers of tickets. Who is accused is in no answer: whoever may know it reads the cases."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from api.tickets.forms import MAX_NOTE
from api.tickets.making import MAX_CASES
from api.v1.answers import Answer, Post
from domain.labels import Intent, Sentiment, Urgency
from domain.tickets import Action, ClockKind, Origin, Ticket, TicketEvent, TicketState

Note = Annotated[str, StringConstraints(max_length=MAX_NOTE, pattern=r"^[^\x00]*$")]
OfficeCode = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Z0-9_]+$")]
CaseId = Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{26}\.[a-z0-9][a-z0-9-]{0,80}$")]
# The actions that stand by themselves; joining and splitting need more than a note.
Deed = Literal[
    "verifikasi", "disposisi", "terima", "jawab", "ajukan_selesai", "setujui", "kembalikan", "bukan_wewenang",
    "tunda", "lanjutkan", "tolak", "arsipkan", "teruskan_ke_luar", "buka_kembali", "catatan",
]  # fmt: skip


class ClockAnswer(Answer):
    """The deadline that runs. `at` is null while it stands still or none runs."""

    kind: ClockKind | None
    at: AwareDatetime | None
    why: str = Field(description="Why until then, in one Indonesian sentence.")
    overdue: bool


class TicketAnswer(Answer):
    """A ticket. All words are masked."""

    code: str
    region: str
    state: TicketState
    title: str
    opd: str | None = Field(description="Short name of the agency that has it; null while it is with the center.")
    proposed: str | None = Field(description="Whom the machine, or the agency that returned it, would give it to.")
    topic: str
    intent: Intent
    urgency: Urgency
    sentiment: Sentiment
    oversight: bool
    area: str | None = Field(description="Kemendagri code of the most specific area known.")
    place: str | None
    lat: float | None
    lon: float | None
    cases: int = Field(description="How many cases tell of it.")
    origin: Origin
    opened_at: AwareDatetime
    opened_by: str
    published_at: AwareDatetime = Field(description="Of its oldest case.")
    disposed_at: AwareDatetime | None = Field(description="To the agency that has it now.")
    first_disposed_at: AwareDatetime | None
    accepted_at: AwareDatetime | None
    answered_at: AwareDatetime | None
    done_at: AwareDatetime | None
    response_due: AwareDatetime | None
    resolve_due: AwareDatetime | None
    clock: ClockAnswer
    updated_at: AwareDatetime
    rev: int = Field(description="Grows with every change; send it along with what you do to the ticket.")

    @classmethod
    def of(cls, ticket: Ticket, now: datetime) -> Self:
        """What of a ticket may leave."""
        clock = {**ticket.clock.model_dump(include={"kind", "at", "why"}), "overdue": ticket.is_overdue(now)}
        plain = ticket.model_dump(include=set(TicketAnswer.model_fields) - {"clock"})
        return cls.model_validate({**plain, "clock": clock})


class TicketList(Answer):
    """A page of tickets. `total` counts all pages."""

    total: int
    items: tuple[TicketAnswer, ...]
    next: str | None = None


class EventAnswer(Answer):
    """One line of a ticket's history."""

    at: AwareDatetime
    by: str
    action: Action
    before: TicketState | None
    after: TicketState
    opd: str | None
    note: str | None
    detail: dict[str, str]

    @classmethod
    def of(cls, event: TicketEvent) -> Self:
        """A line as it leaves."""
        return cls.model_validate(event.model_dump(include=set(EventAnswer.model_fields)))


class TicketDetail(Answer):
    """A ticket with all that belongs to it."""

    ticket: TicketAnswer
    history: tuple[EventAnswer, ...] = Field(description="Oldest first.")
    cases: tuple[Post, ...] = Field(description="The cases that tell of it, oldest first.")


class TicketWish(BaseModel):
    """A ticket that is to be made of cases."""

    model_config = ConfigDict(extra="forbid")

    cases: Annotated[tuple[CaseId, ...], Field(min_length=1, max_length=MAX_CASES, description="Case ids.")]
    opd: OfficeCode | None = Field(None, description="The agency it goes to at once; null keeps it with the center.")
    note: Note | None = None
    title: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00]*\S[^\x00]*$")] | None = (
        Field(None, description="In place of the first case's words.")
    )


class ActionWish(BaseModel):
    """Something that is to be done to a ticket."""

    model_config = ConfigDict(extra="forbid")

    action: Deed
    note: Note | None = Field(None, description="Words for the history; masked before they are kept.")
    opd: OfficeCode | None = Field(
        None, description="Of `disposisi`, to whom; of `bukan_wewenang`, whose it would be. Else of no effect."
    )
    rev: int | None = Field(
        None, ge=1, le=2**31 - 1, description="The ticket's `rev` as you saw it; another one now is a conflict."
    )
