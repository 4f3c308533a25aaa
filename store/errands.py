"""Errands: what people ask of the crawlers on a page, done by the crawlers' room on its next turn.

The web server never fetches an address by itself: it queues the wish here and shows what came of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import orjson
from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from domain.errors import Conflict, NotFound
from domain.ports import SourceSpec
from domain.sourcekeys import refuse_password
from store.audit import record
from store.database import Database
from store.rows import dump
from store.sources import add_source, move_source
from store.tables import source_errands
from store.types import AnyRow

STUCK: Final = timedelta(minutes=40)  # longer than any crawl may take: whoever took it is gone
KEPT: Final = timedelta(days=90)


class ErrandKind(StrEnum):
    """What is asked for."""

    ADD = "add"  # prove a new address
    MOVE = "move"  # prove another address of a source
    REFILL = "refill"  # crawl a source back to a day
    SUGGEST = "suggest"  # look for doors that a region does not have yet


class ErrandState(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    RUNNING = "running"
    PROVEN = "proven"  # the address gave posts: a person says whether it is saved
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"  # proven, and not wanted


_OPEN: Final = (ErrandState.WAITING, ErrandState.RUNNING)


@dataclass(frozen=True, slots=True)
class Errand:
    """A wish and what came of it. `found` holds the source and posts of a proof, or the counts of a crawl."""

    id: int
    kind: ErrandKind
    source: str | None
    url: str | None
    region: str | None
    name: str | None
    since: datetime | None
    inside: bool
    by: str
    at: datetime
    state: ErrandState
    taken_at: datetime | None
    ended_at: datetime | None
    message: str | None
    found: Mapping[str, Any]

    @property
    def is_open(self) -> bool:
        """Whether its outcome is still to come."""
        return self.state in _OPEN


class Errands:
    """The queue. What was taken and never ended is given out again after a while."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(  # noqa: PLR0913  what may be asked for
        self,
        kind: ErrandKind,
        *,
        by: str,
        now: datetime,
        source: str | None = None,
        url: str | None = None,
        region: str | None = None,
        name: str | None = None,
        since: datetime | None = None,
        inside: bool = False,
    ) -> int:
        """Queue a wish and return its id.

        Conflict while the same is under way for that source, or region; Refused for an address with a password.
        """
        refuse_password(url or "")
        values = {
            "kind": kind.value, "source": source, "url": url, "region": region, "name": name, "since": since,
            "inside": inside, "by": by, "at": now, "state": ErrandState.WAITING.value,
        }  # fmt: skip
        with self._database.write() as connection:
            same = and_(source_errands.c.source == source, source_errands.c.kind == kind.value, _are(*_OPEN))
            if source is not None and connection.execute(select(source_errands.c.id).where(same)).first():
                raise Conflict(f"Permintaan yang sama untuk sumber {source} sedang dikerjakan: tunggu hasilnya.")
            if kind is ErrandKind.SUGGEST:
                looking = (source_errands.c.kind == kind.value, source_errands.c.region == region, _are(*_OPEN))
                if connection.execute(select(source_errands.c.id).where(*looking)).first():
                    raise Conflict(f"Pintu baru untuk {region} sedang dicari: tunggu hasilnya.")
            made = connection.execute(insert(source_errands).values(values).returning(source_errands.c.id))
            number: int = made.scalar_one()
            told = {"url": url or "", "since": since.isoformat() if since else ""}
            record(connection, by, f"source.{kind.value}", source or url or region or "", told, now)
        return number

    def get(self, number: int) -> Errand:
        """One errand. NotFound for an unknown one."""
        with self._database.read() as connection:
            row = connection.execute(select(source_errands).where(source_errands.c.id == number)).first()
        if row is None:
            raise NotFound("Permintaan itu tidak ada.")
        return _errand(row)

    def recent(self, sources: Sequence[str], since: datetime) -> list[Errand]:
        """What was asked for these sources since a time, newest first."""
        query = select(source_errands).where(source_errands.c.source.in_(sources), source_errands.c.at >= since)
        with self._database.read() as connection:
            return [_errand(row) for row in connection.execute(query.order_by(source_errands.c.id.desc()))]

    def proofs(self, by: str, since: datetime) -> list[Errand]:
        """New addresses that a person asked for since a time, newest first."""
        mine = and_(source_errands.c.by == by, source_errands.c.kind == ErrandKind.ADD.value)
        query = select(source_errands).where(mine, source_errands.c.at >= since)
        with self._database.read() as connection:
            return [_errand(row) for row in connection.execute(query.order_by(source_errands.c.id.desc()))]

    def searches(self, regions: Sequence[str]) -> dict[str, Errand]:
        """The last search for new doors of each region, where there was one."""
        mine = and_(source_errands.c.kind == ErrandKind.SUGGEST.value, source_errands.c.region.in_(regions))
        with self._database.read() as connection:
            found = [_errand(row) for row in connection.execute(select(source_errands).where(mine))]
        return {errand.region or "": errand for errand in sorted(found, key=lambda one: one.id)}

    def waiting(self, now: datetime) -> list[Errand]:
        """What is to be done, the oldest wish first."""
        lost = and_(_are(ErrandState.RUNNING), source_errands.c.taken_at <= now - STUCK)
        query = select(source_errands).where(or_(_are(ErrandState.WAITING), lost)).order_by(source_errands.c.id)
        with self._database.read() as connection:
            return [_errand(row) for row in connection.execute(query)]

    def take(self, number: int, now: datetime) -> bool:
        """Begin one; False when another process has begun it meanwhile."""
        lost = and_(_are(ErrandState.RUNNING), source_errands.c.taken_at <= now - STUCK)
        mine = and_(source_errands.c.id == number, or_(_are(ErrandState.WAITING), lost))
        with self._database.write() as connection:
            taken = update(source_errands).where(mine).values(state=ErrandState.RUNNING.value, taken_at=now)
            return connection.execute(taken).rowcount == 1

    def put_back(self, number: int) -> None:
        """Let go of one that was begun: it waits for the next turn."""
        self._set(number, {"state": ErrandState.WAITING.value, "taken_at": None})

    def end(
        self,
        number: int,
        state: ErrandState,
        now: datetime,
        *,
        message: str | None = None,
        found: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down what came of one."""
        body = None if found is None else dump(dict(found))
        self._set(number, {"state": state.value, "ended_at": now, "message": message, "body": body})

    def adopt(self, number: int, spec: SourceSpec, by: str, now: datetime) -> None:
        """Save what was proven: the new source, or the source's new address. Conflict when it is not to be saved."""
        with self._database.write() as connection:
            errand = _locked(connection, number)
            if errand.kind is ErrandKind.ADD:
                add_source(connection, spec)
            else:
                move_source(connection, spec.key, url=spec.url, kind=spec.kind, now=now)
            _close(connection, errand, ErrandState.DONE)
            record(connection, by, f"source.{errand.kind.value}.saved", spec.key, {"url": spec.url}, now)

    def drop(self, number: int, by: str, now: datetime) -> None:
        """Let a proof go unsaved. Conflict when there is none to be saved."""
        with self._database.write() as connection:
            errand = _locked(connection, number)
            _close(connection, errand, ErrandState.DROPPED)
            record(connection, by, f"source.{errand.kind.value}.dropped", errand.source or errand.url or "", {}, now)

    def forget_old(self, now: datetime) -> None:
        """Drop errands that are long over."""
        with self._database.write() as connection:
            connection.execute(delete(source_errands).where(source_errands.c.at <= now - KEPT))

    def _set(self, number: int, values: dict[str, Any]) -> None:
        with self._database.write() as connection:
            connection.execute(update(source_errands).where(source_errands.c.id == number).values(values))


def _are(*states: ErrandState) -> Any:
    return source_errands.c.state.in_([state.value for state in states])


def _locked(connection: Connection, number: int) -> Errand:
    query = select(source_errands).where(source_errands.c.id == number).with_for_update()
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("Permintaan itu tidak ada.")
    errand = _errand(row)
    if errand.state is not ErrandState.PROVEN:
        raise Conflict("Bukti ini sudah disimpan atau dilepas, atau belum ada.")
    return errand


def _close(connection: Connection, errand: Errand, state: ErrandState) -> None:
    """End a proof. Its posts were shown to be decided on: kept longer, they would outlive their own deletion."""
    found = dump({name: value for name, value in errand.found.items() if name != "posts"})
    values = {"state": state.value, "body": found}
    connection.execute(update(source_errands).where(source_errands.c.id == errand.id).values(values))


def _errand(row: AnyRow) -> Errand:
    return Errand(
        id=row.id, kind=ErrandKind(row.kind), source=row.source, url=row.url, region=row.region, name=row.name,
        since=row.since, inside=row.inside, by=row.by, at=row.at, state=ErrandState(row.state),
        taken_at=row.taken_at, ended_at=row.ended_at, message=row.message, found=orjson.loads(row.body or "{}"),
    )  # fmt: skip
