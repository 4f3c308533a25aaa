"""Doors that people write to: who is in a conversation, what came in, what is to be said back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Named, Table, Text, TypedColumns

from store.tables.base import metadata
from store.types import Key, Serial, UtcTime


class DoorPersonColumns(TypedColumns):
    """Somebody who wrote, by a keyed hash. The row is locked while a message of theirs is taken in."""

    door: Named[str] = Column(Key, primary_key=True)
    person: Named[str] = Column(Key, primary_key=True)


door_people = Table("door_people", metadata, DoorPersonColumns)


class DoorTalkColumns(TypedColumns):
    """A conversation by one door: one post. `person` is a keyed hash."""

    id: Named[int] = Column(Serial, primary_key=True)
    door: Named[str] = Column(Key)  # telegram | whatsapp | formulir
    region: Named[str] = Column(Key)
    person: Named[str] = Column(Key)
    post_id: Named[str] = Column(Key)
    code: Named[str] = Column(Key)  # what the reporter keeps to ask after it
    messages: Named[int]  # how many the post is made of
    ended: Named[bool]  # the person said that the next message begins another one
    opened_at: Named[datetime] = Column(UtcTime())
    last_at: Named[datetime] = Column(UtcTime())  # when the last message was taken in


door_talks = Table(
    "door_talks",
    metadata,
    DoorTalkColumns,
    Index(None, "door", "person", "last_at"),
    Index(None, "code", unique=True),
    Index(None, "post_id"),
)


class DoorMessageColumns(TypedColumns):
    """A message that came in by a door, known by a keyed hash of the platform's own id, which may hold a number.

    Its words stand sealed for as long as it may be edited or added to; the hash stays, so that it never comes twice.
    One that only asked for something belongs to no talk.
    """

    door: Named[str] = Column(Key, primary_key=True)
    message: Named[str] = Column(Key, primary_key=True)
    talk: Named[int | None] = Column(Serial, ForeignKey("door_talks.id", ondelete="CASCADE"))
    number: Named[int]  # the how-manyth of its talk
    key_id: Named[str | None] = Column(Key)
    sealed: Named[bytes | None] = Column(LargeBinary)
    at: Named[datetime] = Column(UtcTime())  # when it was said


door_messages = Table("door_messages", metadata, DoorMessageColumns, Index(None, "talk", "number"), Index(None, "at"))


class DoorReplyColumns(TypedColumns):
    """Something to be said back, or a picture to be fetched, by the crawlers' room: the web server fetches nothing.

    Where to say it stands sealed, until it is said.
    """

    id: Named[int] = Column(Serial, primary_key=True)
    door: Named[str] = Column(Key)
    region: Named[str] = Column(Key)
    talk: Named[int | None] = Column(Serial, ForeignKey("door_talks.id", ondelete="CASCADE"), index=True)
    key_id: Named[str | None] = Column(Key)
    sealed: Named[bytes | None] = Column(LargeBinary)
    what: Named[str] = Column(Key)  # jawaban | foto
    body: Named[str] = Column(Text)
    state: Named[str] = Column(Key)  # menunggu | selesai | gagal
    tries: Named[int]
    due_at: Named[datetime] = Column(UtcTime())
    message: Named[str | None] = Column(Text)


door_replies = Table("door_replies", metadata, DoorReplyColumns, Index(None, "state", "due_at"))
