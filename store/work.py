"""The queue under the belts: put work in, claim it under a lease, ack it, give it back.

Each function runs in its caller's transaction. PostgreSQL skips rows that another worker is claiming; on
SQLite `FOR UPDATE` compiles to nothing and BEGIN IMMEDIATE lets only one claim at a time.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, case, delete, func, null, select, update

from store.database import insert
from store.retry import ALONE_AFTER_LOST
from store.tables import work
from store.types import AnyRow

READ: Final = "read"
DECIDE: Final = "decide"
INDEX: Final = "index"
BELTS: Final = (READ, DECIDE, INDEX)

_TICKET: Final = "#"  # begins the keys of tickets on the belt of the index; it sorts before every case

LEASE: Final = timedelta(minutes=1)  # many times what a batch takes; so long a killed worker's batch rests


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a piece of work was tried in vain."""

    failures: int
    waits: int
    lost: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Work that one worker holds. `holder` is unique to this claim: a claim that lapsed cannot ack."""

    belt: str
    holder: str
    tries: Mapping[str, Tries]

    @property
    def keys(self) -> tuple[str, ...]:
        """What is claimed, longest due first."""
        return tuple(self.tries)


def ticket_key(code: str) -> str:
    """Return the key of a ticket on the belt of the index, which carries cases by their ids."""
    return _TICKET + code


def tickets_in(keys: Iterable[str]) -> list[str]:
    """Return the codes of the tickets among keys of the belt of the index."""
    return [key.removeprefix(_TICKET) for key in keys if key.startswith(_TICKET)]


def enqueue(connection: Connection, belt: str, keys: Iterable[str], now: datetime) -> None:
    """Queue work. What waits already is not queued twice; what is being worked on will be worked on again."""
    rows = [
        {
            "belt": belt, "key": key, "generation": 1, "due_at": now, "queued_at": now,
            "failures": 0, "waits": 0, "lost": 0,
        }
        for key in sorted(set(keys))  # one order for all: two batches cannot block each other crosswise
    ]  # fmt: skip
    if not rows:
        return
    statement = insert(connection, work)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[work.c.belt, work.c.key],
            set_={
                "generation": work.c.generation + 1,
                "due_at": case((work.c.holder.is_(None), statement.excluded.due_at), else_=work.c.due_at),
                "failures": 0,
                "waits": 0,
            },
        ),
        rows,
    )


def touch(connection: Connection, belt: str, keys: Collection[str]) -> None:
    """Make those that work on these keys right now do it again; queue nothing new."""
    connection.execute(
        update(work)
        .where(work.c.belt == belt, work.c.key.in_(sorted(keys)), work.c.holder.is_not(None))
        .values(generation=work.c.generation + 1)
    )


def claim(connection: Connection, belt: str, now: datetime, *, limit: int, lease: timedelta = LEASE) -> Claim:
    """Take up to `limit` due pieces of work. What failed or was lost before comes alone, one at a time."""
    found = connection.execute(
        select(work.c.key, work.c.failures, work.c.waits, work.c.lost, work.c.holder)
        .where(work.c.belt == belt, work.c.due_at <= now)
        .order_by(work.c.due_at, work.c.key)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    fresh = [row for row in found if not _comes_alone(row)]
    chosen = found[:1] if found and _comes_alone(found[0]) else fresh
    holder = secrets.token_hex(8)
    taken = [row.key for row in chosen]
    if taken:
        connection.execute(
            update(work)
            .where(work.c.belt == belt, work.c.key.in_(taken))
            .values(
                lost=work.c.lost + case((work.c.holder.is_not(None), 1), else_=0),
                holder=holder,
                claimed=work.c.generation,
                due_at=now + lease,
            )
        )
    return Claim(belt, holder, {r.key: Tries(r.failures, r.waits, r.lost + (r.holder is not None)) for r in chosen})


def _comes_alone(row: AnyRow) -> bool:
    return bool(row.failures) or row.lost + (row.holder is not None) >= ALONE_AFTER_LOST


def still_held(connection: Connection, held: Claim) -> frozenset[str]:
    """Return what the claim still holds, locked until the transaction ends: only for that may results be written."""
    rows = connection.execute(
        select(work.c.key)
        .where(work.c.belt == held.belt, work.c.key.in_(held.keys), work.c.holder == held.holder)
        .order_by(work.c.key)
        .with_for_update()
    )
    return frozenset(rows.scalars())


def ack(connection: Connection, held: Claim, keys: Collection[str], now: datetime) -> None:
    """Finish work: rows that were queued again meanwhile stay, due at once."""
    if not keys:
        return
    mine = and_(work.c.belt == held.belt, work.c.key.in_(sorted(keys)), work.c.holder == held.holder)
    connection.execute(delete(work).where(mine, work.c.generation == work.c.claimed))
    connection.execute(
        update(work).where(mine).values(holder=None, claimed=None, due_at=now, failures=0, waits=0, lost=0)
    )


def give_back(  # noqa: PLR0913  one row's fate
    connection: Connection, held: Claim, key: str, *, due_at: datetime, reason: str, failed: bool
) -> None:
    """Let go of a piece of work that is to be tried again later."""
    counter = work.c.failures if failed else work.c.waits
    connection.execute(
        update(work)
        .where(work.c.belt == held.belt, work.c.key == key, work.c.holder == held.holder)
        .values({counter: counter + 1, "holder": None, "claimed": None, "due_at": due_at, "reason": reason, "lost": 0})
    )


def free(connection: Connection, now: datetime) -> int:
    """Give every claim back at once: right only when no worker runs. Returns how many there were."""
    done = connection.execute(
        update(work).where(work.c.holder.is_not(None)).values(holder=None, claimed=None, due_at=now)
    )
    return done.rowcount


@dataclass(frozen=True, slots=True)
class BeltDepth:
    """How much stands on a belt. `oldest_at` is when the work that waits longest was queued."""

    waiting: int = 0
    leased: int = 0
    oldest_at: datetime | None = None


def depth(connection: Connection, now: datetime) -> dict[str, BeltDepth]:
    """Count every belt; a claim whose lease ran out counts as waiting."""
    leased = and_(work.c.holder.is_not(None), work.c.due_at > now)
    rows = connection.execute(
        select(
            work.c.belt,
            func.count().label("total"),
            func.sum(case((leased, 1), else_=0)).label("leased"),
            func.min(case((leased, null()), else_=work.c.queued_at), type_=work.c.queued_at.type).label("oldest"),
        ).group_by(work.c.belt)
    )
    found = {row.belt: BeltDepth(row.total - int(row.leased), int(row.leased), row.oldest) for row in rows}
    return {belt: found.get(belt, BeltDepth()) for belt in BELTS} | found
