"""Who may run a timer: one process at a time, however many there are."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_

from store.database import Database, insert
from store.tables import leases


class Leases:
    """Named leases with an end: a holder that dies is replaced when its time is over."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def hold(self, name: str, owner: str, ttl: timedelta, now: datetime) -> bool:
        """Take or prolong a lease; False while another owner holds it."""
        with self._database.write() as connection:
            return hold(connection, name, owner, ttl, now)

    def release(self, name: str, owner: str) -> None:
        """Let go of a lease before its end."""
        with self._database.write() as connection:
            connection.execute(delete(leases).where(leases.c.name == name, leases.c.owner == owner))


def hold(connection: Connection, name: str, owner: str, ttl: timedelta, now: datetime) -> bool:
    """Take or prolong a lease in its caller's transaction; False while another owner holds it."""
    statement = insert(connection, leases).values(name=name, owner=owner, until=now + ttl)
    taken = connection.execute(
        statement.on_conflict_do_update(
            index_elements=[leases.c.name],
            set_={"owner": statement.excluded.owner, "until": statement.excluded.until},
            where=or_(leases.c.until <= now, leases.c.owner == owner),
        ).returning(leases.c.owner)
    )
    return taken.first() is not None
