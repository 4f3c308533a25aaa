"""Two tickets of one issue become one, and one of two issues becomes two; each in its caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import Connection, update

from domain.errors import Conflict, Refused
from domain.scope import Scope
from domain.tickets import Action, Clock, Origin, Ticket, TicketState
from store.labelwork import hold_cases
from store.projection import UrusanOf, refresh
from store.tables import ticket_cases
from store.ticketopening import TicketDraft, open_ticket
from store.ticketwork import Change, cases_of, hold_ticket, show_again, write_ticket

Check = Callable[[Ticket], object]


def absorb(  # noqa: PLR0913  what goes into what, by whom
    connection: Connection,
    into: str,
    code: str,
    *,
    by: str,
    scope: Scope | None,
    now: datetime,
    urusan_of: UrusanOf,
    check: Check | None = None,
) -> Ticket:
    """Put all cases of `code` into another ticket; it is filed away with its trail. `check` may refuse either one.

    Raises: NotFound where either is outside the scope, Conflict where they cannot be one, Refused for a ticket
        that is to go into itself.
    """
    if into == code:
        raise Refused(f"Tiket {code} tidak dapat digabung ke dirinya sendiri.")
    hold_cases(connection, cases_of(connection, code), now)
    held = {name: hold_ticket(connection, name, scope) for name in sorted((into, code))}
    for ticket in held.values():
        if check is not None:
            check(ticket)
    show_again(connection, [into, code], now)
    target, source = held[into], held[code]
    _must_be_one(target, source)
    moved = cases_of(connection, code)
    connection.execute(update(ticket_cases).where(ticket_cases.c.ticket == code).values(ticket=into, by=by, at=now))
    grown = target.model_copy(
        update={
            "cases": target.cases + len(moved),
            "published_at": min(target.published_at, source.published_at),
            "accused_opd": tuple(dict.fromkeys((*target.accused_opd, *source.accused_opd))),
        }
    )
    filed = source.model_copy(
        update={"cases": 0, "state": TicketState.ARCHIVED, "clock": Clock(), "paused_from": None, "proposed": None}
    )
    gone = Change(ticket=filed, action=Action.JOIN, by=by, detail={"ke_tiket": into})
    come = Change(ticket=grown, action=Action.JOIN, by=by, detail={"tiket": code, "kasus": str(len(moved))})
    write_ticket(connection, source, gone, now)
    after = write_ticket(connection, target, come, now)
    refresh(connection, moved, now, urusan_of)
    return after


def split(  # noqa: PLR0913  what leaves what, for what, by whom
    connection: Connection,
    code: str,
    case_ids: Collection[str],
    draft: TicketDraft,
    *,
    by: str,
    scope: Scope | None,
    now: datetime,
    urusan_of: UrusanOf,
    check: Check | None = None,
) -> Ticket:
    """Open a ticket of some of the cases of another, which keeps the rest. Returns the new one.

    Raises: NotFound outside the scope, Conflict where a case is not in the ticket, Refused where none would stay.
    """
    hold_cases(connection, case_ids, now)
    ticket = hold_ticket(connection, code, scope)
    if check is not None:
        check(ticket)
    leaving, inside = set(case_ids), set(cases_of(connection, code))
    if not leaving or leaving - inside:
        raise Conflict(f"Tiket {code}: kasus yang hendak dipisah tidak (lagi) ada di dalamnya.")
    if leaving == inside:
        raise Refused(f"Tiket {code}: sedikitnya satu kasus harus tinggal di dalamnya.")
    show_again(connection, [code], now)
    connection.execute(ticket_cases.delete().where(ticket_cases.c.case_id.in_(sorted(leaving))))
    new = open_ticket(
        connection,
        draft,
        leaving,
        by=by,
        origin=Origin.PERSON,
        now=now,
        urusan_of=urusan_of,
        detail={"dari_tiket": code},
    )
    if new is None:
        raise AssertionError("a ticket without a cap opens")
    fewer = ticket.model_copy(update={"cases": len(inside - leaving)})
    told = {"kasus": str(len(leaving)), "ke_tiket": new.code}
    write_ticket(connection, ticket, Change(ticket=fewer, action=Action.SPLIT, by=by, detail=told), now)
    return new


def _must_be_one(target: Ticket, source: Ticket) -> None:
    if target.region != source.region:
        raise Conflict(f"Tiket {source.code} dan {target.code} milik wilayah yang berbeda.")
    if target.oversight != source.oversight:
        raise Conflict(f"Tiket {target.code}: yang berkadar pengawasan tidak digabung dengan yang bukan.")
    if target.opd is not None and target.opd in source.accused_opd:
        raise Conflict(f"Tiket {target.code} dipegang instansi yang dilaporkan di tiket {source.code}.")
