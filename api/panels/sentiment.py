"""In what mood it is said: the share of each sentiment over time."""

from __future__ import annotations

from typing import Final

from api.speech import N_
from api.trends.bars import Bar, Part, bars
from api.trends.drawing import Drawing, Legend
from api.trends.panel import Panel
from api.trends.question import Question
from api.trends.table import Cell, Column, Table, word
from api.trends.teller import Teller
from api.trends.times import TONES, Spell, sentiment_words, spells

WHOLE: Final = 100
LINES: Final = (25, 50, 75)


def _asks(question: Question) -> tuple[Spell, ...]:
    stretch = question.stretch
    return spells(question.moods(stretch), stretch, question.zone)


def _draws(answer: tuple[Spell, ...], teller: Teller) -> Drawing:
    found = []
    for spell in answer:
        when, whole = teller.days(spell.stretch), sum(spell.split.values())
        parts = tuple(
            Part(
                tone,
                count / whole * WHOLE,
                f"{when}: {teller.share(count, whole)} {sentiment_words(value, teller)} ({teller.number(count)})",
                teller.posts(spell.stretch, sentiment=(value,)),
            )
            for value, tone in TONES.items()
            if (count := spell.split.get(value, 0))
        )
        tick = spell.tick(teller, teller.stretch.interval)
        found.append(Bar(tick=tick, parts=parts, title=when, href=teller.posts(spell.stretch)))
    legend = tuple(Legend(tone, sentiment_words(value, teller)) for value, tone in TONES.items())
    return bars(found, top=WHOLE, lines=[(x, f"{x}%") for x in LINES], legend=legend)


def _table(answer: tuple[Spell, ...], teller: Teller) -> Table:
    columns = (
        Column("awal", teller.say("Waktu"), number=False),
        *(Column(f"{value}_persen", sentiment_words(value, teller)) for value in TONES),
    )
    rows = tuple(
        (
            word(teller.days(spell.stretch), spell.stretch.first.isoformat()),
            *(_share(spell, value, teller) for value in TONES),
        )
        for spell in answer
    )
    return Table(columns, rows if any(spell.count for spell in answer) else ())


def _share(spell: Spell, value: str, teller: Teller) -> Cell:
    count, whole = spell.split.get(value, 0), sum(spell.split.values())
    share = round(count / whole * WHOLE, 1) if whole else None
    return Cell(teller.share(count, whole), share, teller.posts(spell.stretch, sentiment=(value,)))


PANEL = Panel(
    key="sentimen",
    title=N_("Bagian sentimen"),
    about=N_("dari cerita yang berbeda"),
    empty=N_("Tidak ada kiriman pada hari-hari ini. Pilih kurun yang lebih panjang atau lepas saringan."),
    place=70,
    asks=_asks,
    draws=_draws,
    table=_table,
)
