"""The belts: each step claims a batch, lets a room work on it, and writes what came of it.

The room works outside any transaction; its result, the next belt's work and the ack are ONE transaction.
Killed anywhere, the work is done again after its lease.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from random import Random
from typing import TypeVar

from sqlalchemy import Connection, select

from domain.documents import PostDocument
from domain.errors import PostQuarantined, StoreUnavailable
from domain.ports import CaseDecider, Reader
from domain.posts import RawPost
from domain.reading import Reading
from domain.search import BulkItem, Tombstone
from store import casework, projection, work
from store.attempt import Outcome, attempt
from store.casework import Decided, ReadPost
from store.database import Database, insert
from store.quarantine import forgive, set_aside
from store.requeue import requeue
from store.retry import MAX_FAILURES, MAX_LOST, backoff
from store.rows import pack, post_of, reading_body
from store.tables import cases, posts, readings
from store.work import DECIDE, INDEX, READ, BeltDepth, Claim

_log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")
Upsert = Callable[[Sequence[PostDocument | Tombstone]], Sequence[BulkItem]]


class Belts:
    """The steps of the line. Any number of processes may run them side by side."""

    def __init__(
        self, database: Database, *, urusan_of: projection.UrusanOf, clock: Callable[[], datetime], chance: Random
    ) -> None:
        self._database = database
        self._urusan_of = urusan_of
        self._clock = clock
        self._chance = chance

    def step_read(self, reader: Reader, *, limit: int = 200) -> int:
        """Let nlp read a batch of posts. Returns how many were worked on; 0 when nothing can be done now."""
        claim = self._claim(READ, limit)
        batch = self._posts(claim)
        outcome = attempt(batch, reader.read)

        def keep(connection: Connection, held: frozenset[str], now: datetime) -> None:
            fresh = self._keep_readings(connection, outcome, held, now)
            work.enqueue(connection, DECIDE, fresh, now)

        return self._settle(claim, outcome, keep, key=_post_id, payload=_words)

    def step_decide(self, decider: CaseDecider, *, limit: int = 500) -> int:
        """Let the desk decide a batch of read posts. Returns as `step_read`."""
        claim = self._claim(DECIDE, limit)
        if not claim.keys:
            return 0
        with self._database.read() as connection:
            batch = casework.read_posts(connection, claim.keys)
        outcome = attempt(batch, _deciding(decider))

        def keep(connection: Connection, held: frozenset[str], now: datetime) -> None:
            done = [decided for _, decided in outcome.done if decided.read.post.id in held]
            casework.write(connection, done, now, self._urusan_of)

        return self._settle(claim, outcome, keep, key=lambda read: read.post.id, payload=lambda read: read.post.words)

    def step_read_decide(self, reader: Reader, decider: CaseDecider, *, limit: int = 200) -> int:
        """Read and decide in one step: the same promise with half the writes. Returns as `step_read`."""
        claim = self._claim(READ, limit)
        batch = self._posts(claim)
        outcome = attempt(batch, reader.read)
        decided, undecided = self._decide_at_once(outcome, decider)

        def keep(connection: Connection, held: frozenset[str], now: datetime) -> None:
            fresh = self._keep_readings(connection, outcome, held, now)
            # Whoever decides one of these posts just now does so on the reading before: let him do it again.
            work.touch(connection, DECIDE, fresh)
            work.enqueue(connection, DECIDE, fresh & undecided, now)
            done = [one for one in decided if one.read.post.id in fresh]
            casework.write(connection, done, now, self._urusan_of)

        return self._settle(claim, outcome, keep, key=_post_id, payload=_words)

    def step_index(self, upsert: Upsert, *, limit: int = 500) -> int:
        """Bring a batch of cases to the index as truth has them now. Returns as `step_read`."""
        claim = self._claim(INDEX, limit)
        if not claim.keys:
            return 0
        batch = self._documents(claim)

        def checked(documents: Sequence[PostDocument | Tombstone]) -> Iterator[BulkItem]:
            fates = {item.id: item for item in upsert(documents)}
            for document in documents:
                fate = fates[document.id]
                if fate.fate == "poison":
                    raise PostQuarantined(fate.reason or "ditolak indeks")
                yield fate

        outcome = attempt(batch, checked)
        return self._settle(
            claim, outcome, lambda *_: None, key=lambda document: document.id, payload=lambda document: document.id
        )

    def depth(self) -> dict[str, BeltDepth]:
        """How much stands on each belt."""
        with self._database.read() as connection:
            return work.depth(connection, self._clock())

    def requeue_all(self, belt: str, region: str | None = None) -> int:
        """Queue everything, or all that a region may be concerned with, again. Returns how many."""
        return requeue(self._database, belt, region, self._clock())

    def free(self) -> int:
        """Give back all claims of workers that are gone: right only when none runs. Returns how many."""
        with self._database.write() as connection:
            return work.free(connection, self._clock())

    def _claim(self, belt: str, limit: int) -> Claim:
        now = self._clock()
        with self._database.write() as connection:
            claim = work.claim(connection, belt, now, limit=limit)
            hopeless = [key for key, tries in claim.tries.items() if tries.lost >= MAX_LOST]
            if hopeless:
                reason = f"{MAX_LOST} kali pekerja berhenti saat mengerjakannya"
                set_aside(connection, [(belt, key, reason, "") for key in hopeless], now)
                work.ack(connection, claim, hopeless, now)
        return Claim(belt, claim.holder, {k: t for k, t in claim.tries.items() if k not in hopeless})

    def _posts(self, claim: Claim) -> list[RawPost]:
        if not claim.keys:
            return []
        query = select(posts).where(posts.c.id.in_(claim.keys)).order_by(posts.c.published_at, posts.c.id)
        with self._database.read() as connection:
            return [post_of(row) for row in connection.execute(query)]

    def _documents(self, claim: Claim) -> list[PostDocument | Tombstone]:
        with self._database.read() as connection:
            parts = projection.load(connection, claim.keys)
            gone = connection.execute(
                select(cases.c.id, cases.c.rev, cases.c.month).where(
                    cases.c.id.in_(claim.keys), cases.c.gone_at.is_not(None)
                )
            ).all()
        return [
            *(one.document(self._urusan_of) for one in parts.values()),
            *(Tombstone(id=row.id, rev=row.rev, month=row.month) for row in gone),
        ]

    def _keep_readings(
        self, connection: Connection, outcome: Outcome[RawPost, Reading], held: frozenset[str], now: datetime
    ) -> frozenset[str]:
        """Store readings of revisions that still stand. Returns whose."""
        ids = [post.id for post, _ in outcome.done if post.id in held]
        found = connection.execute(select(posts.c.id, posts.c.revision).where(posts.c.id.in_(ids)))
        present = {row.id: row.revision for row in found}
        rows = [
            {
                "post_id": post.id, "revision": post.revision, "body": reading_body(reading),
                "near": pack(reading.near), "norm_version": reading.norm_version, "read_at": now,
            }
            for post, reading in outcome.done
            if present.get(post.id) == post.revision
        ]  # fmt: skip
        if rows:
            statement = insert(connection, readings)
            new = statement.excluded
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[readings.c.post_id],
                    set_={name: new[name] for name in ("revision", "body", "near", "norm_version", "read_at")},
                ),
                sorted(rows, key=lambda row: str(row["post_id"])),
            )
        return frozenset(str(row["post_id"]) for row in rows)

    def _decide_at_once(
        self, outcome: Outcome[RawPost, Reading], decider: CaseDecider
    ) -> tuple[list[Decided], frozenset[str]]:
        """Decide what was just read. Returns what went well, and the ids of posts that the other belt must see to."""
        if not outcome.done:
            return [], frozenset()
        ids = [post.id for post, _ in outcome.done]
        with self._database.read() as connection:
            statuses = casework.statuses_of(connection, ids)
            ingested = dict(
                connection.execute(select(posts.c.id, posts.c.ingested_at).where(posts.c.id.in_(ids))).all()
            )
        batch = [
            ReadPost(post, reading, ingested[post.id], statuses.get(post.id, {}))
            for post, reading in outcome.done
            if post.id in ingested
        ]
        done = [decided for _, decided in attempt(batch, _deciding(decider)).done]
        return done, frozenset(ids) - {one.read.post.id for one in done}

    def _settle(
        self,
        claim: Claim,
        outcome: Outcome[T, R],
        keep: Callable[[Connection, frozenset[str], datetime], None],
        *,
        key: Callable[[T], str],
        payload: Callable[[T], str],
    ) -> int:
        """Write results and give every claimed piece of work its fate, in one transaction."""
        if not claim.keys:
            return 0
        try:
            with self._database.write() as connection:
                self._write_fates(connection, claim, outcome, keep, key=key, payload=payload)
        except StoreUnavailable as cause:
            outcome = Outcome(unavailable=str(cause))
            with self._database.write() as connection:
                self._write_fates(connection, claim, outcome, keep, key=key, payload=payload)
        if outcome.unavailable is not None:
            _log.warning("belt %s waits: %s", claim.belt, outcome.unavailable)
            return 0
        return len(claim.keys)

    def _write_fates(  # noqa: PLR0913  what `_settle` was given
        self,
        connection: Connection,
        claim: Claim,
        outcome: Outcome[T, R],
        keep: Callable[[Connection, frozenset[str], datetime], None],
        *,
        key: Callable[[T], str],
        payload: Callable[[T], str],
    ) -> None:
        now = self._clock()
        held = work.still_held(connection, claim)
        later: set[str] = set()
        if outcome.unavailable is not None:
            for name in sorted(held):
                self._later(connection, claim, name, outcome.unavailable, now, failed=False)
            return
        keep(connection, held, now)
        aside = [(key(thing), reason, payload(thing)) for thing, reason in outcome.set_aside if key(thing) in held]
        for thing, reason in outcome.failed:
            name = key(thing)
            if name not in held:
                continue
            if claim.tries[name].failures + 1 >= MAX_FAILURES:
                aside.append((name, reason, payload(thing)))
            else:
                self._later(connection, claim, name, reason, now, failed=True)
                later.add(name)
        forgive(connection, claim.belt, claim.keys)
        set_aside(connection, [(claim.belt, *one) for one in aside], now)
        work.ack(connection, claim, held - later, now)

    def _later(  # noqa: PLR0913  one row's fate
        self, connection: Connection, claim: Claim, name: str, reason: str, now: datetime, *, failed: bool
    ) -> None:
        tries = claim.tries[name]
        wait = backoff((tries.failures if failed else tries.waits) + 1, jitter=self._chance.random())
        work.give_back(connection, claim, name, due_at=now + wait, reason=reason, failed=failed)


def _deciding(decider: CaseDecider) -> Callable[[Sequence[ReadPost]], Iterable[Decided]]:
    def decide(batch: Sequence[ReadPost]) -> Iterator[Decided]:
        for read in batch:
            yield Decided(read, decider.decide(read.post, read.reading, read.statuses))

    return decide


def _post_id(post: RawPost) -> str:
    return post.id


def _words(post: RawPost) -> str:
    return post.words
