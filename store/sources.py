"""Sources: which there are, what they remember, how they fare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from domain.errors import Conflict, NotFound
from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceMemory, SourceSpec
from store.database import Database
from store.database import insert as upsert
from store.rows import dump
from store.sourcedays import SourceDay, add_crawl, days_between
from store.tables import crawls, posts, sources
from store.types import AnyRow

_SYNCED: Final = ("profile", "overlay")  # who adds sources as data; others are people
_DEAD: Final = frozenset({SourceState.FAILED, SourceState.AUTH_EXPIRED, SourceState.BLOCKED})
_LONGEST: Final = timedelta(days=1)  # a source that is down is asked at least this often
_MAX_DOUBLINGS: Final = 6
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
        rows = [_spec_row(spec) | _FRESH for spec in specs]
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

    def paused(self) -> frozenset[str]:
        """The sources that a person has paused; others that are not enabled are switched off in their profile."""
        with self._database.read() as connection:
            return frozenset(connection.execute(select(sources.c.key).where(sources.c.paused.is_(True))).scalars())

    def specs(self) -> Sequence[SourceSpec]:
        return [spec for spec, _ in self.all()]

    def all(self) -> list[tuple[SourceSpec, SourceMemory]]:
        """All sources by key, with what they remember. A paused one is not `enabled`."""
        query = select(sources).where(sources.c.retired.is_(False)).order_by(sources.c.key)
        with self._database.read() as connection:
            return [(_spec(row), _memory(row)) for row in connection.execute(query)]

    def get(self, key: str) -> tuple[SourceSpec, SourceMemory]:
        """One source. NotFound for an unknown one."""
        with self._database.read() as connection:
            row = _must_be_there(connection, key)
            return _spec(row), _memory(row)

    def due(self, now: datetime) -> list[SourceSpec]:
        """What is to be crawled now: never crawled first, then the longest overdue."""
        query = (
            select(sources)
            .where(
                sources.c.enabled.is_(True),
                sources.c.paused.is_(False),
                sources.c.retired.is_(False),
                or_(sources.c.next_due_at.is_(None), sources.c.next_due_at <= now),
            )
            .order_by(sources.c.next_due_at.asc().nulls_first(), sources.c.key)
        )
        with self._database.read() as connection:
            return [_spec(row) for row in connection.execute(query)]

    def memory(self, key: str) -> SourceMemory:
        with self._database.read() as connection:
            row = connection.execute(select(sources).where(sources.c.key == key)).first()
        return _memory(row) if row is not None else SourceMemory(key=key)

    def record(self, outcome: CrawlOutcome) -> None:
        with self._database.write() as connection:
            row = connection.execute(select(sources).where(sources.c.key == outcome.key).with_for_update()).first()
            if row is None:
                raise NotFound(f"Sumber {outcome.key} tidak ada.")
            new = remembered(_memory(row), outcome, every=timedelta(minutes=row.every_minutes))
            columns = {name: getattr(new, name) for name in _REMEMBERED} | {"state": new.state.value}
            connection.execute(update(sources).where(sources.c.key == outcome.key).values(columns))
            connection.execute(
                insert(crawls).values(
                    source=outcome.key, at=outcome.at, state=outcome.state.value, seen=outcome.seen,
                    added=outcome.report.added, revised=outcome.report.revised,
                )
            )  # fmt: skip
            add_crawl(connection, outcome)

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

    def knows(self, post_ids: Sequence[str]) -> frozenset[str]:
        if not post_ids:
            return frozenset()
        with self._database.read() as connection:
            return frozenset(connection.execute(select(posts.c.id).where(posts.c.id.in_(post_ids))).scalars())

    def standing(
        self, source: str, since: datetime, until: datetime, *, parent: str | None = None
    ) -> Mapping[str, str]:
        query = select(posts.c.id, posts.c.native_id).where(
            posts.c.source == source,
            posts.c.published_at >= since,
            posts.c.published_at < until,
            posts.c.withdrawn_at.is_(None),
        )
        if parent is not None:
            query = query.where(posts.c.parent == parent)
        with self._database.read() as connection:
            return {row.id: row.native_id for row in connection.execute(query)}


_REMEMBERED: Final = (
    "etag", "last_modified", "cursor", "last_attempt_at", "last_ok_at", "last_new_at", "newest_post_at",
    "failures", "message", "posts_total", "next_due_at", "interval_minutes",
)  # fmt: skip


def remembered(before: SourceMemory, outcome: CrawlOutcome, *, every: timedelta) -> SourceMemory:
    """What a source remembers after a crawl. Pure. A failing source is asked less and less often, up to daily."""
    dead = outcome.state in _DEAD
    failures = before.failures + 1 if dead else 0
    wait = min(every * 2 ** min(failures, _MAX_DOUBLINGS), max(_LONGEST, every)) if dead else every
    answered = outcome.state is SourceState.OK  # only a full answer may also take a validator away
    newest = max((t for t in (before.newest_post_at, outcome.newest_post_at) if t), default=None)
    return SourceMemory(
        key=before.key,
        state=outcome.state,
        etag=outcome.etag if answered or outcome.etag else before.etag,
        last_modified=outcome.last_modified if answered or outcome.last_modified else before.last_modified,
        cursor=outcome.cursor if outcome.cursor is not None else before.cursor,
        last_attempt_at=outcome.at,
        last_ok_at=before.last_ok_at if dead else outcome.at,
        last_new_at=outcome.at if outcome.report.added else before.last_new_at,
        newest_post_at=newest,
        failures=failures,
        message=outcome.message,
        posts_total=before.posts_total + outcome.report.added,
        next_due_at=max(outcome.at + wait, outcome.rest_until or outcome.at),
        interval_minutes=before.interval_minutes,
    )


def add_source(connection: Connection, spec: SourceSpec) -> None:
    """Add one source in its caller's transaction. Conflict when its key is taken."""
    row = connection.execute(select(sources.c.retired).where(sources.c.key == spec.key)).first()
    if row is not None and not row.retired:
        raise Conflict(f"Sumber {spec.key} sudah ada.")
    if row is None:
        connection.execute(insert(sources).values(_spec_row(spec) | _FRESH))
    else:
        changed = _spec_row(spec) | {"retired": False, "paused": False}
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


def _spec_row(spec: SourceSpec) -> dict[str, Any]:
    return {
        "key": spec.key, "name": spec.name, "kind": spec.kind, "url": spec.url, "regions": dump(list(spec.regions)),
        "every_minutes": spec.every_minutes, "enabled": spec.enabled, "added_by": spec.added_by,
        "options": dump([list(pair) for pair in spec.options]),
    }  # fmt: skip


def _spec(row: AnyRow) -> SourceSpec:
    return SourceSpec(
        key=row.key,
        name=row.name,
        kind=row.kind,
        url=row.url,
        regions=tuple(orjson.loads(row.regions)),
        every_minutes=row.every_minutes,
        enabled=row.enabled and not row.paused,
        added_by=row.added_by,
        options=tuple((name, value) for name, value in orjson.loads(row.options)),
    )


def _memory(row: AnyRow) -> SourceMemory:
    return SourceMemory(key=row.key, state=SourceState(row.state), **{name: getattr(row, name) for name in _REMEMBERED})
