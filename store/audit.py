"""The audit trail: who did what to what. Lines are added, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection, insert, select

from store.database import Database
from store.rows import dump
from store.tables import audit


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One thing that somebody did."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, str]


def record(  # noqa: PLR0913  a line has that many columns
    connection: Connection, actor: str, action: str, subject: str, detail: Mapping[str, str], now: datetime
) -> None:
    """Write a line in the transaction of the deed itself."""
    connection.execute(
        insert(audit).values(at=now, actor=actor, action=action, subject=subject, detail=dump(dict(detail)))
    )


class Audit:
    """The trail as a whole. It is not scoped: only those who run the installation may read it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, actor: str, action: str, subject: str, detail: Mapping[str, str], now: datetime) -> None:
        """Add a line for something that changed nothing in the store itself (an export, a login)."""
        with self._database.write() as connection:
            record(connection, actor, action, subject, detail, now)

    def list(  # noqa: PLR0913  what lines may be asked by
        self,
        *,
        actor: str | None = None,
        action: str | None = None,
        subject: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> Sequence[AuditLine]:
        """Lines of `since <= at < until`, newest first; `before` is the id of the last line of the page before.

        An action that ends in a dot stands for all that begin so ("source.").
        """
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        for column, wanted in ((audit.c.actor, actor), (audit.c.subject, subject)):
            if wanted is not None:
                query = query.where(column == wanted)
        if action is not None:
            begins = audit.c.action.startswith(action, autoescape=True)
            query = query.where(begins if action.endswith(".") else audit.c.action == action)
        if since is not None:
            query = query.where(audit.c.at >= since)
        if until is not None:
            query = query.where(audit.c.at < until)
        if before is not None:
            query = query.where(audit.c.id < before)
        with self._database.read() as connection:
            return [
                AuditLine(r.id, r.at, r.actor, r.action, r.subject, orjson.loads(r.detail))
                for r in connection.execute(query)
            ]
