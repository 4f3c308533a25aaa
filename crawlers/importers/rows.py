"""Rows of a file, streamed: what every reader gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `line` is where it begins in the file (from 1), `values` are cells as text by column."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read as one. `raw` is what stands there, cut to a few hundred characters."""

    line: int
    reason: str
    raw: str = field(default="")


class RowFile(Protocol):
    """A file of rows. Reading it twice gives the same; memory does not grow with its size."""

    header: tuple[str, ...]
    size: int  # in the unit of `done`
    skipped: int  # what was passed over so far because it holds no words of anybody; tables have none

    def rows(self) -> Iterator[Row | BadRow]: ...

    def done(self) -> int:
        """How much of `size` has been read."""
        ...

    def close(self) -> None: ...
