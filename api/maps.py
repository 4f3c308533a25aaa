"""A region's areas as SVG paths, and the way between a point of the drawing and a point of the earth.

Degrees are drawn as they are, the longitudes narrowed by the cosine of the middle latitude: over one regency nobody
sees the difference to a true projection. Corners are rounded to whole units, so neighbours stay without a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, radians
from pathlib import Path
from typing import Final, Literal

from domain.errors import NotFound
from domain.regions import Border, RegionProfile, area_at, borders, read_topojson

Level = Literal["kabupaten", "kecamatan", "desa"]
SIZE: Final = 560  # units of the longer side: about the pixels that a page gives a map
MARGIN: Final = 6  # units around, for the line's width and the focus ring
LEAST_CORNERS: Final = 3  # a ring of fewer is an islet below one unit
Corner = tuple[int, int]


@dataclass(frozen=True, slots=True)
class AreaShape:
    """One area as it is drawn: `d` is an SVG path; the label's place lies inside the largest of its parts."""

    kode: str
    name: str
    d: str
    label_x: int
    label_y: int


@dataclass(frozen=True, slots=True)
class Projection:
    """From degrees to units of the drawing and back."""

    west: float
    north: float
    x_scale: float  # units per degree
    y_scale: float

    def xy(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point of the earth is drawn."""
        return (lon - self.west) * self.x_scale + MARGIN, (self.north - lat) * self.y_scale + MARGIN

    def earth(self, x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude of a point of the drawing."""
        return self.north - (y - MARGIN) / self.y_scale, self.west + (x - MARGIN) / self.x_scale


@dataclass(frozen=True, slots=True)
class RegionMap:
    """A region, or one area of it, drawn by the areas of a level."""

    region: str
    level: Level
    width: int
    height: int
    shapes: tuple[AreaShape, ...]
    projection: Projection

    @property
    def view_box(self) -> str:
        """The SVG's `viewBox`."""
        return f"0 0 {self.width} {self.height}"


@dataclass(slots=True)
class Maps:
    """Draws regions. Borders are read once per region and drawn once per level, when they are first asked for.

    `overlays` are the folders that the profiles were merged with. Safe to share between threads: whatever two of
    them draw at once is the same.
    """

    profiles: Mapping[str, RegionProfile]
    overlays: Sequence[Path] = ()
    _borders: dict[str, Mapping[Level, tuple[Border, ...]]] = field(default_factory=dict)
    _drawn: dict[tuple[str, Level, str | None], RegionMap] = field(default_factory=dict)

    def paths(self, region: str, level: Level) -> tuple[AreaShape, ...]:
        """The areas of a level, empty for a region without borders."""
        try:
            return self.drawn(region, level).shapes
        except NotFound:
            return ()

    def levels(self, region: str) -> tuple[Level, ...]:
        """The levels that a region can be drawn by, the broadest first."""
        held = self._of(region)
        every: tuple[Level, ...] = ("kabupaten", "kecamatan", "desa")
        return tuple(level for level in every if held.get(level))

    def drawn(self, region: str, level: Level, within: str | None = None) -> RegionMap:
        """A region by one level; `within` draws only what lies in one area, as large as it goes.

        NotFound for a region, a level or an area without borders.
        """
        key = (region, level, within)
        if key not in self._drawn:
            held = self._of(region).get(level, ())
            kept = [b for b in held if within is None or b.kode == within or b.kode.startswith(f"{within}.")]
            if not kept:
                raise NotFound("Peta wilayah itu tidak ada.")
            self._drawn[key] = _draw(region, level, kept)
        return self._drawn[key]

    def area_at(self, region: str, lat: float, lon: float) -> str | None:
        """The code of the most specific area that holds a point; None outside the region."""
        held = self._of(region)
        finest: tuple[Level, ...] = ("desa", "kecamatan", "kabupaten")
        found = (area_at(held.get(level, ()), lat, lon) for level in finest)
        return next((kode for kode in found if kode), None)

    def _of(self, region: str) -> Mapping[Level, tuple[Border, ...]]:
        if region not in self._borders:
            text = read_topojson(region, self.overlays) if region in self.profiles else None
            self._borders[region] = borders(text) if text else {}
        return self._borders[region]


def _draw(region: str, level: Level, kept: Sequence[Border]) -> RegionMap:
    points = [point for border in kept for polygon in border.polygons for point in polygon[0]]
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    south, north = min(lat for _, lat in points), max(lat for _, lat in points)
    narrowed = cos(radians((south + north) / 2))
    scale = SIZE / max((east - west) * narrowed, north - south)
    projection = Projection(west, north, scale * narrowed, scale)
    right, bottom = projection.xy(south, east)
    shapes = tuple(_shape(border, projection) for border in kept)
    return RegionMap(region, level, round(right) + MARGIN, round(bottom) + MARGIN, shapes, projection)


def _shape(border: Border, projection: Projection) -> AreaShape:
    rings = [
        (n, corners)
        for polygon in border.polygons
        for n, ring in enumerate(polygon)
        if len(corners := _corners(projection.xy(lat, lon) for lon, lat in ring)) >= LEAST_CORNERS
    ]
    outsides = [corners for n, corners in rings if n == 0]
    if not outsides:  # smaller than a unit, yet there: what is counted in it must be seen
        x, y = _corner(projection.xy(*reversed(border.polygons[0][0][0])))
        return AreaShape(border.kode, border.name, f"M{x} {y}h1v1h-1z", x, y)
    x, y = _label(max(outsides, key=lambda corners: abs(_twice_area(corners))))
    return AreaShape(border.kode, border.name, "".join(_path(corners) for _, corners in rings), x, y)


def _corners(points: Iterable[tuple[float, float]]) -> list[Corner]:
    """A ring's corners in whole units, without those that repeat or lie on a straight line; not closed."""
    kept: list[Corner] = []
    for corner in map(_corner, points):
        if kept and kept[-1] == corner:
            continue
        while len(kept) > 1 and _straight(kept[-2], kept[-1], corner):
            kept.pop()
        kept.append(corner)
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return kept


def _corner(point: tuple[float, float]) -> Corner:
    return round(point[0]), round(point[1])


def _straight(a: Corner, b: Corner, c: Corner) -> bool:
    return (b[0] - a[0]) * (c[1] - b[1]) == (c[0] - b[0]) * (b[1] - a[1])


def _path(corners: Sequence[Corner]) -> str:
    steps = ((after[0] - before[0], after[1] - before[1]) for before, after in pairwise(corners))
    x, y = corners[0]
    return f"M{x} {y}l" + " ".join(f"{dx} {dy}" for dx, dy in steps).replace(" -", "-") + "z"


def _twice_area(corners: Sequence[Corner]) -> int:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _round(corners))


def _label(corners: Sequence[Corner]) -> Corner:
    """The centre of the widest stretch of the ring at its centroid's height: inside, whatever the ring's shape."""
    doubled = _twice_area(corners)
    if doubled == 0:
        return corners[0]
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in _round(corners)) / (3 * doubled)
    crossings = sorted(
        a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in _round(corners) if (a[1] > y) != (b[1] > y)
    )
    stretches = list(zip(crossings[::2], crossings[1::2], strict=False))
    if not stretches:
        return corners[0]
    left, right = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
    return round((left + right) / 2), round(y)


def _round(corners: Sequence[Corner]) -> Iterator[tuple[Corner, Corner]]:
    return pairwise([*corners, corners[0]])
