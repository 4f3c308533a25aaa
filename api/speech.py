"""How pages speak: one language, its numbers and dates as people there write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

LANGUAGES: Final = ("id", "en")  # messages are written in Indonesian: it needs no catalogue
ZONE_LABELS: Final[Mapping[str, str]] = {
    "Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT",
}  # fmt: skip
_CLOCK: Final[Mapping[str, str]] = {"id": "HH.mm", "en": "HH:mm"}
_LOCALE: Final[Mapping[str, str]] = {"id": "id", "en": "en_GB"}  # day before month, as everybody here writes it


def N_(message: str) -> str:  # noqa: N802  gettext's usual name for it
    """Mark a message that is translated later, where it is shown."""
    return message


@cache
def catalogue(lang: str) -> NullTranslations:
    """The compiled messages of a language; Indonesian is the messages themselves."""
    if lang == "id":
        return NullTranslations()
    with files("api").joinpath(f"locale/{lang}/LC_MESSAGES/jaring.mo").open("rb") as compiled:
        return GNUTranslations(compiled)


class Speech:
    """Says values in one language. Pure; share it."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._locale = _LOCALE[lang]
        self._messages = catalogue(lang)

    def say(self, message: str, /, **values: object) -> str:
        """Translate a message and fill its %(names)s."""
        text = self._messages.gettext(message) if message else ""
        return text % values if values else text

    def number(self, value: float) -> str:
        """A number with its thousands: 1.284."""
        return format_decimal(value, locale=self._locale)

    def share(self, p: float) -> str:
        """A probability: 0,94. Never shown as certain unless it is."""
        rounded = min(p, 0.99) if p < 1 else p
        return format_decimal(round(rounded, 2), format="0.00", locale=self._locale)

    def day(self, day: date) -> str:
        """A day: 21 Nov 2026."""
        return format_date(day, "d MMM y", locale=self._locale)

    def short_day(self, day: date) -> str:
        """A day of a chart: 21 Nov."""
        return format_date(day, "d MMM", locale=self._locale)

    def month(self, day: date) -> str:
        """A month of a chart: Nov 2026."""
        return format_date(day, "MMM y", locale=self._locale)

    def weekday(self, day: date) -> str:
        """A day with its name: Sabtu, 21 Nov 2026."""
        return format_date(day, "EEEE, d MMM y", locale=self._locale)

    def moment(self, at: datetime, zone: ZoneInfo) -> str:
        """A moment in a zone: 21 Nov 2026 14.32 WITA."""
        local = at.astimezone(zone)
        label = ZONE_LABELS.get(zone.key) or local.tzname() or ""
        return f"{format_datetime(local, f'd MMM y {_CLOCK[self.lang]}', locale=self._locale)} {label}"

    def clock(self, at: datetime, zone: ZoneInfo) -> str:
        """A time of the day: 14.32."""
        return format_datetime(at.astimezone(zone), _CLOCK[self.lang], locale=self._locale)

    def ago(self, at: datetime, now: datetime, zone: ZoneInfo) -> str:
        """How long ago, as people say it: "2 jam lalu", "kemarin 17.20", "16 Nov 09.02", "3 Jan 2025"."""
        passed = now - at
        if passed < timedelta(minutes=1):
            return self.say("baru saja")
        if passed < timedelta(hours=1):
            return self.say("%(n)s menit lalu", n=passed // timedelta(minutes=1))
        day, today = at.astimezone(zone).date(), now.astimezone(zone).date()
        if day == today or passed < timedelta(hours=6):
            return self.say("%(n)s jam lalu", n=passed // timedelta(hours=1))
        if day == today - timedelta(days=1):
            return self.say("kemarin %(clock)s", clock=self.clock(at, zone))
        if day.year == today.year:
            return f"{self.short_day(day)} {self.clock(at, zone)}"
        return self.day(day)


@cache
def speech(lang: str) -> Speech:
    """The speech of a language, Indonesian for one that is not spoken here."""
    return Speech(lang if lang in LANGUAGES else "id")
