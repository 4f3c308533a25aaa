"""What was set aside: listed, counted, and put back to work by command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from domain.text.mask import mask
from store.database import Database, insert
from store.tables import quarantine
from store.work import BELTS, enqueue

_MAX_PAYLOAD = 4_000  # code points: enough for a person to see what is wrong
_MAX_KEY = 300


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One thing that was set aside. `payload` is masked."""

    id: int
    belt: str
    key: str
    reason: str
    payload: str
    at: datetime

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return asdict(self) | {"at": self.at.isoformat()}


def set_aside(connection: Connection, things: Iterable[tuple[str, str, str, str]], now: datetime) -> None:
    """Keep (belt, key, reason, payload) of things that cannot be worked on; all but the belt is masked here."""
    rows = [
        {
            "belt": belt, "key": mask(key).text[:_MAX_KEY], "reason": mask(reason).text,
            "payload": mask(payload).text[:_MAX_PAYLOAD], "at": now,
        }
        for belt, key, reason, payload in sorted(things)
    ]  # fmt: skip
    if rows:
        statement = insert(connection, quarantine)
        new = statement.excluded
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[quarantine.c.belt, quarantine.c.key],
                set_={"reason": new.reason, "payload": new.payload, "at": new.at},
            ),
            rows,
        )


def forgive(connection: Connection, belt: str, keys: Sequence[str]) -> None:
    """Forget that these were set aside: they went well now."""
    connection.execute(delete(quarantine).where(quarantine.c.belt == belt, quarantine.c.key.in_(keys)))


class Quarantine:
    """For people who look after the line. It is not scoped: only those who run the installation may see it."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def list(self, belt: str | None = None, *, limit: int = 200) -> Sequence[Quarantined]:
        """What is set aside, newest first."""
        query = select(quarantine).order_by(quarantine.c.at.desc(), quarantine.c.id.desc()).limit(limit)
        if belt is not None:
            query = query.where(quarantine.c.belt == belt)
        with self._database.read() as connection:
            return [Quarantined(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001

    def counts(self) -> dict[str, int]:
        """How much is set aside, by belt."""
        with self._database.read() as connection:
            rows = connection.execute(select(quarantine.c.belt, func.count()).group_by(quarantine.c.belt))
            return {belt: number for belt, number in rows}  # noqa: C416  a row is not a pair to mypy

    def replay(self, ids: Iterable[int] | None = None, *, belt: str | None = None) -> int:
        """Queue what was set aside again, by ids or a belt or all. Returns how many.

        What never became a post (set aside by an importer or at intake) stays: it has to be handed in again.
        """
        query = select(quarantine).where(quarantine.c.belt.in_(BELTS))
        if ids is not None:
            query = query.where(quarantine.c.id.in_(list(ids)))
        if belt is not None:
            query = query.where(quarantine.c.belt == belt)
        with self._database.write() as connection:
            rows = connection.execute(query).all()
            for name in BELTS:
                enqueue(connection, name, [row.key for row in rows if row.belt == name], self._clock())
            connection.execute(delete(quarantine).where(quarantine.c.id.in_([row.id for row in rows])))
        return len(rows)
