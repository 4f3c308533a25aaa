"""A region folder as text, and the merge of an overlay onto it. Entries are told apart by their key, files by name."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from typing import Literal

from domain.errors import CatalogueError

Table = dict[str, object]


@dataclass(frozen=True, slots=True)
class FileShape:
    """How a file is built: one table, or a list of entries with a key."""

    name: str
    kind: Literal["table", "entries", "csv"]
    entry: str = ""  # name of the list in a TOML file of entries
    key: str = ""  # field that tells entries apart


SHAPES: dict[str, FileShape] = {
    shape.name: shape
    for shape in (
        FileShape("region.toml", "table"),
        FileShape("agencies.toml", "entries", "agency", "code"),
        FileShape("urusan.toml", "table"),
        FileShape("areas.csv", "csv", "area", "kode"),
        FileShape("roads.toml", "entries", "road", "key"),
        FileShape("points.toml", "entries", "point", "key"),
        FileShape("sources.toml", "entries", "source", "key"),
        FileShape("calendar.toml", "table"),
        FileShape("sla.toml", "table"),
    )
}
BOUNDARIES = "boundaries.topojson"


@dataclass(frozen=True, slots=True)
class RegionFiles:
    """Parsed, not yet validated: tables by file, entries by file and key in the order of first appearance."""

    tables: dict[str, Table] = field(default_factory=dict)
    entries: dict[str, dict[str, Table]] = field(default_factory=dict)


def parse_entries(shape: FileShape, text: str) -> list[Table]:
    """The entries of a file in its order. ValueError (TOMLDecodeError too) when it cannot be read."""
    if shape.kind == "csv":
        return list(_rows(text))
    entries = tomllib.loads(text).get(shape.entry, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError(f"{shape.name} wants entries that begin with [[{shape.entry}]]")
    return entries


def read_folder(folder: Traversable) -> RegionFiles:
    """A folder's files; those that are absent are left out. CatalogueError names a file that cannot be read."""
    found = RegionFiles()
    for shape in SHAPES.values():
        file = folder.joinpath(shape.name)
        if not file.is_file():
            continue
        try:
            text = file.read_text(encoding="utf-8")
            if shape.kind == "table":
                found.tables[shape.name] = tomllib.loads(text)
            else:
                found.entries[shape.name] = _keyed(shape, parse_entries(shape, text))
        except ValueError as cause:
            raise CatalogueError(f"{folder.name}/{shape.name}: {cause}") from cause
    return found


def overlay(base: RegionFiles, above: RegionFiles) -> RegionFiles:
    """`base` with `above` laid over it: same key replaces, new keys add, `remove = true` takes away.

    Tables merge key by key at every depth; an empty string takes a key away.
    """
    tables, entries = {**base.tables}, {**base.entries}
    for name, table in above.tables.items():
        tables[name] = _deep(tables.get(name, {}), table)
    for name, added in above.entries.items():
        merged = {**entries.get(name, {}), **added}
        entries[name] = {key: entry for key, entry in merged.items() if not _is_removed(entry)}
    return RegionFiles(tables, entries)


def _is_removed(entry: Table) -> bool:
    return entry.get("remove") in {True, "true", "1"}


def _deep(base: Mapping[str, object], above: Mapping[str, object]) -> Table:
    merged = dict(base)
    for key, value in above.items():
        under = merged.get(key)
        if value == "":
            merged.pop(key, None)
        elif isinstance(under, dict) and isinstance(value, dict):
            merged[key] = _deep(under, value)
        else:
            merged[key] = value
    return merged


def _keyed(shape: FileShape, entries: list[Table]) -> dict[str, Table]:
    keyed: dict[str, Table] = {}
    for entry in entries:
        key = entry.get(shape.key)
        if not isinstance(key, str):
            raise ValueError(f"an entry has no {shape.key}")  # noqa: TRY004 - a fault of the file, told like the others
        if key in keyed:
            raise ValueError(f"{shape.key} {key} stands twice")
        keyed[key] = entry
    return keyed


def _rows(text: str) -> Iterator[Table]:
    """CSV rows without their empty cells; aliases are split at ";"."""
    for row in csv.DictReader(io.StringIO(text), strict=True):
        if None in row or None in row.values():
            raise ValueError(f"row {row.get('kode')}: it has not as many cells as the first row")
        entry: Table = {column: cell for column, cell in row.items() if cell}
        if aliases := row.get("aliases"):
            entry["aliases"] = [alias.strip() for alias in aliases.split(";") if alias.strip()]
        yield entry
