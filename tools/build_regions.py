"""Derive the regions' areas, boundaries and national code list from the gazetteer. A maintainer's script.

    python tools/build_regions.py ../shared/data/gazetteer

Reads codes, names and polygons (Kemendagri codes of 2025; cahyadsn/wilayah and wilayah_boundaries, MIT) and
`area_aliases.csv` beside this script; writes under `domain/regions/`. Everything else there is written by hand.
Needs shapely 2.2 or later.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import lzma
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import shapely
from region_topology import topology
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).parent
REGIONS = HERE.parent / "domain" / "regions"
SNAP, GAP = 5e-5, 2e-4  # degrees: the sources' rounding (5 m), slivers between neighbours (20 m)
LEVELS = {"prov": "provinsi", "kabkota": "kabkota", "kecamatan": "kecamatan", "desa_kelurahan": "desa"}
AREA_COLUMNS = ("kode", "name", "level", "kind", "parent", "aliases", "lat", "lon")


@dataclass(frozen=True, slots=True)
class Plan:
    """How one region is drawn: `tolerance` and `step` in degrees, chosen so that the file stays under 400 KB."""

    slug: str
    kode: str
    polygons: str
    tolerance: float
    step: float


PLANS = (
    Plan("lombok-barat", "52.01", "desa_lombok_barat_5201.geojson", 0.0002, 0.00005),
    Plan("lombok-timur", "52.03", "desa_lombok_timur_5203.geojson", 0.0002, 0.00005),
    Plan("kota-bengkulu", "17.71", "desa_kota_bengkulu_1771.geojson", 0.0001, 0.00002),
    Plan("provinsi-bengkulu", "17", "desa_bengkulu.geojson", 0.0025, 0.0001),
)


def main() -> None:
    """Write all derived files and print their sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gazetteer", type=Path)
    gazetteer: Path = parser.parse_args().gazetteer
    names = dict(_national(gazetteer))
    _write_national(names)
    aliases = {row["kode"]: row["aliases"] for row in _csv(HERE / "area_aliases.csv")}
    for plan in PLANS:
        _write_region(plan, names, aliases, gazetteer)


def _csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _national(gazetteer: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    for row in _csv(gazetteer / "wilayah_kemendagri_2025_all.csv"):
        yield row["kode"], (row["nama"].strip(), LEVELS[row["level"]])


def _write_national(names: dict[str, tuple[str, str]]) -> None:
    """Codes without their dots, in order: the level follows from the length, and runs of neighbours pack well."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerows((kode.replace(".", ""), name) for kode, (name, _) in sorted(names.items()))
    target = REGIONS / "national.csv.xz"
    target.write_bytes(lzma.compress(text.getvalue().encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{target.name}: {len(names)} codes, {target.stat().st_size} bytes")


def _write_region(plan: Plan, names: dict[str, tuple[str, str]], aliases: dict[str, str], gazetteer: Path) -> None:
    kodes = [kode for kode in sorted(names) if kode.startswith(f"{plan.kode}.")]
    features = json.loads((gazetteer / plan.polygons).read_text(encoding="utf-8"))["features"]
    drawn = {feature["properties"]["kode"]: shape(feature["geometry"]).buffer(0) for feature in features}
    stated = {f["properties"]["kode"]: (f["properties"]["lat"], f["properties"]["lng"]) for f in features}
    clean = shapely.coverage_clean(  # type: ignore[attr-defined]  # newer than its stubs
        list(drawn.values()), snapping_distance=SNAP, gap_width=GAP
    )
    desa = dict(zip(drawn, shapely.coverage_simplify(clean, plan.tolerance), strict=True))
    layers = {"desa": {kode: polygon for kode, polygon in sorted(desa.items()) if not polygon.is_empty}}
    for layer, length in (("kecamatan", 8), ("kabupaten", 5)):
        if length > len(plan.kode):
            layers[layer] = _dissolved(layers["desa"], length)
    whole = shapely.unary_union(list(layers["desa"].values()))
    west, south, *_ = whole.bounds
    drawing = topology(
        {layer: [(k, names[k][0], p) for k, p in shapes.items()] for layer, shapes in layers.items()},
        step=plan.step,
        origin=(round(west, 4), round(south, 4)),
    )
    folder = REGIONS / plan.slug
    target = folder / "boundaries.topojson"
    target.write_text(json.dumps(drawing, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
    shapes = {**drawn, **layers["kecamatan"], **layers.get("kabupaten", {})}
    points = {kode: _point(polygon, stated.get(kode)) for kode, polygon in shapes.items()}
    _write_areas(folder / "areas.csv", [(kode, *names[kode]) for kode in kodes], aliases, points)
    _write_head(folder / "region.toml", whole)
    missing = [kode for kode in desa if kode not in layers["desa"]]
    print(f"{plan.slug}: {len(kodes)} areas, boundaries {target.stat().st_size} bytes, without polygon: {missing}")


def _dissolved(desa: dict[str, BaseGeometry], length: int) -> dict[str, BaseGeometry]:
    groups: dict[str, list[BaseGeometry]] = {}
    for kode, polygon in desa.items():
        groups.setdefault(kode[:length], []).append(polygon)
    return {kode: shapely.coverage_union_all(polygons) for kode, polygons in groups.items()}


def _point(polygon: BaseGeometry, stated: tuple[float, float] | None) -> tuple[float, float]:
    """Latitude and longitude: the gazetteer's own where it lies inside, else a point that surely does."""
    if stated is not None and polygon.contains(shapely.Point(stated[1], stated[0])):
        return stated
    inside = polygon.representative_point()
    return inside.y, inside.x


def _write_areas(
    target: Path, areas: Iterable[tuple[str, str, str]], aliases: dict[str, str], points: dict[str, tuple[float, float]]
) -> None:
    with target.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(AREA_COLUMNS)
        for kode, name, level in areas:
            kind = _kind(kode, name, level)
            at = points.get(kode)
            cells = (f"{at[0]:.5f}", f"{at[1]:.5f}") if at else ("", "")
            writer.writerow((kode, name, kind if level == "kabkota" else level, kind, kode.rpartition(".")[0],
                             aliases.get(kode, ""), *cells))  # fmt: skip


def _kind(kode: str, name: str, level: str) -> str:
    """Kemendagri numbers: the last four digits of a kelurahan begin with 1, of a desa with 2."""
    if level == "kabkota":
        return "kota" if name.startswith("Kota ") else "kabupaten"
    if level == "desa":
        return "kelurahan" if kode.rpartition(".")[2].startswith("1") else "desa"
    return level


def _write_head(target: Path, whole: BaseGeometry) -> None:
    west, south, east, north = whole.bounds
    center = whole.representative_point()
    lines = {
        "center": f"{{ lat = {center.y:.4f}, lon = {center.x:.4f} }}",
        "bbox": f"{{ west = {west:.4f}, south = {south:.4f}, east = {east:.4f}, north = {north:.4f} }}",
    }
    text = target.read_text(encoding="utf-8")
    for key, value in lines.items():
        text = re.sub(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.MULTILINE)
    target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
