"""How much is said: stories over time by sentiment, with the days on which not everybody was heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from api.speech import N_
from api.trends.asked import Stretch
from api.trends.bars import Bar, Part, bars, scale
from api.trends.drawing import Drawing, Legend
from api.trends.panel import Note, Panel, Width
from api.trends.question import Question
from api.trends.sources import SourceEffect, effect, gaps
from api.trends.table import Cell, Column, Table, word
from api.trends.teller import Teller
from api.trends.times import TONES, Spell, gap_words, sentiment_words, spells
from domain.search import Interval

LINE: Final = 400  # characters of the names of sources in one sentence


@dataclass(frozen=True, slots=True)
class Volume:
    """The bars; the total counts every story once, as does that of the days before."""

    spells: tuple[Spell, ...]
    levels: tuple[int, ...]  # of the days before, bar by bar; empty where they cannot be laid beside
    total: int
    before: int | None
    gaps: Mapping[date, tuple[str, ...]]
    effect: SourceEffect | None


def _asks(question: Question) -> Volume:
    stretch = question.stretch
    series = question.moods(stretch)
    levels: tuple[int, ...] = ()
    if question.before and stretch.interval is Interval.DAY:
        levels = tuple(point.count for point in question.moods(question.before).points)
    before = question.stories(question.before) if question.before else None
    found = spells(series, stretch, question.zone)
    return Volume(found, levels, series.total, before, gaps(question), effect(question))


def _draws(answer: Volume, teller: Teller) -> Drawing:
    heights = (max(spell.count, sum(spell.split.values())) for spell in answer.spells)
    top, lines = scale(max((*heights, *answer.levels), default=0))
    found = []
    for n, spell in enumerate(answer.spells):
        when = teller.days(spell.stretch)
        parts = tuple(
            Part(
                tone,
                spell.split.get(value, 0),
                f"{when}: {teller.number(spell.split.get(value, 0))} {sentiment_words(value, teller)}",
                teller.posts(spell.stretch, sentiment=(value,)),
            )
            for value, tone in TONES.items()
        )
        found.append(
            Bar(
                tick=spell.tick(teller, teller.stretch.interval),
                parts=parts,
                title=teller.say("%(when)s: %(n)s cerita", when=when, n=teller.number(spell.count)),
                href=teller.posts(spell.stretch),
                level=answer.levels[n] if n < len(answer.levels) else None,
                gap=gap_words(spell.stretch, answer.gaps, teller),
            )
        )
    legend = [Legend(tone, sentiment_words(value, teller)) for value, tone in TONES.items()]
    if any(bar.gap for bar in found):
        legend.append(Legend("gap", teller.say("ada sumber tak terdengar"), hatched=True))
    if answer.levels:
        legend.append(Legend("ink", teller.say("masa sebelumnya")))
    return bars(found, top=top, lines=[(x, teller.number(x)) for x in lines], legend=tuple(legend))


def _table(answer: Volume, teller: Teller) -> Table:
    columns = (
        Column("awal", teller.say("Waktu"), number=False),
        *(Column(value, sentiment_words(value, teller)) for value in TONES),
        Column("cerita", teller.say("cerita")),
        *((Column("masa_sebelumnya", teller.say("masa sebelumnya")),) if answer.levels else ()),
        Column("sumber_tak_terdengar", teller.say("sumber tak terdengar"), number=False),
    )
    rows = []
    for n, spell in enumerate(answer.spells):
        gap = gap_words(spell.stretch, answer.gaps, teller)
        counts = [
            Cell(teller.number(count), count, teller.posts(spell.stretch, sentiment=(value,)))
            for value in TONES
            for count in (spell.split.get(value, 0),)
        ]
        day = Stretch(*(teller.stretch.before.first + timedelta(days=n),) * 2)
        levels = [Cell(teller.number(x), x, teller.posts(day), "quiet") for x in answer.levels[n : n + 1]]
        rows.append(
            (
                word(teller.days(spell.stretch), spell.stretch.first.isoformat()),
                *counts,
                Cell(teller.number(spell.count), spell.count, teller.posts(spell.stretch)),
                *levels,
                word(gap),
            )
        )
    return Table(columns, tuple(rows) if answer.total else ())


def _notes(answer: Volume, teller: Teller) -> tuple[Note, ...]:
    notes = [*_effect(answer.effect, teller)] if answer.effect else []
    lost = sorted({key for keys in answer.gaps.values() for key in keys}, key=teller.names.source)
    if answer.gaps:
        told = teller.say(
            "Arsiran: pada %(n)s hari tidak semua sumber terdengar (%(names)s). Sepi di sana belum tentu sepi.",
            n=len(answer.gaps),
            names=_names(lost, teller),
        )
        notes.append(Note(told))
    if any(sum(spell.split.values()) > spell.count for spell in answer.spells):
        notes.append(Note(teller.say("Cerita yang dibicarakan dengan beberapa sentimen terhitung pada tiap warnanya.")))
    return tuple(notes)


def _effect(found: SourceEffect, teller: Teller) -> list[Note]:
    names = _names((*found.new, *found.silent), teller)
    values = {
        "change": teller.change(found.now, found.before),
        "rest": teller.change(found.rest_now, found.rest_before),
        "names": names,
    }
    if not found.alone:
        told = teller.say("Tanpa sumber yang baru atau diam (%(names)s), perubahannya %(rest)s.", **values)
    elif not found.silent:
        told = teller.say(
            "Perubahan %(change)s ini hanya datang dari sumber baru: %(names)s. Tanpanya: %(rest)s.", **values
        )
    elif not found.new:
        told = teller.say(
            "Perubahan %(change)s ini hanya karena sumber yang diam: %(names)s. Tanpanya: %(rest)s.", **values
        )
    else:
        told = teller.say(
            "Perubahan %(change)s ini hanya karena sumber yang baru atau diam: %(names)s. Tanpanya: %(rest)s.", **values
        )
    stretch = teller.stretch if found.new else teller.stretch.before
    return [Note(told, teller.posts(stretch, source=(*found.new, *found.silent)), grave=found.alone)]


def _names(keys: tuple[str, ...] | list[str], teller: Teller) -> str:
    names = ", ".join(teller.names.source(key) for key in keys)
    return names if len(names) <= LINE else f"{names[:LINE].rpartition(', ')[0]}, …"


PANEL = Panel(
    key="volume",
    title=N_("Cerita menurut sentimen"),
    about=N_("cerita berbeda, bukan kiriman ulang"),
    empty=N_("Tidak ada kiriman pada hari-hari ini. Pilih kurun yang lebih panjang atau lepas saringan."),
    place=20,
    asks=_asks,
    draws=_draws,
    table=_table,
    notes=_notes,
    width=Width.WIDE,
)
