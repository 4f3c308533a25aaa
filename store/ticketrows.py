"""Between rows and tickets: the one place that knows how a ticket and a line of its history lie in their columns."""

from __future__ import annotations

from typing import Any, Final

import orjson

from domain.tickets import Clock, Ticket, TicketEvent
from store.rows import dump
from store.types import AnyRow

# Named as the ticket names them, and stored as they are.
_SAME: Final = (
    "code", "region", "title", "opd", "proposed", "topic", "oversight", "area", "place", "lat", "lon", "cases",
    "opened_at", "opened_by", "published_at", "disposed_at", "first_disposed_at", "accepted_at", "answered_at",
    "done_at", "response_due", "resolve_due", "resolve_why", "updated_at", "rev",
)  # fmt: skip
_WORDS: Final = ("state", "intent", "urgency", "sentiment", "origin")  # values of an enumeration


def ticket_columns(ticket: Ticket) -> dict[str, Any]:
    """The columns that a ticket fills."""
    return {
        **{name: getattr(ticket, name) for name in _SAME},
        **{name: getattr(ticket, name).value for name in _WORDS},
        "accused": dump(list(ticket.accused_opd)) if ticket.accused_opd else None,
        "clock_kind": ticket.clock.kind.value if ticket.clock.kind else None,
        "clock_at": ticket.clock.at,
        "clock_why": ticket.clock.why,
        "clock_left": ticket.clock.left_minutes,
        "paused_from": ticket.paused_from.value if ticket.paused_from else None,
    }


def ticket_from(row: AnyRow) -> Ticket:
    """The ticket that a row holds."""
    return Ticket.model_validate(
        {
            **{name: getattr(row, name) for name in (*_SAME, *_WORDS)},
            "accused_opd": orjson.loads(row.accused) if row.accused else (),
            "clock": Clock.model_validate(
                {"kind": row.clock_kind, "at": row.clock_at, "why": row.clock_why, "left_minutes": row.clock_left}
            ),
            "paused_from": row.paused_from,
        }
    )


def event_from(row: AnyRow) -> TicketEvent:
    """The line of a history that a row holds."""
    return TicketEvent.model_validate(
        {
            "id": row.id,
            "code": row.code,
            "at": row.at,
            "by": row.by,
            "action": row.action,
            "before": row.before,
            "after": row.after,
            "opd": row.opd,
            "note": row.note,
            "detail": orjson.loads(row.detail) if row.detail else {},
        }
    )
