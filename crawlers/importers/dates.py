"""Dates as exports write them: ISO, Indonesian month names, day first, a map's own formats, or "7 jam yang lalu"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.labels import DateTrust

EARLIEST = 2000  # a year before this is a typing mistake: no complaint service is older
_MONTHS = (
    ("januari", "jan", "january"), ("februari", "feb", "pebruari", "february"), ("maret", "mar", "march"),
    ("april", "apr"), ("mei", "may"), ("juni", "jun", "june"), ("juli", "jul", "july"),
    ("agustus", "agu", "ags", "agt", "aug", "august"), ("september", "sep", "sept"),
    ("oktober", "okt", "oct", "october"), ("november", "nov", "nopember", "nop"),
    ("desember", "des", "dec", "december"),
)  # fmt: skip
_MONTH = {name: f"{number:02d}" for number, names in enumerate(_MONTHS, start=1) for name in names}
_WORD = re.compile(r"[A-Za-z]+\.?")
_ZONES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
_DAYS = {"senin", "selasa", "rabu", "kamis", "jumat", "jum", "sabtu", "minggu", "ahad", "pukul", "jam", "at"}
_DATES = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%Y/%m/%d", "%Y-%m-%d", "%d/%m/%y", "%d-%m-%y")
_TIMES = ("", " %H:%M:%S", " %H:%M", " %H.%M", " %H.%M.%S")
FORMATS = tuple(day + time for day in _DATES for time in _TIMES)
_RELATIVE = re.compile(r"^(\d+|se)\s*(detik|menit|jam|hari|minggu|pekan|bulan|tahun)\s*(?:yang\s+)?(?:lalu|lewat)$")
_STEPS = {
    "detik": timedelta(seconds=1), "menit": timedelta(minutes=1), "jam": timedelta(hours=1), "hari": timedelta(days=1),
    "minggu": timedelta(weeks=1), "pekan": timedelta(weeks=1), "bulan": timedelta(days=30), "tahun": timedelta(365),
}  # fmt: skip


def parse_date(text: str, *, formats: Sequence[str], zone: str, now: datetime) -> tuple[datetime, DateTrust] | None:
    """Return a moment in UTC and how far it can be believed, or None when the text is no date.

    A day without an hour is its first moment in the zone. What is counted back from `now` is inferred.
    """
    words = " ".join(text.split())
    if relative := _relative(words.casefold(), now):
        return relative, DateTrust.INFERRED
    found = _formatted(words, formats) or _iso(words)
    if found is None:
        words, own_zone = _plain(words)
        zone = own_zone or zone
        found = _iso(words) or _formatted(words, FORMATS)
    if found is None or found[0].year < EARLIEST:
        return None
    moment, whole_day = found
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=_zone(zone))
    return moment.astimezone(UTC), DateTrust.DAY if whole_day else DateTrust.EXACT


def _relative(words: str, now: datetime) -> datetime | None:
    if words in {"baru saja", "barusan", "hari ini", "tadi"}:
        return now
    if words == "kemarin":
        return now - timedelta(days=1)
    match = _RELATIVE.match(words)
    if match is None:
        return None
    return now - int(match[1] if match[1] != "se" else 1) * _STEPS[match[2]]


def _iso(words: str) -> tuple[datetime, bool] | None:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return moment, len(words) <= len("2024-01-31")


def _formatted(words: str, formats: Sequence[str]) -> tuple[datetime, bool] | None:
    for layout in formats:
        try:
            moment = datetime.strptime(words, layout)  # noqa: DTZ007  the zone is set by the caller
        except ValueError:
            continue
        return moment, not any(mark in layout for mark in ("%H", "%I", "%c", "%X", "%s"))
    return None


def _plain(words: str) -> tuple[str, str | None]:
    """Month names become numbers; day names, "pukul" and the zone go."""
    zone: str | None = None

    def plain(match: re.Match[str]) -> str:
        nonlocal zone
        word = match[0].rstrip(".").casefold()
        if word in _ZONES:
            zone = _ZONES[word]
        return _MONTH.get(word, "" if word in _DAYS or word in _ZONES else match[0])

    return " ".join(_WORD.sub(plain, words).replace(",", " ").replace("|", " ").split()).strip(" -"), zone


@lru_cache(maxsize=32)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
