"""What is to be said back at a door, and the photos that are to be fetched there: done by the crawlers' room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import orjson
from sqlalchemy import Connection, delete, func, select, update

from store.database import Database, insert
from store.keys import KeyRing, Sealed
from store.photos import Picture, add_picture
from store.tables import door_replies, door_talks
from store.types import AnyRow

REPLY: Final = "jawaban"
PHOTO: Final = "foto"
LEASE: Final = timedelta(minutes=5)  # longer than an answer may take: whoever took it then is gone
MOST_TRIES: Final = 8
FIRST_PAUSE: Final = timedelta(seconds=30)  # doubled with each try, so that the last one is an hour later
KEPT: Final = timedelta(days=7)
_WAITING, _DONE, _FAILED = "menunggu", "selesai", "gagal"
_SAID: Final = {"state": _DONE, "message": None, "key_id": None, "sealed": None}


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing to do at a door. `body` is what is said, or the platform's id of a photo."""

    id: int
    door: str
    region: str
    what: str
    body: str
    to: Mapping[str, str]
    post_id: str | None  # None for what was asked without reporting anything
    tries: int  # this one counted


class Replies:
    """The queue of answers and photos. Whoever takes one has it for `LEASE`; a killed worker's is taken over."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    def take(self, now: datetime, limit: int = 10) -> list[Reply]:
        """What is due, the oldest first, for nobody else until its lease ends."""
        due = (door_replies.c.state == _WAITING, door_replies.c.due_at <= now)
        query = select(door_replies.c.id).where(*due).order_by(door_replies.c.due_at, door_replies.c.id).limit(limit)
        with self._database.read() as connection:
            if connection.execute(query.limit(1)).first() is None:
                return []  # asked every two seconds: a look takes no lock
        with self._database.write() as connection:
            numbers = connection.execute(query.with_for_update(skip_locked=True)).scalars().all()
            if not numbers:
                return []
            taken = update(door_replies).where(door_replies.c.id.in_(numbers))
            connection.execute(taken.values(due_at=now + LEASE, tries=door_replies.c.tries + 1))
            rows = connection.execute(
                select(door_replies, door_talks.c.post_id)
                .join_from(door_replies, door_talks, door_replies.c.talk == door_talks.c.id, isouter=True)
                .where(door_replies.c.id.in_(numbers))
                .order_by(door_replies.c.id)
            ).all()
        return [self._reply(row) for row in rows]

    def done(self, number: int) -> None:
        """It was said, or there was nothing to say it to."""
        self._set(number, _SAID)

    def show(self, reply: Reply, picture: Picture, now: datetime) -> None:
        """Keep a fetched photo with its post; twice is once."""
        with self._database.write() as connection:
            if reply.post_id is not None:
                add_picture(connection, reply.post_id, picture, now)
            connection.execute(update(door_replies).where(door_replies.c.id == reply.id).values(_SAID))

    def again(self, reply: Reply, why: str, now: datetime, *, after: timedelta | None = None) -> bool:
        """Try later: after a pause that the platform names, else one that doubles. False when it was the last try."""
        if reply.tries >= MOST_TRIES:
            self.give_up(reply.id, why)
            return False
        pause = max(after or timedelta(0), FIRST_PAUSE * 2 ** (reply.tries - 1))
        self._set(reply.id, {"due_at": now + pause, "message": why})
        return True

    def put_off(self, reply: Reply, why: str, until: datetime) -> None:
        """Wait for a person, who has to bring another key: no try is counted."""
        self._set(reply.id, {"due_at": until, "tries": reply.tries - 1, "message": why})

    def give_up(self, number: int, why: str) -> None:
        """It cannot be done: it stays with the reason for a week."""
        self._set(number, _SAID | {"state": _FAILED, "message": why})

    def counts(self) -> dict[str, int]:
        """How many wait (`menunggu`), are done (`selesai`) and failed (`gagal`)."""
        with self._database.read() as connection:
            rows = connection.execute(select(door_replies.c.state, func.count()).group_by(door_replies.c.state))
            return {state: number for state, number in rows}  # noqa: C416  a row is not a pair to mypy

    def failures(self) -> list[str]:
        """Why the newest ones could not be done."""
        failed = select(door_replies.c.message).where(door_replies.c.state == _FAILED)
        with self._database.read() as connection:
            query = failed.order_by(door_replies.c.id.desc()).limit(20)
            return [message or "" for message in connection.execute(query).scalars()]

    def forget_old(self, now: datetime) -> None:
        """Drop what is over."""
        with self._database.write() as connection:
            over = (door_replies.c.state != _WAITING, door_replies.c.due_at < now - KEPT)
            connection.execute(delete(door_replies).where(*over))

    def _set(self, number: int, values: Mapping[str, object]) -> None:
        with self._database.write() as connection:
            connection.execute(update(door_replies).where(door_replies.c.id == number).values(dict(values)))

    def _reply(self, row: AnyRow) -> Reply:
        to: dict[str, str] = {}
        if row.sealed is not None:
            to = orjson.loads(self._keys.unseal(Sealed(row.key_id, row.sealed), about=_about(row.door)))
        return Reply(row.id, row.door, row.region, row.what, row.body, to, row.post_id, row.tries)


def queue(  # noqa: PLR0913  what is done, where, for which conversation
    connection: Connection,
    keys: KeyRing,
    *,
    door: str,
    region: str,
    to: Mapping[str, str],
    talk: int | None,
    what: str,
    body: str,
    now: datetime,
) -> None:
    """Have something said, or fetched, at a door."""
    sealed = keys.seal(orjson.dumps(dict(to)), about=_about(door)) if to else None
    row = {
        "door": door, "region": region, "talk": talk, "what": what, "body": body, "state": _WAITING, "tries": 0,
        "due_at": now, "message": None, "key_id": sealed.key_id if sealed else None,
        "sealed": sealed.sealed if sealed else None,
    }  # fmt: skip
    connection.execute(insert(connection, door_replies).values(row))


def _about(door: str) -> str:
    return f"reply {door}"
