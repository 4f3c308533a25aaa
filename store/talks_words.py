"""What messages add to the post of their conversation: words, a place, what stands for a report without words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from domain.labels import DateTrust
from domain.posts import MAX_TEXT, Hints, Incoming
from store.talks_values import CHANNELS, Said

BREAK: Final = "\n\n"


@dataclass(frozen=True, slots=True)
class Words:
    """What a message adds to its post."""

    text: str
    left_out: tuple[str, ...] = ()
    shows: bool = False  # a photo, kept or to be fetched
    place: str | None = None
    spot: str | None = None
    topic: str | None = None
    point: tuple[float, float] | None = None

    @classmethod
    def of(cls, said: Said) -> Words:
        shows = bool(said.pictures or said.files)
        text = said.text.strip()[:MAX_TEXT]
        return cls(text, said.left_out, shows, said.place, said.spot, said.topic, said.point)

    @property
    def whole(self) -> str:
        """The words, and what was not kept."""
        notes = [f"(lampiran tidak disimpan: {what})" for what in self.left_out]
        return "\n".join([*([self.text] if self.text else []), *notes])

    def packed(self) -> bytes:
        return orjson.dumps([self.text, self.left_out, self.shows, self.place, self.spot, self.topic, self.point])

    @classmethod
    def unpacked(cls, plain: bytes) -> Words:
        text, left_out, shows, place, spot, topic, point = orjson.loads(plain)
        return cls(text, tuple(left_out), shows, place, spot, topic, tuple(point) if point else None)


def post_of(
    said: Said, code: str, now: datetime, words: Sequence[Words] = (), first_at: datetime | None = None
) -> Incoming:
    """The post of a conversation: all its words, the last place that was named."""
    text = BREAK.join(one.whole for one in words if one.whole)[:MAX_TEXT]
    last: dict[str, Any] = {
        name: next((value for one in reversed(words) if (value := getattr(one, name)) is not None), None)
        for name in ("place", "spot", "topic", "point")
    }
    lat, lon = last.pop("point") or (None, None)
    return Incoming(
        namespace=f"pintu:{said.door}",
        native_id=code,
        source=f"pintu-{said.door}",
        regions=(said.region,),
        channel=CHANNELS[said.door],
        author=f"{said.region}:{said.person}" if said.person else None,
        contact=said.contact,
        text=text or _wordless(words),
        published_at=first_at or min(said.at, now),
        date_trust=DateTrust.EXACT,
        fetched_at=now,
        lat=lat,
        lon=lon,
        hints=Hints(**last),
    )


def _wordless(words: Sequence[Words]) -> str:
    """What stands for a report in which nothing is said in words yet."""
    return "Foto tanpa keterangan." if any(one.shows for one in words) else "Lokasi tanpa keterangan."
