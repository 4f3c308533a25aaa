"""Turns at other people's servers: however many processes ask a host, between two of their questions lies its delay."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Interval, case, delete, func, literal

from store.database import Database, insert
from store.tables import host_turns

LONGEST_QUEUE: Final = timedelta(minutes=5)  # nobody queues longer: a turn beyond it was taken by a clock gone wrong
KEPT: Final = timedelta(days=1)


class HostTurns:
    """Implements `domain.ports.HostTurns`: one row per host, moved on in one statement."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, host: str, delay: timedelta, now: datetime) -> datetime:
        """See `domain.ports.HostTurns`."""
        if delay <= timedelta(0):
            return now
        with self._database.write() as connection:
            statement = insert(connection, host_turns).values(host=host, next_at=now + delay)
            following = statement.excluded.next_at  # as if nobody had asked before
            queued = host_turns.c.next_at + _span(connection, delay)
            later = func.greatest if connection.dialect.name == "postgresql" else func.max
            lost = host_turns.c.next_at > now + LONGEST_QUEUE
            moved = connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[host_turns.c.host],
                    set_={"next_at": case((lost, following), else_=later(following, queued))},
                ).returning(host_turns.c.next_at)
            )
            next_at: datetime = moved.scalar_one()
        return next_at - delay

    def forget_old(self, now: datetime) -> None:
        """Drop hosts that nobody has asked for long."""
        with self._database.write() as connection:
            connection.execute(delete(host_turns).where(host_turns.c.next_at < now - KEPT))


def _span(connection: Connection, delay: timedelta) -> Any:
    """A delay as the engine adds it to a moment: SQLite counts microseconds."""
    if connection.dialect.name == "postgresql":
        return literal(delay, Interval())
    return literal(delay // timedelta(microseconds=1), BigInteger())
