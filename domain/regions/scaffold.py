"""A new region's folder, for any province, regency or city of the national list. Valid at once, to be made its own."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import combinations
from pathlib import Path

from domain.errors import Conflict, NotFound, Refused
from domain.regions.national import NationalArea, national_area, read_national, zone_of
from domain.regions.profile import HEAD, package_regions

SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
KODE = re.compile(r"^\d\d(?:\.?\d\d)?$")
AREA_COLUMNS = ("kode", "name", "level", "kind", "parent", "aliases", "lat", "lon")
COMMON_FILES = ("calendar.toml", "sla.toml", "roads.toml", "points.toml", "sources.toml")
LEVEL_FILES = ("agencies.toml", "urusan.toml")
OFFICE = {"kabupaten": "Pemkab", "kota": "Pemkot", "provinsi": "Pemprov"}


def new_region(slug: str, kode: str, into: Path) -> Path:
    """Write `into/<slug>/` for the area of a code ("52.04", "5204" or "17") and return the folder.

    Areas have no coordinates and there are no borders, roads, points or sources yet. Refused for a slug or code that
    cannot be one, NotFound for a code that is not in the national list, Conflict when the region is there already.
    """
    if not SLUG.match(slug):
        raise Refused(
            f"{slug} tidak dapat menjadi nama wilayah: pakai huruf kecil, angka, tanda hubung (sumbawa-barat)."
        )
    if not KODE.match(kode):
        raise Refused(f"{kode} bukan kode provinsi (17), kabupaten, atau kota (52.04).")
    region = national_area(kode)
    folder = into / slug
    if folder.exists() or slug in package_regions():
        raise Conflict(f"Wilayah {slug} sudah ada.")
    written = dict(_files(slug, region, into))
    folder.mkdir(parents=True)
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _files(slug: str, region: NationalArea, into: Path) -> Iterator[tuple[str, str]]:
    skeleton = files(__package__).joinpath("_skeleton")
    words = {"{slug}": slug, "{name}": _full_name(region), "{province}": _province(region)}
    yield HEAD, _head(region, _free_prefix(region, _taken_prefixes(into)))
    yield "areas.csv", _areas(region)
    for name in LEVEL_FILES:
        yield name, _filled(skeleton.joinpath(region.level, name), words)
    for name in COMMON_FILES:
        yield name, _filled(skeleton.joinpath(name), words)


def _filled(template: Traversable, words: dict[str, str]) -> str:
    text: str = template.read_text(encoding="utf-8")
    for placeholder, word in words.items():
        text = text.replace(placeholder, word)
    return text


def _short(region: NationalArea) -> str:
    return re.sub(r"^(?:Kabupaten|Kota) (?:Administrasi )?", "", region.name)


def _full_name(region: NationalArea) -> str:
    return f"Provinsi {region.name}" if region.level == "provinsi" else region.name


def _province(region: NationalArea) -> str:
    return national_area(region.kode[:2]).name


def _head(region: NationalArea, prefix: str) -> str:
    zone, label = zone_of(region.kode)
    short = _short(region)
    shown = region.name if region.level == "kota" else short
    return f"""\
# The region itself. Add center, bbox (degrees) and population when known:
# center = {{ lat = -8.50, lon = 117.42 }}
# bbox = {{ west = 116.7, south = -9.1, east = 118.0, north = -8.1 }}
# population = {{ people = 500_000, year = 2020, source = "BPS", verified = true }}
name = "{_full_name(region)}"
short = "{shown}"
kode = "{region.kode}"
level = "{region.level}"
province = "{_province(region)}"
zone = "{zone}"
zone_label = "{label}"
ticket_prefix = "{prefix}"
languages = ["id"]
aliases = ["{OFFICE[region.level]} {short}"]
"""


def _areas(region: NationalArea) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(AREA_COLUMNS)
    for area in read_national(region.kode):
        if area.kode != region.kode:
            parent = area.kode.rpartition(".")[0]
            rows.writerow((area.kode, area.name, area.level, _kind(area), parent, "", "", ""))
    return text.getvalue()


def _kind(area: NationalArea) -> str:
    """Kemendagri numbers: the last four digits of a kelurahan begin with 1."""
    if area.level == "desa" and area.kode.rpartition(".")[2].startswith("1"):
        return "kelurahan"
    return area.level


def _taken_prefixes(into: Path) -> frozenset[str]:
    """Ticket prefixes of the package's regions and of those beside the new one."""
    beside = [folder for folder in into.iterdir() if folder.is_dir()] if into.is_dir() else []
    folders: list[Traversable] = [*package_regions().values(), *beside]
    return frozenset(prefix for folder in folders if (prefix := _prefix_of(folder.joinpath(HEAD))))


def _prefix_of(head: Traversable) -> str | None:
    try:
        prefix = tomllib.loads(head.read_text(encoding="utf-8")).get("ticket_prefix") if head.is_file() else None
    except ValueError:  # a broken neighbour is the checker's business
        return None
    return prefix if isinstance(prefix, str) else None


def _free_prefix(region: NationalArea, taken: Iterable[str]) -> str:
    """Two letters of the name in their order, its words' first letters before others; three where none is free."""
    words = [word for word in re.sub(r"[^A-Z ]", "", _short(region).upper()).split() if word]
    letters = "".join(words)
    initials = "".join(word[0] for word in words)[:4]
    used = frozenset(taken)
    tries = [initials] if len(initials) > 1 else []
    tries += ["".join(pair) for size in (2, 3) for pair in combinations(letters, size)]
    for prefix in tries:
        if prefix not in used:
            return prefix
    raise NotFound(f"Tidak ada ticket_prefix yang bebas untuk {region.name}: ganti milik tetangganya di {HEAD}.")
