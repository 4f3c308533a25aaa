"""Cases come into a ticket and leave it, in their caller's transaction; a case tells of one ticket at most.

Locks are taken in the order that `store.labelwork` names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from domain.errors import Conflict, NotFound
from domain.scope import Scope
from domain.tickets import Action, Ticket
from store.database import insert
from store.labelwork import hold_cases
from store.projection import UrusanOf, load, refresh
from store.tables import ticket_cases
from store.ticketwork import Change, Decide, cases_of, hold_ticket, write_ticket


def attach(  # noqa: PLR0913  what joins what, by whom
    connection: Connection,
    code: str,
    case_ids: Collection[str],
    *,
    by: str,
    scope: Scope | None,
    now: datetime,
    urusan_of: UrusanOf,
    check: Callable[[Ticket], object] | None = None,
) -> Ticket:
    """Put cases into a ticket ("saya juga"). Those that are in it already change nothing. `check` may refuse.

    Raises: NotFound outside the scope, Conflict where a case tells of another ticket, where oversight and what is
        not would be mixed, or where a case accuses the office that has the ticket.
    """
    hold_cases(connection, case_ids, now)
    ticket = hold_ticket(connection, code, scope)
    if check is not None:
        check(ticket)
    new = sorted(set(case_ids) - set(cases_of(connection, code)))
    if not new:
        return ticket
    must_tell_of_no_ticket(connection, new)
    oldest = _must_fit(connection, ticket, new)
    joined = ticket.model_copy(
        update={"cases": ticket.cases + len(new), "published_at": min(oldest, ticket.published_at)}
    )
    put_in(connection, code, new, by, now)
    change = Change(ticket=joined, action=Action.JOIN, by=by, detail={"kasus": str(len(new))})
    after = write_ticket(connection, ticket, change, now)
    refresh(connection, new, now, urusan_of)
    return after


def detach(  # noqa: PLR0913  what leaves what, by whom
    connection: Connection,
    code: str,
    case_ids: Collection[str] | None,
    change: Decide,
    *,
    scope: Scope | None,
    now: datetime,
    urusan_of: UrusanOf,
) -> Ticket:
    """Take cases, None for all, out of a ticket: they are free for another. `change` says the rest, without them.

    Raises: NotFound outside the scope, Conflict where a case is not in the ticket.
    """
    hold_cases(connection, cases_of(connection, code) if case_ids is None else case_ids, now)
    ticket = hold_ticket(connection, code, scope)
    inside = cases_of(connection, code)
    leaving = set(inside if case_ids is None else case_ids)
    if not leaving or leaving - set(inside):
        raise Conflict(f"Tiket {code}: kasus yang hendak dikeluarkan tidak (lagi) ada di dalamnya.")
    connection.execute(ticket_cases.delete().where(ticket_cases.c.case_id.in_(sorted(leaving))))
    fewer = ticket.model_copy(update={"cases": len(set(inside) - leaving)})
    after = write_ticket(connection, ticket, change(fewer), now)
    refresh(connection, inside if after.state is not ticket.state else leaving, now, urusan_of)
    return after


def put_in(connection: Connection, code: str, case_ids: Collection[str], by: str, now: datetime) -> None:
    """Have cases that tell of no ticket tell of this one. What the ticket says of them is the caller's."""
    connection.execute(
        insert(connection, ticket_cases),
        [{"case_id": case_id, "ticket": code, "by": by, "at": now} for case_id in sorted(set(case_ids))],
    )


def must_tell_of_no_ticket(connection: Connection, case_ids: Collection[str]) -> None:
    """Conflict where any of these cases tells of a ticket already."""
    taken = connection.execute(
        select(ticket_cases.c.ticket).where(ticket_cases.c.case_id.in_(sorted(case_ids))).limit(1)
    ).scalar()
    if taken is not None:
        raise Conflict(f"Kasus ini sudah menjadi tiket {taken}.")


def _must_fit(connection: Connection, ticket: Ticket, case_ids: Sequence[str]) -> datetime:
    """Check that cases may be told of in a ticket. Returns when the oldest of them was published."""
    found = load(connection, case_ids)
    if missing := sorted(set(case_ids) - set(found)):
        raise NotFound(f"Kasus {missing[0]} tidak ditemukan.")
    for parts in found.values():
        if parts.case.region != ticket.region:
            raise Conflict(f"Tiket {ticket.code} milik wilayah lain.")
        if (parts.reading.oversight is not None) != ticket.oversight:
            raise Conflict(f"Tiket {ticket.code}: yang berkadar pengawasan tidak digabung dengan yang bukan.")
        if ticket.opd is not None and ticket.opd in parts.case.accused_opd:
            raise Conflict(f"Tiket {ticket.code} dipegang instansi yang dilaporkan kasus ini.")
    return min(parts.post.published_at for parts in found.values())
