"""The history of a ticket in words, newest first: who did what, with what note."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from api.contexts.ticket import Detail, LineView
from api.parts import Parts
from api.pieces import cut
from api.speech import N_, Speech
from api.tickets.links import ticket_href
from api.tickets.words import DEEDS, KINDS
from domain.errors import NotFound
from domain.tickets import Action, Ticket, TicketEvent

MACHINE: Final = "sistem"  # as a line names who acts when nobody does
_OTHERS: Final = {
    "tiket": N_("dari tiket %(code)s"),
    "dari_tiket": N_("dari tiket %(code)s"),
    "ke_tiket": N_("ke tiket %(code)s"),
}
_OFFICES: Final = {"usul": N_("seharusnya %(opd)s"), "dari": N_("sebelumnya %(opd)s")}


def trail_of(
    parts: Parts, ticket: Ticket, history: Iterable[TicketEvent], says: Speech, *, since: int | None = None
) -> tuple[LineView, ...]:
    """The lines, newest first; with `since` only those that came after that one, marked as such."""
    people: dict[str, str] = {MACHINE: says.say("Sistem")}
    lines = sorted(history, key=lambda line: line.id, reverse=True)
    return tuple(
        _line(parts, ticket, line, people, says, fresh=since is not None)
        for line in lines
        if since is None or line.id > since
    )


def _line(  # noqa: PLR0913  a line, and what its words need
    parts: Parts, ticket: Ticket, line: TicketEvent, people: dict[str, str], says: Speech, *, fresh: bool
) -> LineView:
    zone = parts.zone_of(ticket.region)
    if line.by not in people:
        people[line.by] = _display(parts, line.by)
    return LineView(
        who=people[line.by],
        deed=deed_words(parts, line, says),
        when=f"{says.short_day(line.at.astimezone(zone).date())} {says.clock(line.at, zone)}",
        iso=line.at.isoformat(),
        note=cut(line.note, says) if line.note else (),
        details=_details(parts, ticket, line, says),
        kind=KINDS.get(line.action, "noted"),
        fresh=fresh,
    )


def deed_words(parts: Parts, line: TicketEvent, says: Speech) -> str:
    """What was done, without who did it."""
    if line.action is Action.OPEN and line.by == MACHINE:
        return says.say("mengusulkan tiket")
    words = DEEDS[line.action]
    return says.say(words, opd=parts.names.short_agency(line.opd or "")) if "%(opd)s" in words else says.say(words)


def _details(parts: Parts, ticket: Ticket, line: TicketEvent, says: Speech) -> tuple[Detail, ...]:
    told, found = line.detail, list[Detail]()
    if told.get("kasus", "0") != "0":
        found.append(Detail(says.say("%(n)s kiriman", n=told["kasus"])))
    for key, words in _OTHERS.items():
        if key in told:
            found.append(Detail(says.say(words, code=told[key]), ticket_href(told[key])))
    for key, words in _OFFICES.items():
        if key in told:
            found.append(Detail(says.say(words, opd=parts.names.short_agency(told[key]))))
    if "tenggat" in told and told["tenggat"] != ticket.clock.why:  # what runs now stands above already
        found.append(Detail(told["tenggat"], lang="id"))
    return tuple(found)


def _display(parts: Parts, name: str) -> str:
    try:
        return parts.store.accounts.user(name).display
    except NotFound:
        return name
