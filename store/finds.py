"""Finds: doors that a region's profile does not have yet, waiting for a person's click. Dropped ones stay dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import orjson
from sqlalchemy import select, update

from domain.errors import Conflict, NotFound
from store.audit import record
from store.database import Database, insert
from store.rows import dump
from store.tables import cases, posts, source_finds
from store.types import AnyRow

_RECENT: Final = 5_000  # newest posts whose addresses are looked at
_DECIDED: Final[dict[str, Any]] = {"body": None}  # its posts were to be decided on, and may be deleted any day


class FindState(StrEnum):
    """What a person made of a find."""

    NEW = "new"
    ADDED = "added"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Found:
    """A door as it was found. `why` says where, in words; `posts` are its newest, masked, none for one not looked at.

    A post here is `{"title", "url", "published_at"}`.
    """

    url: str
    kind: str
    name: str
    why: str
    posts: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Find:
    """A find as it is kept."""

    id: int
    region: str
    found: Found
    found_at: datetime
    state: FindState
    by: str | None
    at: datetime | None


class Finds:
    """The finds of all regions: one address stands once in a region, whatever became of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, region: str, founds: Sequence[Found], now: datetime) -> int:
        """Keep what was found and return how many are new. One that waits is told anew; a decided one stays decided."""
        with self._database.write() as connection:
            known = frozenset(
                connection.execute(select(source_finds.c.url).where(source_finds.c.region == region)).scalars()
            )
            for found in founds:
                values = {
                    "region": region, "url": found.url, "kind": found.kind, "name": found.name, "why": found.why,
                    "body": dump([dict(post) for post in found.posts]), "found_at": now, "state": FindState.NEW.value,
                }  # fmt: skip
                statement = insert(connection, source_finds).values(values)
                told = {name: statement.excluded[name] for name in ("kind", "name", "why", "body", "found_at")}
                connection.execute(
                    statement.on_conflict_do_update(
                        index_elements=[source_finds.c.region, source_finds.c.url],
                        set_=told,
                        where=source_finds.c.state == FindState.NEW.value,
                    )
                )
        return len({found.url for found in founds} - known)

    def waiting(self, regions: Sequence[str]) -> list[Find]:
        """What nobody has decided on in these regions, newest first."""
        mine = (source_finds.c.region.in_(regions), source_finds.c.state == FindState.NEW.value)
        query = select(source_finds).where(*mine).order_by(source_finds.c.found_at.desc(), source_finds.c.id)
        with self._database.read() as connection:
            return [_find(row) for row in connection.execute(query)]

    def decided(self, region: str) -> frozenset[str]:
        """Addresses that a person added or dropped: they are not proposed again."""
        mine = (source_finds.c.region == region, source_finds.c.state != FindState.NEW.value)
        with self._database.read() as connection:
            return frozenset(connection.execute(select(source_finds.c.url).where(*mine)).scalars())

    def get(self, number: int) -> Find:
        """One find. NotFound for an unknown one."""
        with self._database.read() as connection:
            row = connection.execute(select(source_finds).where(source_finds.c.id == number)).first()
        if row is None:
            raise NotFound("Usulan itu tidak ada.")
        return _find(row)

    def drop(self, number: int, by: str, now: datetime) -> None:
        """Let a find go for good. Conflict when it was decided already."""
        with self._database.write() as connection:
            waits = (source_finds.c.id == number, source_finds.c.state == FindState.NEW.value)
            decided = _DECIDED | {"state": FindState.DROPPED.value, "by": by, "at": now}
            dropped = update(source_finds).where(*waits).values(decided)
            row = connection.execute(dropped.returning(source_finds.c.url)).first()
            if row is None:
                raise Conflict("Usulan itu sudah diputuskan.")
            record(connection, by, "source.find.dropped", row.url, {}, now)

    def added(self, region: str, url: str, by: str, now: datetime) -> None:
        """Note that an address became a source; nothing happens where it was no find."""
        with self._database.write() as connection:
            mine = (source_finds.c.region == region, source_finds.c.url == url)
            decided = _DECIDED | {"state": FindState.ADDED.value, "by": by, "at": now}
            connection.execute(update(source_finds).where(*mine).values(decided))

    def addresses(self, region: str) -> list[str]:
        """Addresses of a region's newest posts, by whatever door they came: where they stand may be worth hearing."""
        mine = (cases.c.region == region, posts.c.url.is_not(None))
        newest = select(posts.c.url).join(cases, cases.c.post_id == posts.c.id).where(*mine)
        newest = newest.order_by(posts.c.published_at.desc())
        with self._database.read() as connection:
            return [url for url in connection.execute(newest.limit(_RECENT)).scalars() if url]


def _find(row: AnyRow) -> Find:
    found = Found(row.url, row.kind, row.name, row.why, tuple(orjson.loads(row.body or "[]")))
    return Find(row.id, row.region, found, row.found_at, FindState(row.state), row.by, row.at)
