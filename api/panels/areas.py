"""Where it is said: complaints by kecamatan, or by desa of one, per 1,000 people where these are counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.maps import Level
from api.speech import N_
from api.trends.drawing import Drawing, Legend
from api.trends.map import Shaded, choropleth, edges
from api.trends.panel import Note, Panel, Width
from api.trends.question import Question
from api.trends.table import Cell, Column, Table, word
from api.trends.teller import Teller
from domain.errors import NotFound
from domain.labels import Intent
from domain.regions import RegionProfile
from domain.scope import within

PEOPLE: Final = 1_000


@dataclass(frozen=True, slots=True)
class AreaCount:
    """One area: its complaints, and how many there are for 1,000 people."""

    kode: str
    name: str
    count: int
    before: int | None
    rate: float | None


@dataclass(frozen=True, slots=True)
class AreaForm:
    """One area as it is drawn."""

    kode: str
    d: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class AreaCounts:
    """A region's areas of one level. `intent` narrows the posts behind a number, besides the reader's own filter."""

    region: str
    level: Level
    rows: tuple[AreaCount, ...]
    forms: tuple[AreaForm, ...]
    view: tuple[int, int]
    intent: tuple[str, ...]
    others: bool  # there are other regions, which this map leaves out

    @property
    def rated(self) -> bool:
        """Whether everybody is counted, so that areas compare by rate."""
        return bool(self.rows) and all(row.rate is not None for row in self.rows)


def _asks(question: Question) -> AreaCounts:
    values = question.asked.asked.values
    intent = () if values.get("intent") else (Intent.COMPLAINT.value,)
    narrowed = {"intent": intent} if intent else {}
    region = _region(question, narrowed)
    chosen = values.get("kecamatan", ())
    level: Level = "desa" if len(chosen) == 1 or values.get("desa") else "kecamatan"
    parent = chosen[0] if level == "desa" and len(chosen) == 1 else None
    counts = question.top(level, question.stretch, narrowed)
    earlier = question.top(level, question.before, narrowed) if question.before else None
    profile = question.parts.profile(region) if region else None
    rows = _rows(profile, level, parent, counts, earlier, question) if profile else ()
    forms, view = _forms(question, region, level, parent, {row.kode for row in rows})
    return AreaCounts(region, level, rows, forms, view, intent, len(question.regions) > 1)


def _region(question: Question, narrowed: Mapping[str, tuple[str, ...]]) -> str:
    """The region to draw: the one that most is said about."""
    if len(question.regions) < 2:  # noqa: PLR2004  nothing to choose
        return next(iter(question.regions), "")
    counts = question.top("region", question.stretch, narrowed)
    return max(question.regions, key=lambda slug: counts.get(slug, 0))


def _rows(  # noqa: PLR0913  what is counted where
    profile: RegionProfile,
    level: Level,
    parent: str | None,
    counts: Mapping[str, int],
    earlier: Mapping[str, int] | None,
    question: Question,
) -> tuple[AreaCount, ...]:
    rows = []
    for area in profile.areas.values():
        if area.level != level or (parent and not within(area.kode, parent)) or not _seen(area.kode, question):
            continue
        count = counts.get(area.kode, 0)
        rate = round(count / area.population * PEOPLE, 2) if area.population else None
        before = None if earlier is None else earlier.get(area.kode, 0)
        rows.append(AreaCount(area.kode, area.name, count, before, rate))
    rated = all(row.rate is not None for row in rows)
    return tuple(sorted(rows, key=lambda row: (-(row.rate or 0) if rated else -row.count, -row.count, row.name)))


def _seen(kode: str, question: Question) -> bool:
    areas = question.scope.areas
    return areas is None or any(within(kode, area) or within(area, kode) for area in areas)


def _forms(
    question: Question, region: str, level: Level, parent: str | None, shown: set[str]
) -> tuple[tuple[AreaForm, ...], tuple[int, int]]:
    try:
        drawn = question.parts.maps.drawn(region, level, parent)
    except NotFound:
        return (), (0, 0)
    kept = (shape for shape in drawn.shapes if shape.kode in shown)
    return tuple(AreaForm(s.kode, s.d, s.label_x, s.label_y) for s in kept), (drawn.width, drawn.height)


def _draws(answer: AreaCounts, teller: Teller) -> Drawing:
    by_kode = {row.kode: row for row in answer.rows}
    areas = [
        Shaded(
            d=form.d,
            x=form.x,
            y=form.y,
            name=row.name,
            size=_size(row, answer),
            number=teller.number(_size(row, answer)),
            title=f"{row.name}: {_told(row, answer, teller)}",
            href=_posts(row, answer, teller) if row.count else None,
        )
        for form in answer.forms
        for row in (by_kode[form.kode],)
    ]
    most = max((_size(row, answer) for row in answer.rows), default=0.0)
    legend = tuple(
        Legend(f"m{n}", f"{'≤ ' if n else ''}{teller.number(top)}") for n, top in edges(most, whole=not answer.rated)
    )
    return choropleth(areas, answer.view, legend)


def _size(row: AreaCount, answer: AreaCounts) -> float:
    return (row.rate or 0.0) if answer.rated else row.count


def _told(row: AreaCount, answer: AreaCounts, teller: Teller) -> str:
    if answer.rated and row.rate is not None:
        return teller.say(
            "%(rate)s per 1.000 penduduk (%(n)s)", rate=teller.number(row.rate), n=teller.number(row.count)
        )
    return teller.number(row.count)


def _posts(row: AreaCount, answer: AreaCounts, teller: Teller, *, before: bool = False) -> str:
    values = {answer.level: (row.kode,), **({"intent": answer.intent} if answer.intent else {})}
    return teller.posts(teller.stretch.before if before else None, **values)


def _table(answer: AreaCounts, teller: Teller) -> Table:
    compared = any(row.before is not None for row in answer.rows)
    columns = (
        Column("kode", teller.say("Tempat"), number=False, weight=4),
        Column("kiriman", teller.say("kiriman")),
        *((Column("per_1000_penduduk", teller.say("per 1.000 penduduk")),) if answer.rated else ()),
        *(
            (Column("masa_sebelumnya", teller.say("sebelumnya")), Column(None, teller.say("berubah")))
            if compared
            else ()
        ),
    )
    rows = tuple(
        (
            word(row.name, row.kode),
            Cell(teller.number(row.count), row.count, _posts(row, answer, teller) if row.count else None),
            *((Cell(teller.number(row.rate or 0), row.rate),) if answer.rated else ()),
            *(
                (
                    Cell(
                        teller.number(row.before or 0),
                        row.before,
                        _posts(row, answer, teller, before=True) if row.before else None,
                        "quiet",
                    ),
                    Cell(teller.change(row.count, row.before or 0), tone="quiet"),
                )
                if compared
                else ()
            ),
        )
        for row in answer.rows
    )
    return Table(columns, rows, few=len(rows))


def _notes(answer: AreaCounts, teller: Teller) -> tuple[Note, ...]:
    notes = []
    if answer.others:
        name = teller.names.of("region", answer.region, teller.says)
        notes.append(Note(teller.say("Peta %(name)s. Pilih wilayah lain pada saringan.", name=name)))
    if answer.rows and not answer.rated:
        notes.append(
            Note(teller.say("Dihitung per kiriman: jumlah penduduk tiap tempat belum diisi di profil wilayah."))
        )
    return tuple(notes)


PANEL = Panel(
    key="wilayah",
    title=N_("Tempat"),
    about=N_("kiriman pengaduan"),
    empty=N_("Tidak ada tempat yang dapat digambar untuk wilayah ini."),
    place=50,
    asks=_asks,
    draws=_draws,
    table=_table,
    notes=_notes,
    width=Width.THIRD,
)
