"""Sources: which there are, what they remember, how they fare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from domain.errors import Conflict, NotFound
from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceMemory, SourceSpec
from store.database import Database
from store.database import insert as upsert
from store.rows import dump
from store.sourcedays import SourceDay, days_between
from store.sourcerows import AHEAD, memory_of, record_outcome, spec_of, spec_row
from store.tables import crawls, posts, sources
from store.types import AnyRow

KEPT: Final = timedelta(days=90)  # single crawls; health and gaps are drawn from the days
_SYNCED: Final = ("profile", "overlay")  # who adds sources as data; others are people
_FRESH: Final[dict[str, Any]] = {
    "paused": False, "retired": False, "state": SourceState.UNPROVEN.value, "failures": 0, "posts_total": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Crawl:
    """How one crawl went."""

    source: str
    at: datetime
    state: SourceState
    seen: int
    added: int
    revised: int


class Sources:
    """Implements `domain.ports.SourceBook`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sync(self, specs: Iterable[SourceSpec]) -> None:
        """Make the sources of profiles and overlays these ones. Memory, people's sources and pauses stay."""
        rows = [spec_row(spec) | _FRESH for spec in specs]
        keys = [row["key"] for row in rows]
        with self._database.write() as connection:
            if rows:
                statement = upsert(connection, sources)
                connection.execute(
                    statement.on_conflict_do_update(
                        index_elements=[sources.c.key],
                        set_={
                            name: statement.excluded[name]
                            for name in (
                                "name",
                                "kind",
                                "url",
                                "regions",
                                "every_minutes",
                                "enabled",
                                "retired",
                                "options",
                            )
                        },
                        where=or_(*(sources.c.added_by == who for who in _SYNCED)),  # IN does not go with many rows
                    ),
                    rows,
                )
            connection.execute(
                update(sources).where(sources.c.added_by.in_(_SYNCED), sources.c.key.not_in(keys)).values(retired=True)
            )

    def add(self, spec: SourceSpec) -> None:
        """Add one source. Conflict when its key is taken."""
        with self._database.write() as connection:
            add_source(connection, spec)

    def remove(self, key: str) -> None:
        """Forget a source; its posts stay, and where there are some its history too. NotFound for an unknown one.

        A source of a profile comes back with the next sync: pause that instead.
        """
        with self._database.write() as connection:
            _must_be_there(connection, key)
            if connection.execute(select(posts.c.id).where(posts.c.source == key).limit(1)).first():
                connection.execute(update(sources).where(sources.c.key == key).values(retired=True))
            else:
                connection.execute(delete(sources).where(sources.c.key == key))

    def pause(self, key: str, *, paused: bool = True) -> None:
        """Stop crawling a source, or go on. Survives every sync. NotFound for an unknown one."""
        with self._database.write() as connection:
            _must_be_there(connection, key)
            connection.execute(update(sources).where(sources.c.key == key).values(paused=paused))

    def hasten(self, key: str, now: datetime) -> None:
        """Let a source be crawled on the crawlers' next turn. NotFound for an unknown one."""
        with self._database.write() as connection:
            _must_be_there(connection, key)
            connection.execute(update(sources).where(sources.c.key == key).values(next_due_at=now))

    def configure(
        self, key: str, options: Iterable[tuple[str, str]], now: datetime, *, enabled: bool | None = None
    ) -> None:
        """Give a source that a person added its settings, switch it on or off, and let it be crawled by them at once.

        NotFound for an unknown one, Conflict for one of a profile: the next sync would undo it.
        """
        with self._database.write() as connection:
            row = _must_be_there(connection, key)
            if row.added_by in _SYNCED:
                raise Conflict("Setelan sumber ini ada di profil wilayahnya.")
            told: dict[str, Any] = {"options": dump([list(pair) for pair in options]), "next_due_at": now}
            if enabled is not None:
                told["enabled"] = enabled
            connection.execute(update(sources).where(sources.c.key == key).values(told))

    def withdrawn(self, key: str) -> int:
        """How many of a source's posts it has deleted since: their words are hidden."""
        gone = select(func.count()).where(posts.c.source == key, posts.c.withdrawn_at.is_not(None))
        with self._database.read() as connection:
            return int(connection.execute(gone).scalar_one())

    def paused(self) -> frozenset[str]:
        """The sources that a person has paused; others that are not enabled are switched off in their profile."""
        with self._database.read() as connection:
            return frozenset(connection.execute(select(sources.c.key).where(sources.c.paused.is_(True))).scalars())

    def switched_off(self) -> frozenset[str]:
        """The sources that are not listened to, in their profile or for their price; whether they are paused, too."""
        with self._database.read() as connection:
            return frozenset(connection.execute(select(sources.c.key).where(sources.c.enabled.is_(False))).scalars())

    def specs(self) -> Sequence[SourceSpec]:
        return [spec for spec, _ in self.all()]

    def all(self) -> list[tuple[SourceSpec, SourceMemory]]:
        """All sources by key, with what they remember. A paused one is not `enabled`."""
        query = select(sources).where(sources.c.retired.is_(False)).order_by(sources.c.key)
        with self._database.read() as connection:
            return [(spec_of(row), memory_of(row)) for row in connection.execute(query)]

    def get(self, key: str) -> tuple[SourceSpec, SourceMemory]:
        """One source. NotFound for an unknown one."""
        with self._database.read() as connection:
            row = _must_be_there(connection, key)
            return spec_of(row), memory_of(row)

    def due(self, now: datetime) -> list[SourceSpec]:
        """What is to be crawled now: never crawled first, then the longest overdue."""
        query = (
            select(sources)
            .where(
                sources.c.enabled.is_(True),
                sources.c.paused.is_(False),
                sources.c.retired.is_(False),
                or_(
                    sources.c.next_due_at.is_(None),
                    sources.c.next_due_at <= now,
                    sources.c.last_attempt_at > now + AHEAD,
                ),
            )
            .order_by(sources.c.next_due_at.asc().nulls_first(), sources.c.key)
        )
        with self._database.read() as connection:
            return [spec_of(row) for row in connection.execute(query)]

    def memory(self, key: str) -> SourceMemory:
        with self._database.read() as connection:
            row = connection.execute(select(sources).where(sources.c.key == key)).first()
        return memory_of(row) if row is not None else SourceMemory(key=key)

    def record(self, outcome: CrawlOutcome) -> None:
        with self._database.write() as connection:
            record_outcome(connection, outcome)

    def days(self, since: date, until: date, source: str | None = None) -> list[SourceDay]:
        """The days `since <= day < until` on which sources, or only one, were crawled, by source and day."""
        with self._database.read() as connection:
            return days_between(connection, since, until, source)

    def history(self, key: str, since: datetime) -> list[Crawl]:
        """How the crawls of a source went since a time, oldest first."""
        query = select(crawls).where(crawls.c.source == key, crawls.c.at >= since).order_by(crawls.c.at, crawls.c.id)
        with self._database.read() as connection:
            return [
                Crawl(r.source, r.at, SourceState(r.state), r.seen, r.added, r.revised)
                for r in connection.execute(query)
            ]

    def forget_old(self, now: datetime) -> None:
        """Drop crawls of long ago: their days stay summed up."""
        with self._database.write() as connection:
            connection.execute(delete(crawls).where(crawls.c.at < now - KEPT))

    def knows(self, post_ids: Sequence[str]) -> frozenset[str]:
        if not post_ids:
            return frozenset()
        with self._database.read() as connection:
            return frozenset(connection.execute(select(posts.c.id).where(posts.c.id.in_(post_ids))).scalars())

    def knew(self, post_ids: Sequence[str], at: datetime) -> frozenset[str]:
        """Those of the given post ids that were stored before a time."""
        with self._database.read() as connection:
            query = select(posts.c.id).where(posts.c.id.in_(post_ids), posts.c.ingested_at < at)
            return frozenset(connection.execute(query).scalars())

    def standing(
        self, source: str, since: datetime, until: datetime, *, parent: str | None = None
    ) -> Mapping[str, str]:
        query = select(posts.c.id, posts.c.native_id, posts.c.source, posts.c.published_at)
        query = query.where(posts.c.withdrawn_at.is_(None))
        if parent is not None:
            # By the parent alone: SQLite would rather go through all that the source said in that time.
            query = query.where(posts.c.parent == parent)
        else:
            query = query.where(posts.c.source == source, posts.c.published_at >= since, posts.c.published_at < until)
        with self._database.read() as connection:
            found = [row for row in connection.execute(query) if row.source == source]
        return {row.id: row.native_id for row in found if since <= row.published_at < until}


def add_source(connection: Connection, spec: SourceSpec) -> None:
    """Add one source in its caller's transaction. Conflict when its key is taken."""
    row = connection.execute(select(sources.c.retired).where(sources.c.key == spec.key)).first()
    if row is not None and not row.retired:
        raise Conflict(f"Sumber {spec.key} sudah ada.")
    if row is None:
        connection.execute(insert(sources).values(spec_row(spec) | _FRESH))
    else:
        changed = spec_row(spec) | {"retired": False, "paused": False}
        connection.execute(update(sources).where(sources.c.key == spec.key).values(changed))


def move_source(connection: Connection, key: str, *, url: str, kind: str, now: datetime) -> None:
    """Give a source another address and let it be crawled now. Its history, counts and pace stay.

    What only the old address understands goes: its validators, and with another kind its cursor.
    """
    row = _must_be_there(connection, key)
    fresh: dict[str, Any] = {"etag": None, "last_modified": None, "failures": 0, "message": None, "next_due_at": now}
    if row.kind != kind:
        pace = orjson.loads(row.cursor or "{}").get("pace")
        fresh["cursor"] = dump({"pace": pace}) if pace else None
    connection.execute(update(sources).where(sources.c.key == key).values({"url": url, "kind": kind} | fresh))


def _must_be_there(connection: Connection, key: str) -> AnyRow:
    row = connection.execute(select(sources).where(and_(sources.c.key == key, sources.c.retired.is_(False)))).first()
    if row is None:
        raise NotFound(f"Sumber {key} tidak ada.")
    return row
