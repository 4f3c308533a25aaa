"""A ticket changes, in its caller's transaction: it is held as it is, decided about, and written.

Whatever happens to it leaves a line in the history, a new `rev`, and documents of its cases that say so. Which moves
are right is the desk's to say: it hands in a function that decides about the ticket as it is now, locked.
Locks are taken in the order that `store.labelwork` names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from domain.errors import Conflict, NotFound
from domain.labels import LabelTask
from domain.scope import Scope
from domain.tickets import Action, Ticket, TicketState
from store.database import insert
from store.labelwork import hold_cases, say_of
from store.projection import UrusanOf, refresh
from store.rows import dump
from store.tables import ticket_cases, ticket_events, tickets
from store.ticketrows import ticket_columns, ticket_from
from store.work import INDEX, enqueue, ticket_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody makes of a ticket: the ticket as it shall be, and the line that its history gets.

    `says` are labels that its cases get; only heard where `change_ticket` was told `relabel`.
    """

    ticket: Ticket
    action: Action
    by: str
    opd: str | None = None
    note: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[LabelTask, str] = field(default_factory=dict)


Decide = Callable[[Ticket], Change]


def change_ticket(  # noqa: PLR0913  which ticket, what becomes of it, for whom, and since when
    connection: Connection,
    code: str,
    decide: Decide,
    *,
    scope: Scope | None,
    now: datetime,
    urusan_of: UrusanOf,
    rev: int | None = None,
    relabel: bool = False,
) -> Ticket:
    """Let `decide` say what becomes of a ticket, and write that. Two who change one ticket wait for each other.

    `scope` None is for the machine itself.

    Raises: NotFound outside the scope, Conflict when `rev` is given and the ticket is no longer that one, and
        whatever `decide` refuses.
    """
    hold_cases(connection, cases_of(connection, code), now, relabel=relabel)
    before = hold_ticket(connection, code, scope)
    if rev is not None and rev != before.rev:
        raise Conflict(
            f"Tiket {code} sudah diubah orang lain sejak Anda membukanya (kini {before.state}): "
            "lihat keadaannya sekarang, lalu ulangi bila masih perlu."
        )
    change = decide(before)
    after = write_ticket(connection, before, change, now)
    case_ids = cases_of(connection, code)  # asked again: one may have joined while we waited
    for task, value in change.says.items() if relabel else ():
        say_of(connection, case_ids, task, value, by=change.by, now=now, note=f"tiket {code}")
    if after.state is not before.state or (relabel and change.says):
        refresh(connection, case_ids, now, urusan_of)
    return after


def cases_of(connection: Connection, code: str) -> list[str]:
    """Ids of the cases that tell of a ticket, visible or not."""
    return list(
        connection.execute(
            select(ticket_cases.c.case_id).where(ticket_cases.c.ticket == code).order_by(ticket_cases.c.case_id)
        ).scalars()
    )


def hold_ticket(connection: Connection, code: str, scope: Scope | None) -> Ticket:
    """The ticket as it is, locked until the transaction ends. NotFound alike for one absent and one hidden."""
    row = connection.execute(select(tickets).where(tickets.c.code == code).with_for_update()).one_or_none()
    ticket = ticket_from(row) if row is not None else None
    if ticket is None or (scope is not None and not scope.allows(ticket)):
        raise absent(code)
    return ticket


def write_ticket(connection: Connection, before: Ticket, change: Change, now: datetime) -> Ticket:
    """Write a change of a ticket that `hold_ticket` holds, with its line of history. Documents are the caller's."""
    after = change.ticket.model_copy(update={"rev": before.rev + 1, "updated_at": now})
    old, new = ticket_columns(before), ticket_columns(after)
    changed: dict[str, Any] = {name: value for name, value in new.items() if old[name] != value}
    connection.execute(update(tickets).where(tickets.c.code == before.code).values(changed))
    write_line(connection, change, before.state, now)
    show_again(connection, [before.code], now)
    return after


def show_again(connection: Connection, codes: Collection[str], now: datetime) -> None:
    """Queue tickets for the index. Who changes several, or cases first, queues them all beforehand: in one order."""
    enqueue(connection, INDEX, [ticket_key(code) for code in codes], now)


def write_line(connection: Connection, change: Change, before: TicketState | None, now: datetime) -> None:
    """Add a line to a ticket's history: what was done, and the state before it, None where it had none."""
    connection.execute(
        insert(connection, ticket_events).values(
            code=change.ticket.code,
            at=now,
            by=change.by,
            action=change.action.value,
            before=before.value if before else None,
            after=change.ticket.state.value,
            opd=change.opd,
            note=change.note,
            detail=dump(dict(change.detail)) if change.detail else None,
        )
    )


def absent(code: str) -> NotFound:
    """The error for a ticket that is not there, or not for this reader."""
    return NotFound(f"Tiket {code} tidak ditemukan.")
