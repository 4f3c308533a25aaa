"""Who answers, and who is late: the offices' board, the most overdue first."""

from __future__ import annotations

from api.speech import N_
from api.trends.answers import Answers, answers_of, in_time, median_words, note_ignored
from api.trends.panel import Lead, Panel, Width
from api.trends.question import Question
from api.trends.table import Cell, Column, StripPart, Table, word
from api.trends.tabular import draws_table
from api.trends.teller import Teller
from store.ticketboard import BoardRow


def _asks(question: Question) -> Answers:
    return answers_of(question, "opd")


def _table(answer: Answers, teller: Teller) -> Table:
    columns = (
        Column("opd", teller.say("OPD"), number=False, weight=4),
        *((Column("wilayah", teller.say("Wilayah"), number=False),) if answer.regions > 1 else ()),
        Column("masuk", teller.say("masuk"), drawn=False),
        Column("terbuka", teller.say("terbuka")),
        Column("terlambat", teller.say("terlambat")),
        Column("dijawab", teller.say("dijawab"), drawn=False),
        Column("tepat_waktu_persen", teller.say("tepat waktu")),
        Column(None, "", number=False),
        Column("median_menit", teller.say("median"), minor=True),
    )
    return Table(columns, tuple(_row(row, answer, teller) for row in answer.rows))


def _row(row: BoardRow, answer: Answers, teller: Teller) -> tuple[Cell, ...]:
    values = {**answer.filter.values, "opd": (f"{row.region}/{row.key}",), "region": ()}
    values = {name: given for name, given in values.items() if given}
    opened = teller.tickets("semua", values, opened=teller.stretch)
    share = in_time(row)
    return (
        word(
            teller.names.short_agency(row.key) if row.key else teller.say("Pusat kendali"),
            row.key or "pusat_kendali",
            href=teller.tickets("terbuka", values),
        ),
        *((word(teller.names.of("region", row.region, teller.says), row.region),) if answer.regions > 1 else ()),
        Cell(teller.number(row.opened), row.opened, opened),
        Cell(teller.number(row.open), row.open, teller.tickets("terbuka", values)),
        Cell(
            teller.number(row.overdue),
            row.overdue,
            teller.tickets("terlambat", values),
            "late" if row.overdue else "quiet",
        ),
        Cell(teller.number(row.answered), row.answered),
        Cell("–" if share is None else f"{teller.number(share)}%", share, opened),
        Cell("", strip=() if share is None else (StripPart("net", share),)),
        Cell(median_words(row, teller), row.response_median_minutes, opened, "quiet"),
    )


PANEL = Panel(
    key="opd",
    title=N_("OPD"),
    about=N_("yang terlambat lebih dulu"),
    empty=N_("Belum ada tiket pada OPD mana pun. Tiket dibuat di Meja kerja atau dari sebuah kiriman."),
    place=60,
    asks=_asks,
    draws=draws_table(_table),
    table=_table,
    notes=note_ignored,
    lead=Lead.TABLE,
    width=Width.THIRD,
)
