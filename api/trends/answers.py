"""How offices and villages are answered: what the panels about tickets share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from api.names import FIELDS
from api.trends.panel import Note
from api.trends.question import Question
from api.trends.teller import Teller
from api.trends.tickets import TicketFilter
from store.ticketboard import BoardBy, BoardRow

HOUR: Final = 60
DAY: Final = 24 * HOUR
DAYS_FROM: Final = 2 * DAY  # shorter medians are told in hours


@dataclass(frozen=True, slots=True)
class Answers:
    """The rows of a board, and the filter that they were counted under."""

    rows: tuple[BoardRow, ...]
    filter: TicketFilter
    regions: int

    def with_rows(self, rows: Iterable[BoardRow]) -> Answers:
        """The same with other rows."""
        return replace(self, rows=tuple(rows))


def answers_of(question: Question, by: BoardBy) -> Answers:
    """Ask for a board."""
    return Answers(tuple(question.board(by)), question.tickets, len(question.regions))


def in_time(row: BoardRow) -> int | None:
    """How many percent of what was answered was answered in time; None where nothing was."""
    return round((row.answered - row.answered_late) / row.answered * 100) if row.answered else None


def median_words(row: BoardRow, teller: Teller) -> str:
    """The median time to the first answer: "40 mnt", "5,5 jam", "2,4 hari"."""
    minutes = row.response_median_minutes
    if minutes is None:
        return "–"
    if minutes < HOUR:
        return teller.say("%(n)s mnt", n=minutes)
    if minutes < DAYS_FROM:
        return teller.say("%(n)s jam", n=teller.number(round(minutes / HOUR, 1)))
    return teller.say("%(n)s hari", n=teller.number(round(minutes / DAY, 1)))


def note_ignored(answer: Answers, teller: Teller) -> tuple[Note, ...]:
    """Say which conditions tickets do not know."""
    if not answer.filter.ignored:
        return ()
    names = [
        teller.say("kata pencarian") if name == "q" else teller.say(FIELDS[name]) for name in answer.filter.ignored
    ]
    return (Note(teller.say("Tiket tidak disaring menurut: %(names)s.", names=", ".join(names))),)
