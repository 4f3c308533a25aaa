"""Every planted fault is found in its file, at its line, in words."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from domain.regions import check_region, new_region


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A valid region to spoil."""
    return new_region("sumbawa", "52.04", tmp_path)


def spoil(folder: Path, name: str, old: str, new: str) -> int:
    """Replace the first occurrence in a file; return the line where the new text begins."""
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text, old
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def add(folder: Path, name: str, more: str) -> int:
    """Append to a file; return the line where the addition begins."""
    file = folder / name
    text = file.read_text(encoding="utf-8")
    file.write_text(text + more, encoding="utf-8")
    return text.count("\n") + 1


PUPR = 'code = "PUPR"'
FAULTS: dict[str, tuple[Callable[[Path], int], str, str]] = {
    "broken syntax": (lambda f: spoil(f, "agencies.toml", PUPR, 'code = "PUPR'), "agencies.toml", "sintaks TOML rusak"),
    "unknown key": (
        lambda f: spoil(f, "agencies.toml", PUPR, f'{PUPR}\nnama = "X"') + 1,
        "agencies.toml",
        "PUPR: kunci nama tidak dikenal",
    ),
    "unknown key of a table": (
        lambda f: spoil(f, "sla.toml", "verify = 3", "verify = 3\nverifikasi = 3") + 1,
        "sla.toml",
        "kunci verifikasi tidak dikenal",
    ),
    "wrong list name": (lambda f: add(f, "roads.toml", "[[jalan]]\n"), "roads.toml", "jalan tidak dikenal di sini"),
    "duplicate code": (
        lambda f: spoil(f, "agencies.toml", 'code = "PERKIM"', PUPR),
        "agencies.toml",
        "code PUPR tercatat dua kali",
    ),
    "duplicate area": (
        lambda f: add(f, "areas.csv", "52.04.02,Lunyuk,kecamatan,kecamatan,52.04,,,\n"),
        "areas.csv",
        "kode 52.04.02 tercatat dua kali",
    ),
    "urusan not mapped": (
        lambda f: spoil(f, "urusan.toml", 'pupr = "PUPR"\n', "") and line(f, "urusan.toml", "[urusan]"),
        "urusan.toml",
        "urusan pupr (Pekerjaan umum dan penataan ruang) belum dipetakan",
    ),
    "unknown agency": (
        lambda f: spoil(f, "urusan.toml", 'pupr = "PUPR"', 'pupr = "GAIB"'),
        "urusan.toml",
        "OPD GAIB tidak ada",
    ),
    "unknown topic": (
        lambda f: spoil(f, "urusan.toml", '"desa.dana" = ', '"desa.uang" = '),
        "urusan.toml",
        "desa.uang tidak ada dalam taksonomi",
    ),
    "unknown owner's agency": (
        lambda f: spoil(f, "urusan.toml", 'kehutanan = "BKSDA"', 'kehutanan = "GAIB"'),
        "urusan.toml",
        "OPD GAIB tidak ada",
    ),
    "unknown oversight": (
        lambda f: spoil(f, "urusan.toml", 'oversight = "INSPEKTORAT"', 'oversight = "GAIB"'),
        "urusan.toml",
        "OPD GAIB tidak ada",
    ),
    "unknown parent": (
        lambda f: add(f, "areas.csv", "52.04.99.2001,Antah,desa,desa,52.04.99,,,\n"),
        "areas.csv",
        "induk 52.04.99 tidak ada",
    ),
    "parent against the code": (
        lambda f: add(f, "areas.csv", "52.04.02.2099,Antah,desa,desa,52.04.08,,,\n"),
        "areas.csv",
        "induknya bukan 52.04.08",
    ),
    "foreign area": (
        lambda f: add(f, "areas.csv", "17.71,Kota Bengkulu,kota,kota,17,,,\n"),
        "areas.csv",
        "bukan bagian dari 52.04",
    ),
    "bad code": (lambda f: add(f, "areas.csv", "5204,Antah,desa,desa,52.04,,,\n"), "areas.csv", "tidak berbentuk"),
    "short row": (lambda f: add(f, "areas.csv", "52.04.98,Antah\n"), "areas.csv", "jumlah kolomnya tidak sama"),
    "bad latitude": (
        lambda f: add(f, "areas.csv", "52.04.98,Antah,kecamatan,kecamatan,52.04,,118.2,-8.5\n"),
        "areas.csv",
        "di luar batas",
    ),
    "latitude that is no number": (
        lambda f: add(f, "areas.csv", "52.04.98,Antah,kecamatan,kecamatan,52.04,,selatan,117\n"),
        "areas.csv",
        "bukan bilangan",
    ),
    "half a point": (
        lambda f: add(f, "areas.csv", "52.04.98,Antah,kecamatan,kecamatan,52.04,,-8.5,\n"),
        "areas.csv",
        "lat dan lon harus diisi bersama",
    ),
    "point outside the region": (
        lambda f: outside(f),  # noqa: PLW0108 - defined further down
        "areas.csv",
        "di luar wilayah",
    ),
    "bad date": (
        lambda f: spoil(f, "agencies.toml", PUPR, f'{PUPR}\nvalid_from = "1 Januari 2027"') + 1,
        "agencies.toml",
        "bukan tanggal",
    ),
    "impossible date": (
        lambda f: spoil(f, "agencies.toml", PUPR, f"{PUPR}\nvalid_from = 2027-02-30") + 1,
        "agencies.toml",
        "sintaks TOML rusak",
    ),
    "bad hours": (
        lambda f: spoil(f, "calendar.toml", '"07:30-11:30"', '"11:30-07:30"'),
        "calendar.toml",
        "jam berakhir sebelum mulai",
    ),
    "unknown successor": (
        lambda f: spoil(f, "agencies.toml", PUPR, f'{PUPR}\nvalid_to = 2027-01-01\nsuccessor = "GAIB"') + 2,
        "agencies.toml",
        "penerus GAIB tidak ada",
    ),
    "no successor": (
        lambda f: spoil(f, "agencies.toml", PUPR, f"{PUPR}\nvalid_to = 2027-01-01") + 1,
        "agencies.toml",
        "berakhir 2027-01-01 tanpa successor",
    ),
    "successors in a circle": (
        lambda f: spoil(f, "agencies.toml", PUPR, f'{PUPR}\nvalid_to = 2027-01-01\nsuccessor = "PUPR"') + 2,
        "agencies.toml",
        "berputar kembali",
    ),
    "unknown level": (
        lambda f: spoil(f, "agencies.toml", 'level = "kabupaten"', 'level = "negara"'),
        "agencies.toml",
        "pilih salah satu dari",
    ),
    "missing name": (
        lambda f: add(f, "roads.toml", '[[road]]\nkey = "a-b"\nowner = "kota"\nsource = "x"\n'),
        "roads.toml",
        "name wajib diisi",
    ),
    "road through nowhere": (
        lambda f: (
            add(
                f,
                "roads.toml",
                '[[road]]\nkey = "a-b"\nname = "A-B"\nowner = "kota"\nsource = "x"\nareas = ["52.04.97"]\n',
            )
            + 5
        ),
        "roads.toml",
        "wilayah 52.04.97 tidak ada",
    ),
    "unknown zone": (
        lambda f: spoil(f, "region.toml", 'zone = "Asia/Makassar"', 'zone = "Asia/Sumbawa"'),
        "region.toml",
        "tidak dikenal",
    ),
    "deadline of no days": (
        lambda f: spoil(f, "sla.toml", "biasa = { response = 5", "biasa = { response = 0"),
        "sla.toml",
        "di luar batas",
    ),
}


def line(folder: Path, name: str, wanted: str) -> int:
    """The line of a file that begins with a text."""
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, text in enumerate(lines, start=1) if text.startswith(wanted))


def outside(folder: Path) -> int:
    """A region with a known box, and an area on another island."""
    text = "bbox = { west = 116.7, south = -9.1, east = 118.0, north = -8.1 }\n"
    head = folder / "region.toml"
    head.write_text(text + head.read_text(encoding="utf-8"), encoding="utf-8")
    return add(folder, "areas.csv", "52.04.98,Antah,kecamatan,kecamatan,52.04,,-3.8,102.3\n")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_at_its_line(folder: Path, fault: str) -> None:
    plant, file, said = FAULTS[fault]
    planted = plant(folder)
    findings = check_region(folder)
    assert [(found.file, found.line) for found in findings] == [(file, planted)], findings
    assert said in findings[0].message


def test_a_missing_file_and_a_stranger_are_told(folder: Path) -> None:
    (folder / "sla.toml").rename(folder / "tenggat.toml")
    assert [(found.file, found.line) for found in check_region(folder)] == [("sla.toml", 1), ("tenggat.toml", 1)]


def test_borders_that_are_too_large_or_no_topojson_are_told(folder: Path) -> None:
    file = folder / "boundaries.topojson"
    file.write_text("x" * 400_001, encoding="utf-8")
    assert "paling besar 400000" in check_region(folder)[0].message
    file.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    assert "bukan TopoJSON" in check_region(folder)[0].message


def test_several_faults_are_told_together_in_order(folder: Path) -> None:
    first = spoil(folder, "agencies.toml", 'level = "kabupaten"', 'level = "negara"')
    second = (
        add(folder, "agencies.toml", '[[agency]]\ncode = "kecil"\nname = "X Y"\nlevel = "desa"\nsource = "x"\n') + 1
    )
    assert [found.line for found in check_region(folder)] == [first, second]


def test_a_shipped_region_under_its_own_name_is_no_overlay() -> None:
    assert check_region(Path(str(files("domain.regions").joinpath("kota-bengkulu")))) == []
