"""The period in five numbers, each beside the period before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.speech import N_
from api.trends.panel import Lead, Panel, Width
from api.trends.question import Question
from api.trends.table import Cell, Column, Table, word
from api.trends.tabular import draws_table
from api.trends.teller import MINUS, Teller
from domain.labels import Intent, Sentiment
from domain.search import TrendPoint
from store.ticketboard import BoardRow

COMPLAINT: Final = (Intent.COMPLAINT.value,)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number over the period: now, before (None where nobody compares or nothing was), and bar by bar."""

    now: float | None
    before: float | None
    course: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures, and the ticket list's fields that they were counted under."""

    stories: Figure
    complaints: Figure
    mood: Figure
    overdue: int
    open: int
    in_time: Figure
    values: dict[str, tuple[str, ...]]


def _asks(question: Question) -> Summary:
    stretch, before = question.stretch, question.before
    series = question.moods(stretch)
    asked = question.asked.asked.values.get("intent", ())
    intent = tuple(value for value in COMPLAINT if not asked or value in asked)
    complaints = question.series(stretch, stretch.interval, values={"intent": intent}) if intent else None
    past = question.stories(before, {"intent": intent}) if before and intent else None
    rows = question.board("opd")
    return Summary(
        stories=Figure(
            series.total, question.stories(before) if before else None, tuple(p.count for p in series.points)
        ),
        complaints=Figure(
            complaints.total if complaints else None,
            past,
            tuple(p.count for p in complaints.points) if complaints else (),
        ),
        mood=Figure(
            _mood(series.points),
            _mood(question.moods(before).points) if before else None,
            tuple(0.0 if (mood := _mood([point])) is None else mood + 1 for point in series.points),
        ),
        overdue=sum(row.overdue for row in rows),
        open=sum(row.open for row in rows),
        in_time=Figure(_in_time(rows), _in_time(question.board("opd", before)) if before else None),
        values=dict(question.tickets.values),
    )


def _mood(points: Sequence[TrendPoint]) -> float | None:
    """Positive less negative, as a share of all: -1..1."""
    whole = sum(sum(point.split.values()) for point in points)
    up = sum(point.split.get(Sentiment.POSITIVE.value, 0) for point in points)
    down = sum(point.split.get(Sentiment.NEGATIVE.value, 0) for point in points)
    return round((up - down) / whole, 2) if whole else None


def _in_time(rows: Sequence[BoardRow]) -> float | None:
    answered = sum(row.answered for row in rows)
    return round((answered - sum(row.answered_late for row in rows)) / answered * 100) if answered else None


def _table(answer: Summary, teller: Teller) -> Table:
    columns = (
        Column("ukuran", teller.say("Ukuran"), number=False, weight=3),
        Column("nilai", teller.say("nilai")),
        Column("masa_sebelumnya", teller.say("sebelumnya")),
        Column(None, teller.say("berubah")),
        Column(None, "", number=False, weight=4),
    )
    opened = teller.tickets("semua", answer.values, opened=teller.stretch)
    past = teller.stretch.before
    rows = (
        _counted("Cerita", answer.stories, teller, teller.posts(), teller.posts(past)),
        _counted(
            "Pengaduan", answer.complaints, teller, teller.posts(intent=COMPLAINT), teller.posts(past, intent=COMPLAINT)
        ),
        (
            word(teller.say("Sentimen bersih"), "sentimen_bersih"),
            Cell(_signed(answer.mood.now, teller), answer.mood.now, teller.posts()),
            Cell(_signed(answer.mood.before, teller), answer.mood.before, teller.posts(past), "quiet"),
            Cell(_difference(answer.mood, teller, digits=2), tone="quiet"),
            Cell("", spark=_heights(answer.mood.course, 2.0)),
        ),
        (
            word(teller.say("Tiket terlambat"), "tiket_terlambat"),
            Cell(
                teller.number(answer.overdue),
                answer.overdue,
                teller.tickets("terlambat", answer.values),
                "late" if answer.overdue else "",
            ),
            Cell(""),
            Cell(
                teller.say("dari %(n)s terbuka", n=teller.number(answer.open)),
                href=teller.tickets("terbuka", answer.values),
                tone="quiet",
            ),
            Cell(""),
        ),
        (
            word(teller.say("Dijawab tepat waktu"), "dijawab_tepat_waktu_persen"),
            Cell(_percent(answer.in_time.now, teller), answer.in_time.now, opened),
            Cell(
                _percent(answer.in_time.before, teller),
                answer.in_time.before,
                teller.tickets("semua", answer.values, opened=past),
                "quiet",
            ),
            Cell(_difference(answer.in_time, teller, digits=0), tone="quiet"),
            Cell(""),
        ),
    )
    return Table(columns, rows)


def _counted(title: str, figure: Figure, teller: Teller, href: str, past: str) -> tuple[Cell, ...]:
    now, before = figure.now, figure.before
    return (
        word(teller.say(title), title.lower()),
        Cell("–" if now is None else teller.number(now), now, href),
        Cell("–" if before is None else teller.number(before), before, past, "quiet"),
        Cell("" if before is None or now is None else teller.change(now, before), tone="quiet"),
        Cell("", spark=_heights(figure.course, max(figure.course, default=0))),
    )


def _heights(course: tuple[float, ...], top: float) -> tuple[float, ...]:
    return tuple(round(value / top, 3) for value in course) if top else ()


def _signed(value: float | None, teller: Teller) -> str:
    if value is None:
        return "–"
    return f"{MINUS if value < 0 else '+' if value else ''}{teller.says.share(abs(value))}"


def _percent(value: float | None, teller: Teller) -> str:
    return "–" if value is None else f"{teller.number(value)}%"


def _difference(figure: Figure, teller: Teller, *, digits: int) -> str:
    if figure.now is None or figure.before is None:
        return ""
    changed = round(figure.now - figure.before, digits)
    if digits:
        return _signed(changed, teller)
    return f"{'+' if changed > 0 else ''}{teller.number(changed)}"


WORDS: Final = (N_("Cerita"), N_("Pengaduan"))
PANEL = Panel(
    key="ringkasan",
    title=N_("Ringkasan"),
    about=N_("kurun ini di samping masa sebelumnya"),
    empty="",
    place=10,
    asks=_asks,
    draws=draws_table(_table),
    table=_table,
    lead=Lead.TILES,
    width=Width.FULL,
)
