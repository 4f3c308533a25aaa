"""What a panel is: one value that says what is asked, how it is drawn, and which numbers stand behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from api.trends.drawing import Drawing
from api.trends.question import Question
from api.trends.table import Table
from api.trends.teller import Teller

Answer = TypeVar("Answer")


class Lead(StrEnum):
    """What of a panel stands open on the page; the other is a click away."""

    PICTURE = "picture"
    TABLE = "table"
    TILES = "tiles"  # the table's rows, one tile each: name, number, before, change, course


class Width(StrEnum):
    """How much of the page's width a panel takes where there is room."""

    FULL = "full"
    WIDE = "wide"
    HALF = "half"
    THIRD = "third"


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence under a panel. `href` leads to what it speaks of; `grave` is set off: without it a reader errs."""

    text: str
    href: str | None = None
    grave: bool = False


def _silent(_answer: Any, _teller: Teller) -> tuple[Note, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Panel(Generic[Answer]):
    """One panel. Answers are free of language: they may be kept; pictures and tables are made of them for a reader.

    `draws` and `table` are given the same answer, so that their numbers are the same. `title`, `about` and `empty` are
    messages. A table without rows is a panel without anything to show.
    """

    key: str  # in addresses: /tren/{key}.csv
    title: str
    about: str  # what is counted, in a few words
    empty: str  # what is said where nothing is found
    place: int  # among the panels, from the top
    asks: Callable[[Question], Answer]
    draws: Callable[[Answer, Teller], Drawing]
    table: Callable[[Answer, Teller], Table]
    notes: Callable[[Answer, Teller], tuple[Note, ...]] = _silent
    lead: Lead = Lead.PICTURE
    width: Width = Width.HALF
    late: bool = False  # costs more than a page may: fetched behind it, and kept for a while, see `api.trends.keep`
