"""What happens to a ticket, each in its caller's transaction: it opens, it changes, cases come and go.

Whatever happens leaves a line in the history, a new `rev`, and documents of its cases that say so. Which moves are
right is the desk's to say: it hands in a function that decides about the ticket as it is now, locked.
Locks are taken in the order that `store.labelwork` names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, select, update

from domain.errors import Conflict, NotFound, Refused
from domain.labels import Intent, LabelTask, Sentiment, Urgency
from domain.scope import Scope
from domain.tickets import Action, Clock, Origin, Ticket, TicketState, ticket_code
from store.database import insert
from store.labelwork import hold_cases, say_of
from store.machine import keep_answers
from store.projection import UrusanOf, load, refresh
from store.rows import dump
from store.tables import ticket_cases, ticket_events, ticket_numbers, tickets
from store.ticketrows import ticket_columns, ticket_from
from store.work import INDEX, enqueue, ticket_key

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
    _must_be_free(connection, case_ids)
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
    _record(connection, opened, None, now)
    _link(connection, code, case_ids, by, now)
    show_again(connection, [code], now)
    if origin is Origin.AUTOMATIC:  # the office's answer will be the first word of a person about it
        keep_answers(connection, case_ids, LabelTask.OPD, now)
    refresh(connection, case_ids, now, urusan_of)
    return ticket


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
    _must_be_free(connection, new)
    oldest = _must_fit(connection, ticket, new)
    joined = ticket.model_copy(
        update={"cases": ticket.cases + len(new), "published_at": min(oldest, ticket.published_at)}
    )
    _link(connection, code, new, by, now)
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
    _record(connection, change, before.state, now)
    show_again(connection, [before.code], now)
    return after


def show_again(connection: Connection, codes: Collection[str], now: datetime) -> None:
    """Queue tickets for the index. Who changes several, or cases first, queues them all beforehand: in one order."""
    enqueue(connection, INDEX, [ticket_key(code) for code in codes], now)


def absent(code: str) -> NotFound:
    """The error for a ticket that is not there, or not for this reader."""
    return NotFound(f"Tiket {code} tidak ditemukan.")


def _record(connection: Connection, change: Change, before: TicketState | None, now: datetime) -> None:
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


def _link(connection: Connection, code: str, case_ids: Collection[str], by: str, now: datetime) -> None:
    connection.execute(
        insert(connection, ticket_cases),
        [{"case_id": case_id, "ticket": code, "by": by, "at": now} for case_id in sorted(set(case_ids))],
    )


def _must_be_free(connection: Connection, case_ids: Collection[str]) -> None:
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
