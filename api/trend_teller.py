"""Says an answer to one reader: in his language, with an address behind every number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from api.names import Names
from api.speech import Speech
from api.ticket_asked import TicketAsked
from api.trend_asked import Stretch, TrendAsked
from store.ticketlists import TicketView

MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Teller:
    """What is asked, and the words for it."""

    says: Speech
    names: Names
    asked: TrendAsked
    stretch: Stretch
    now: datetime
    zone: ZoneInfo

    def say(self, message: str, /, **values: object) -> str:
        """Translate a message."""
        return self.says.say(message, **values)

    def number(self, value: float) -> str:
        """A number as people write it, with a true minus."""
        return self.says.number(value).replace("-", MINUS)

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
            return self.says.weekday(stretch.first)
        first = self.says.short_day if stretch.first.year == stretch.last.year else self.says.day
        return f"{first(stretch.first)} – {self.says.day(stretch.last)}"

    def posts(self, stretch: Stretch | None = None, **values: tuple[str, ...]) -> str:
        """The posts behind a number."""
        return self.asked.posts(stretch or self.stretch, **values)

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
    def today(self) -> date:
        """The local day that it is."""
        return self.now.astimezone(self.zone).date()
