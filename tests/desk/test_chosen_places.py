"""A place that a person chose when recording is where the case is; the words may only say more exactly where in it."""

from __future__ import annotations

import pytest

from desk.places import CHOSEN, Located, chosen
from domain.cases import ResolvedPlace
from domain.regions import RegionProfile, load_regions

TELAGAWARU, LABUAPI, GERUNG = "52.01.08.2004", "52.01.08", "52.01.01"


@pytest.fixture(scope="module")
def profile() -> RegionProfile:
    return load_regions(("lombok-barat",))["lombok-barat"]


def said(kode: str, profile: RegionProfile) -> ResolvedPlace:
    area = profile.areas[kode]
    return ResolvedPlace(kode=kode, name=area.name, level=area.level, why="disebut")


def test_the_chosen_place_goes_before_the_words(profile: RegionProfile) -> None:
    located = chosen(Located(places=(said(GERUNG, profile),), elsewhere=True), TELAGAWARU, profile)
    assert [(p.kode, p.why) for p in located.places] == [(TELAGAWARU, CHOSEN)]
    assert located.here
    assert not located.elsewhere


def test_words_that_name_a_village_in_the_chosen_kecamatan_are_kept(profile: RegionProfile) -> None:
    located = chosen(Located(places=(said(TELAGAWARU, profile), said(GERUNG, profile))), LABUAPI, profile)
    assert [p.kode for p in located.places] == [TELAGAWARU]


def test_a_chosen_road_says_who_repairs_it_and_where_it_runs(profile: RegionProfile) -> None:
    road = next(r for r in profile.roads.values() if len(r.areas) == 1)
    located = chosen(Located(), f"road:lombok-barat/{road.key}", profile)
    assert located.roads == (road,)
    assert [p.kode for p in located.places] == [road.areas[0]]


def test_a_chosen_service_point_lies_in_its_area(profile: RegionProfile) -> None:
    located = chosen(Located(), "point:lombok-barat/puskesmas-gerung", profile)
    assert [p.key for p in located.points] == ["puskesmas-gerung"]
    assert [p.kode for p in located.places] == [GERUNG]


def test_the_region_alone_leaves_the_words_their_say(profile: RegionProfile) -> None:
    located = chosen(Located(places=(said(GERUNG, profile),), elsewhere=True), profile.kode, profile)
    assert [p.kode for p in located.places] == [GERUNG]
    assert located.here
    assert not located.elsewhere


@pytest.mark.parametrize("spot", ["17.71.01", "road:kota-bengkulu/x", "point:lombok-barat/tidak-ada", "ngawur", ""])
def test_a_place_that_is_not_of_the_region_changes_nothing(profile: RegionProfile, spot: str) -> None:
    before = Located(places=(said(GERUNG, profile),))
    assert chosen(before, spot, profile) == before
