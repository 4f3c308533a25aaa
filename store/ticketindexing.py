"""All tickets, whoever may see them: what an index is built of and compared with.

No read here takes a scope: one who reads the index has his checked there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from sqlalchemy import select

from domain.tickets import Ticket
from store.database import Database
from store.tables import tickets
from store.ticketrows import ticket_from

_BATCH: Final = 500  # tickets of one read of a stream


class TicketsToIndex:
    """Tickets for an index, by code."""

    def __init__(self, database: Database) -> None:
        self._database = database

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

    def by_codes(self, codes: Collection[str]) -> list[Ticket]:
        """Those of these tickets that are there, whoever may see them: for an index, see `everything`."""
        query = select(tickets).where(tickets.c.code.in_(sorted(codes))).order_by(tickets.c.code)
        with self._database.read() as connection:
            return [ticket_from(row) for row in connection.execute(query)]
