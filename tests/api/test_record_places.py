"""Where it is: the gazetteer finds what is typed, as people type it."""

from __future__ import annotations

import pytest

from api.records.gazetteer import find_spots, kecamatan_of, place_words, spot_of
from domain.regions import RegionProfile, load_regions


@pytest.fixture(scope="module")
def profile() -> RegionProfile:
    return load_regions(("lombok-barat",))["lombok-barat"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("telagawaru", "Desa Telagawaru, Kec. Labuapi"),
        ("telaga waru", "Desa Telagawaru, Kec. Labuapi"),
        ("tlagawaru", "Desa Telagawaru, Kec. Labuapi"),  # a letter too few
        ("labuapi", "Kec. Labuapi"),
        ("desa labuapi", "Desa Labuapi, Kec. Labuapi"),
        ("Kec. Kediri", "Kec. Kediri"),
        ("pkm gerung", "Puskesmas Gerung, Kec. Gerung"),
        ("jl bypass", "Jalan Bypass BIL, Kec. Gerung, Kec. Labuapi"),
    ],
)
def test_the_first_place_is_the_one_that_is_meant(profile: RegionProfile, typed: str, first: str) -> None:
    _, entry = find_spots(profile, typed)[0]
    assert place_words(profile, entry) == first


def test_a_name_in_full_is_told_from_one_that_only_begins_so(profile: RegionProfile) -> None:
    assert [rank for rank, _ in find_spots(profile, "telagawaru")][:2] == [0, 1]
    assert [rank for rank, _ in find_spots(profile, "labuapi")][:2] == [0, 0]  # the kecamatan and its village
    assert [rank for rank, _ in find_spots(profile, "desa labuapi")][:2] == [0, 1]


@pytest.mark.parametrize("typed", ["", "a", "zzzzzz", "52.01", "'; drop table", "%%", "jalan"])
def test_anything_may_be_typed(profile: RegionProfile, typed: str) -> None:
    assert len(find_spots(profile, typed)) <= 8


def test_a_place_is_named_by_its_code_and_knows_its_kecamatan(profile: RegionProfile) -> None:
    entry = spot_of(profile, "point:lombok-barat/puskesmas-gerung")
    assert entry is not None
    assert entry.name == "Puskesmas Gerung"
    assert kecamatan_of(profile, entry.kode) == "52.01.01"
    assert spot_of(profile, "52.99") is None
    assert spot_of(profile, profile.kode) is None  # the region itself says nothing of where
