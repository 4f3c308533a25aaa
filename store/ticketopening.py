"""A ticket opens, in its caller's transaction, or its opening is undone.

Its code is the region's next of the month. Where the day has a cap it counts among the day's, and beyond it nothing
opens. Locks are taken in the order that `store.labelwork` names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from domain.errors import NotFound, Refused
from domain.labels import Intent, LabelTask, Sentiment, Urgency
from domain.scope import Scope
from domain.tickets import Action, Clock, Origin, Ticket, TicketState, ticket_code
from store.database import insert
from store.labelwork import hold_cases
from store.machine import keep_answers
from store.projection import UrusanOf, refresh
from store.tables import ticket_numbers, tickets
from store.ticketcases import detach, must_tell_of_no_ticket, put_in
from store.ticketrows import ticket_columns
from store.ticketwork import Change, show_again, write_line

_NO_CLOCK: Final = Clock()


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDraft:
    """A ticket that is to be opened. `day` is today in the region's zone: it makes the code and counts for the cap."""

    region: str
    prefix: str
    day: date
    title: str
    topic: str
    intent: Intent
    urgency: Urgency
    sentiment: Sentiment
    published_at: datetime
    state: TicketState = TicketState.NEW
    proposed: str | None = None
    oversight: bool = False
    accused_opd: tuple[str, ...] = ()
    area: str | None = None
    place: str | None = None
    lat: float | None = None
    lon: float | None = None
    clock: Clock = _NO_CLOCK


def open_ticket(  # noqa: PLR0913  a ticket, what it is of, who opens it, and how many may be opened
    connection: Connection,
    draft: TicketDraft,
    case_ids: Collection[str],
    *,
    by: str,
    origin: Origin,
    now: datetime,
    urusan_of: UrusanOf,
    cap: int | None = None,
    detail: Mapping[str, str] | None = None,
) -> Ticket | None:
    """Open a ticket of cases. With `cap` it counts among the day's; None, and nothing done, once these are used up.

    Raises: Refused without cases, NotFound where one is no more, Conflict where one tells of a ticket already.
    """
    if not case_ids:
        raise Refused("Tiket memerlukan sedikitnya satu kasus.")
    if missing := sorted(set(case_ids) - hold_cases(connection, case_ids, now)):
        raise NotFound(f"Kasus {missing[0]} tidak ditemukan.")
    must_tell_of_no_ticket(connection, case_ids)
    if cap is not None and not _counts_today(connection, draft, cap):
        return None
    month = f"{draft.day:%Y-%m}"
    code = ticket_code(draft.prefix, draft.day.year, draft.day.month, _next_number(connection, draft.region, month))
    ticket = Ticket(
        code=code,
        region=draft.region,
        state=draft.state,
        title=draft.title,
        proposed=draft.proposed,
        topic=draft.topic,
        intent=draft.intent,
        urgency=draft.urgency,
        sentiment=draft.sentiment,
        oversight=draft.oversight,
        accused_opd=draft.accused_opd,
        area=draft.area,
        place=draft.place,
        lat=draft.lat,
        lon=draft.lon,
        cases=len(set(case_ids)),
        origin=origin,
        opened_at=now,
        opened_by=by,
        published_at=draft.published_at,
        clock=draft.clock,
        updated_at=now,
    )
    connection.execute(insert(connection, tickets).values(ticket_columns(ticket)))
    opened = Change(ticket=ticket, action=Action.OPEN, by=by, detail=detail or {})
    write_line(connection, opened, None, now)
    put_in(connection, code, case_ids, by, now)
    show_again(connection, [code], now)
    if origin is Origin.AUTOMATIC:  # the office's answer will be the first word of a person about it
        keep_answers(connection, case_ids, LabelTask.OPD, now)
    refresh(connection, case_ids, now, urusan_of)
    return ticket


def withdraw(  # noqa: PLR0913  what is undone, by whom, why
    connection: Connection,
    code: str,
    *,
    by: str,
    scope: Scope | None,
    now: datetime,
    urusan_of: UrusanOf,
    note: str | None = None,
) -> Ticket:
    """Undo the opening of a ticket: its cases are free again, and it is filed away with its trail, whatever it was."""

    def archived(ticket: Ticket) -> Change:
        filed = {"state": TicketState.ARCHIVED, "clock": _NO_CLOCK, "opd": None, "proposed": None, "paused_from": None}
        return Change(ticket=ticket.model_copy(update=filed), action=Action.ARCHIVE, by=by, note=note)

    return detach(connection, code, None, archived, scope=scope, now=now, urusan_of=urusan_of)


def _next_number(connection: Connection, region: str, period: str) -> int:
    statement = insert(connection, ticket_numbers).values(region=region, period=period, last=1)
    return int(
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[ticket_numbers.c.region, ticket_numbers.c.period],
                set_={"last": ticket_numbers.c.last + 1},
            ).returning(ticket_numbers.c.last)
        ).scalar_one()
    )


def _counts_today(connection: Connection, draft: TicketDraft, cap: int) -> bool:
    """Count a ticket among the day's, unless there are as many as may be."""
    if cap <= 0:
        return False
    statement = insert(connection, ticket_numbers).values(region=draft.region, period=f"{draft.day:%Y-%m-%d}", last=1)
    counted = connection.execute(
        statement.on_conflict_do_update(
            index_elements=[ticket_numbers.c.region, ticket_numbers.c.period],
            set_={"last": ticket_numbers.c.last + 1},
            where=ticket_numbers.c.last < cap,
        ).returning(ticket_numbers.c.last)
    ).scalar()
    return counted is not None
