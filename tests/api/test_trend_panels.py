"""Each panel by itself: it renders whatever a month was like, and its picture, table and file tell the same numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from api.exports import FORMULA
from api.trends.drawing import Drawing, Rect
from api.trends.panel import Panel
from api.trends.registry import load_panels
from api.trends.svg import FRAME, as_file, on_page
from api.trends.table import Table
from domain.errors import CatalogueError
from domain.scope import Scope
from tests.api.told import REGION
from tests.api.trend_scenes import Scene, scene

PANELS = load_panels()
GOLDEN = ("ringkasan", "volume", "kata", "topik", "wilayah", "opd", "sentimen", "desa", "sumber")
MONTHS = ("empty", "flat", "spiky", "gaps")


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Scene]]:
    """Four months, each in an installation of its own."""
    with (
        scene(tmp_path_factory.mktemp("kosong")) as empty,
        scene(tmp_path_factory.mktemp("rata")) as flat,
        scene(tmp_path_factory.mktemp("lonjakan")) as spiky,
        scene(tmp_path_factory.mktemp("celah")) as gaps,
    ):
        flat.fill(lambda _: 4)
        spiky.fill(lambda ago: 120 if ago == 5 else 1 if ago % 2 else 0)
        gaps.fill(lambda ago: 0 if 8 <= ago <= 12 else 6)
        gaps.crawled("info-lobar", lambda ago: not 8 <= ago <= 12)
        yield {"empty": empty, "flat": flat, "spiky": spiky, "gaps": gaps}


def told(scene: Scene, panel: Panel[Any], address: str = "", **more: Any) -> tuple[Table, Drawing, list[str]]:
    """A panel's table, picture and notes."""
    question = scene.question(address, **more)
    teller, answer = scene.teller(question), panel.asks(question)
    notes = [note.text for note in panel.notes(answer, teller)]
    return panel.table(answer, teller), panel.draws(answer, teller), notes


def test_no_panel_is_lost() -> None:
    assert tuple(PANELS) == GOLDEN


def test_every_panel_is_told_to_those_who_script() -> None:
    told = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    assert [key for key in GOLDEN if f"`{key}`" not in told] == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("raise OSError('patah')", "tidak dapat dimuat"),
        ("PANEL = 3", "tidak memuat satu PANEL"),
        ("from api.panels.volume import PANEL", "sudah dipakai"),
    ],
)
def test_a_broken_or_repeated_panel_stops_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, words: str
) -> None:
    name = f"panel_uji_{abs(hash(source))}"
    (tmp_path / f"{name}.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(CatalogueError, match=words):
        load_panels(("api.panels.volume", name))


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("address", ["", "hari=7&banding=0", "hari=90", "dari=2025-03-01&sampai=2026-11-21"])
@pytest.mark.parametrize("key", GOLDEN)
def test_every_panel_renders_whatever_the_month_was_like(
    months: dict[str, Scene], key: str, month: str, address: str
) -> None:
    panel = PANELS[key]
    table, drawing, notes = told(months[month], panel, address)
    assert all(len(row) == len(table.columns) for row in table.rows)
    on_the_page = on_page(drawing, key)
    assert "style=" not in on_the_page
    assert "http" not in on_the_page
    picture = as_file(drawing, title=panel.title, about="uji", notes=tuple(notes), foot="uji")
    root = ET.fromstring(picture)  # noqa: S314  our own drawing
    assert root.attrib["width"] == str(FRAME)
    assert "nan" not in picture.lower()
    assert not re.search(r'(width|height)="-', picture)
    heading, *rows = table.plain()
    assert heading[0] in {"awal", "ukuran", "kata", "topik", "kode", "opd", "sumber"}
    assert len(set(heading)) == len(heading)
    assert all(len(row) == len(heading) for row in rows)
    for row in rows:
        assert not any(isinstance(value, str) and FORMULA.search(value) for value in row)


@pytest.mark.parametrize("key", ["volume", "kata", "topik", "opd", "sentimen", "desa"])
def test_a_panel_without_anything_to_show_says_what_to_do(months: dict[str, Scene], key: str) -> None:
    table, _, _ = told(months["empty"], PANELS[key])
    assert table.rows == ()
    assert PANELS[key].empty


@pytest.mark.parametrize("month", ["flat", "spiky", "gaps"])
def test_the_bars_are_as_high_as_the_files_numbers(months: dict[str, Scene], month: str) -> None:
    table, drawing, _ = told(months[month], PANELS["volume"])
    heading, *rows = table.plain()
    for tone, mood in (("neg", "negatif"), ("neu", "netral"), ("pos", "positif")):
        counts = [row[heading.index(mood)] for row in rows]
        marks = [(m, s) for m in drawing.marks for s in m.shapes if isinstance(s, Rect) and s.tone == tone]
        assert len(marks) == sum(1 for n in counts if n)
        said = [int(m.title.rpartition(": ")[2].split()[0].replace(".", "")) for m, _ in marks]
        assert said == [n for n in counts if n]
        highest = max(s.height for _, s in marks)
        for (_, shape), n in zip(marks, said, strict=True):
            assert shape.height == pytest.approx(max(1.0, highest * n / max(said)), abs=0.11)


def test_a_bars_link_holds_the_filter_the_day_and_the_mood(months: dict[str, Scene]) -> None:
    _, drawing, _ = told(months["flat"], PANELS["volume"], "hari=7&topic=jalan&kecamatan=52.01.08&q=rusak")
    hrefs = [m.href for m in drawing.marks for s in m.shapes if isinstance(s, Rect) and s.tone == "neg"]
    assert hrefs[-1] == (
        "/cari?q=rusak&dari=2026-11-21&sampai=2026-11-21&topic=jalan&kecamatan=52.01.08&sentiment=negatif"
    )


def test_words_that_look_like_a_template_stay_what_they_are(months: dict[str, Scene]) -> None:
    question = months["flat"].question("hari=7&q=1990-01-01+OR+nilai.di.sini.topic")
    teller = months["flat"].teller(question)
    assert teller.posts(topic=("air.pdam",)) == question.asked.posts(question.stretch, topic=("air.pdam",))
    plain = months["flat"].question("hari=7&source=a%26b")
    teller = months["flat"].teller(plain)
    for values in ({}, {"source": ("c&d=e",)}, {"topic": ("x",), "desa": ("1", "2")}, {"topic": ("x y",)}):
        assert teller.posts(**values) == plain.asked.posts(plain.stretch, **values)


def test_the_bars_of_a_long_period_are_weeks_cut_at_its_ends(months: dict[str, Scene]) -> None:
    table, _, _ = told(months["flat"], PANELS["volume"], "hari=90")
    heading, *rows = table.plain()
    assert rows[0][0] == "2026-08-24"  # a Monday, and the period's first day
    assert sum(row[heading.index("cerita")] for row in rows) == 60 * 4  # type: ignore[misc]
    table, _, _ = told(months["flat"], PANELS["volume"], "dari=2026-10-01&sampai=2026-11-21")
    assert next(iter(list(table.plain())[1:]))[0] == "2026-10-01"  # a Thursday: the week is cut


class TestGaps:
    def test_days_on_which_a_usual_source_failed_are_hatched_and_named(self, months: dict[str, Scene]) -> None:
        table, drawing, notes = told(months["gaps"], PANELS["volume"])
        hatched = [m for m in drawing.marks for s in m.shapes if isinstance(s, Rect) and s.hatched]
        assert len(hatched) == 5
        assert all("Info Lobar" in m.title for m in hatched)
        heading, *rows = table.plain()
        lost = [row[0] for row in rows if row[heading.index("sumber_tak_terdengar")]]
        assert lost == ["2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13"]
        assert any("5 hari" in note and "Info Lobar" in note for note in notes)

    def test_a_month_that_was_heard_throughout_is_not_hatched(self, months: dict[str, Scene]) -> None:
        _, drawing, notes = told(months["flat"], PANELS["volume"])
        assert not [m for m in drawing.marks for s in m.shapes if isinstance(s, Rect) and s.hatched]
        assert notes == []

    def test_a_source_that_nobody_asked_is_a_gap_too(self, tmp_path: Path) -> None:
        with scene(tmp_path) as made:
            made.fill(lambda _: 3)
            made.crawled("info-lobar", lambda ago: None if ago in {3, 4} else True)
            table, _, _ = told(made, PANELS["sumber"])
            heading, *rows = table.plain()
            row = next(row for row in rows if row[0] == "info-lobar")
            assert row[heading.index("hari_tidak_ditanya")] == 2
            assert row[heading.index("hari_menjawab")] == 28

    def test_a_small_source_hatches_nothing(self, tmp_path: Path) -> None:
        with scene(tmp_path) as made:
            made.fill(lambda _: 20)
            made.fill(lambda ago: 1 if ago % 5 == 0 else 0, source="aduan-wa")
            made.crawled("aduan-wa", lambda ago: ago > 10)
            _, drawing, _ = told(made, PANELS["volume"])
            assert not [m for m in drawing.marks for s in m.shapes if isinstance(s, Rect) and s.hatched]


class TestChangesThatComeFromSources:
    def test_a_rise_that_only_a_new_source_brings_says_so_and_names_it(self, tmp_path: Path) -> None:
        with scene(tmp_path) as made:
            made.source("info-sekotong", "Info Sekotong")
            made.fill(lambda _: 4, days=200)
            made.fill(lambda ago: 3 if ago < 20 else 0, source="info-sekotong")
            question = made.question()
            note = PANELS["volume"].notes(PANELS["volume"].asks(question), made.teller(question))[0]
            assert note.grave
            assert note.text == ("Perubahan +50% ini hanya datang dari sumber baru: Info Sekotong. Tanpanya: 0%.")
            assert note.href
            assert "source=info-sekotong" in note.href

    def test_a_fall_that_only_a_silent_source_brings_says_so(self, tmp_path: Path) -> None:
        with scene(tmp_path) as made:
            made.fill(lambda _: 4, days=200)
            made.fill(lambda ago: 4 if ago >= 30 else 0, source="suara-lobar", days=200)
            note = told(made, PANELS["volume"])[2][0]
            assert note == "Perubahan −50% ini hanya karena sumber yang diam: Suara Lobar. Tanpanya: 0%."

    def test_a_source_that_stopped_answering_halfway_counts_as_silent(self, tmp_path: Path) -> None:
        with scene(tmp_path) as made:
            made.fill(lambda _: 4, days=200)
            made.fill(lambda ago: 4 if ago >= 20 else 0, source="suara-lobar", days=200)
            made.crawled("suara-lobar", lambda ago: ago >= 20, days=90)
            assert "hanya karena sumber yang diam: Suara Lobar" in told(made, PANELS["volume"])[2][0]

    def test_a_rise_that_all_sources_tell_of_stands(self, tmp_path: Path) -> None:
        with scene(tmp_path) as made:
            for source in ("info-lobar", "suara-lobar"):
                made.fill(lambda ago: 6 if ago < 30 else 2, source=source, days=200)
            assert told(made, PANELS["volume"])[2] == []

    def test_a_rise_that_a_new_source_only_adds_to_tells_what_is_left(self, tmp_path: Path) -> None:
        with scene(tmp_path) as made:
            made.source("info-sekotong", "Info Sekotong")
            made.fill(lambda ago: 8 if ago < 30 else 4, days=200)
            made.fill(lambda ago: 4 if ago < 30 else 0, source="info-sekotong")
            assert told(made, PANELS["volume"])[2] == [
                "Tanpa sumber yang baru atau diam (Info Sekotong), perubahannya +100%."
            ]

    def test_a_source_that_posts_now_and_then_is_not_new(self, tmp_path: Path) -> None:
        with scene(tmp_path) as made:
            made.fill(lambda _: 2, days=200)
            made.fill(lambda ago: 3 if ago < 20 or ago > 70 else 0, source="suara-lobar", days=200)
            assert not any("baru" in note for note in told(made, PANELS["volume"])[2])

    def test_who_asks_for_one_source_is_not_told(self, tmp_path: Path) -> None:
        with scene(tmp_path) as made:
            made.fill(lambda ago: 4 if ago < 30 else 0)
            assert told(made, PANELS["volume"], "source=info-lobar")[2] == []


class TestPlaces:
    def test_areas_are_told_per_1000_people_where_these_are_counted(self, months: dict[str, Scene]) -> None:
        made = months["flat"]
        table, drawing, notes = told(made, PANELS["wilayah"])
        assert "per_1000_penduduk" not in next(table.plain())
        assert any("penduduk" in note for note in notes)
        assert len(drawing.marks) == 11  # ten kecamatan, and their names
        profile = made.parts.profiles[REGION]
        peopled = {
            kode: area.model_copy(update={"population": 2_000 if kode == "52.01.08" else 50_000})
            for kode, area in profile.areas.items()
        }
        question = made.question()
        panel = PANELS["wilayah"]
        answer = panel.asks(question)
        rows = _rows_of(answer, profile.model_copy(update={"areas": peopled}), question)
        assert rows[0].kode == "52.01.08"
        assert rows[0].rate == pytest.approx(rows[0].count / 2, abs=0.01)

    def test_one_kecamatan_is_drawn_by_its_villages(self, months: dict[str, Scene]) -> None:
        table, drawing, _ = told(months["flat"], PANELS["wilayah"], "kecamatan=52.01.08")
        _, *rows = table.plain()
        assert all(str(row[0]).startswith("52.01.08.") for row in rows)
        assert {row[0] for row in rows[:2]} == {"52.01.08.2004", "52.01.08.2009"}
        assert drawing.view

    def test_a_village_head_is_shown_no_other_place(self, months: dict[str, Scene]) -> None:
        scope = Scope(regions=frozenset({REGION}), areas=frozenset({"52.01.08.2004"}))
        table, drawing, _ = told(months["flat"], PANELS["wilayah"], scope=scope)
        _, *rows = table.plain()
        assert [row[0] for row in rows] == ["52.01.08"]
        assert len(drawing.marks) == 2


def _rows_of(answer: Any, profile: Any, question: Any) -> Any:
    from api.panels.areas import _rows  # noqa: PLC0415  the rule itself, on a profile with people

    counts = {row.kode: row.count for row in answer.rows}
    return _rows(profile, "kecamatan", None, counts, None, question)


def test_the_same_numbers_are_asked_of_the_index_once(months: dict[str, Scene]) -> None:
    question = months["flat"].question()
    for panel in PANELS.values():
        panel.asks(question)
    queries = [key for key in question._kept if not isinstance(key, (str, tuple))]
    assert len(queries) == len(set(queries)) <= 20
