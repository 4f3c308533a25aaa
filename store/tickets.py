"""Tickets as readers and the desk meet them: every read takes a scope, and what it hides is as absent as it can be."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, case, func, select

from domain.documents import PostDocument
from domain.scope import Scope
from domain.tickets import Origin, Ticket, TicketEvent, TicketState
from domain.tickets.labels import OPEN_STATES
from store.database import Database
from store.labelwork import hold_cases
from store.projection import PARTS, UrusanOf, join
from store.tables import cases, ticket_cases, ticket_events, tickets
from store.ticketboard import EVERY_TICKET, BoardBy, BoardRow, board
from store.ticketcases import attach
from store.ticketkeep import Kept
from store.ticketlists import (
    MAX_PAGE,
    TicketCounts,
    TicketPage,
    TicketQuery,
    asked_for,
    behind,
    in_order,
    in_view,
    is_due_today,
    is_open,
    is_overdue,
    is_returned,
    mark_of,
    seen_by,
)
from store.ticketmerge import absorb, split
from store.ticketnear import same_issue
from store.ticketopening import TicketDraft, open_ticket
from store.ticketrows import event_from, ticket_from
from store.ticketwork import Decide, absent, change_ticket

Check = Callable[[Ticket], object]

_BATCH: Final = 500  # tickets of one read of a stream
_NAMING: Final = ("tiket", "ke_tiket", "dari_tiket")  # details that name another ticket


class Tickets:
    """Reads of tickets, and what happens to them as one transaction each."""

    def __init__(self, database: Database, *, urusan_of: UrusanOf) -> None:
        self._database = database
        self._urusan_of = urusan_of
        self._kept = Kept()

    def ticket(self, code: str, scope: Scope) -> Ticket:
        """One ticket. NotFound when it is absent or hidden from this reader."""
        with self._database.read() as connection:
            return _visible(connection, code, scope)

    def history(self, code: str, scope: Scope) -> builtins.list[TicketEvent]:
        """All that happened to a visible ticket, oldest first, but for what names a ticket this reader may not know.

        NotFound when the ticket is absent or hidden.
        """
        with self._database.read() as connection:
            _visible(connection, code, scope)
            lines = [
                event_from(row)
                for row in connection.execute(
                    select(ticket_events).where(ticket_events.c.code == code).order_by(ticket_events.c.id)
                )
            ]
            return _told_to(connection, lines, scope)

    def cases(self, code: str, scope: Scope, *, limit: int | None = None) -> builtins.list[PostDocument]:
        """The cases of a visible ticket, oldest first. Its office sees them even if one was routed elsewhere.

        NotFound when the ticket is absent or hidden.
        """
        inside = select(ticket_cases.c.case_id).where(ticket_cases.c.ticket == code)
        query = PARTS.where(cases.c.id.in_(inside)).order_by(cases.c.published_at, cases.c.id).limit(limit)
        with self._database.read() as connection:
            ticket = _visible(connection, code, scope)
            parts = join(connection, connection.execute(query).all())
        documents = (one.document(self._urusan_of) for one in parts)
        return [d for d in documents if scope.allows(d.model_copy(update={"opd": ticket.opd}))]

    def codes_of(self, case_ids: Iterable[str]) -> dict[str, str]:
        """The tickets that cases tell of, by case: for those who see the cases, whose documents say it too."""
        query = select(ticket_cases.c.case_id, ticket_cases.c.ticket)
        with self._database.read() as connection:
            found = connection.execute(query.where(ticket_cases.c.case_id.in_(sorted(set(case_ids))))).all()
        return {row.case_id: row.ticket for row in found}

    def list(self, query: TicketQuery, scope: Scope, *, now: datetime) -> TicketPage:
        """One page of the visible tickets that a query asks for, and how many there are in all."""
        wanted = (seen_by(scope), asked_for(query), in_view(query, now))
        size = max(1, min(query.size, MAX_PAGE))
        # Codes first, from an index alone; then only the page's own rows are fetched.
        codes = select(tickets.c.code).where(*wanted, behind(query)).order_by(*in_order(query)).limit(size + 1)
        with self._database.read() as connection:
            total = connection.execute(select(func.count()).select_from(tickets).where(*wanted)).scalar_one()
            page = builtins.list(connection.execute(codes).scalars())
            found = {
                row.code: ticket_from(row)
                for row in connection.execute(select(tickets).where(tickets.c.code.in_(page[:size])))
            }
        items = tuple(found[code] for code in page[:size])
        return TicketPage(total, items, mark_of(query, items[-1]) if len(page) > size else None)

    def everything(self) -> Iterator[Ticket]:
        """Stream all tickets by code, for building an index: it sees all, so its scope is checked when it is read."""
        last = ""
        query = select(tickets).order_by(tickets.c.code).limit(_BATCH)
        while True:
            with self._database.read() as connection:
                page = [ticket_from(row) for row in connection.execute(query.where(tickets.c.code > last))]
            yield from page
            if len(page) < _BATCH:
                return
            last = page[-1].code

    def revs(self) -> dict[str, int]:
        """The rev of every ticket, by code: what an index of tickets is compared with."""
        with self._database.read() as connection:
            return {row.code: row.rev for row in connection.execute(select(tickets.c.code, tickets.c.rev))}

    def by_codes(self, codes: Collection[str]) -> builtins.list[Ticket]:
        """Those of these tickets that are there, whoever may see them: for an index, see `everything`."""
        query = select(tickets).where(tickets.c.code.in_(sorted(codes))).order_by(tickets.c.code)
        with self._database.read() as connection:
            return [ticket_from(row) for row in connection.execute(query)]

    def counts(self, query: TicketQuery, scope: Scope, *, now: datetime) -> TicketCounts:
        """How many visible tickets of each kind a query's filters leave; its view and states do not count."""
        with self._database.read() as connection:
            return self._kept.get(connection, (query, scope), now, lambda: _counted(connection, query, scope, now))

    def board(  # noqa: PLR0913  what is asked, for whom, of when
        self,
        by: BoardBy,
        scope: Scope,
        *,
        since: datetime | None,
        until: datetime | None,
        now: datetime,
        region: str | None = None,
        only: TicketQuery = EVERY_TICKET,
    ) -> builtins.list[BoardRow]:
        """How each office, kecamatan or desa stands, most overdue first, see `BoardRow`; `only` narrows by filters."""
        with self._database.read() as connection:
            rows = self._kept.get(
                connection,
                (by, scope, since, until, region, only),
                now,
                lambda: tuple(
                    board(connection, by, scope, since=since, until=until, now=now, region=region, only=only)
                ),
            )
        return builtins.list(rows)

    def same_issue(  # noqa: PLR0913  what the issue is, where and when
        self,
        region: str,
        topic: str,
        area: str | None,
        lat: float | None,
        lon: float | None,
        published_at: datetime,
        scope: Scope,
    ) -> builtins.list[Ticket]:
        """The visible open tickets that may be of the same issue, see `store.ticketnear`."""
        with self._database.read() as connection:
            return same_issue(connection, region, topic, area, lat, lon, published_at, scope)

    def open(  # noqa: PLR0913  a ticket, what it is of, who opens it, and how many may be opened
        self,
        draft: TicketDraft,
        case_ids: Collection[str],
        *,
        by: str,
        origin: Origin,
        now: datetime,
        cap: int | None = None,
        then: Iterable[Decide] = (),
        relabel: bool = False,
    ) -> Ticket | None:
        """Open a ticket and change it at once as `then` says, in one transaction; None once the day's cap is reached.

        See `open_ticket`, and `change_ticket` for `relabel`.
        """
        urusan_of = self._urusan_of
        with self._database.write() as connection:
            if relabel:
                hold_cases(connection, case_ids, now, relabel=True)
            opened = open_ticket(
                connection, draft, case_ids, by=by, origin=origin, now=now, urusan_of=urusan_of, cap=cap
            )
            if opened is None:
                return None
            for decide in then:
                opened = change_ticket(
                    connection, opened.code, decide, scope=None, now=now, urusan_of=urusan_of, relabel=relabel
                )
        return opened

    def change(  # noqa: PLR0913  which ticket, what becomes of it, for whom, and since when
        self,
        code: str,
        scope: Scope,
        decide: Decide,
        *,
        rev: int | None = None,
        now: datetime,
        relabel: bool = False,
    ) -> Ticket:
        """Change a ticket, see `change_ticket`."""
        with self._database.write() as connection:
            return change_ticket(
                connection, code, decide, scope=scope, now=now, urusan_of=self._urusan_of, rev=rev, relabel=relabel
            )

    def join(  # noqa: PLR0913  what joins what, by whom
        self,
        code: str,
        case_ids: Collection[str],
        scope: Scope,
        by: str,
        now: datetime,
        *,
        check: Check | None = None,
    ) -> Ticket:
        """Put cases into a ticket, see `attach`."""
        with self._database.write() as connection:
            return attach(
                connection, code, case_ids, by=by, scope=scope, now=now, urusan_of=self._urusan_of, check=check
            )

    def absorb(  # noqa: PLR0913  what goes into what, by whom
        self, into: str, code: str, scope: Scope, by: str, now: datetime, *, check: Check | None = None
    ) -> Ticket:
        """Put a whole ticket into another, see `store.ticketmerge`."""
        with self._database.write() as connection:
            return absorb(connection, into, code, by=by, scope=scope, now=now, urusan_of=self._urusan_of, check=check)

    def split(  # noqa: PLR0913  what leaves what, for what, by whom
        self,
        code: str,
        case_ids: Collection[str],
        draft: TicketDraft,
        scope: Scope,
        by: str,
        now: datetime,
        *,
        check: Check | None = None,
    ) -> Ticket:
        """Open a ticket of some of another's cases, see `store.ticketmerge`."""
        with self._database.write() as connection:
            return split(
                connection, code, case_ids, draft, by=by, scope=scope, now=now, urusan_of=self._urusan_of, check=check
            )


def _counted(connection: Connection, query: TicketQuery, scope: Scope, now: datetime) -> TicketCounts:
    wanted = (seen_by(scope), asked_for(query))
    # By region first: an index has them in that order, and nothing needs to be sorted.
    states = select(tickets.c.state, func.count()).where(*wanted).group_by(tickets.c.region, tickets.c.state)
    running = select(
        func.sum(case((is_overdue(now), 1), else_=0)),
        func.sum(case((is_due_today(now), 1), else_=0)),
        func.sum(case((is_returned(), 1), else_=0)),
    ).where(*wanted, is_open())
    by_state = dict.fromkeys(TicketState, 0)
    for state, number in connection.execute(states):
        by_state[TicketState(state)] += int(number)
    overdue, due_today, returned = (int(number or 0) for number in connection.execute(running).one())
    return TicketCounts(
        open=sum(number for state, number in by_state.items() if state in OPEN_STATES),
        overdue=overdue,
        due_today=due_today,
        returned=returned,
        proposed=by_state[TicketState.NEW],
        by_state=by_state,
    )


def _visible(connection: Connection, code: str, scope: Scope) -> Ticket:
    row = connection.execute(select(tickets).where(tickets.c.code == code)).one_or_none()
    ticket = ticket_from(row) if row is not None else None
    if ticket is None or not scope.allows(ticket):
        raise absent(code)
    return ticket


def _told_to(connection: Connection, lines: builtins.list[TicketEvent], scope: Scope) -> builtins.list[TicketEvent]:
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
