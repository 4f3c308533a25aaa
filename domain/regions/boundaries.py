"""A region's borders: TopoJSON as it ships, GeoJSON features for maps, and the area that holds a point.

`boundaries.topojson` has one object per level (`desa`, `kecamatan`, in a province `kabupaten`); a feature's `id` is its
Kemendagri code. Source of the polygons and their licence: SOURCES.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Literal, cast

from pydantic import Field, ValidationError

from domain.errors import CatalogueError
from domain.posts import Frozen
from domain.regions.folder import BOUNDARIES
from domain.regions.profile import package_regions

MAX_BYTES = 400_000  # a map page on a village connection loads this much in a few seconds
Position = tuple[float, float]  # longitude, latitude: GeoJSON's order
Ring = tuple[Position, ...]
Layer = Literal["desa", "kecamatan", "kabupaten"]


class _Transform(Frozen):
    scale: tuple[float, float]
    translate: tuple[float, float]


class _Geometry(Frozen):
    type: Literal["Polygon", "MultiPolygon"]
    id: str
    properties: dict[str, str]
    arcs: list[list[int]] | list[list[list[int]]]


class _Collection(Frozen):
    type: Literal["GeometryCollection"]
    geometries: list[_Geometry]


class _Topology(Frozen):
    type: Literal["Topology"]
    transform: _Transform
    objects: dict[Layer, _Collection]
    arcs: list[list[tuple[int, int]]] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Border:
    """One area's polygons; the first ring of each is its outside, the others are holes."""

    kode: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]

    def contains(self, lat: float, lon: float) -> bool:
        """Whether a point lies inside, by the even-odd rule."""
        return any(sum(_crosses(ring, lat, lon) for ring in polygon) % 2 for polygon in self.polygons)

    def feature(self) -> dict[str, object]:
        """The border as a GeoJSON feature with `kode` and `name`."""
        return {
            "type": "Feature",
            "id": self.kode,
            "properties": {"kode": self.kode, "name": self.name},
            "geometry": {"type": "MultiPolygon", "coordinates": self.polygons},
        }


def read_topojson(slug: str, overlays: Sequence[Path] = ()) -> str | None:
    """The region's TopoJSON as text, an overlay's before the package's; None for a region without borders."""
    package = package_regions().get(slug)
    folders: list[Traversable] = [place / slug for place in reversed(overlays)]
    for folder in (*folders, *([package] if package else ())):
        file = folder.joinpath(BOUNDARIES)
        if file.is_file():
            text: str = file.read_text(encoding="utf-8")
            return text
    return None


def borders(topojson: str) -> dict[Layer, tuple[Border, ...]]:
    """All borders by layer. CatalogueError when the text is not such a TopoJSON."""
    try:
        topology = _Topology.model_validate_json(topojson)
        arcs = [_absolute(arc, topology.transform) for arc in topology.arcs]
        return {
            layer: tuple(_border(geometry, arcs) for geometry in collection.geometries)
            for layer, collection in topology.objects.items()
        }
    except (ValidationError, IndexError) as cause:
        raise CatalogueError(f"{BOUNDARIES} tidak dapat dipakai: {cause}") from cause


def area_at(found: Sequence[Border], lat: float, lon: float) -> str | None:
    """The code of the first border that holds a point; None outside all of them."""
    return next((border.kode for border in found if border.contains(lat, lon)), None)


def _absolute(deltas: Sequence[tuple[int, int]], transform: _Transform) -> Ring:
    (scale_x, scale_y), (at_x, at_y) = transform.scale, transform.translate
    steps = accumulate(deltas, lambda at, step: (at[0] + step[0], at[1] + step[1]))
    return tuple((round(x * scale_x + at_x, 6), round(y * scale_y + at_y, 6)) for x, y in steps)


def _border(geometry: _Geometry, arcs: Sequence[Ring]) -> Border:
    if geometry.type == "Polygon":
        polygons = [cast("list[list[int]]", geometry.arcs)]
    else:
        polygons = cast("list[list[list[int]]]", geometry.arcs)
    shapes = tuple(tuple(_ring(refs, arcs) for refs in polygon) for polygon in polygons)
    return Border(kode=geometry.id, name=geometry.properties.get("name", geometry.id), polygons=shapes)


def _ring(refs: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    """Arcs laid end to end; `~n` is arc n backwards, and each arc begins where the last one ended."""
    ring: list[Position] = []
    for ref in refs:
        arc = arcs[ref] if ref >= 0 else arcs[~ref][::-1]
        ring.extend(arc[1:] if ring else arc)
    return tuple(ring)


def _crosses(ring: Ring, lat: float, lon: float) -> int:
    """How often a ray from the point eastwards crosses the ring."""
    return sum(
        (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in pairwise(ring)
    )
