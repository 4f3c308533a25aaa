"""The four regions that ship: whole, unique, and drawn."""

from __future__ import annotations

from collections import Counter
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from domain.errors import NotFound
from domain.regions import RegionProfile, area_at, borders, check_region, load_regions, read_topojson
from domain.regions.boundaries import MAX_BYTES
from domain.taxonomy import load_taxonomy

SLUGS = ("kota-bengkulu", "lombok-barat", "lombok-timur", "provinsi-bengkulu")
PROFILES = load_regions()
DAY = date(2026, 11, 2)
profiles = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)


def test_all_four_regions_load_with_their_own_ticket_prefix() -> None:
    assert tuple(PROFILES) == SLUGS
    assert {p.slug: p.ticket_prefix for p in PROFILES.values()} == {
        "kota-bengkulu": "KB",
        "lombok-barat": "LB",
        "lombok-timur": "LT",
        "provinsi-bengkulu": "PB",
    }


def test_only_the_regions_asked_for_are_loaded() -> None:
    assert list(load_regions(["lombok-timur"])) == ["lombok-timur"]


def test_an_unknown_region_is_named_with_those_that_are_known() -> None:
    with pytest.raises(NotFound, match=r"atlantis tidak dikenal; yang ada: .*lombok-barat"):
        load_regions(["atlantis"])


@profiles
def test_every_shipped_folder_is_without_findings(profile: RegionProfile) -> None:
    assert check_region(Path(str(files("domain.regions").joinpath(profile.slug)))) == []


@profiles
def test_every_urusan_and_every_topic_has_an_agency(profile: RegionProfile) -> None:
    taxonomy = load_taxonomy()
    assert set(profile.urusan.urusan) == {urusan.code for urusan in taxonomy.urusan}
    for topic in taxonomy.topics:
        for authority in (None, topic.authority, profile.level, "provinsi", "pusat", "desa", "bumn", "bumd"):
            agency = profile.agency_for(topic.code, authority, DAY)
            assert agency.code in profile.agencies


@profiles
def test_counts_of_areas_are_those_of_the_national_list(profile: RegionProfile) -> None:
    counts = Counter(area.level for area in profile.areas.values())
    assert (counts["kecamatan"], counts["desa"]) == {
        "kota-bengkulu": (9, 67),
        "lombok-barat": (10, 122),
        "lombok-timur": (21, 254),
        "provinsi-bengkulu": (129, 1513),
    }[profile.slug]


@profiles
def test_every_area_has_a_point_inside_the_region(profile: RegionProfile) -> None:
    box = profile.bbox
    assert box is not None
    without = [area.kode for area in profile.areas.values() if area.lat is None or area.lon is None]
    assert without == []
    for area in profile.areas.values():
        assert area.lat is not None
        assert area.lon is not None
        assert box.south <= area.lat <= box.north
        assert box.west <= area.lon <= box.east


@profiles
def test_borders_fit_a_thin_line_and_know_every_kecamatan(profile: RegionProfile) -> None:
    text = read_topojson(profile.slug)
    assert text is not None
    assert len(text.encode()) <= MAX_BYTES
    layers = borders(text)
    kecamatan = {area.kode for area in profile.areas.values() if area.level == "kecamatan"}
    assert {border.kode for border in layers["kecamatan"]} == kecamatan
    assert {border.kode for border in layers["desa"]} <= set(profile.areas)
    for border in layers["desa"]:
        assert all(ring[0] == ring[-1] and len(ring) >= 4 for polygon in border.polygons for ring in polygon)


@pytest.mark.parametrize("slug", ["kota-bengkulu", "lombok-barat", "lombok-timur"])
def test_the_point_of_a_desa_lies_in_its_own_border(slug: str) -> None:
    desa = borders(read_topojson(slug) or "")["desa"]
    for area in PROFILES[slug].areas.values():
        if area.level == "desa":
            assert area_at(desa, area.lat or 0.0, area.lon or 0.0) == area.kode


def test_a_point_at_sea_lies_in_no_area() -> None:
    assert area_at(borders(read_topojson("lombok-barat") or "")["desa"], -9.5, 116.0) is None


def test_a_border_is_geojson_for_a_map() -> None:
    border = borders(read_topojson("kota-bengkulu") or "")["kecamatan"][0]
    assert border.feature()["properties"] == {"kode": border.kode, "name": border.name}


@profiles
def test_a_region_listens_to_eight_or_more_unproven_sources(profile: RegionProfile) -> None:
    assert len(profile.sources) >= 8
    assert {source.status for source in profile.sources.values()} == {"unproven"}


def test_a_source_of_two_regions_has_one_address() -> None:
    addresses: dict[str, str] = {}
    for profile in PROFILES.values():
        for source in profile.sources.values():
            assert addresses.setdefault(source.key, source.url) == source.url


@profiles
def test_every_agency_names_duties_and_a_source(profile: RegionProfile) -> None:
    for agency in profile.agencies.values():
        assert agency.duties
        assert agency.source


def test_zones_are_wita_in_lombok_and_wib_in_bengkulu() -> None:
    assert PROFILES["lombok-barat"].tz.key == "Asia/Makassar"
    assert PROFILES["lombok-barat"].zone_label == "WITA"
    assert PROFILES["kota-bengkulu"].tz.key == "Asia/Jakarta"
    assert PROFILES["kota-bengkulu"].zone_label == "WIB"
