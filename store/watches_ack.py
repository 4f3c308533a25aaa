"""What new posts set off: the searches that are watched, and their hits, written with the ack of the indexing belt."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

import orjson
from sqlalchemy import Connection, func, select

from domain.documents import PostDocument
from domain.watches import Watch, WatchKind, is_news, next_digest
from store.database import insert
from store.tables import accounts, cases, watch_hits, watches
from store.watches import watch_of

Edition: TypeAlias = tuple[tuple[str, str, int, datetime], ...]  # differs whenever any watch or its owner's reach does


class Watcher(Protocol):
    """Holds documents against all watched searches; keeps them between batches."""

    def read(self, edition: Edition, watched: Callable[[], Sequence[Watch]]) -> None:
        """Take in the searches of an edition, where it is another than the last one."""
        ...

    def found(self, documents: Sequence[PostDocument]) -> list[tuple[Watch, PostDocument]]:
        """Which searches found which of these documents."""
        ...


class Watching:
    """The hits of one batch: found before its transaction begins, found again in it where a watch changed meanwhile."""

    def __init__(self, watcher: Watcher, documents: Sequence[PostDocument], now: datetime) -> None:
        self._watcher = watcher
        self._documents = [one for one in documents if is_news(one, now) and one.withdrawn_at is None]
        self._edition: Edition | None = None
        self._found: list[tuple[Watch, PostDocument]] = []

    def look(self, connection: Connection) -> None:
        """Match the batch with the searches as they are now."""
        edition = edition_of(connection) if self._documents else ()
        if edition != self._edition:
            self._watcher.read(edition, lambda: watched(connection))
            self._found = self._watcher.found(self._documents)
            self._edition = edition

    def keep(self, connection: Connection, done: frozenset[str], now: datetime) -> None:
        """Write the hits of the cases that reached the index; those that are known stay as they are."""
        self.look(connection)
        found = [(watch, one) for watch, one in self._found if one.id in done]
        if not found:
            return
        ids = sorted({one.id for _, one in found})
        born = dict(connection.execute(select(cases.c.id, cases.c.born_at).where(cases.c.id.in_(ids))).all())
        kept = _held(connection, {watch.id for watch, _ in found})
        rows = [
            {
                "watch": watch.id, "case_id": one.id, "story": one.story, "kind": watch.kind.value, "at": now,
                "due_at": _due(watch, now), "published_at": one.published_at,
            }
            for watch, one in found
            if watch.id in kept and one.id in born and born[one.id] >= watch.since
        ]  # fmt: skip
        if rows:
            ordered = sorted(rows, key=lambda row: (str(row["watch"]), str(row["case_id"])))
            connection.execute(insert(connection, watch_hits).on_conflict_do_nothing(), ordered)


def edition_of(connection: Connection) -> Edition:
    """Tell apart every state of the watched searches: by owner, how many there are and when one changed last."""
    query = (
        select(watches.c.owner, accounts.c.regions, func.count().label("many"), func.max(watches.c.changed_at))
        .join_from(watches, accounts, accounts.c.name == watches.c.owner)
        .where(accounts.c.active.is_(True))
        .group_by(watches.c.owner, accounts.c.regions)
        .order_by(watches.c.owner)
    )
    return tuple((owner, regions, many, changed) for owner, regions, many, changed in connection.execute(query))


def watched(connection: Connection) -> list[Watch]:
    """The searches that look at new posts: their owners work here and in their regions."""
    query = (
        select(watches, accounts.c.regions)
        .join_from(watches, accounts, accounts.c.name == watches.c.owner)
        .where(
            accounts.c.active.is_(True), watches.c.paused.is_(False), watches.c.kind != WatchKind.SAVED.value
        )
        .order_by(watches.c.id)
    )  # fmt: skip
    rows = connection.execute(query).all()
    return [watch_of(row) for row in rows if row.region in (orjson.loads(row.regions) or (row.region,))]


def _held(connection: Connection, ids: Collection[str]) -> frozenset[str]:
    """Those of these watches that are still there: nobody deletes them before this transaction ends."""
    query = select(watches.c.id).where(watches.c.id.in_(sorted(ids))).order_by(watches.c.id)
    return frozenset(connection.execute(query.with_for_update(read=True, key_share=True)).scalars())


def _due(watch: Watch, now: datetime) -> datetime:
    return next_digest(now, watch.hour, watch.zone) if watch.kind is WatchKind.DIGEST else now
