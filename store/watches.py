"""Saved searches: kept by their owner, read along by the region's center where he shares them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from domain.errors import Conflict, NotFound
from domain.scope import Scope
from domain.search import Filters
from domain.watches import Watch, WatchKind
from store.database import Database
from store.logins import user_of
from store.people import Role, User
from store.tables import accounts, watches
from store.types import AnyRow, AnySelect

MOST: Final = 60  # of one person: more than anybody reads, fewer than would slow the others
CENTER: Final = (Role.ADMIN, Role.ANALYST)  # with whom a watch is shared
_ID_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class KeptWatch:
    """A watch with the person who keeps it."""

    watch: Watch
    owner: User


class Watches:
    """All reads take the reader: another's private watch is as absent as one that never was."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, watch: Watch) -> Watch:
        """Keep a new watch under an id of its own. Conflict where its owner has that name already, or too many."""
        saved = watch.model_copy(update={"id": secrets.token_hex(_ID_BYTES)})
        with self._database.write() as connection:
            known = connection.execute(select(func.count()).where(watches.c.owner == watch.owner)).scalar_one()
            if known >= MOST:
                raise Conflict(f"Anda sudah menyimpan {MOST} pencarian. Hapus yang tidak dipakai lagi.")
            _must_be_free(connection, saved)
            connection.execute(insert(watches).values(_row(saved, saved.created_at)))
        return saved

    def change(self, watch: Watch, now: datetime) -> None:
        """Write what its owner changed. NotFound for one that is not his, Conflict for a name that he gave before."""
        with self._database.write() as connection:
            _must_be_free(connection, watch)
            mine = and_(watches.c.id == watch.id, watches.c.owner == watch.owner)
            if not connection.execute(update(watches).where(mine).values(_row(watch, now))).rowcount:
                raise _absent()

    def delete(self, watch_id: str, owner: str) -> None:
        """Forget a watch with all that it told. NotFound for one that is not the owner's."""
        mine = and_(watches.c.id == watch_id, watches.c.owner == owner)
        with self._database.write() as connection:
            if not connection.execute(delete(watches).where(mine)).rowcount:
                raise _absent()

    def own(self, watch_id: str, owner: str) -> Watch:
        """One watch of a person. NotFound for one that is not his."""
        query = select(watches).where(watches.c.id == watch_id, watches.c.owner == owner)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise _absent()
        return watch_of(row)

    def readable(self, reader: User, scope: Scope) -> list[KeptWatch]:
        """A person's own watches by name, then those that others share with the center he belongs to."""
        query = _kept()
        if reader.role in CENTER:
            shared = and_(watches.c.shared.is_(True), watches.c.region.in_(sorted(scope.regions)))
            query = query.where(or_(watches.c.owner == reader.name, shared))
        else:
            query = query.where(watches.c.owner == reader.name)
        found = [one for one in self._all(query) if one.owner.name == reader.name or reaches(one)]
        return sorted(found, key=lambda one: (one.owner.name != reader.name, one.watch.name.casefold(), one.watch.id))

    def running(self, kind: WatchKind) -> list[KeptWatch]:
        """All watches of a kind that look at new posts, whosever they are."""
        query = _kept().where(watches.c.kind == kind.value, watches.c.paused.is_(False)).order_by(watches.c.id)
        return [one for one in self._all(query) if reaches(one)]

    def _all(self, query: AnySelect) -> list[KeptWatch]:
        with self._database.read() as connection:
            return [KeptWatch(watch_of(row), user_of(row)) for row in connection.execute(query)]


def reaches(kept: KeptWatch) -> bool:
    """Whether a watch's owner still works here and in its region: else it is silent, for everybody."""
    owner = kept.owner
    return owner.active and (not owner.regions or kept.watch.region in owner.regions)


def watch_of(row: AnyRow) -> Watch:
    """The watch that a row holds."""
    return Watch(
        id=row.id, owner=row.owner, region=row.region, name=row.title, q=row.q,
        filters=Filters.model_validate(orjson.loads(row.filters)), kind=WatchKind(row.kind), hour=row.hour,
        zone=row.zone, shared=row.shared, paused=row.paused, since=row.since, created_at=row.created_at,
    )  # fmt: skip


def _kept() -> AnySelect:
    """Watches with their owners."""
    person = (column for column in accounts.c if column.name not in {"password", "password_at", "created_at"})
    return select(*watches.c, *person).join_from(watches, accounts, accounts.c.name == watches.c.owner)


def _row(watch: Watch, changed_at: datetime) -> dict[str, Any]:
    plain = watch.model_dump(exclude={"name", "filters", "kind"})
    return plain | {
        "changed_at": changed_at,
        "title": watch.name,
        "filters": watch.filters.model_dump_json(exclude_defaults=True),
        "kind": watch.kind.value,
    }


def _must_be_free(connection: Connection, watch: Watch) -> None:
    query = select(watches.c.title).where(watches.c.owner == watch.owner, watches.c.id != watch.id)
    if watch.name.casefold() in {name.casefold() for name in connection.execute(query).scalars()}:
        raise Conflict("Anda sudah menyimpan pencarian dengan nama itu. Pilih nama lain.")


def _absent() -> NotFound:
    return NotFound("Pantauan itu tidak ada.")
