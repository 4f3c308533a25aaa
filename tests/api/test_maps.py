"""A region's map: every area is drawn, a point finds its area, and what is drawn leads back to the earth."""

from __future__ import annotations

import re

import pytest

from api.maps import Maps
from domain.errors import NotFound
from domain.regions import borders, load_regions, read_topojson

PROFILES = load_regions(("lombok-barat", "provinsi-bengkulu"))


@pytest.fixture(scope="module")
def maps() -> Maps:
    return Maps(PROFILES)


@pytest.mark.parametrize(("region", "level"), [("lombok-barat", "kecamatan"), ("provinsi-bengkulu", "desa")])
def test_every_area_of_a_level_has_a_shape(maps: Maps, region: str, level: str) -> None:
    drawn = {shape.kode for shape in maps.paths(region, level)}  # type: ignore[arg-type]  # a parameter
    assert drawn == {border.kode for border in borders(read_topojson(region) or "")[level]}  # type: ignore[index]
    assert all(re.fullmatch(r"(M\d+ \d+[lh][-\d vhz]+)+", s.d) for s in maps.paths(region, level))  # type: ignore[arg-type]


def test_a_label_stands_in_its_own_area(maps: Maps) -> None:
    drawn = maps.drawn("lombok-barat", "kecamatan")
    for shape in drawn.shapes:
        kode = maps.area_at("lombok-barat", *drawn.projection.earth(shape.label_x, shape.label_y))
        assert kode is not None
        assert kode.startswith(f"{shape.kode}.")


def test_a_point_of_the_drawing_leads_to_the_earth_and_back(maps: Maps) -> None:
    projection = maps.drawn("lombok-barat", "desa", within="52.01.08").projection
    assert projection.earth(*projection.xy(-8.65, 116.11)) == pytest.approx((-8.65, 116.11))


def test_one_kecamatan_is_drawn_alone_and_as_large_as_the_whole(maps: Maps) -> None:
    whole, part = maps.drawn("lombok-barat", "desa"), maps.drawn("lombok-barat", "desa", within="52.01.08")
    assert {shape.kode[:8] for shape in part.shapes} == {"52.01.08"}
    assert max(part.width, part.height) == max(whole.width, whole.height)


def test_a_point_outside_has_no_area_and_a_region_without_borders_no_map(maps: Maps) -> None:
    assert maps.area_at("lombok-barat", -6.2, 106.8) is None
    assert maps.paths("tidak-ada", "desa") == ()
    assert maps.levels("provinsi-bengkulu") == ("kabupaten", "kecamatan", "desa")
    with pytest.raises(NotFound):
        maps.drawn("lombok-barat", "desa", within="99.99")
