"""A region folder as text, and the merge of an overlay onto it. Entries are told apart by their key, files by name."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from typing import Literal

from domain.errors import CatalogueError

Table = dict[str, object]
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class FileError(ValueError):
    """A file that cannot be read as what it should be; `line` is 1-based."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


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


def parse_table(text: str) -> Table:
    """A TOML file's table. FileError with the line where its syntax is broken."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise FileError(f"sintaks TOML rusak: {cause}", _line_of(cause, text)) from cause


def parse_entries(shape: FileShape, text: str) -> list[Table]:
    """The entries of a file in its order. FileError when it cannot be read."""
    if shape.kind == "csv":
        return list(_rows(text))
    table = parse_table(text)
    entries = table.pop(shape.entry, [])
    if table or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        odd = next(iter(table), shape.entry)
        line = next((number for number, row in enumerate(text.splitlines(), 1) if odd in row.split("#")[0]), 1)
        raise FileError(f"{odd} tidak dikenal di sini: setiap entri diawali [[{shape.entry}]]", line)
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
                found.tables[shape.name] = parse_table(text)
            else:
                found.entries[shape.name] = _keyed(shape, parse_entries(shape, text))
        except FileError as cause:
            raise CatalogueError(f"{folder.name}/{shape.name}:{cause.line}: {cause}") from cause
        except UnicodeDecodeError as cause:
            raise CatalogueError(f"{folder.name}/{shape.name}: bukan teks UTF-8") from cause
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
        entries[name] = {key: entry for key, entry in merged.items() if not is_removed(entry)}
    return RegionFiles(tables, entries)


def is_removed(entry: Table) -> bool:
    """Whether an overlay entry takes one away."""
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
            raise FileError(f"ada entri tanpa {shape.key}")
        if key in keyed:
            raise FileError(f"{shape.key} {key} tercatat dua kali")
        keyed[key] = entry
    return keyed


def _rows(text: str) -> Iterator[Table]:
    """CSV rows without their empty cells; aliases are split at ";"."""
    rows = csv.DictReader(io.StringIO(text))
    for row in rows:
        if None in row or None in row.values():
            raise FileError(f"baris {row.get('kode')}: jumlah kolomnya tidak sama dengan baris judul", rows.line_num)
        entry: Table = {column: cell for column, cell in row.items() if cell}
        if aliases := row.get("aliases"):
            entry["aliases"] = [alias.strip() for alias in aliases.split(";") if alias.strip()]
        yield entry


def _line_of(cause: tomllib.TOMLDecodeError, text: str) -> int:
    """The line that the parser names, or the last one: it names none at the end of the document."""
    found = _AT_LINE.search(str(cause))
    return int(found.group(1)) if found else max(1, len(text.splitlines()))
