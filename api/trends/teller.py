"""Says an answer to one reader: in his language, with an address behind every number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

from api.names import Names
from api.speech import Speech, speech
from api.tickets.asked import TicketAsked
from api.trends.asked import Stretch, TrendAsked
from store.ticketlists import TicketView

MINUS: Final = "\u2212"
# What a template of addresses has in the place of days and values. No address of ours holds these.
SOME_DAYS: Final = Stretch(date(1990, 1, 1), date(1990, 1, 2))
SOME_VALUE: Final = "nilai.di.sini.{}"


@dataclass(frozen=True, slots=True)
class Teller:
    """What is asked, and the words for it."""

    says: Speech
    names: Names
    asked: TrendAsked
    stretch: Stretch
    now: datetime
    zone: ZoneInfo
    _templates: dict[tuple[str, ...], str] = field(default_factory=dict, init=False)

    def say(self, message: str, /, **values: object) -> str:
        """Translate a message."""
        return self.says.say(message, **values)

    def number(self, value: float) -> str:
        """A number as people write it, with a true minus."""
        return _number(self.says.lang, value)

    def share(self, part: float, whole: float) -> str:
        """A part in percent; a dash of nothing."""
        return f"{self.number(round(part / whole * 100))}%" if whole else "–"

    def change(self, now: float, before: float) -> str:
        """A change in percent: "+31%", "−12%", "baru" where there was nothing, "–" where there is nothing at all."""
        if not before:
            return self.say("baru") if now else "–"
        changed = round((now - before) / before * 100)
        return f"{'+' if changed > 0 else ''}{self.number(changed)}%"

    def days(self, stretch: Stretch) -> str:
        """Days in words: "23 Okt – 21 Nov 2026"."""
        if stretch.first == stretch.last:
            return _day(self.says.lang, "weekday", stretch.first)
        first = "short_day" if stretch.first.year == stretch.last.year else "day"
        return f"{_day(self.says.lang, first, stretch.first)} – {_day(self.says.lang, 'day', stretch.last)}"

    def posts(self, stretch: Stretch | None = None, **values: tuple[str, ...]) -> str:
        """The posts behind a number: what the same filter finds on some days, narrowed by `values`."""
        days = stretch or self.stretch
        if self._ambiguous or any(len(given) != 1 for given in values.values()):
            return self.asked.posts(days, **values)
        names = tuple(values)
        template = self._templates.get(names)
        if template is None:  # a page has hundreds of addresses that differ in a day or a value only
            template = self.asked.posts(SOME_DAYS, **{name: (SOME_VALUE.format(name),) for name in names})
            self._templates[names] = template
        href = template.replace(SOME_DAYS.first.isoformat(), days.first.isoformat())
        href = href.replace(SOME_DAYS.last.isoformat(), days.last.isoformat())
        for name, (value,) in values.items():
            href = href.replace(SOME_VALUE.format(name), quote_plus(value))
        return href

    def tickets(self, view: TicketView, values: Mapping[str, tuple[str, ...]], *, opened: Stretch | None = None) -> str:
        """The tickets behind a number, by fields of their list; `opened` narrows them to days of opening."""
        return TicketAsked(
            view=view,
            values=values,
            oversight=self.asked.asked.oversight,
            first=opened.first if opened else None,
            last=opened.last if opened else None,
        ).href()

    @property
    def _ambiguous(self) -> bool:
        """Whether the reader's own words look like what templates put in the place of days and values."""
        q = self.asked.asked.q
        return str(SOME_DAYS.first) in q or str(SOME_DAYS.last) in q or SOME_VALUE.partition("{")[0] in q

    @property
    def today(self) -> date:
        """The local day that it is."""
        return self.now.astimezone(self.zone).date()


@lru_cache(maxsize=4_096)  # the same small numbers stand on every page
def _number(lang: str, value: float) -> str:
    return speech(lang).number(value).replace("-", MINUS)


@lru_cache(maxsize=4_096)
def _day(lang: str, form: str, day: date) -> str:
    told: str = getattr(speech(lang), form)(day)
    return told
