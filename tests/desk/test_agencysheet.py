"""A sheet of agencies: what it would change is told row by row, what cannot be used with its reason."""

from __future__ import annotations

from datetime import date

import pytest

from desk.agencysheet import COLUMNS, SheetRow, day_of, plan, sheet_row
from domain.errors import Refused
from domain.regions import RegionProfile, load_regions

PROFILE: RegionProfile = load_regions(("lombok-barat",))["lombok-barat"]


def row(number: int, *cells: str) -> SheetRow:
    filled = (*cells, *[""] * (len(COLUMNS) - len(cells)))
    return SheetRow(number, dict(zip(COLUMNS, filled, strict=True)))


def test_the_sheet_that_is_handed_out_changes_nothing() -> None:
    rows = [
        SheetRow(number, dict(zip(COLUMNS, sheet_row(agency), strict=True)))
        for number, agency in enumerate(PROFILE.agencies.values(), 2)
    ]
    made = plan(PROFILE, rows)
    assert (made.changes, made.faults, made.same) == ((), (), len(PROFILE.agencies))


def test_empty_cells_leave_things_and_a_dash_takes_them_away() -> None:
    made = plan(PROFILE, [row(2, "DIKES", "", "Dikes Lobar; Dinkes", "", "", "", "-")])
    (change,) = made.changes
    assert change.after == {"aliases": ["Dikes Lobar", "Dinkes"], "duties": []}
    assert change.before["aliases"] == PROFILE.agencies["DIKES"].aliases


def test_a_merger_keeps_the_last_day_that_people_mean() -> None:
    made = plan(
        PROFILE,
        [
            row(2, "DISKES", "Dinas Kesehatan dan Keluarga Berencana", "Diskes", "2027-01-01"),
            row(3, "dikes", "", "", "", "31/12/2026", "diskes"),
        ],
    )
    assert made.faults == ()
    new, old = made.changes
    assert (new.is_new, new.after["level"], new.after["valid_from"]) == (True, "kabupaten", "2027-01-01")
    assert (old.ends, old.successor, old.after["valid_to"]) == (date(2026, 12, 31), "DISKES", "2027-01-01")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("", "Dinas Tanpa Kode"), "kode kosong"),
        (("pu pr", "Dinas"), "huruf kapital"),
        (("BARU", ""), "namanya wajib"),
        (("DIKES", "", "", "besok"), "bukan tanggal"),
        (("DIKES", "", "", "", "2026-12-31"), "tanpa penerus"),
        (("DIKES", "", "", "", "2026-12-31", "TIDAKADA"), "penerus TIDAKADA tidak ada"),
        (("DIKES", "", "", "", "2026-12-31", "DIKES"), "penerusnya sendiri"),
        (("DIKES", "", "", "2027-05-01", "2026-12-31", "SETDA"), "sesudah berlaku sejak"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_reason(cells: tuple[str, ...], reason: str) -> None:
    made = plan(PROFILE, [row(7, *cells), row(8, "SETDA", "Sekretariat Daerah Lobar")])
    assert [fault.number for fault in made.faults] == [7]
    assert reason in made.faults[0].reason
    assert [change.code for change in made.changes] == ["SETDA"]


def test_a_code_that_stands_twice_is_named() -> None:
    made = plan(PROFILE, [row(2, "DIKES", "Satu Nama"), row(3, "DIKES", "Nama Lain")])
    assert [(fault.number, fault.reason) for fault in made.faults] == [(3, "kode DIKES sudah ada di baris 2")]


def test_a_sheet_without_codes_is_refused() -> None:
    with pytest.raises(Refused, match="kolom kode"):
        plan(PROFILE, [SheetRow(2, {"instansi": "Dinas", "alamat": "Gerung"})])
    with pytest.raises(Refused):
        plan(PROFILE, [])


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2027-01-31", date(2027, 1, 31)), ("2027-01-31 00:00:00", date(2027, 1, 31)),
        ("31/01/2027", date(2027, 1, 31)),
        ("1.2.2027", date(2027, 2, 1)), ("31/31/2027", None), ("2027", None), ("2027-01-31 pagi", None),
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(said: str, day: date | None) -> None:
    assert day_of(said) == day
