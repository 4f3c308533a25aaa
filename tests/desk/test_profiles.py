"""The profiles in force: the center's edits over package and overlay, seen by every process without a restart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from desk.profiles import ProfileBook
from domain.errors import NotFound, Refused
from domain.regions import RegionEdit, load_files, removal
from store import KeyRing, Store, open_store

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
REGION, OTHER = "lombok-barat", "kota-bengkulu"


class Ticks:
    """A clock of seconds that a test sets."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    keys = KeyRing.open(tmp_path / "keys", create=True)
    opened = open_store(f"sqlite:///{tmp_path / 'truth.sqlite'}", keys=keys, create=True)
    yield opened
    opened.close()


@pytest.fixture
def book(store: Store) -> ProfileBook:
    return ProfileBook(load_files((REGION, OTHER)), store.region_edits)


def change(book: ProfileBook, part: str, key: str, **fields: object) -> None:
    book.change(REGION, [RegionEdit(part, key, fields)], "admin", NOW)


def test_an_edit_holds_at_once_and_changes_nothing_else(book: ProfileBook) -> None:
    before, other = book[REGION], book[OTHER]
    change(book, "areas", "52.01.01", aliases=["Gerung Kota"], population=98_765)
    area = book[REGION].areas["52.01.01"]
    assert (area.name, area.aliases, area.population) == ("Gerung", ("Gerung Kota",), 98_765)
    assert book[REGION].areas_by_name("gerung kota") == (area,)
    assert book[REGION].version != before.version
    assert book[OTHER].version == other.version
    assert book.below(REGION).version == before.version


def test_another_process_sees_it_within_its_next_look(store: Store, book: ProfileBook) -> None:
    ticks = Ticks()
    elsewhere = ProfileBook(load_files((REGION,)), store.region_edits, every=2.0, tick=ticks)
    change(book, "roads", "jalan-uji", name="Jalan Uji", owner="desa", source="uji")
    assert "jalan-uji" not in elsewhere[REGION].roads
    version = elsewhere.version
    ticks.at += 2.5
    assert "jalan-uji" in elsewhere[REGION].roads
    assert elsewhere.version != version


def test_days_off_and_deadlines_are_edited_one_by_one(book: ProfileBook) -> None:
    change(book, "calendar", "holidays/2027-04-17", name="Hari jadi daerah")
    change(book, "calendar", "workdays/2027-01-02", name="Hari kerja pengganti")
    change(book, "sla", "sla", verify=2, kind={"pengaduan": 10})
    profile = book[REGION]
    assert profile.calendar.spans(date(2027, 4, 17)) == ()
    assert profile.calendar.spans(date(2027, 1, 2)) != ()
    assert (profile.sla.verify, profile.sla.kind["pengaduan"], profile.sla.kind["aspirasi"]) == (2, 10, 5)
    book.change(REGION, [removal("calendar", "holidays/2027-04-17")], "admin", NOW)
    assert profile.calendar.holidays[0].name == "Hari jadi daerah"
    assert book[REGION].calendar.holidays == ()


@pytest.mark.parametrize(
    ("part", "key", "fields", "reason"),
    [
        ("agencies", "DIKES", {"valid_to": "2027-01-01"}, "tanpa successor"),
        ("agencies", "DIKES", {"successor": "TIDAKADA", "valid_to": "2027-01-01"}, "TIDAKADA tidak ada"),
        ("agencies", "BARU", {"name": "Dinas Baru"}, "wajib diisi"),
        ("areas", "52.01.01", {"population": -4}, "population"),
        ("points", "puskesmas-gerung", {"area": "99.99"}, "99.99"),
        ("roads", "jalan-uji", {"name": "Jalan", "owner": "siapa", "source": "uji"}, "owner"),
        ("calendar", "holidays/kapan", {"name": "Libur"}, "bukan tanggal"),
        ("calendar", "besok", {"name": "Libur"}, "tidak dapat diubah"),
        ("sla", "sla", {"verify": 0}, "verify"),
        ("urusan", "x", {}, "Bagian urusan"),
    ],
)
def test_an_edit_that_would_break_the_profile_is_refused_with_the_reason(
    book: ProfileBook, part: str, key: str, fields: dict[str, object], reason: str
) -> None:
    before = book[REGION]
    with pytest.raises(Refused, match=reason):
        change(book, part, key, **fields)
    assert book[REGION] is before


def test_an_undo_that_would_break_the_profile_is_refused(book: ProfileBook, store: Store) -> None:
    heir = RegionEdit("agencies", "BARU", {"name": "Dinas Baru", "level": "kabupaten", "source": "uji"})
    book.change(REGION, [heir], "admin", NOW)
    change(book, "agencies", "DIKES", valid_to="2027-01-01", successor="BARU")
    assert book[REGION].agency("DIKES", on=date(2027, 1, 1)).code == "BARU"
    made = next(line.id for line in store.region_edits.history(REGION) if line.key == "BARU")
    with pytest.raises(Refused, match="BARU"):
        book.undo(REGION, [made], "admin", NOW)
    book.undo(REGION, [line.id for line in store.region_edits.history(REGION)], "admin", NOW)
    assert book[REGION].version == book.below(REGION).version


def test_an_edit_that_a_newer_package_no_longer_takes_is_left_out_and_named(store: Store) -> None:
    lines = [
        RegionEdit("points", "pos-lama", {"name": "Pos", "kind": "pos", "agency": "HILANG", "source": "uji"}),
        RegionEdit("areas", "52.01.01", {"aliases": ["Gerung Kota"]}),
    ]
    store.region_edits.change(REGION, lines, "admin", NOW, check=lambda _edits: None)
    book = ProfileBook(load_files((REGION,)), store.region_edits)
    assert book[REGION].areas["52.01.01"].aliases == ("Gerung Kota",)
    assert "pos-lama" not in book[REGION].points
    assert [edit.key for edit in book.left_out[REGION]] == ["pos-lama"]


def test_a_region_that_is_not_served_has_no_profile_to_change(book: ProfileBook) -> None:
    with pytest.raises(NotFound):
        book.change("lombok-timur", [removal("roads", "x")], "admin", NOW)
    with pytest.raises(KeyError):
        book["lombok-timur"]
