"""Tickets for tests of the store: drafts, changes, and rows written straight into truth for lists and boards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from domain.documents import PostDocument
from domain.labels import Intent, Sentiment, Urgency
from domain.tickets import Action, Clock, ClockKind, Origin, Ticket, TicketState
from store import Store
from store.tables import tickets
from store.ticketopening import TicketDraft
from store.ticketrows import ticket_columns
from store.ticketwork import Change
from tests.store.line import ALL, NOW, REGION, Shelf, incoming, run_line


def stored_cases(store: Store, count: int = 3, text: str | None = None) -> list[PostDocument]:
    """Cases that nobody has judged, oldest id first."""
    wanted = [
        incoming(n, text.format(n=n) if text else None, published_at=NOW - timedelta(hours=n + 1)) for n in range(count)
    ]
    store.intake.accept(wanted)
    run_line(store, Shelf())
    return [store.cases.document(f"{one.id}.{REGION}", ALL) for one in wanted]


def draft(**changes: Any) -> TicketDraft:
    """A ticket that waits to be opened."""
    fields: dict[str, Any] = {
        "region": REGION,
        "prefix": "LB",
        "day": date(2026, 11, 20),
        "title": "Jalan rusak",
        "topic": "jalan.rusak",
        "intent": Intent.COMPLAINT,
        "urgency": Urgency.ORDINARY,
        "sentiment": Sentiment.NEGATIVE,
        "published_at": NOW,
    }
    return TicketDraft(**(fields | changes))


def opened(store: Store, *documents: PostDocument, **changes: Any) -> Ticket:
    """A ticket of these cases."""
    changes = {"published_at": min(document.published_at for document in documents)} | changes
    made = store.tickets.open(draft(**changes), [d.id for d in documents], by="sari", origin=Origin.PERSON, now=NOW)
    assert made is not None
    return made


def to(state: TicketState, action: Action = Action.NOTE, **changes: Any) -> Callable[[Ticket], Change]:
    """A change into a state, whatever the table says."""
    return lambda ticket: Change(
        ticket=ticket.model_copy(update={"state": state, **changes}), action=action, by="sari", opd=changes.get("opd")
    )


def ticket(number: int, **changes: Any) -> Ticket:
    """A ticket as it may lie in truth."""
    fields: dict[str, Any] = {
        "code": f"LB-2026-11-{number:04d}",
        "region": REGION,
        "state": TicketState.DISPOSED,
        "title": f"Jalan rusak nomor {number}",
        "opd": "PUTR",
        "topic": "jalan.rusak",
        "intent": Intent.COMPLAINT,
        "urgency": Urgency.ORDINARY,
        "sentiment": Sentiment.NEGATIVE,
        "area": "52.01.06.2003",
        "origin": Origin.PERSON,
        "opened_at": NOW - timedelta(hours=number),
        "opened_by": "sari",
        "published_at": NOW - timedelta(hours=number),
        "clock": Clock(kind=ClockKind.RESPONSE, at=NOW + timedelta(hours=number), why="karena"),
        "updated_at": NOW,
    }
    return Ticket(**(fields | changes))


def lay_down(store: Store, *many: Ticket) -> None:
    """Write tickets as they are, without cases and history."""
    with store.database.write() as connection:
        connection.execute(insert(tickets), [ticket_columns(one) for one in many])


def due(hours: float) -> Clock:
    """A clock that runs out then, counted from the tests' now."""
    return Clock(kind=ClockKind.RESPONSE, at=NOW + timedelta(hours=hours), why="karena")


def moment(hours: float) -> datetime:
    """A time, counted from the tests' now."""
    return NOW + timedelta(hours=hours)
