"""Who is heard: each source's posts against its own past, and the days on which it did not answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from api.speech import N_
from api.trends.panel import Lead, Note, Panel, Width
from api.trends.question import Question
from api.trends.sources import health, heard_sources
from api.trends.table import Cell, Column, StripPart, Table, strip_cell, word
from api.trends.tabular import draws_table
from api.trends.teller import Teller

STATES: Final[Mapping[str, str]] = {
    "ok": N_("hari menjawab"),
    "part": N_("hari sebagian"),
    "bad": N_("hari gagal"),
    "none": N_("hari tidak ditanya"),
    "unknown": N_("hari tanpa catatan"),
}
LOST: Final = ("bad", "none")


@dataclass(frozen=True, slots=True)
class Heard:
    """One source. `days` are the period's, in order, as `health` names them."""

    key: str
    count: int
    before: int | None
    days: tuple[str, ...]

    @property
    def lost(self) -> int:
        """On how many days it was not heard."""
        return sum(self.days.count(state) for state in LOST)


def _asks(question: Question) -> tuple[Heard, ...]:
    counts = question.top("source", question.stretch)
    earlier = question.top("source", question.before) if question.before else None
    known: Mapping[str, Mapping[date, str]] = health(question)
    keys = {spec.key for spec in heard_sources(question)} | counts.keys()
    rows = [
        Heard(
            key,
            counts.get(key, 0),
            None if earlier is None else earlier.get(key, 0),
            tuple(known.get(key, {}).get(day, "unknown") for day in question.stretch.each()),
        )
        for key in keys
    ]
    return tuple(sorted(rows, key=lambda heard: (-heard.lost, -heard.count, heard.key)))


def _table(answer: tuple[Heard, ...], teller: Teller) -> Table:
    compared = any(heard.before is not None for heard in answer)
    columns = (
        Column("sumber", teller.say("Sumber"), number=False, weight=4),
        Column("kiriman", teller.say("kiriman")),
        *((Column("masa_sebelumnya", teller.say("sebelumnya"), minor=True),) if compared else ()),
        *((Column(None, teller.say("berubah"), minor=True),) if compared else ()),
        *(Column(told.replace(" ", "_"), teller.say(told), drawn=False) for told in STATES.values()),
        Column(None, teller.say("hari demi hari"), number=False, weight=8),
    )
    return Table(columns, tuple(_row(heard, teller, compared=compared) for heard in answer), few=12)


def _row(heard: Heard, teller: Teller, *, compared: bool) -> tuple[Cell, ...]:
    posts = teller.posts(source=(heard.key,))
    before = heard.before or 0
    past = Cell(teller.number(before), before, teller.posts(teller.stretch.before, source=(heard.key,)), "quiet")
    return (
        word(teller.names.source(heard.key), heard.key, href=posts),
        Cell(teller.number(heard.count), heard.count, posts),
        *((past, Cell(teller.change(heard.count, before), tone="quiet")) if compared else ()),
        *(Cell(str(heard.days.count(state)), heard.days.count(state)) for state in STATES),
        strip_cell(_strip(heard, teller), posts),
    )


def _strip(heard: Heard, teller: Teller) -> tuple[StripPart, ...]:
    """The days in a row; days alike that follow each other are one part."""
    parts: list[StripPart] = []
    start = 0
    for n in range(1, len(heard.days) + 1):
        if n == len(heard.days) or heard.days[n] != heard.days[start]:
            told = teller.say(STATES[heard.days[start]])
            parts.append(StripPart(heard.days[start], (n - start) / len(heard.days) * 100, f"{n - start} {told}"))
            start = n
    return tuple(parts)


def _notes(answer: tuple[Heard, ...], teller: Teller) -> tuple[Note, ...]:
    if answer and all(set(heard.days) == {"unknown"} for heard in answer):
        return (Note(teller.say("Belum ada catatan pengambilan: kesehatan sumber tampil setelah sumber dijalankan.")),)
    return ()


PANEL = Panel(
    key="sumber",
    title=N_("Kesehatan sumber"),
    about=N_("yang tidak terdengar lebih dulu"),
    empty=N_("Belum ada sumber untuk wilayah ini."),
    place=90,
    asks=_asks,
    draws=draws_table(_table),
    table=_table,
    notes=_notes,
    lead=Lead.TABLE,
    width=Width.FULL,
)
