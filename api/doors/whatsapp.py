"""What WhatsApp's Cloud API hands in: messages of a `whatsapp_business_account` as messages of a door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.posts import Latitude, Longitude
from domain.regions import RegionProfile
from store.talks_values import Door, Said

LEFT_OUT: Final = {
    "video": "video", "audio": "suara", "document": "berkas", "sticker": "stiker", "contacts": "kartu kontak",
    "order": "pesanan", "unsupported": "pesan jenis lain",
}  # fmt: skip
SILENT: Final = frozenset({"reaction", "system", "request_welcome"})  # nothing is said in them


class _Told(BaseModel):
    """Part of what is handed in; what we do not use may be anything."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Text(_Told):
    body: str = ""


class _Media(_Told):
    id: str = Field(max_length=300)
    caption: str = ""


class _Place(_Told):
    latitude: Latitude
    longitude: Longitude
    name: str = ""
    address: str = ""


class _Choice(_Told):
    title: str = ""


class _Interactive(_Told):
    button_reply: _Choice | None = None
    list_reply: _Choice | None = None


class _Button(_Told):
    text: str = ""


class Message(_Told):
    """A message, as far as it is used. Who hides the number is known by an id of the business's own."""

    id: str = Field(min_length=1, max_length=500)
    timestamp: int = Field(ge=0, lt=10**11)
    type: str
    number: str = Field(default="", alias="from", max_length=40)
    user: str = Field(default="", alias="from_user_id", max_length=200)
    text: _Text = _Text()
    image: _Media | None = None
    video: _Media | None = None
    document: _Media | None = None
    location: _Place | None = None
    interactive: _Interactive = _Interactive()
    button: _Button = _Button()

    @property
    def words(self) -> str:
        """What is said in it, whatever its kind."""
        chosen = self.interactive.button_reply or self.interactive.list_reply
        media = self.image or self.video or self.document
        said = self.text.body or self.button.text or (chosen.title if chosen else "")
        return said or (media.caption if media else "")


class _Profile(_Told):
    name: str = ""


class _Contact(_Told):
    profile: _Profile = _Profile()
    wa_id: str = ""
    user_id: str = ""


class _Metadata(_Told):
    phone_number_id: str = Field(max_length=40, pattern=r"^\d+$")


class Value(_Told):
    """What changed at a business's number: whom it concerns, and the messages as they came."""

    metadata: _Metadata
    contacts: tuple[_Contact, ...] = ()
    messages: tuple[dict[str, Any], ...] = ()


class _Change(_Told):
    field: str
    value: dict[str, Any]


class _Entry(_Told):
    changes: tuple[_Change, ...] = ()


class Notification(_Told):
    """One call of the webhook: any number of messages, and of statuses, which say nothing to us."""

    object: str
    entry: tuple[_Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that is not shaped as documented."""

    key: str
    reason: str


def messages_in(told: Notification) -> Iterator[tuple[Message, Value] | Unreadable]:
    """The messages of a call, each for itself: one that cannot be read holds up no other."""
    for change in (change for entry in told.entry for change in entry.changes if change.field == "messages"):
        try:
            value = Value.model_validate(change.value)
        except ValidationError as cause:
            yield Unreadable("panggilan", _reason(cause))
            continue
        for one in value.messages:
            try:
                message = Message.model_validate(one)
            except ValidationError as cause:
                yield Unreadable(str(one.get("id") or "pesan"), _reason(cause))
                continue
            if message.type not in SILENT:
                yield message, value


def said_in(message: Message, value: Value, profile: RegionProfile) -> Said:
    """The message of a door. ValueError when nobody sent it."""
    person = message.number or message.user
    if not person:
        raise ValueError("pesan tanpa pengirim")
    known = next((one for one in value.contacts if person in {one.wa_id, one.user_id}), _Contact())
    contact = f"+{message.number}" if message.number else f"WhatsApp {message.user}"
    to = {"to": message.number} if message.number else {"recipient": message.user}
    place = message.location
    left_out = LEFT_OUT.get(message.type)
    return Said(
        door=Door.WHATSAPP,
        region=profile.slug,
        prefix=profile.ticket_prefix,
        id=message.id,
        text=message.words,
        at=datetime.fromtimestamp(message.timestamp, UTC),
        person=person,
        contact=" · ".join(part for part in (known.profile.name, contact) if part),
        answer_to={**to, "phone_number_id": value.metadata.phone_number_id},
        place=", ".join(part for part in (place.name, place.address) if part) or None if place else None,
        point=(place.latitude, place.longitude) if place else None,
        files=(message.image.id,) if message.image else (),
        left_out=(left_out,) if left_out else (),
    )


def _reason(cause: ValidationError) -> str:
    """Where it is wrong; never what stands there."""
    first = cause.errors(include_input=False, include_context=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
