"""What a form of `/catat` says: checked field by field, then told as a post like any other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from api.records.gazetteer import earth_of, place_words, spot_of
from api.records.places import AskedPlace
from api.speech import N_
from domain.labels import Channel, DateTrust
from domain.posts import EARLIEST, MAX_TEXT, Hints, Incoming
from domain.regions import RegionProfile
from domain.text.mask import mask

NAMESPACE: Final = "catat"
LINK: Final = "tautan"
CHANNELS: Final = {
    "tatap_muka": Channel.FACE_TO_FACE, "telepon": Channel.PHONE, "whatsapp": Channel.WHATSAPP,
    "surat": Channel.LETTER, "email": Channel.EMAIL, LINK: Channel.WEB,
}  # fmt: skip
HOSTS: Final = {
    "facebook.com": Channel.FACEBOOK, "fb.com": Channel.FACEBOOK, "fb.watch": Channel.FACEBOOK,
    "tiktok.com": Channel.TIKTOK, "instagram.com": Channel.INSTAGRAM, "youtube.com": Channel.YOUTUBE,
    "youtu.be": Channel.YOUTUBE, "x.com": Channel.X, "twitter.com": Channel.X, "t.me": Channel.TELEGRAM,
    "wa.me": Channel.WHATSAPP, "whatsapp.com": Channel.WHATSAPP,
}  # fmt: skip
# What platforms hang on a copied address: it names who copied it, or nothing that one needs.
TRACKING: Final = re.compile(
    r"utm_\w+|fbclid|igshid|igsh|mibextid|rdid|share_url|si|_r|_t|is_from_webapp|sender_device|web_id|share_app_id"
    r"|share_link_id|sharer_language|u_code|tt_from|sec_user_id|sec_uid"
)
FIELDS: Final = ("judul", "isi", "kanal", "tautan", "tanggal", "jam", "nama", "kontak", "anonim")
MOST: Final = {"judul": 200, "isi": MAX_TEXT, "tautan": 2_000, "nama": 120, "kontak": 120}
EARLY: Final = timedelta(minutes=5)  # by so much clocks may differ before a moment lies in the future
DRAFT: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")

NO_WORDS: Final = N_("Tulis apa yang disampaikan.")
NO_CHANNEL: Final = N_("Pilih lewat apa ini disampaikan.")
NO_LINK: Final = N_("Tempel alamat lengkapnya, misalnya https://www.tiktok.com/…")
NO_DAY: Final = N_("Tulis tanggalnya, misalnya 21-11-2026.")
NO_TIME: Final = N_("Tulis jamnya seperti 14.30, atau kosongkan.")
FUTURE: Final = N_("Waktu itu belum tiba.")
ANCIENT: Final = N_("Tanggal itu terlalu lama.")
TOO_LONG: Final = N_("Terlalu panjang: paling banyak %(most)s huruf.")


@dataclass(frozen=True, slots=True)
class Written:
    """A form's fields as typed, and what is wrong with them: message and its values by the field's name."""

    values: Mapping[str, str]
    errors: Mapping[str, tuple[str, Mapping[str, object]]]
    said_at: datetime
    trust: DateTrust

    @property
    def words(self) -> str:
        """Title and text together."""
        return f"{self.values['judul']}\n\n{self.values['isi']}".strip()


def blank(now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """The fields of an empty form: said now."""
    here = now.astimezone(zone)
    return dict.fromkeys(FIELDS, "") | {"tanggal": f"{here:%Y-%m-%d}", "jam": f"{here:%H:%M}"}


def read_form(fields: Mapping[str, str], now: datetime, zone: ZoneInfo) -> Written:
    """Check what was typed."""
    values = {name: fields.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    errors: dict[str, tuple[str, Mapping[str, object]]] = {}
    for name, most in MOST.items():
        if len(values[name]) > most:
            errors[name] = TOO_LONG, {"most": f"{most:,}".replace(",", ".")}
    if not values["isi"]:
        errors["isi"] = NO_WORDS, {}
    if values["kanal"] not in CHANNELS:
        errors["kanal"] = NO_CHANNEL, {}
    if values["kanal"] == LINK and _link(values["tautan"]) is None:
        errors.setdefault("tautan", (NO_LINK, {}))
    said_at, trust, wrong = _moment(values["tanggal"], values["jam"], now, zone)
    return Written(values, errors | {name: (message, {}) for name, message in wrong.items()}, said_at, trust)


def told(  # noqa: PLR0913  a report, its place, and who records it
    written: Written, asked: AskedPlace, profile: RegionProfile, *, user: str, draft: str, same: str, now: datetime
) -> Incoming:
    """The post that a checked form makes. The same form is the same post, whoever sends it twice."""
    values = written.values
    spot = spot_of(profile, asked.spot) if asked.spot else None
    lat, lon = asked.point or (earth_of(profile, asked.spot) if spot else None) or (None, None)
    link = _link(values["tautan"]) if values["kanal"] == LINK else None
    who = "" if values["anonim"] else " · ".join(part for part in (values["nama"], values["kontak"]) if part)
    return Incoming(
        namespace=NAMESPACE,
        native_id=native_id(user, draft),
        source=NAMESPACE,
        regions=(profile.slug,),
        channel=_channel(link) if link else CHANNELS[values["kanal"]],
        url=urlunsplit(link) if link else None,
        author=_person(values) if who else None,
        contact=who or None,
        title=values["judul"] or None,
        text=values["isi"],
        published_at=written.said_at,
        date_trust=written.trust,
        fetched_at=now,
        lat=lat,
        lon=lon,
        hints=Hints(
            place=place_words(profile, spot) if spot else None, spot=asked.spot or profile.kode, same=same or None
        ),
    )


def native_id(user: str, draft: str) -> str:
    """The name of a recorded post in its namespace: nobody can name another's."""
    return f"{user}:{draft}"


def _person(values: Mapping[str, str]) -> str:
    """What stands for the reporter where people are counted: the number or address, else the name."""
    found = mask(values["kontak"]).originals
    return found[0][1] if found else values["kontak"] or values["nama"]


def _link(written: str) -> SplitResult | None:
    """An address of the web without what was hung on it; None for anything else."""
    if any(c.isspace() or not c.isprintable() for c in written):
        return None
    try:
        parts = urlsplit(written)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "." not in host:
        return None
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.fullmatch(k.lower())]
    return SplitResult(parts.scheme, f"{host}:{port}" if port else host, parts.path, urlencode(kept), "")


def _channel(link: SplitResult) -> Channel:
    host = link.hostname or ""
    return next((c for known, c in HOSTS.items() if host == known or host.endswith(f".{known}")), Channel.WEB)


def _moment(day: str, clock: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, DateTrust, dict[str, str]]:
    """When it was said. Without an hour only the day is known: it stands at its beginning, as imports have it."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return now, DateTrust.EXACT, {"tanggal": NO_DAY}
    try:
        at = time.fromisoformat(clock.replace(".", ":")) if clock else time()
    except ValueError:
        return now, DateTrust.EXACT, {"jam": NO_TIME}
    if on.year <= EARLIEST.year:
        return now, DateTrust.EXACT, {"tanggal": ANCIENT}
    said = datetime.combine(on, at.replace(tzinfo=None), zone)
    if said > now + EARLY:
        return now, DateTrust.EXACT, {"tanggal": FUTURE}
    return min(said.astimezone(UTC), now), DateTrust.EXACT if clock else DateTrust.DAY, {}
