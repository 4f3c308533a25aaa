"""Who crawls which source: N processes share all of them, none is crawled by two, no host is asked by two at once.

A lease is short and renewed while its crawl goes on, so that what a killed process held is soon another's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, or_, select, update

from domain.errors import Conflict, NotFound
from domain.ports import CrawlOutcome, SourceMemory, SourceSpec
from store.database import Database
from store.leases import hold
from store.sourcerows import is_due, memory_of, record_outcome, spec_of
from store.tables import leases, sources

TTL: Final = timedelta(minutes=2)  # after a kill a source waits no longer; four renewals may fail before it is lost
SOURCE: Final = "source:"
HOST: Final = "host:"
CRAWLER: Final = "crawler:"  # a process that crawls on the schedule, by its own name: it is alive
KINDS: Final = (SOURCE, HOST, CRAWLER)


class _TakenError(Exception):
    """Another process holds a lease."""


class SourceLeases:
    """Leases of sources and hosts, in the table of all leases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def others(self, owner: str, now: datetime) -> Mapping[str, str]:
        """What other owners hold now: owner by name."""
        query = select(leases.c.name, leases.c.owner).where(_ours(), leases.c.owner != owner, leases.c.until > now)
        with self._database.read() as connection:
            return {row.name: row.owner for row in connection.execute(query)}

    def claim(
        self, key: str, host: str, owner: str, now: datetime, *, due_only: bool = True
    ) -> tuple[SourceSpec, SourceMemory] | None:
        """Take a source and its host, both or none; None while others hold one of them.

        With `due_only` also None when the source is not due any more: another has crawled it meanwhile, or it is gone.
        Without it NotFound for one that is gone.
        """
        query = select(sources).where(sources.c.key == key, sources.c.retired.is_(False)).with_for_update()
        try:
            with self._database.write() as connection:
                row = connection.execute(query).first()
                if row is None and not due_only:
                    raise NotFound(f"Sumber {key} tidak ada.")
                if row is None or (due_only and not is_due(row, now)):
                    return None
                for name in (f"{HOST}{host}", f"{SOURCE}{key}"):
                    if not hold(connection, name, owner, TTL, now):
                        raise _TakenError  # noqa: TRY301  what was taken before it goes back with the transaction
                return spec_of(row), memory_of(row)
        except _TakenError:
            return None

    def claim_host(self, host: str, owner: str, now: datetime) -> bool:
        """Take a host alone, for a look at an address; False while another holds it."""
        with self._database.write() as connection:
            return hold(connection, f"{HOST}{host}", owner, TTL, now)

    def enlist(self, owner: str, now: datetime) -> str:
        """Say that a process crawls on the schedule; returns the name of the lease that says so."""
        name = f"{CRAWLER}{owner}"
        with self._database.write() as connection:
            hold(connection, name, owner, TTL, now)
        return name

    def renew(self, owner: str, names: Iterable[str], now: datetime) -> frozenset[str]:
        """Prolong what an owner holds; returns those of the names that are still its own."""
        wanted = sorted(names)
        if not wanted:
            return frozenset()
        mine = (leases.c.owner == owner, leases.c.name.in_(wanted))
        with self._database.write() as connection:
            kept = connection.execute(update(leases).where(*mine).values(until=now + TTL).returning(leases.c.name))
            return frozenset(kept.scalars())

    def release(self, owner: str, names: Iterable[str]) -> None:
        """Let go of leases before their end."""
        gone = sorted(names)
        if gone:
            with self._database.write() as connection:
                connection.execute(delete(leases).where(leases.c.owner == owner, leases.c.name.in_(gone)))

    def release_all(self, owner: str) -> None:
        """Let go of all that an owner holds: it has ended, or is known to be dead."""
        with self._database.write() as connection:
            connection.execute(delete(leases).where(leases.c.owner == owner, _ours()))

    def record(self, outcome: CrawlOutcome, owner: str) -> None:
        """As `SourceBook.record`, by who holds the source alone. Conflict when it is another's by now."""
        held = select(leases.c.name).where(leases.c.name == f"{SOURCE}{outcome.key}", leases.c.owner == owner)
        with self._database.write() as connection:
            # The source before its lease, as `claim` does: two processes never wait for each other.
            connection.execute(select(sources.c.key).where(sources.c.key == outcome.key).with_for_update())
            if connection.execute(held.with_for_update()).first() is None:
                raise Conflict(f"Sumber {outcome.key} sudah diambil alih proses lain: hasil ini tidak dicatat.")
            record_outcome(connection, outcome)

    def forget_old(self, now: datetime) -> None:
        """Drop leases of sources and hosts whose time is over."""
        with self._database.write() as connection:
            connection.execute(delete(leases).where(_ours(), leases.c.until <= now - TTL))


def _ours() -> ColumnElement[bool]:
    return or_(*(leases.c.name.startswith(kind) for kind in KINDS))
