"""Heads of a chat's messages, "21/11/26 14.32 - Sender: words": found in a line, and their dates told apart.

Phones write dates as their language does, so one file alone shows whether the day or the month stands first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from domain.errors import Refused

UNSEEN: Final = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"  # marks of writing direction
LONGEST_SENDER: Final = 100  # characters: a longer "name" is a line of the program with a colon in it
SLACK: Final = timedelta(days=1)  # a clock set right may go back that far; an order of dates that goes further is wrong
_HEAD = re.compile(
    rf"[{UNSEEN}]*(?P<open>\[)?(?P<first>\d{{1,4}})(?P<sep>[/.\-])(?P<second>\d{{1,2}})(?P=sep)(?P<third>\d{{1,4}})"
    r"[,.]?\s+(?:pukul\s+|at\s+)?(?P<hour>\d{1,2})(?P<dot>[:.])(?P<minute>\d{2})(?:[:.](?P<sec>\d{2}))?"
    r"(?:\s*(?P<half>[ap]\.?\s?m\.?|pagi|siang|sore|malam))?(?(open)\]|\s+[-–])\s?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SENDER = re.compile(rf"([^:]{{1,{LONGEST_SENDER}}}):(?:\s|$)")
_QUOTED = re.compile(r"[\"“”«]")  # 'X changed the group name from "A: B"': a line of the program, not a sender
_NOON = 12
_YEAR_DIGITS = 4


class Order(StrEnum):
    """Which of a date's numbers stands first."""

    DAY = "dmy"
    MONTH = "mdy"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before a message. `rest` is sender and words, or a line of the program."""

    numbers: tuple[int, int, int]
    year_first: bool
    dotted: bool  # "14.32" or "21.11.26": languages that write so put the day first
    bracket: bool  # "[…]" of an iPhone, "… - " of an Android
    hour: int
    minute: int
    second: int
    rest: str

    def at(self, order: Order) -> datetime | None:
        """The moment on the phone's clock; None when the calendar has none."""
        day = self.day(order)
        try:
            return None if day is None else datetime(day.year, day.month, day.day, self.hour, self.minute, self.second)  # noqa: DTZ001  the zone is the region's, set later
        except ValueError:
            return None

    def day(self, order: Order) -> date | None:
        """The day under an order of its numbers."""
        one, two, three = self.numbers
        if self.year_first:
            year, month, day = one, two, three
        else:
            year, month, day = (three, two, one) if order is Order.DAY else (three, one, two)
        try:
            return date(year, month, day)
        except ValueError:
            return None

    def sender(self) -> tuple[str, str] | None:
        """Who wrote and what; None for a line of the program."""
        found = _SENDER.match(self.rest)
        if found is None or _QUOTED.search(found[1]):
            return None
        return plain_name(found[1]), self.rest[found.end() :]


def head_of(line: str) -> Head | None:
    """The head that a line begins with, or None: then it goes on with the message before it."""
    found = _HEAD.match(line)
    if found is None:
        return None
    first, third = found["first"], found["third"]
    year_first = len(first) == _YEAR_DIGITS
    if not year_first and len(third) not in {2, _YEAR_DIGITS}:
        return None
    year = int(first if year_first else third)
    year += 2000 if year < 100 else 0  # noqa: PLR2004  two digits of a year
    numbers = (year, int(found["second"]), int(third)) if year_first else (int(first), int(found["second"]), year)
    return Head(
        numbers=numbers,
        year_first=year_first,
        dotted="." in (found["dot"], found["sep"]),
        bracket=bool(found["open"]),
        hour=_hour(int(found["hour"]), (found["half"] or "").casefold()),
        minute=int(found["minute"]),
        second=int(found["sec"] or 0),
        rest=found["rest"],
    )


def plain_name(said: str) -> str:
    """A sender without marks that nobody sees, and without the tilde before a name that the phone does not know."""
    return " ".join(said.strip(UNSEEN + " \u202f\xa0").lstrip("~").translate(dict.fromkeys(map(ord, UNSEEN))).split())


@dataclass(slots=True)
class OrderSeen:
    """What all heads of a file say about the order of day and month."""

    day_line: int | None = None  # a line whose first number can be no month
    month_line: int | None = None  # a line whose second number can be no month
    dotted: bool = False
    differs: bool = False  # there is a date that reads otherwise under the other order
    _last: dict[Order, date] = field(default_factory=dict)
    _odd: dict[Order, int] = field(default_factory=lambda: dict.fromkeys(Order, 0))

    def see(self, head: Head, line: int, today: date) -> None:
        """Take a head into account. Chats are written in order of time and never ahead of today."""
        if head.year_first:
            return
        one, two, _ = head.numbers
        if one > _NOON and two <= _NOON:
            self.day_line = self.day_line or line
        elif two > _NOON and one <= _NOON:
            self.month_line = self.month_line or line
        self.dotted = self.dotted or head.dotted
        self.differs = self.differs or one != two
        for order in Order:
            day = head.day(order)
            if day is None:
                continue
            last = self._last.get(order, day)
            self._odd[order] += day < last - SLACK or day > today + SLACK
            self._last[order] = max(last, day)

    def decide(self, path: Path) -> Order:
        """The order of the whole file. Refused, with how to say it, when the file does not show it."""
        if self.day_line and self.month_line:
            raise Refused(
                f"Tanggal di {path} tidak seragam: baris {self.day_line} menulis hari dahulu, baris {self.month_line} "
                "bulan dahulu. Impor tiap ekspor sendiri, atau tentukan dengan --dates dmy (hari/bulan) atau mdy."
            )
        if self.day_line or self.dotted or not self.differs:
            return Order.DAY
        if self.month_line:
            return Order.MONTH
        even = [order for order in Order if not self._odd[order]]
        if len(even) == 1:
            return even[0]
        raise Refused(
            f"Urutan hari dan bulan di {path} tidak dapat dipastikan: semua tanggalnya masuk akal dengan kedua cara. "
            "Lihat satu pesan yang Anda tahu harinya, lalu ulangi dengan --dates dmy (hari/bulan) atau mdy."
        )


def _hour(hour: int, half: str) -> int:
    """An hour of twelve as one of twenty-four."""
    if not half:
        return hour
    if half.startswith(("a", "pagi")):
        return hour % _NOON
    if half == "siang":  # from ten to three
        return hour if hour >= 10 else hour + _NOON  # noqa: PLR2004
    if half == "malam" and hour == _NOON:
        return 0
    return hour % _NOON + _NOON
