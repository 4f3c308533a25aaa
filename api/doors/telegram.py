"""What Telegram hands in: an `Update` of the Bot API as a message of a door. Only private chats are heard."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from domain.posts import Latitude, Longitude
from domain.regions import RegionProfile
from store.talks_values import Door, Said

MOST_BYTES: Final = 10_000_000  # of one photo as it is fetched
LEFT_OUT: Final = {
    "video": "video", "video_note": "video", "animation": "gambar bergerak", "audio": "suara", "voice": "suara",
    "document": "berkas", "sticker": "stiker", "contact": "kartu kontak", "poll": "jajak pendapat",
}  # fmt: skip


class _Told(BaseModel):
    """Part of an answer; what we do not use may be anything."""

    model_config = ConfigDict(extra="allow", frozen=True)


class _Chat(_Told):
    id: int
    type: str


class _From(_Told):
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    is_bot: bool = False


class _File(_Told):
    file_id: str = Field(max_length=300)
    file_size: int = 0
    mime_type: str = ""


class _Point(_Told):
    latitude: Latitude
    longitude: Longitude


class _Venue(_Told):
    title: str = ""
    address: str = ""


class Message(_Told):
    """A message of the Bot API, as far as it is used."""

    message_id: int
    date: int = Field(ge=0, lt=10**11)
    chat: _Chat
    sender: _From = Field(default=_From(), alias="from")
    text: str = ""
    caption: str = ""
    photo: tuple[_File, ...] = ()
    document: _File | None = None
    location: _Point | None = None
    venue: _Venue | None = None

    @property
    def is_private(self) -> bool:
        """Whether a person writes to the bot, and not a group, a channel or another bot."""
        return self.chat.type == "private" and not self.sender.is_bot


class Update(_Told):
    """An update of the Bot API: a message, an edited one, or something that we do not use."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None


def said_in(message: Message, profile: RegionProfile, *, edit: bool) -> Said:
    """The message of a door."""
    venue = message.venue
    named = " ".join(part for part in (message.sender.first_name, message.sender.last_name) if part)
    handle = f"@{message.sender.username}" if message.sender.username else ""
    point = message.location
    return Said(
        door=Door.TELEGRAM,
        region=profile.slug,
        prefix=profile.ticket_prefix,
        id=f"{message.chat.id}:{message.message_id}",
        text=message.text or message.caption,
        at=datetime.fromtimestamp(message.date, UTC),
        person=str(message.chat.id),
        contact=" · ".join(part for part in (named, handle, f"Telegram {message.chat.id}") if part),
        answer_to={"chat_id": str(message.chat.id)},
        place=", ".join(part for part in (venue.title, venue.address) if part) or None if venue else None,
        point=(point.latitude, point.longitude) if point else None,
        files=_files(message),
        left_out=_left_out(message),
        edit=edit,
    )


def _files(message: Message) -> tuple[str, ...]:
    """The photo to be fetched: the largest of its sizes that may be; or a picture that was sent as a file."""
    sizes = [one for one in message.photo if one.file_size <= MOST_BYTES]
    sent = message.document
    if sent is not None and sent.mime_type.startswith("image/") and sent.file_size <= MOST_BYTES:
        sizes = [sent]
    return (max(sizes, key=lambda one: one.file_size).file_id,) if sizes else ()


def _left_out(message: Message) -> tuple[str, ...]:
    told: dict[str, Any] = {**(message.model_extra or {}), "document": message.document}
    kept = bool(_files(message))
    return tuple(
        words for name, words in LEFT_OUT.items() if told.get(name) is not None and not (name == "document" and kept)
    )
