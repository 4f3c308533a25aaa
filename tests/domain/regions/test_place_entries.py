"""The flat gazetteer: the regions' own names, those around, and all Indonesia."""

from __future__ import annotations

from domain.regions import PlaceEntry, gazetteer_entries, load_regions

ENTRIES = list(gazetteer_entries(load_regions().values()))


def named(name: str) -> list[PlaceEntry]:
    """Entries that have the name, or have it as an alias."""
    return [entry for entry in ENTRIES if name in (entry.name, *entry.aliases)]


def test_a_name_comes_with_every_place_it_may_mean() -> None:
    assert {entry.kode for entry in named("Surabaya")} == {"17.71.08.1006", "52.03.18.2002", "35.78"}
    assert {entry.kode for entry in named("Kediri")} == {"52.01.02", "52.01.02.2001", "35.06", "35.71"}


def test_places_elsewhere_belong_to_no_region() -> None:
    assert [(entry.kode, entry.region) for entry in named("Kota Mataram")] == [("52.71", None)]
    assert [(entry.kode[:5], entry.level) for entry in named("Praya Timur")] == [("52.02", "kecamatan")]


def test_people_say_lobar_and_lotim() -> None:
    assert {entry.kode for entry in named("Lobar")} == {"52.01"}
    assert {entry.kode for entry in named("Lotim")} == {"52.03"}


def test_roads_carry_their_owner_and_points_their_kind() -> None:
    road = next(entry for entry in ENTRIES if entry.kode == "road:lombok-barat/lembar-sekotong-pelangan")
    assert (road.level, road.kind) == ("jalan", "provinsi")
    point = next(entry for entry in ENTRIES if entry.kode == "point:lombok-barat/pelabuhan-lembar")
    assert (point.level, point.kind) == ("tempat", "pelabuhan")
    assert {entry.level for entry in named("Kerandangan")} == {"dusun"}


def test_the_national_list_does_not_repeat_what_a_profile_holds() -> None:
    own = {entry.kode for entry in ENTRIES if entry.region}
    elsewhere = [entry.kode for entry in ENTRIES if entry.region is None]
    assert len(elsewhere) == len(set(elsewhere))
    assert not own & set(elsewhere)


def test_all_provinces_and_regencies_are_there_once_or_more() -> None:
    codes = {entry.kode for entry in ENTRIES if entry.level in {"provinsi", "kabupaten", "kota"}}
    assert len(codes) == 552


def test_a_joined_spelling_is_an_alias() -> None:
    kebon_ayu = next(entry for entry in ENTRIES if entry.kode == "52.01.01.2002")
    assert kebon_ayu.aliases == ("Kebonayu",)


def test_the_national_layer_can_be_left_out() -> None:
    assert all(entry.region for entry in gazetteer_entries(load_regions(["lombok-barat"]).values(), national=False))
