"""What readers did with alerts: each has seen one, or snoozed it, for himself alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from store.database import Database, insert
from store.tables import watch_marks


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reader did with an alert; `until` is absent where he has seen it."""

    at: datetime
    until: datetime | None


class Marks:
    """The marks of readers. Marking again replaces the mark; an alert without one is new."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def marks(self, account: str, watches: Collection[str]) -> dict[tuple[str, str], Mark]:
        """What a reader did with the alerts of watches, by watch and key."""
        query = select(watch_marks).where(
            watch_marks.c.account == account, watch_marks.c.watch.in_(sorted(watches))
        )  # fmt: skip
        with self._database.read() as connection:
            return {(row.watch, row.alert): Mark(row.at, row.until) for row in connection.execute(query)}

    def mark(self, account: str, alerts: Collection[tuple[str, str]], now: datetime, *, until: datetime | None) -> None:
        """Note that a reader has seen alerts, or snoozed them until then."""
        rows = [
            {"watch": watch, "account": account, "alert": alert, "at": now, "until": until}
            for watch, alert in sorted(set(alerts))
        ]
        if not rows:
            return
        with self._database.write() as connection:
            statement = insert(connection, watch_marks)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[watch_marks.c.watch, watch_marks.c.account, watch_marks.c.alert],
                    set_={"at": statement.excluded["at"], "until": statement.excluded.until},
                ),
                rows,
            )

    def unmark(self, account: str, alerts: Collection[tuple[str, str]]) -> None:
        """Make alerts new again."""
        with self._database.write() as connection:
            for watch, alert in sorted(set(alerts)):
                connection.execute(
                    delete(watch_marks).where(
                        watch_marks.c.account == account, watch_marks.c.watch == watch, watch_marks.c.alert == alert
                    )
                )
