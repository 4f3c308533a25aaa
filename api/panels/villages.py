"""How fast each desa gets an answer, the slowest first among those that wait."""

from __future__ import annotations

from typing import Final

from api.speech import N_
from api.trends.answers import Answers, answers_of, in_time, median_words, note_ignored
from api.trends.panel import Lead, Panel
from api.trends.question import Question
from api.trends.table import Cell, Column, Table, word
from api.trends.tabular import draws_table
from api.trends.teller import Teller
from store.ticketboard import BoardRow

SHOWN: Final = 20


def _asks(question: Question) -> Answers:
    found = answers_of(question, "desa")
    placed = [row for row in found.rows if row.key]
    placed.sort(key=lambda row: (-row.overdue, -(row.response_median_minutes or 0), row.key))
    return found.with_rows(placed[:SHOWN])


def _table(answer: Answers, teller: Teller) -> Table:
    columns = (
        Column("kode", teller.say("Desa/kelurahan"), number=False, weight=3),
        Column("kecamatan", teller.say("Kecamatan"), number=False, minor=True, weight=3),
        Column("masuk", teller.say("masuk")),
        Column("terlambat", teller.say("terlambat")),
        Column("dijawab", teller.say("dijawab"), drawn=False),
        Column("tepat_waktu_persen", teller.say("tepat waktu"), minor=True),
        Column("median_menit", teller.say("median jawab")),
    )
    return Table(columns, tuple(_row(row, answer, teller) for row in answer.rows))


def _row(row: BoardRow, answer: Answers, teller: Teller) -> tuple[Cell, ...]:
    values = {**answer.filter.values, "area": (row.key,)}
    opened = teller.tickets("semua", values, opened=teller.stretch)
    share = in_time(row)
    return (
        word(teller.names.area(row.key), row.key, href=opened),
        word(teller.names.area(row.key.rpartition(".")[0]), tone="quiet"),
        Cell(teller.number(row.opened), row.opened, opened),
        Cell(
            teller.number(row.overdue),
            row.overdue,
            teller.tickets("terlambat", values),
            "late" if row.overdue else "quiet",
        ),
        Cell(teller.number(row.answered), row.answered),
        Cell("–" if share is None else f"{teller.number(share)}%", share, opened),
        Cell(median_words(row, teller), row.response_median_minutes, opened, "quiet"),
    )


PANEL = Panel(
    key="desa",
    title=N_("Kecepatan jawaban per desa"),
    about=N_("yang terlambat dan lambat lebih dulu"),
    empty=N_("Belum ada tiket yang tempatnya diketahui sampai desa."),
    place=80,
    asks=_asks,
    draws=draws_table(_table),
    table=_table,
    notes=note_ignored,
    lead=Lead.TABLE,
)
