"""Doors that people write to: who is in a conversation, what came in, what is to be said back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, Named, Table, Text, TypedColumns

from store.tables.base import metadata
from store.types import Key, Serial, UtcTime


class DoorTalkColumns(TypedColumns):
    """A conversation by one door. `person` is a keyed hash; where to answer stands sealed."""

    id: Named[int] = Column(Serial, primary_key=True)
    door: Named[str] = Column(Key)  # telegram | whatsapp | formulir | email
    region: Named[str] = Column(Key)
    person: Named[str] = Column(Key)
    key_id: Named[str | None] = Column(Key)
    sealed: Named[bytes | None] = Column(LargeBinary)
    post_id: Named[str] = Column(Key)
    code: Named[str] = Column(Key)  # what the reporter keeps to ask after it
    words: Named[int]  # how many messages the post is made of
    opened_at: Named[datetime] = Column(UtcTime())
    last_at: Named[datetime] = Column(UtcTime())


door_talks = Table(
    "door_talks",
    metadata,
    DoorTalkColumns,
    Index(None, "door", "person", "last_at"),
    Index(None, "code", unique=True),
    Index(None, "post_id"),
)


class DoorMessageColumns(TypedColumns):
    """A message that came in by a door, known by the platform's own id: the same one again changes nothing.

    Its words stand sealed until they are part of the post.
    """

    door: Named[str] = Column(Key, primary_key=True)
    message: Named[str] = Column(Key, primary_key=True)
    talk: Named[int | None]
    key_id: Named[str] = Column(Key)
    sealed: Named[bytes] = Column(LargeBinary)
    at: Named[datetime] = Column(UtcTime())


door_messages = Table("door_messages", metadata, DoorMessageColumns, Index(None, "talk", "at"))


class DoorReplyColumns(TypedColumns):
    """Something to be said back, or a picture to be fetched, by the crawlers' room: the web server fetches nothing."""

    id: Named[int] = Column(Serial, primary_key=True)
    talk: Named[int]
    what: Named[str] = Column(Key)  # reply | media
    body: Named[str] = Column(Text)
    state: Named[str] = Column(Key)  # waiting | done | failed
    tries: Named[int]
    due_at: Named[datetime] = Column(UtcTime())
    message: Named[str | None] = Column(Text)


door_replies = Table("door_replies", metadata, DoorReplyColumns, Index(None, "state", "due_at"))
