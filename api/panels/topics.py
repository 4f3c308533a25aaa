"""What it is about: the topics of the period, against the days before, and in what mood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.speech import N_
from api.trends.panel import Lead, Panel, Width
from api.trends.question import Question
from api.trends.table import Cell, Column, StripPart, Table, strip_cell, word
from api.trends.tabular import draws_table
from api.trends.teller import Teller
from api.trends.times import TONES, sentiment_words

SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic's posts; `before` is None where nobody compares."""

    code: str
    count: int
    before: int | None
    split: Mapping[str, int]


def _asks(question: Question) -> tuple[Topic, ...]:
    found = question.top("topic", question.stretch)
    earlier = question.top("topic", question.before) if question.before else None
    moods = _moods(question, found)
    return tuple(
        Topic(
            code,
            count,
            None if earlier is None else earlier.get(code, 0),
            {value: counts.get(code, 0) for value, counts in moods.items()},
        )
        for code, count in list(found.items())[:SHOWN]
    )


def _moods(question: Question, found: Mapping[str, int]) -> Mapping[str, Mapping[str, int]]:
    """The topics' posts by sentiment. What is of no other one is of the last, which need not be asked for."""
    wanted = question.asked.asked.values.get("sentiment", ())
    *asked, last = [value for value in TONES if not wanted or value in wanted] or [*TONES]
    moods = {value: question.top("topic", question.stretch, {"sentiment": (value,)}) for value in asked}
    rest = {code: count - sum(counts.get(code, 0) for counts in moods.values()) for code, count in found.items()}
    return {**moods, last: rest}


def _table(answer: tuple[Topic, ...], teller: Teller) -> Table:
    compared = any(topic.before is not None for topic in answer)
    columns = (
        Column("topik", teller.say("Topik"), number=False, weight=5),
        Column("kiriman", teller.say("kiriman")),
        *(
            (
                Column("masa_sebelumnya", teller.say("sebelumnya"), minor=True),
                Column("perubahan_persen", teller.say("berubah")),
            )
            if compared
            else ()
        ),
        *(Column(value, sentiment_words(value, teller), drawn=False) for value in TONES),
        Column(None, teller.say("sentimen"), number=False, weight=3),
    )
    return Table(columns, tuple(_row(topic, teller, compared=compared) for topic in answer))


def _row(topic: Topic, teller: Teller, *, compared: bool) -> tuple[Cell, ...]:
    posts = teller.posts(topic=(topic.code,))
    before = topic.before or 0
    changed = round((topic.count - before) / before * 100) if before else None
    return (
        word(teller.names.topic(topic.code, teller.says), topic.code, href=posts),
        Cell(teller.number(topic.count), topic.count, posts),
        *(
            (
                Cell(teller.number(before), before, teller.posts(teller.stretch.before, topic=(topic.code,)), "quiet"),
                Cell(teller.change(topic.count, before), changed, tone="quiet"),
            )
            if compared
            else ()
        ),
        *(Cell(teller.number(n), n) for value in TONES for n in (topic.split.get(value, 0),)),
        strip_cell(_strip(topic, teller)),
    )


def _strip(topic: Topic, teller: Teller) -> tuple[StripPart, ...]:
    whole = sum(topic.split.values()) or 1
    return tuple(
        StripPart(
            TONES[value],
            count / whole * 100,
            f"{sentiment_words(value, teller)}: {teller.number(count)}",
            teller.posts(topic=(topic.code,), sentiment=(value,)),
        )
        for value, count in topic.split.items()
        if count
    )


PANEL = Panel(
    key="topik",
    title=N_("Topik"),
    about=N_("kiriman terbanyak"),
    empty=N_("Belum ada topik untuk ditampilkan pada hari-hari ini."),
    place=40,
    asks=_asks,
    draws=draws_table(_table),
    table=_table,
    lead=Lead.TABLE,
    width=Width.THIRD,
)
