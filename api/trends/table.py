"""The numbers behind a panel: for the page, for people who cannot see its picture, and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class StripPart:
    """A stretch of a strip: its share of the whole in percent, and the posts behind it."""

    tone: str
    share: float
    title: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One number or word as people read it, and as programs do.

    A `strip` or `spark` is drawn in the words' place; `text` then says the same to who cannot see it.
    """

    text: str
    value: Value = None
    href: str | None = None
    tone: str = ""  # neg | pos | late | quiet
    strip: tuple[StripPart, ...] = ()
    spark: tuple[float, ...] = ()  # heights, 0..1


@dataclass(frozen=True, slots=True)
class Column:
    """A column. Without a `key` it only draws what others say, and is left out of CSV."""

    key: str | None
    title: str
    number: bool = True
    minor: bool = False  # left out on a phone
    drawn: bool = True  # False: only in CSV, because another column draws it
    weight: int = 2  # of its width in a picture


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, each row as long as there are columns. `few` rows are seen at once, the others a click away."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    few: int = 8

    def plain(self) -> Iterator[tuple[Value, ...]]:
        """The rows of a CSV file, its heading first."""
        kept = [n for n, column in enumerate(self.columns) if column.key is not None]
        yield tuple(self.columns[n].key for n in kept)
        for row in self.rows:
            yield tuple(row[n].value for n in kept)


def word(text: str, value: str | None = None, *, href: str | None = None, tone: str = "") -> Cell:
    """A cell of words; `value` is its code where it has one."""
    return Cell(text, value if value is not None else text, href, tone)


def strip_cell(parts: tuple[StripPart, ...], href: str | None = None) -> Cell:
    """A cell that is drawn; its words are those of its parts. `href` is where the whole of it leads."""
    return Cell(", ".join(part.title for part in parts if part.title), href=href, strip=parts)
