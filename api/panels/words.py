"""What is new in what is said: words that these days use more than the days before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from api.speech import N_
from api.trends.panel import Lead, Panel, Width
from api.trends.question import Question
from api.trends.table import Cell, Column, StripPart, Table, word
from api.trends.tabular import draws_table
from api.trends.teller import Teller
from domain.search import EmergingTerm

SHOWN: Final = 10


def _asks(question: Question) -> tuple[EmergingTerm, ...]:
    return tuple(question.emerging(SHOWN))


def _table(answer: Sequence[EmergingTerm], teller: Teller) -> Table:
    columns = (
        Column("kata", teller.say("Kata"), number=False, weight=3),
        Column("kiriman", teller.say("kiriman")),
        Column("masa_sebelumnya", teller.say("sebelumnya")),
        Column(None, "", number=False, weight=4),
    )
    most = max((term.count for term in answer), default=1)
    return Table(columns, tuple(_row(term, most, teller) for term in answer), few=SHOWN)


def _row(term: EmergingTerm, most: int, teller: Teller) -> tuple[Cell, ...]:
    asked = teller.asked.asked
    quoted = f'"{term.term}"'  # the word itself: without the quotes its other forms would be found too
    said = replace(teller, asked=teller.asked.changed(q=f"({asked.q}) AND {quoted}" if asked.q else quoted))
    return (
        word(term.term, href=said.posts()),
        Cell(teller.number(term.count), term.count, said.posts()),
        Cell(teller.number(term.before), term.before, said.posts(teller.stretch.before), "quiet"),
        Cell("", strip=(StripPart("net", term.count / most * 100),)),
    )


PANEL = Panel(
    key="kata",
    title=N_("Kata yang menonjol"),
    about=N_("dibanding masa sebelumnya"),
    empty=N_("Tidak ada kata yang lebih sering dipakai daripada masa sebelumnya."),
    place=30,
    asks=_asks,
    draws=draws_table(_table),
    table=_table,
    lead=Lead.TABLE,
    width=Width.THIRD,
    late=True,
)
