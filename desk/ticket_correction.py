"""What a ticket says of itself is put right: title, topic, place; its deadlines follow the topic. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.ticket_drafts import heading, place_name
from desk.ticket_moves import Deed, resolve_due, response_due, topic_class
from domain.errors import Refused
from domain.labels import LabelTask
from domain.regions import RegionProfile
from domain.taxonomy import Taxonomy
from domain.tickets import Action, Clock, ClockKind, Ticket, TicketState, move_of
from store.ticketwork import Change


@dataclass(frozen=True, slots=True)
class Correction:
    """What is right: of the ticket, by the ticket's names, and what its cases learn."""

    update: Mapping[str, object]
    says: Mapping[LabelTask, str]


def correction(
    profile: RegionProfile, taxonomy: Taxonomy, *, title: str | None, topic: str | None, area: str | None
) -> Correction:
    """What a person says is right, None for what he leaves.

    Raises: Refused for a topic or an area that there is not, for a title that cannot be one, and for nothing at all.
    """
    if topic is not None and topic not in taxonomy.topic_codes:
        raise Refused(f"Tidak ada topik {topic}.")
    if area is not None and area not in profile.areas:
        raise Refused(f"Tidak ada tempat berkode {area} di {profile.short}.")
    update: dict[str, object] = {"title": heading(title)} if title is not None else {}
    update |= {"topic": topic} if topic is not None else {}
    update |= {"area": area, "place": place_name(profile, area)} if area is not None else {}
    if not update:
        raise Refused("Tidak ada yang dikoreksi.")
    said = {LabelTask.TOPIC: topic, LabelTask.PLACE: area}
    return Correction(update, {task: value for task, value in said.items() if value is not None})


def corrected(ticket: Ticket, right: Correction, deed: Deed) -> Change:
    """The ticket after a correction, with its line of history. Conflict where the table has no such move."""
    move_of(Action.CORRECT, ticket.state, deed.party, code=ticket.code)
    return Change(
        ticket=_with_deadlines(ticket, ticket.model_copy(update=right.update), deed),
        action=Action.CORRECT,
        by=deed.by,
        detail={name: str(value) for name, value in right.update.items()},
        says=right.says,
    )


def _with_deadlines(before: Ticket, after: Ticket, deed: Deed) -> Ticket:
    """Reckon the deadlines of a ticket anew when its topic is of another class; one postponed keeps its own."""
    classes = {topic_class(deed.taxonomy, ticket.topic) for ticket in (before, after)}
    if len(classes) == 1 or after.disposed_at is None or after.state is TicketState.POSTPONED:
        return after
    whole = resolve_due(after, deed, after.first_disposed_at or after.disposed_at)
    answer = response_due(after, deed, after.disposed_at)
    clocks = {ClockKind.RESPONSE: answer, ClockKind.RESOLVE: whole}
    runs = clocks.get(after.clock.kind) if after.clock.kind else None
    clock = Clock(kind=after.clock.kind, at=runs.at, why=runs.why) if runs else after.clock
    update = {"response_due": answer.at, "resolve_due": whole.at, "resolve_why": whole.why, "clock": clock}
    return after.model_copy(update=update)
