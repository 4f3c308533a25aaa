"""The public form: what was typed, whether we showed it, and what keeps machines out without asking others for help.

A sent form brings back what it was shown with: its number, the moment, and our keyed mark over both and over a cookie.
So nobody else's page can send it, nobody sends it faster than a person writes, and the same form is one report.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from api.speech import N_
from domain.regions import RegionProfile
from domain.text.mask import mask
from store.keys import KeyRing
from store.photos import Picture
from store.talks_values import Door, Said

FIELDS: Final = ("isi", "tempat", "kecamatan", "kontak")
TRAP: Final = "situs"  # a field that people do not see
MOST_TEXT: Final = 5_000
MOST: Final = {"isi": MOST_TEXT, "tempat": 200, "kecamatan": 20, "kontak": 120}
LEAST_TEXT: Final = 10
SOONEST: Final = timedelta(seconds=3)  # nobody writes a report faster
LATEST: Final = timedelta(hours=12)
_TOKEN: Final = re.compile(r"([A-Za-z0-9_-]{24})\.(\d{1,12})\.([0-9a-f]{32})")

NO_WORDS: Final = N_("Tulis apa yang ingin Anda sampaikan.")
FEW_WORDS: Final = N_("Tulis sedikit lebih lengkap, supaya dapat ditindaklanjuti.")
TOO_LONG: Final = N_("Terlalu panjang: paling banyak %(most)s huruf.")
NO_CONTACT: Final = N_("Tulis nomor telepon atau alamat surel yang lengkap, atau kosongkan.")
STALE: Final = N_("Belum terkirim: halaman ini terlalu lama terbuka. Periksa isinya, lalu kirim sekali lagi.")
NO_COOKIE: Final = N_("Belum terkirim. Izinkan kuki untuk situs ini, lalu kirim sekali lagi.")
TOO_SOON: Final = N_("Belum terkirim. Periksa isinya, lalu kirim sekali lagi.")
TRAPPED: Final = N_("Belum terkirim: isian yang tersembunyi ikut terisi dan sudah dikosongkan. Kirim sekali lagi.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a form was shown with: the mark that its cookie carries, its own number, and when."""

    draft: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """A form's fields as typed, and what is wrong with them: message and values by the field's name."""

    values: Mapping[str, str]
    errors: Mapping[str, tuple[str, Mapping[str, object]]]


def new_token(keys: KeyRing, region: str, cookie: str, now: datetime) -> str:
    """What a form that is shown now brings back."""
    draft, at = secrets.token_urlsafe(18), str(int(now.timestamp()))
    return f"{draft}.{at}.{_mark(keys, region, cookie, draft, at)}"


def shown_with(keys: KeyRing, region: str, cookie: str, token: str) -> Shown | None:
    """What a token says, None for one that is not ours, or not this browser's."""
    found = _TOKEN.fullmatch(token)
    if found is None or not cookie:
        return None
    draft, at, mark = found.groups()
    if not secrets.compare_digest(mark, _mark(keys, region, cookie, draft, at)):
        return None
    return Shown(draft, datetime.fromtimestamp(int(at), UTC))


def refusal(shown: Shown | None, fields: Mapping[str, str], now: datetime) -> str | None:
    """Why a form is not taken as it came, in a message; None for one that may be read."""
    if shown is None:
        return NO_COOKIE
    if now - shown.at > LATEST:
        return STALE
    if now - shown.at < SOONEST:
        return TOO_SOON
    return TRAPPED if fields.get(TRAP) else None


def read_form(fields: Mapping[str, str], profile: RegionProfile) -> Written:
    """Check what was typed."""
    values = {name: fields.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    errors: dict[str, tuple[str, Mapping[str, object]]] = {}
    for name, most in MOST.items():
        if len(values[name]) > most:
            errors[name] = TOO_LONG, {"most": f"{most:,}".replace(",", ".")}
    if not values["isi"]:
        errors["isi"] = NO_WORDS, {}
    elif len(values["isi"]) < LEAST_TEXT:
        errors["isi"] = FEW_WORDS, {}
    if values["kontak"] and "kontak" not in errors and not mask(values["kontak"]).originals:
        errors["kontak"] = NO_CONTACT, {}
    if values["kecamatan"] not in {code for code, _ in districts(profile)}:
        values["kecamatan"] = ""
    return Written(values, errors)


def told(written: Written, profile: RegionProfile, *, draft: str, pictures: tuple[Picture, ...], now: datetime) -> Said:
    """The message that a checked form makes."""
    values = written.values
    district = dict(districts(profile)).get(values["kecamatan"])
    place = ", ".join(part for part in (values["tempat"], f"Kec. {district}" if district else "") if part)
    return Said(
        door=Door.FORM,
        region=profile.slug,
        prefix=profile.ticket_prefix,
        id=draft,
        text=values["isi"],
        at=now,
        contact=values["kontak"] or None,
        place=place or None,
        pictures=pictures,
    )


def districts(profile: RegionProfile) -> tuple[tuple[str, str], ...]:
    """The kecamatan of a region, by name."""
    found = ((area.kode, area.name) for area in profile.areas.values() if area.level == "kecamatan")
    return tuple(sorted(found, key=lambda one: one[1]))


def _mark(keys: KeyRing, region: str, cookie: str, draft: str, at: str) -> str:
    return keys.sign("form", f"{region}\0{cookie}\0{draft}\0{at}")
