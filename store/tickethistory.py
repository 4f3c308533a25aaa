"""A ticket's history as one reader may know it: another ticket that is hidden from him is not named in it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from domain.scope import Scope
from domain.tickets import TicketEvent
from store.tables import ticket_events, tickets
from store.ticketrows import event_from, ticket_from

_NAMING: Final = ("tiket", "ke_tiket", "dari_tiket")  # details that name another ticket


def history_for(connection: Connection, code: str, scope: Scope) -> list[TicketEvent]:
    """What happened to a ticket that this reader sees, oldest first, but for what names one that he may not know."""
    lines = [
        event_from(row)
        for row in connection.execute(
            select(ticket_events).where(ticket_events.c.code == code).order_by(ticket_events.c.id)
        )
    ]
    return _told_to(connection, lines, scope)


def _told_to(connection: Connection, lines: list[TicketEvent], scope: Scope) -> list[TicketEvent]:
    """Leave out lines that name a hidden ticket with oversight; of other hidden tickets the name."""
    named = {line.detail[key] for line in lines for key in _NAMING if key in line.detail}
    if not named:
        return lines
    found = connection.execute(select(tickets).where(tickets.c.code.in_(sorted(named))))
    hidden = {ticket.code: ticket for ticket in map(ticket_from, found) if not scope.allows(ticket)}
    return [
        line.model_copy(update={"detail": {k: v for k, v in line.detail.items() if not (k in _NAMING and v in hidden)}})
        for line in lines
        if not any(hidden[code].oversight for key in _NAMING if (code := line.detail.get(key)) in hidden)
    ]
