"""Tickets as readers and the desk meet them: every read takes a scope, and what it hides is as absent as it can be."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from domain.documents import PostDocument
from domain.scope import Scope
from domain.tickets import Origin, Ticket, TicketEvent
from store.database import Database
from store.labelwork import hold_cases
from store.projection import PARTS, UrusanOf, join
from store.tables import cases, ticket_cases, tickets
from store.ticketboard import EVERY_TICKET, BoardBy, BoardRow, board
from store.ticketcases import attach
from store.ticketcounts import TicketCounts, counted
from store.tickethistory import history_for
from store.ticketkeep import Kept
from store.ticketlists import MAX_PAGE, TicketPage, TicketQuery, asked_for, behind, in_order, in_view, mark_of, seen_by
from store.ticketmerge import absorb, split
from store.ticketnear import same_issue
from store.ticketopening import TicketDraft, open_ticket
from store.ticketrows import ticket_from
from store.ticketwork import Decide, absent, change_ticket

Check = Callable[[Ticket], object]


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
            return history_for(connection, code, scope)

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

    def counts(self, query: TicketQuery, scope: Scope, *, now: datetime) -> TicketCounts:
        """How many visible tickets of each kind a query's filters leave; its view and states do not count."""
        with self._database.read() as connection:
            return self._kept.get(connection, (query, scope), now, lambda: counted(connection, query, scope, now))

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


def _visible(connection: Connection, code: str, scope: Scope) -> Ticket:
    row = connection.execute(select(tickets).where(tickets.c.code == code)).one_or_none()
    ticket = ticket_from(row) if row is not None else None
    if ticket is None or not scope.allows(ticket):
        raise absent(code)
    return ticket
