"""TopoJSON from a coverage: every border is written once, so neighbours still meet after simplification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

Vertex = tuple[int, int]
Ring = list[Vertex]


def topology(
    layers: Mapping[str, Iterable[tuple[str, str, BaseGeometry]]], *, step: float, origin: tuple[float, float]
) -> dict[str, object]:
    """A TopoJSON object from layers of (kode, name, geometry); coordinates fall on a grid of `step` degrees.

    Features carry their code as `id` and their name as a property. Rings that collapse on the grid are left out.
    """
    rings: dict[str, list[tuple[str, str, list[list[Ring]]]]] = {
        layer: [(kode, name, _gridded(shape, step, origin)) for kode, name, shape in features]
        for layer, features in layers.items()
    }
    junctions = _junctions(ring for rows in rings.values() for _, _, parts in rows for part in parts for ring in part)
    arcs: list[Ring] = []
    known: dict[tuple[Vertex, ...], int] = {}

    def arc_of(path: Ring) -> int:
        forward, backward = tuple(path), tuple(reversed(path))
        if forward in known:
            return known[forward]
        if backward in known:
            return ~known[backward]
        known[forward] = len(arcs)
        arcs.append(path)
        return known[forward]

    objects = {
        layer: {
            "type": "GeometryCollection",
            "geometries": [
                _object(
                    kode, name, [[[arc_of(arc) for arc in _cut(ring, junctions)] for ring in part] for part in parts]
                )
                for kode, name, parts in rows
                if parts
            ],
        }
        for layer, rows in rings.items()
    }
    return {
        "type": "Topology",
        "transform": {"scale": [step, step], "translate": list(origin)},
        "objects": objects,
        "arcs": [_deltas(arc) for arc in arcs],
    }


def _object(kode: str, name: str, arcs: list[list[list[int]]]) -> dict[str, object]:
    shape = {"type": "Polygon", "arcs": arcs[0]} if len(arcs) == 1 else {"type": "MultiPolygon", "arcs": arcs}
    return {**shape, "id": kode, "properties": {"name": name}}


def _gridded(shape: BaseGeometry, step: float, origin: tuple[float, float]) -> list[list[Ring]]:
    parts = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    found: list[list[Ring]] = []
    for part in parts:
        if not isinstance(part, Polygon) or part.is_empty:
            continue
        rings = [_ring(ring.coords, step, origin) for ring in (part.exterior, *part.interiors)]
        if len(rings[0]) > 3:  # noqa: PLR2004 - a ring has three corners and its first again
            found.append([rings[0], *(ring for ring in rings[1:] if len(ring) > 3)])  # noqa: PLR2004
    return found


def _ring(coords: Iterable[tuple[float, ...]], step: float, origin: tuple[float, float]) -> Ring:
    ring: Ring = []
    for x, y, *_ in coords:
        vertex = (round((x - origin[0]) / step), round((y - origin[1]) / step))
        if not ring or ring[-1] != vertex:
            ring.append(vertex)
    return ring


def _junctions(rings: Iterable[Ring]) -> set[Vertex]:
    """Vertices where borders meet: those that not every ring through them leaves by the same two neighbours."""
    neighbours: dict[Vertex, frozenset[Vertex]] = {}
    found: set[Vertex] = set()
    for ring in rings:
        loop = ring[:-1]
        for index, vertex in enumerate(loop):
            beside = frozenset((loop[index - 1], loop[(index + 1) % len(loop)]))
            if neighbours.setdefault(vertex, beside) != beside:
                found.add(vertex)
    return found


def _cut(ring: Ring, junctions: set[Vertex]) -> list[Ring]:
    """The ring in arcs from junction to junction; a ring without any begins at its least vertex, so it is one arc."""
    loop = ring[:-1]
    starts = [index for index, vertex in enumerate(loop) if vertex in junctions]
    if not starts:
        starts = [loop.index(min(loop))]
    first = starts[0]
    loop = [*loop[first:], *loop[:first], loop[first]]
    cuts = [0, *(index for index in range(1, len(loop) - 1) if loop[index] in junctions), len(loop) - 1]
    return [loop[start : end + 1] for start, end in pairwise(cuts)]


def _deltas(arc: Ring) -> list[list[int]]:
    x = y = 0
    written: list[list[int]] = []
    for vertex in arc:
        written.append([vertex[0] - x, vertex[1] - y])
        x, y = vertex
    return written
