"""Where in a file something stands. A light reading of TOML and CSV that knows lines, which the parsers do not tell."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.regions.folder import FileShape

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[A-Za-z0-9_.-]+)\s*=""")
FIRST = 1


@dataclass(frozen=True, slots=True)
class LineMap:
    """Lines of a file, 1-based. Entries are counted from 0 in the file's order; in a table file the entry is None."""

    starts: dict[tuple[str, int], int] = field(default_factory=dict)  # (list or table, which one) -> line
    keys: dict[tuple[str, int, str], int] = field(default_factory=dict)  # (list or table, which one, key) -> line

    def entry(self, name: str, index: int = 0) -> int:
        """Line where an entry or table begins; the file's first where it does not."""
        return self.starts.get((name, index), FIRST)

    def key(self, name: str, key: str, index: int = 0) -> int:
        """Line of a key of an entry or table; the line where that begins when the key is not there."""
        return self.keys.get((name, index, key), self.entry(name, index))


def map_lines(shape: FileShape, text: str) -> LineMap:
    """The lines of a region file by its shape."""
    return _map_csv(shape, text) if shape.kind == "csv" else _map_toml(text)


def _map_toml(text: str) -> LineMap:
    found = LineMap()
    counts: dict[str, int] = {}
    table, index = "", 0
    for number, line in _outside_strings(text):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = header.group(2).replace('"', "")
            counts[table] = counts.get(table, -1) + 1
            index = counts[table]
            found.starts[(table, index)] = number
        elif key:
            found.keys.setdefault((table, index, key.group(1).strip("\"'")), number)
    return found


def _outside_strings(text: str) -> Iterator[tuple[int, str]]:
    """Lines that do not lie inside a multi-line string."""
    quote = ""
    for number, line in enumerate(text.splitlines(), start=FIRST):
        if not quote:
            yield number, line
        for mark in re.findall(r'"""|\'\'\'', line):
            quote = "" if quote == mark else (quote or mark)


def _map_csv(shape: FileShape, text: str) -> LineMap:
    found = LineMap()
    rows = csv.reader(io.StringIO(text))
    columns = next(rows, [])
    for index, row in enumerate(rows):
        number = rows.line_num
        found.starts[(shape.entry, index)] = number
        for column in columns[: len(row)]:
            found.keys[(shape.entry, index, column)] = number
    return found
