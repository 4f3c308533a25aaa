"""Conversations at the doors that people write to: what a person says within a while is one post that grows.

A message and all that follows of it (its post, its photos, the answer to be sent) are one transaction: a message is
taken in whole or not at all, and the platform that heard no answer sends it again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from domain.errors import Conflict
from domain.posts import MAX_TEXT
from domain.receipts import ALPHABET, RANDOM, receipt
from store.database import Database, insert
from store.intake import Intake
from store.keys import KeyRing, Sealed
from store.photos import MOST, add_picture
from store.replies import PHOTO, REPLY, queue
from store.standing import standing
from store.tables import door_messages, door_people, door_talks
from store.talks_values import Door, NotTakenIn, Said, Standing, TakenAs, TakenIn
from store.talks_words import BREAK, Words, post_of
from store.types import AnyRow

PAUSE: Final = timedelta(minutes=30)  # after so long without a message, the next one begins another report
LONGEST: Final = timedelta(hours=24)
MOST_MESSAGES: Final = 100  # of one conversation
MOST_OPENED: Final = 30  # conversations of one account within a day: one each half hour, from dawn to night
DAY: Final = timedelta(hours=24)
WORDS_KEPT: Final = timedelta(days=3)  # a message may still be edited two days after it was sent
KNOWN_FOR: Final = timedelta(days=60)  # no platform sends a message again after so long
_TRIES: Final = 5  # codes drawn anew where one was drawn before: once in thousands of years

Answer = Callable[[TakenIn], str]


class Talks:
    """Takes messages in, and tells reporters how their report stands."""

    def __init__(self, database: Database, keys: KeyRing, intake: Intake) -> None:
        self._database = database
        self._keys = keys
        self._intake = intake

    def take_in(self, said: Said, now: datetime, answer: Answer | None = None) -> TakenIn:
        """Store a message and let its conversation's post grow; `answer` is queued to be sent back.

        Raises PostQuarantined for what cannot be stored at all, and NotTakenIn for what would open one conversation too
        many within a day, or was answered instead. Then nothing of it is stored.
        """
        for _ in range(_TRIES - 1):
            try:
                return self._take_in(said, now, answer)
            except IntegrityError:  # the same form came twice at once: the second one finds it stored
                continue
        return self._take_in(said, now, answer)

    def _take_in(self, said: Said, now: datetime, answer: Answer | None) -> TakenIn:
        key = self._key(said)
        with self._database.write() as connection:
            person = self._person(connection, said)
            known = _message(connection, said.door, key)
            if known is None:
                talk, outcome = self._add(connection, said, key, person, now)
            elif known.talk is None:
                raise NotTakenIn("Pesan ini sudah dijawab.")
            else:
                talk = _talk(connection, known.talk)
                outcome = self._edit(connection, said, known) if said.edit else TakenAs.KNOWN
            taken = TakenIn(talk.code, talk.post_id, outcome)
            if outcome is not TakenAs.KNOWN:
                self._grow(connection, said, talk, now, fresh=outcome is not TakenAs.EDITED)
            if answer is not None and outcome in {TakenAs.OPENED, TakenAs.ADDED}:
                self._queue(connection, said, talk.id, REPLY, answer(taken), now)
        return taken

    def answer(self, said: Said, words: str, now: datetime) -> None:
        """Queue an answer to a message that asks and reports nothing; the same message again is not answered again."""
        row = {
            "door": said.door.value, "message": self._key(said), "talk": None, "number": 0, "key_id": None,
            "sealed": None, "at": min(said.at, now),
        }  # fmt: skip
        with self._database.write() as connection:
            new = insert(connection, door_messages).values(row).on_conflict_do_nothing()
            if connection.execute(new.returning(door_messages.c.message)).first() is not None:
                self._queue(connection, said, None, REPLY, words, now)

    def end(self, door: Door, region: str, person: str) -> bool:
        """Let the person's next message begin another report. False when there was none to end."""
        mine = (door_talks.c.door == door.value, door_talks.c.person == self._who(door, region, person))
        with self._database.write() as connection:
            closing = update(door_talks).where(*mine, door_talks.c.ended.is_(False)).values(ended=True)
            return connection.execute(closing).rowcount > 0

    def standing(self, code: str) -> Standing | None:
        """How the report of a code stands; None for a code that was never given."""
        with self._database.read() as connection:
            return standing(connection, code)

    def forget_old(self, now: datetime) -> None:
        """Drop the words of messages that nobody can edit any more, and what is known of ended conversations' people.

        The code opens its report's standing for as long as the report is kept.
        """
        quiet = select(door_talks.c.id).where(door_talks.c.last_at < now - WORDS_KEPT)
        with self._database.write() as connection:
            old = (door_messages.c.talk.in_(quiet), door_messages.c.sealed.is_not(None))
            connection.execute(update(door_messages).where(*old).values(key_id=None, sealed=None))
            connection.execute(delete(door_messages).where(door_messages.c.at < now - KNOWN_FOR))
            long_quiet = door_talks.c.last_at < now - KNOWN_FOR
            connection.execute(update(door_talks).where(long_quiet, door_talks.c.person != "").values(person=""))
            talking = select(door_talks.c.person).where(door_talks.c.person != "")
            connection.execute(delete(door_people).where(door_people.c.person.not_in(talking)))

    def _key(self, said: Said) -> str:
        """The message's own name: platforms write telephone numbers into theirs."""
        return self._keys.sign("message", f"{said.door}\0{said.region}\0{said.id}")

    def _queue(  # noqa: PLR0913  what is done, where, for which conversation
        self, connection: Connection, said: Said, talk: int | None, what: str, body: str, now: datetime
    ) -> None:
        queue(
            connection, self._keys, door=said.door.value, region=said.region, to=said.answer_to, talk=talk, what=what,
            body=body, now=now,
        )  # fmt: skip

    def _person(self, connection: Connection, said: Said) -> str:
        """Who writes, as a keyed hash: known to no other write until this one is over. Nobody, for a form."""
        if said.person is None:
            return ""
        who = self._who(said.door, said.region, said.person)
        row = {"door": said.door.value, "person": who}
        connection.execute(insert(connection, door_people).values(row).on_conflict_do_nothing())
        mine = (door_people.c.door == said.door.value, door_people.c.person == who)
        connection.execute(select(door_people).where(*mine).with_for_update())
        return who

    def _who(self, door: Door, region: str, person: str) -> str:
        return self._keys.sign("person", f"{door}\0{region}\0{person}")

    def _add(self, connection: Connection, said: Said, key: str, person: str, now: datetime) -> tuple[AnyRow, TakenAs]:
        talk = self._current(connection, said, person, now) if person else None
        outcome = TakenAs.OPENED if talk is None else TakenAs.ADDED
        talk = talk or self._open(connection, said, person, now)
        sealed = self._seal_words(said, key)
        row = {
            "door": said.door.value, "message": key, "talk": talk.id, "number": talk.messages + 1,
            "key_id": sealed.key_id, "sealed": sealed.sealed, "at": min(said.at, now),
        }  # fmt: skip
        connection.execute(insert(connection, door_messages).values(row))
        grown = {"messages": talk.messages + 1, "last_at": now}
        connection.execute(update(door_talks).where(door_talks.c.id == talk.id).values(grown))
        return talk, outcome

    def _current(self, connection: Connection, said: Said, person: str, now: datetime) -> AnyRow | None:
        """The conversation that a message goes on with, where there is one that has room for it."""
        mine = (door_talks.c.door == said.door.value, door_talks.c.person == person)
        query = select(door_talks).where(*mine).order_by(door_talks.c.last_at.desc(), door_talks.c.id.desc()).limit(1)
        talk = connection.execute(query).first()
        if talk is None or talk.ended or now - talk.last_at > PAUSE or now - talk.opened_at > LONGEST:
            return None
        room = MAX_TEXT - sum(len(one.whole) + len(BREAK) for one in self._words(connection, talk))
        return talk if talk.messages < MOST_MESSAGES and len(Words.of(said).whole) <= room else None

    def _open(self, connection: Connection, said: Said, person: str, now: datetime) -> AnyRow:
        if person and _opened_of_late(connection, said.door, person, now) >= MOST_OPENED:
            raise NotTakenIn(f"Sudah ada {MOST_OPENED} percakapan dari akun ini dalam 24 jam.")
        code = self._new_code(connection, said.prefix)
        row = {
            "door": said.door.value, "region": said.region, "person": person, "code": code, "messages": 0,
            "ended": False, "opened_at": now, "last_at": now, "post_id": post_of(said, code, now).id,
        }  # fmt: skip
        made = connection.execute(insert(connection, door_talks).values(row).returning(door_talks.c.id))
        return _talk(connection, made.scalar_one())

    def _new_code(self, connection: Connection, prefix: str) -> str:
        for _ in range(_TRIES):
            code = receipt(prefix, "".join(secrets.choice(ALPHABET) for _ in range(RANDOM)))
            if connection.execute(select(door_talks.c.id).where(door_talks.c.code == code)).first() is None:
                return code
        raise Conflict("Tidak ada kode laporan yang bebas: coba lagi.")

    def _edit(self, connection: Connection, said: Said, known: AnyRow) -> TakenAs:
        """Put other words in a message's place; one whose words are no longer kept stays as it was read."""
        before = self._opened_words(known)
        words = Words.of(said)
        if before is None or before == words:
            return TakenAs.KNOWN
        sealed = self._seal_words(said, known.message)
        mine = (door_messages.c.door == known.door, door_messages.c.message == known.message)
        new = {"key_id": sealed.key_id, "sealed": sealed.sealed}
        connection.execute(update(door_messages).where(*mine).values(new))
        return TakenAs.EDITED

    def _grow(self, connection: Connection, said: Said, talk: AnyRow, now: datetime, *, fresh: bool) -> None:
        """Write the post anew from all messages, and what hangs on one that is `fresh`: not there before."""
        all_words = self._words(connection, talk)
        first = select(func.min(door_messages.c.at)).where(door_messages.c.talk == talk.id)
        post = post_of(said, talk.code, now, all_words, connection.execute(first).scalar_one())
        self._intake.accept_within(connection, post)
        for picture in said.pictures:
            add_picture(connection, post.id, picture, now)
        if fresh:
            for file in said.files[:MOST]:
                self._queue(connection, said, talk.id, PHOTO, file, now)

    def _words(self, connection: Connection, talk: AnyRow) -> list[Words]:
        """What was said in a conversation, in the order in which it was said."""
        query = select(door_messages).where(door_messages.c.talk == talk.id)
        rows = connection.execute(query.order_by(door_messages.c.at, door_messages.c.number)).all()
        return [words for row in rows if (words := self._opened_words(row)) is not None]

    def _seal_words(self, said: Said, key: str) -> Sealed:
        return self._keys.seal(Words.of(said).packed(), about=f"message {said.door} {key}")

    def _opened_words(self, row: AnyRow) -> Words | None:
        if row.sealed is None:
            return None
        plain = self._keys.unseal(Sealed(row.key_id, row.sealed), about=f"message {row.door} {row.message}")
        return Words.unpacked(plain)


def _message(connection: Connection, door: Door, key: str) -> AnyRow | None:
    mine = (door_messages.c.door == door.value, door_messages.c.message == key)
    return connection.execute(select(door_messages).where(*mine)).first()


def _opened_of_late(connection: Connection, door: Door, person: str, now: datetime) -> int:
    """How many conversations somebody opened within a day. Exact: the person's row is held meanwhile."""
    mine = (door_talks.c.door == door.value, door_talks.c.person == person)
    late = (door_talks.c.last_at > now - DAY, door_talks.c.opened_at > now - DAY)  # the first has an index
    return connection.execute(select(func.count()).select_from(door_talks).where(*mine, *late)).scalar_one()


def _talk(connection: Connection, number: int) -> AnyRow:
    return connection.execute(select(door_talks).where(door_talks.c.id == number)).one()
