"""A new region from the national list is valid at once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from domain.errors import Conflict, NotFound, Refused
from domain.regions import check_region, load_regions, national_area, new_region, read_national, regencies
from domain.regions.national import zone_of

ANY_THREE = random.Random(17).sample([a for a in regencies().values() if a.level != "provinsi"], 3)


@pytest.mark.parametrize("kode", [*(area.kode for area in ANY_THREE), "52.04", "3578", "64"])
def test_a_new_region_has_no_findings_and_loads(tmp_path: Path, kode: str) -> None:
    folder = new_region("daerah-baru", kode, tmp_path)
    assert check_region(folder) == []
    profile = load_regions(["daerah-baru"], [tmp_path])["daerah-baru"]
    assert profile.kode == national_area(kode).kode
    assert profile.agency_for("jalan.rusak").code == "PUPR"
    assert len(profile.areas) == sum(1 for _ in read_national(profile.kode)) - 1
    assert not profile.roads
    assert not profile.points
    assert not profile.sources


def test_the_agencies_of_a_new_region_name_its_province(tmp_path: Path) -> None:
    text = (new_region("sumbawa", "52.04", tmp_path) / "agencies.toml").read_text(encoding="utf-8")
    assert "Provinsi Nusa Tenggara Barat" in text
    assert "{" not in text.replace("{ ", "")


def test_prefixes_of_new_regions_differ_from_all_others(tmp_path: Path) -> None:
    for slug, kode in (("lombok-tengah", "52.02"), ("lombok-utara", "52.08"), ("lebong", "17.07"), ("lebak", "36.02")):
        new_region(slug, kode, tmp_path)
    profiles = load_regions(overlays=[tmp_path])
    assert len({profile.ticket_prefix for profile in profiles.values()}) == len(profiles)


@pytest.mark.parametrize(
    ("slug", "kode", "fate"),
    [
        ("Sumbawa Besar", "52.04", Refused),
        ("../sumbawa", "52.04", Refused),
        ("sumbawa", "52.04.02", Refused),
        ("sumbawa", "sumbawa", Refused),
        ("sumbawa", "52.99", NotFound),
        ("lombok-barat", "52.01", Conflict),
    ],
)
def test_what_cannot_be_a_region_is_refused(tmp_path: Path, slug: str, kode: str, fate: type[Exception]) -> None:
    with pytest.raises(fate):
        new_region(slug, kode, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_region_is_not_made_twice(tmp_path: Path) -> None:
    new_region("sumbawa", "52.04", tmp_path)
    with pytest.raises(Conflict):
        new_region("sumbawa", "52.04", tmp_path)


def test_the_national_list_holds_all_regencies_and_all_villages() -> None:
    levels = [area.level for area in regencies().values()]
    assert (levels.count("provinsi"), levels.count("kabupaten") + levels.count("kota")) == (38, 514)
    assert sum(1 for _ in read_national()) == 91_599
    assert national_area("1771").name == "Kota Bengkulu"


@pytest.mark.parametrize(
    ("kode", "label"), [("52.04", "WITA"), ("17.71", "WIB"), ("91", "WIT"), ("62", "WIB"), ("64", "WITA")]
)
def test_the_zone_follows_the_province(kode: str, label: str) -> None:
    assert zone_of(kode)[1] == label
