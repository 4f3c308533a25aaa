"""What is said at a door, what became of it, and how a report stands: values of `store.talks`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.errors import Refused
from domain.labels import Channel
from domain.tickets import TicketState
from store.photos import Picture


class Door(StrEnum):
    """The doors that people write to. E-mail is a source: it is read, not handed in."""

    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"
    FORM = "formulir"


CHANNELS = {Door.TELEGRAM: Channel.TELEGRAM, Door.WHATSAPP: Channel.WHATSAPP, Door.FORM: Channel.FORM}


@dataclass(frozen=True, slots=True)
class Said:
    """One message as a door gave it. It may hold personal data: it lives in memory only, until it is taken in.

    `id` is the platform's own: the same one again changes nothing, unless it is an `edit` of its words.
    """

    door: Door
    region: str
    prefix: str  # of the region's codes
    id: str
    text: str
    at: datetime
    person: str | None = None  # whoever writes, as the platform names him; None: nobody is known again
    contact: str | None = None
    answer_to: Mapping[str, str] = field(default_factory=dict)  # where the platform is told to answer
    place: str | None = None
    spot: str | None = None
    topic: str | None = None
    point: tuple[float, float] | None = None
    pictures: tuple[Picture, ...] = ()
    files: tuple[str, ...] = ()  # pictures that are to be fetched, by the platform's id
    left_out: tuple[str, ...] = ()  # what else hung on it and is not kept, in words
    edit: bool = False


class TakenAs(StrEnum):
    """What became of a message."""

    OPENED = "opened"  # the first of a conversation: a new post
    ADDED = "added"
    EDITED = "edited"
    KNOWN = "known"  # it had been taken in before: nothing changed


class NotTakenIn(Refused):
    """Fate: whoever wrote is told so. The message opened no conversation, and nothing of it is stored."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A message's conversation: the code its reporter keeps, and the post it makes."""

    code: str
    post_id: str
    outcome: TakenAs


@dataclass(frozen=True, slots=True)
class Step:
    """A ticket came to a state."""

    at: datetime
    state: TicketState


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words that an office or the center wrote for whoever reported."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands, as its reporter may know it. Nothing in it tells of another's report.

    What is *berkadar pengawasan* (`guarded`) has neither office nor words; dates before the report are its own.
    """

    code: str
    region: str
    opened_at: datetime
    messages: int
    withdrawn: bool = False
    read_at: datetime | None = None
    set_aside: bool = False  # a person saw that it asks for nothing
    guarded: bool = False
    state: TicketState | None = None
    opd: str | None = None
    steps: tuple[Step, ...] = ()
    answer: Spoken | None = None
    reason: Spoken | None = None
