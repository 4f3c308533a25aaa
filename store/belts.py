"""The belts: each step claims a batch, lets a room work on it, and writes what came of it.

The room works outside any transaction; its result, the next belt's work and the ack are ONE transaction.
Killed anywhere, the work is done again after its lease.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from random import Random

from sqlalchemy import Connection, select

from domain.documents import PostDocument
from domain.errors import PostQuarantined
from domain.ports import CaseDecider, Reader
from domain.posts import RawPost
from domain.reading import Reading
from domain.search import BulkItem, Tombstone
from domain.tickets import Ticket
from store import casework, projection, work
from store.attempt import Outcome, attempt
from store.casework import Decided, ReadPost
from store.database import Database
from store.keys import KeyRing
from store.readwork import keep_readings
from store.requeue import requeue
from store.rows import post_of
from store.tables import cases, posts, tickets
from store.ticketrows import ticket_from
from store.turns import Turns
from store.watches_ack import Watcher, Watching
from store.withdrawal import strip_readings
from store.work import DECIDE, INDEX, READ, BeltDepth, Claim

Upsert = Callable[[Sequence[PostDocument | Tombstone]], Sequence[BulkItem]]
UpsertTickets = Callable[[Sequence[Ticket]], Sequence[BulkItem]]


class Belts:
    """The steps of the line. Any number of processes may run them side by side."""

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        *,
        urusan_of: projection.UrusanOf,
        clock: Callable[[], datetime],
        chance: Random,
    ) -> None:
        self._database = database
        self._urusan_of = urusan_of
        self._keys = keys
        self._clock = clock
        self._turns = Turns(database, clock=clock, chance=chance)

    def step_read(self, reader: Reader, *, limit: int = 200) -> int:
        """Let nlp read a batch of posts. Returns how many were worked on; 0 when nothing can be done now."""
        claim = self._turns.claim(READ, limit)
        batch, withdrawn = self._posts(claim)
        outcome = attempt(batch, reader.read)

        def keep(connection: Connection, held: frozenset[str], now: datetime) -> None:
            fresh = keep_readings(connection, outcome.done, held, now)
            strip_readings(connection, withdrawn & held)
            work.enqueue(connection, DECIDE, fresh | (withdrawn & held), now)

        return self._turns.settle(claim, outcome, keep, key=_post_id, payload=_words)

    def step_decide(self, decider: CaseDecider, *, limit: int = 500) -> int:
        """Let the desk decide a batch of read posts. Returns as `step_read`."""
        claim = self._turns.claim(DECIDE, limit)
        if not claim.keys:
            return 0
        with self._database.read() as connection:
            batch = casework.read_posts(connection, claim.keys)
        outcome = attempt(batch, _deciding(decider))

        def keep(connection: Connection, held: frozenset[str], now: datetime) -> None:
            done = [decided for _, decided in outcome.done if decided.read.post.id in held]
            casework.write(connection, done, now, urusan_of=self._urusan_of, story_name=self._keys.story)

        return self._turns.settle(
            claim, outcome, keep, key=lambda read: read.post.id, payload=lambda read: read.post.words
        )

    def step_read_decide(self, reader: Reader, decider: CaseDecider, *, limit: int = 200) -> int:
        """Read and decide in one step: the same promise with half the writes. Returns as `step_read`."""
        claim = self._turns.claim(READ, limit)
        batch, withdrawn = self._posts(claim)
        outcome = attempt(batch, reader.read)
        decided, undecided = self._decide_at_once(outcome, decider)

        def keep(connection: Connection, held: frozenset[str], now: datetime) -> None:
            fresh = keep_readings(connection, outcome.done, held, now)
            strip_readings(connection, withdrawn & held)
            # Whoever decides one of these posts just now does so on the reading before: let him do it again.
            work.touch(connection, DECIDE, fresh)
            work.enqueue(connection, DECIDE, (fresh & undecided) | (withdrawn & held), now)
            done = [one for one in decided if one.read.post.id in fresh]
            casework.write(connection, done, now, urusan_of=self._urusan_of, story_name=self._keys.story)

        return self._turns.settle(claim, outcome, keep, key=_post_id, payload=_words)

    def step_index(
        self,
        upsert: Upsert,
        *,
        show: UpsertTickets | None = None,
        watcher: Watcher | None = None,
        limit: int = 500,
    ) -> int:
        """Bring a batch of cases to the index as truth has them now. Returns as `step_read`.

        Tickets go to `show`; without it no index here holds any, and they are done. What `watcher` finds in the
        cases is written with their ack: neither is ever there without the other.
        """
        claim = self._turns.claim(INDEX, limit)
        if not claim.keys:
            return 0
        batch: list[PostDocument | Tombstone | Ticket] = [*self._documents(claim)]
        if show is not None:
            batch += self._tickets(claim)

        def checked(things: Sequence[PostDocument | Tombstone | Ticket]) -> Iterator[BulkItem]:
            documents = [x for x in things if not isinstance(x, Ticket)]
            told = [x for x in things if isinstance(x, Ticket)]
            fates = [*(upsert(documents) if documents else ()), *(show(told) if show and told else ())]
            by_name = {item.id: item for item in fates}
            for thing in things:
                fate = by_name[_named(thing)]
                if fate.fate == "poison":
                    raise PostQuarantined(fate.reason or "ditolak indeks")
                yield fate

        outcome = attempt(batch, checked)
        watching = self._watching(watcher, [thing for thing, _ in outcome.done])

        def keep(connection: Connection, held: frozenset[str], now: datetime) -> None:
            if watching is not None:
                watching.keep(connection, held, now)

        return self._turns.settle(claim, outcome, keep, key=_index_key, payload=_named)

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

    def _posts(self, claim: Claim) -> tuple[list[RawPost], frozenset[str]]:
        """The posts to be read, and the ids of those that were withdrawn: these have no words any more."""
        if not claim.keys:
            return [], frozenset()
        query = select(posts).where(posts.c.id.in_(claim.keys)).order_by(posts.c.published_at, posts.c.id)
        with self._database.read() as connection:
            found = [post_of(row) for row in connection.execute(query)]
        living = [post for post in found if post.withdrawn_at is None]
        return living, frozenset(post.id for post in found) - {post.id for post in living}

    def _documents(self, claim: Claim) -> list[PostDocument | Tombstone]:
        with self._database.read() as connection:
            parts = projection.load(connection, claim.keys)
            living = projection.for_engines(connection, list(parts.values()), self._urusan_of)
            gone = connection.execute(
                select(cases.c.id, cases.c.rev, cases.c.month).where(
                    cases.c.id.in_(claim.keys), cases.c.gone_at.is_not(None)
                )
            ).all()
        return [
            *living,
            *(Tombstone(id=row.id, rev=row.rev, month=row.month) for row in gone),
        ]

    def _tickets(self, claim: Claim) -> list[Ticket]:
        query = select(tickets).where(tickets.c.code.in_(work.tickets_in(claim.keys))).order_by(tickets.c.code)
        with self._database.read() as connection:
            return [ticket_from(row) for row in connection.execute(query)]

    def _watching(self, watcher: Watcher | None, done: Sequence[PostDocument | Tombstone | Ticket]) -> Watching | None:
        """Hold what was indexed against the watched searches, before the transaction that keeps it begins."""
        documents = [one for one in done if isinstance(one, PostDocument)]
        if watcher is None or not documents:
            return None
        watching = Watching(watcher, documents, self._clock())
        with self._database.read() as connection:
            watching.look(connection)
        return watching

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


def _deciding(decider: CaseDecider) -> Callable[[Sequence[ReadPost]], Iterable[Decided]]:
    def decide(batch: Sequence[ReadPost]) -> Iterator[Decided]:
        for read in batch:
            yield casework.decided_anew(read, decider)

    return decide


def _post_id(post: RawPost) -> str:
    return post.id


def _words(post: RawPost) -> str:
    return post.words


def _read_id(read: ReadPost) -> str:
    return read.post.id


def _read_words(read: ReadPost) -> str:
    return read.post.words


def _named(thing: PostDocument | Tombstone | Ticket) -> str:
    return thing.code if isinstance(thing, Ticket) else thing.id


def _index_key(thing: PostDocument | Tombstone | Ticket) -> str:
    return work.ticket_key(thing.code) if isinstance(thing, Ticket) else thing.id
