"""The door of truth: posts are sealed, told apart from what is stored, and written in one transaction a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from domain.errors import Conflict, PostQuarantined
from domain.posts import Incoming, IntakeReport
from store import vault
from store.database import Database
from store.keys import KeyRing
from store.merge import merge
from store.projection import UrusanOf, refresh
from store.quarantine import set_aside
from store.rows import post_of, post_row
from store.seal import SealedPost, clean, fingerprint, seal
from store.tables import cases, post_revisions, posts
from store.types import AnyRow
from store.vectors import drop_vectors
from store.withdrawal import reinstate, withdraw
from store.work import DECIDE, READ, enqueue

INTAKE: Final = "intake"  # where posts that cannot be stored at all are set aside
_TRIES: Final = 4  # two doors may bring the same new post at once: the second finds it stored on its next try
_BATCH: Final = 2_000  # posts of one write transaction: others wait for it


class Intake:
    """Implements `domain.ports.PostSink`. The report counts words: a changed like count is no revision."""

    def __init__(
        self, database: Database, keys: KeyRing, *, urusan_of: UrusanOf, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._keys = keys
        self._urusan_of = urusan_of
        self._clock = clock

    def accept(self, posts: Sequence[Incoming]) -> IntakeReport:
        report = IntakeReport()
        for batch in _without_repeats(posts):
            report += self._accept(batch)
        return report

    def accept_within(self, connection: Connection, post: Incoming) -> IntakeReport:
        """As `accept` of one post, in the transaction of somebody who writes more than the post.

        Raises PostQuarantined. It is sealed under the transaction's lock: right for a message, slow for a batch.
        """
        stored = _stored(connection, [post.id], lock=True)
        sealing = _Sealing.of([post], stored, self._keys)
        if reason := sealing.refused.get(post.id):
            raise PostQuarantined(reason)
        return self._write(connection, [post], stored, sealing)

    def stands(self, incoming: Incoming) -> bool | None:
        """Whether a post is stored with just these words; None for one that is not stored at all."""
        with self._database.read() as connection:
            stored = connection.execute(select(posts.c.fingerprint).where(posts.c.id == incoming.id)).scalar()
        return None if stored is None else stored == fingerprint(incoming, self._keys)

    def set_aside(self, *, belt: str, key: str, reason: str, payload: str) -> None:
        thing = (belt, clean(key) or "", clean(reason) or "", clean(payload) or "")
        with self._database.write() as connection:
            set_aside(connection, [thing], self._clock())

    def withdraw(self, post_ids: Sequence[str], at: datetime) -> int:
        with self._database.write() as connection:
            return len(withdraw(connection, post_ids, at, self._urusan_of, now=self._clock()))

    def _accept(self, batch: Sequence[Incoming]) -> IntakeReport:
        """Write a batch in which no post stands twice."""
        ids = [one.id for one in batch]
        with self._database.read() as connection:
            before = _stored(connection, ids)
        for _ in range(_TRIES):
            # Masking is the dear part and needs no lock: it is done before the transaction begins.
            sealing = _Sealing.of(batch, before, self._keys)
            try:
                with self._database.write() as connection:
                    stored = _stored(connection, ids, lock=True)
                    if _fingerprints(stored) == _fingerprints(before):
                        return self._write(connection, batch, stored, sealing)
            except IntegrityError:
                with self._database.read() as connection:
                    stored = _stored(connection, ids)
            before = stored
        raise Conflict("Kiriman yang sama terus-menerus masuk dari pintu lain: coba lagi.")

    def _write(
        self, connection: Connection, batch: Sequence[Incoming], stored: Mapping[str, AnyRow], sealing: _Sealing
    ) -> IntakeReport:
        now = self._clock()
        change = _Change()
        for one in batch:
            if one.id in sealing.refused:
                continue
            sealed, row = sealing.sealed.get(one.id), stored.get(one.id)
            if row is None:
                if sealed is not None:
                    change.add(sealed, now)
            else:
                author = self._keys.author(one.namespace, one.author) if one.author else None
                change.merge(row, one, sealed, author, now)
        enqueue(connection, READ, [*(row["id"] for row in change.added), *change.revised], now)
        enqueue(connection, DECIDE, change.decide, now)
        change.write(connection)
        vault.put(connection, self._keys, change.sealed, revised=change.revised)
        drop_vectors(connection, change.revised)
        if change.reinstated:
            reinstate(connection, change.reinstated, now)
        if change.shown:
            shown = select(cases.c.id).where(cases.c.post_id.in_(sorted(change.shown)))
            refresh(connection, connection.execute(shown).scalars().all(), now, self._urusan_of)
        set_aside(connection, sealing.set_aside(batch), now)
        return IntakeReport(
            added=len(change.added),
            revised=len(change.revised),
            quarantined=len(sealing.refused),
            unchanged=len(batch) - len(change.added) - len(change.revised) - len(sealing.refused),
        )


@dataclass(slots=True)
class _Sealing:
    """The posts of a batch whose words are new, sealed; and why some cannot be."""

    sealed: dict[str, SealedPost] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, batch: Sequence[Incoming], stored: Mapping[str, AnyRow], keys: KeyRing) -> _Sealing:
        made = cls()
        for one in batch:
            row = stored.get(one.id)
            if row is not None and row.fingerprint == fingerprint(one, keys):
                continue
            try:
                made.sealed[one.id] = seal(one, keys)
            except PostQuarantined as cause:
                made.refused[one.id] = str(cause)
            except Exception as cause:  # noqa: BLE001  one broken post must not keep a batch out
                made.refused[one.id] = f"tidak dapat disegel: {type(cause).__name__}"  # its words may quote the post
        return made

    def set_aside(self, batch: Sequence[Incoming]) -> Iterator[tuple[str, str, str, str]]:
        """What to quarantine. The payload names the post: its words could not be masked or are none."""
        for one in batch:
            if reason := self.refused.get(one.id):
                yield INTAKE, one.id, reason, clean(f"{one.source} {one.url or ''}") or ""


@dataclass(slots=True)
class _Change:
    """What a batch does to the table of posts."""

    added: list[dict[str, Any]] = field(default_factory=list)
    updated: list[dict[str, Any]] = field(default_factory=list)
    replaced: list[dict[str, Any]] = field(default_factory=list)
    sealed: list[SealedPost] = field(default_factory=list)
    revised: set[str] = field(default_factory=set)
    decide: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)  # only what documents show changed
    reinstated: set[str] = field(default_factory=set)  # withdrawn before, and shown again by their source

    def add(self, sealed: SealedPost, now: datetime) -> None:
        self.added.append(post_row(sealed.post) | {"fingerprint": sealed.fingerprint, "ingested_at": now})
        self.sealed.append(sealed)

    def merge(
        self, row: AnyRow, incoming: Incoming, sealed: SealedPost | None, author: str | None, now: datetime
    ) -> None:
        before = post_of(row)
        merged = merge(before, incoming, sealed, author)
        if not merged.changed:
            return
        new = post_row(merged.post) | {"fingerprint": row.fingerprint, "ingested_at": row.ingested_at}
        if merged.revised and sealed is not None:
            new["fingerprint"] = sealed.fingerprint
            if row.withdrawn_at is None:  # else there are no earlier words to keep
                self.replaced.append(
                    {"post_id": row.id, "replaced_at": now}
                    | {name: row._mapping[name] for name in ("revision", "title", "text", "pii", "fetched_at")}  # noqa: SLF001
                )
            else:
                self.reinstated.add(row.id)
            self.sealed.append(sealed)
            self.revised.add(row.id)
        elif merged.decide:
            self.decide.add(row.id)
        else:
            self.shown.add(row.id)
        self.updated.append({f"new_{name}": value for name, value in new.items()})

    def write(self, connection: Connection) -> None:
        if self.added:
            connection.execute(insert(posts), sorted(self.added, key=lambda row: str(row["id"])))
        if self.replaced:
            connection.execute(insert(post_revisions), self.replaced)
        if self.updated:
            names = [column.name for column in posts.c if column.name != "id"]
            connection.execute(
                update(posts)
                .where(posts.c.id == bindparam("new_id"))
                .values({name: bindparam(f"new_{name}") for name in names}),
                sorted(self.updated, key=lambda row: str(row["new_id"])),
            )


def _stored(connection: Connection, ids: Sequence[str], *, lock: bool = False) -> dict[str, AnyRow]:
    query = select(posts).where(posts.c.id.in_(ids)).order_by(posts.c.id)
    if lock:  # not against those who only refer to a post: readings of it may be stored meanwhile
        query = query.with_for_update(key_share=True)
    return {row.id: row for row in connection.execute(query)}


def _fingerprints(stored: Mapping[str, AnyRow]) -> dict[str, str]:
    return {post_id: row.fingerprint for post_id, row in stored.items()}


def _without_repeats(incoming: Sequence[Incoming]) -> Iterator[list[Incoming]]:
    """Cut a batch where a post comes again (the later sight must meet the earlier one stored), or is too long."""
    batch: dict[str, Incoming] = {}
    for one in incoming:
        if one.id in batch or len(batch) == _BATCH:
            yield list(batch.values())
            batch = {}
        batch[one.id] = one
    if batch:
        yield list(batch.values())
