"""From a row to a post: the map says which cell is which; a row that makes no post says why."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from crawlers.importers.dates import parse_date
from crawlers.importers.mapping import BoundMap
from crawlers.importers.rows import Row
from domain.errors import PostQuarantined
from domain.labels import Channel, DateTrust
from domain.posts import MAX_TEXT, MAX_TITLE, Engagement, Hints, Incoming

CUT = " […]"  # where a text was longer than a post may be
MAX_ID = 500
_CHANNELS = {
    "website": Channel.WEB, "situs": Channel.WEB, "twitter": Channel.X, "x (twitter)": Channel.X,
    "wa": Channel.WHATSAPP, "whats app": Channel.WHATSAPP, "telpon": Channel.PHONE, "telephone": Channel.PHONE,
    "phone": Channel.PHONE, "call center": Channel.PHONE, "sms": Channel.PHONE, "form": Channel.FORM,
    "aplikasi": Channel.FORM, "mobile": Channel.FORM, "android": Channel.FORM, "ios": Channel.FORM,
    "tatap muka": Channel.FACE_TO_FACE, "langsung": Channel.FACE_TO_FACE, "e-mail": Channel.EMAIL,
    "surel": Channel.EMAIL, "sp4n-lapor": Channel.SP4N, "lapor": Channel.SP4N, "fb": Channel.FACEBOOK,
    "ig": Channel.INSTAGRAM, "yt": Channel.YOUTUBE, "tik tok": Channel.TIKTOK, "news": Channel.WEB,
    "online news": Channel.WEB, "berita": Channel.WEB, "media online": Channel.WEB, "blog": Channel.WEB,
    "forum": Channel.WEB, "comment": Channel.COMMENT, "comments": Channel.COMMENT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Import:
    """What all rows of one import share. `zone` holds for dates that name none."""

    bound: BoundMap
    source: str
    region: str
    zone: str
    fetched_at: datetime

    @property
    def namespace(self) -> str:
        """Of the ids: the same export read twice gives the same posts."""
        return f"import:{self.source}"


def post_of(row: Row, batch: Import) -> Incoming:
    """The post that a row makes. Raises PostQuarantined with the reason when it makes none."""
    cell = _cells(row, batch.bound)
    title, text = cell("title"), cell("text")
    if not text:
        title, text = None, title
    if not text:
        raise PostQuarantined("teks kosong")
    published, trust = _published(cell("published_at"), batch)
    constants = batch.bound.map.constants
    place = batch.bound.place(row.values) or cell("place") or constants.place
    try:
        return Incoming(
            namespace=batch.namespace,
            native_id=_native_id(cell("id"), title, text, cell("published_at")),
            source=batch.source,
            regions=(batch.region,),
            channel=_channel(cell("channel"), constants.channel),
            url=cell("url"),
            author=cell("author"),
            contact=cell("contact"),
            title=_cut(title, MAX_TITLE) if title else None,
            text=_cut(text, MAX_TEXT),
            published_at=published,
            date_trust=trust,
            fetched_at=batch.fetched_at,
            engagement=Engagement(**{name: _count(cell(name)) for name in Engagement.model_fields}),
            hints=Hints(place=place, agency=cell("agency") or constants.agency, topic=cell("topic") or constants.topic),
        )
    except ValidationError as cause:
        first = cause.errors()[0]
        raise PostQuarantined(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from cause


def _cells(row: Row, bound: BoundMap) -> Callable[[str], str | None]:
    def cell(part: str) -> str | None:
        column = bound.columns.get(part)
        return (row.values.get(column, "").strip() or None) if column else None

    return cell


def _native_id(said: str | None, title: str | None, text: str, published: str | None) -> str:
    """The row's own id, or a hash of its words and date: the same row again is the same post."""
    if said:
        if len(said) > MAX_ID:
            raise PostQuarantined(f"id lebih panjang dari {MAX_ID} huruf")
        return said
    words = "\0".join((published or "", title or "", text))
    return "sha256:" + hashlib.sha256(words.encode()).hexdigest()


def _published(said: str | None, batch: Import) -> tuple[datetime | None, DateTrust]:
    if said is None:
        return None, DateTrust.FETCHED
    dates = batch.bound.map.dates
    found = parse_date(said, formats=dates.formats, zone=dates.zone or batch.zone, now=batch.fetched_at)
    if found is None:
        raise PostQuarantined("tanggal tidak terbaca")
    return found


def _channel(said: str | None, otherwise: Channel) -> Channel:
    if said is None:
        return otherwise
    word = said.casefold()
    return _CHANNELS.get(word) or next((c for c in Channel if c.value in {word, word.replace(" ", "_")}), otherwise)


def _count(said: str | None) -> int | None:
    """A number as tables write it, "1.284" or "1,284"; None for what is none."""
    digits = re.sub(r"[.,\s](?=\d{3}\b)", "", said or "")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - len(CUT)] + CUT
