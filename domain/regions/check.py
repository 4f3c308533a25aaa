"""Checking a region folder, or a site's overlay of one, and saying at which line what is wrong, in Indonesian."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import BaseModel, ValidationError

from domain.errors import CatalogueError
from domain.regions.boundaries import MAX_BYTES, borders
from domain.regions.faults import Fault, faults_of
from domain.regions.folder import (
    BOUNDARIES,
    SHAPES,
    FileError,
    FileShape,
    RegionFiles,
    Table,
    is_removed,
    overlay,
    parse_entries,
    parse_table,
    read_folder,
)
from domain.regions.lines import LineMap, map_lines
from domain.regions.profile import HEAD, merged_files, package_regions, validated_profile
from domain.regions.records import Agency, Area, Road, ServicePoint, Source
from domain.regions.region import RegionHead, UrusanMap
from domain.regions.worktime import Sla, WorkCalendar
from domain.wording import describe

RECORDS: dict[str, type[BaseModel]] = {
    HEAD: RegionHead,
    "agencies.toml": Agency,
    "urusan.toml": UrusanMap,
    "areas.csv": Area,
    "roads.toml": Road,
    "points.toml": ServicePoint,
    "sources.toml": Source,
    "calendar.toml": WorkCalendar,
    "sla.toml": Sla,
}
REQUIRED = (HEAD, "agencies.toml", "urusan.toml", "areas.csv", "calendar.toml", "sla.toml")
DATA_SUFFIXES = frozenset({".toml", ".csv", ".topojson", ".geojson"})


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What is wrong and where: file inside the folder, 1-based line, message in Indonesian."""

    file: str
    line: int
    message: str


def check_region(folder: Path) -> list[Finding]:
    """Everything wrong with a folder, by file and line; empty when the region can be loaded.

    A folder named like a region of the package is taken as an overlay of it, unless it is that region's own folder.
    Whether entries hold together is asked once each of them is valid for itself.
    """
    base = _base_of(folder)
    beneath = read_folder(base[folder.name]) if base else RegionFiles()
    findings = [*_odd_files(folder, overlaid=bool(base)), *_check_boundaries(folder)]
    texts: dict[str, str] = {}
    for name, shape in SHAPES.items():
        try:
            texts[name] = (folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
        except UnicodeDecodeError:
            findings.append(Finding(name, 1, "bukan teks UTF-8"))
            continue
        findings += _check_text(shape, texts[name], beneath)
    if not findings:
        findings += _check_whole(folder, base, texts)
    return sorted(set(findings))


def _base_of(folder: Path) -> dict[str, Traversable]:
    """The package's region that a folder overlays, by its slug; empty when the folder stands for itself."""
    package = package_regions().get(folder.name)
    own = isinstance(package, Path) and package.resolve() == folder.resolve()
    return {} if package is None or own else {folder.name: package}


def _odd_files(folder: Path, *, overlaid: bool) -> Iterator[Finding]:
    present = {file.name for file in folder.iterdir() if file.suffix in DATA_SUFFIXES} if folder.is_dir() else set()
    for name in sorted(present - {*SHAPES, BOUNDARIES}):
        yield Finding(name, 1, f"berkas tidak dikenal; yang dibaca: {', '.join((*SHAPES, BOUNDARIES))}")
    for name in REQUIRED:
        if name not in present and not overlaid:
            yield Finding(name, 1, "berkas tidak ada")


def _check_text(shape: FileShape, text: str, beneath: RegionFiles) -> Iterator[Finding]:
    """Each entry, or the table as it is after merging, for itself."""
    try:
        if shape.kind != "table":
            yield from _check_entries(shape, parse_entries(shape, text), map_lines(shape, text))
            return
        table = overlay(beneath, RegionFiles({shape.name: parse_table(text)})).tables[shape.name]
    except FileError as fault:
        yield Finding(shape.name, fault.line, str(fault))
        return
    lines = map_lines(shape, text)
    for loc, message in _invalid(RECORDS[shape.name], table):
        yield Finding(shape.name, _line_in_table(lines, loc), message)


def _check_entries(shape: FileShape, entries: list[Table], lines: LineMap) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for index, entry in enumerate(entries):
        key, line = str(entry.get(shape.key, "")), lines.key(shape.entry, shape.key, index)
        if key in seen:
            yield Finding(shape.name, line, f"{shape.key} {key} tercatat dua kali, pertama di baris {seen[key]}")
        seen.setdefault(key, line)
        if is_removed(entry):
            continue
        fields = {name: value for name, value in entry.items() if name != "remove"}
        for loc, message in _invalid(RECORDS[shape.name], fields):
            named = f"{key}: {message}" if key else message
            yield Finding(shape.name, lines.key(shape.entry, loc[0] if loc else "", index), named)


def _invalid(record: type[BaseModel], fields: Mapping[str, object]) -> Iterator[tuple[list[str], str]]:
    """Where and what, for every error of one entry or table."""
    try:
        record.model_validate(fields)
    except ValidationError as cause:
        for error in cause.errors():
            yield [str(part) for part in error["loc"]], describe(error)


def _line_in_table(lines: LineMap, loc: list[str]) -> int:
    """The line of the deepest table and key that an error's place names: ("hours", "jumat", "1") is in [hours]."""
    for depth in range(len(loc), -1, -1):
        table, rest = ".".join(loc[:depth]), loc[depth:]
        index = int(rest[0]) if rest and rest[0].isdigit() else 0
        key = next((part for part in rest if not part.isdigit()), "")
        if (table, index, key) in lines.keys:
            return lines.keys[(table, index, key)]
        if depth and (table, index) in lines.starts:
            return lines.starts[(table, index)]
    return 1


def _check_whole(folder: Path, base: Mapping[str, Traversable], texts: Mapping[str, str]) -> Iterator[Finding]:
    """Whether the entries hold together, after merging."""
    try:
        merged = merged_files(folder.name, [base, {folder.name: folder}])
        profile = validated_profile(folder.name, merged)
    except CatalogueError as cause:
        yield Finding(HEAD, 1, str(cause))
        return
    for fault in faults_of(profile):
        text = texts.get(fault.file)
        yield Finding(fault.file, _line_of(fault, text) if text is not None else 1, fault.message)


def _line_of(fault: Fault, text: str) -> int:
    shape = SHAPES[fault.file]
    lines = map_lines(shape, text)
    if shape.kind == "table":
        return lines.key(fault.entry, fault.key)
    keys = [entry.get(shape.key) for entry in parse_entries(shape, text)]
    return lines.key(shape.entry, fault.key, keys.index(fault.entry)) if fault.entry in keys else 1


def _check_boundaries(folder: Path) -> Iterator[Finding]:
    file = folder / BOUNDARIES
    if not file.is_file():
        return
    size = file.stat().st_size
    if size > MAX_BYTES:
        yield Finding(BOUNDARIES, 1, f"{size} bita; paling besar {MAX_BYTES}: sederhanakan garisnya")
        return
    try:
        borders(file.read_text(encoding="utf-8"))
    except (CatalogueError, UnicodeDecodeError) as cause:
        yield Finding(BOUNDARIES, 1, f"bukan TopoJSON yang dikenal: {cause}")
