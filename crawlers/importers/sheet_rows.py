"""Spreadsheets: the first sheet that has rows, read by calamine; the format itself ends at a million rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from crawlers.importers.rows import Row
from domain.errors import Refused


class SheetRows:
    """A `RowFile` over a spreadsheet; `size` and `done` count rows. Refused when it is none, locked or empty."""

    skipped = 0

    def __init__(self, path: Path) -> None:
        try:
            book = CalamineWorkbook.from_path(path)
            sheets = (book.get_sheet_by_name(name) for name in book.sheet_names)
            sheet = next((sheet for sheet in sheets if sheet.height), None)
        except CalamineError as cause:
            raise Refused(f"Berkas {path} bukan lembar kerja yang dapat dibaca ({cause}).") from cause
        if sheet is None:
            raise Refused(f"Berkas {path} kosong.")
        self._book, self._sheet = book, sheet
        self._read = 0
        self.size = sheet.total_height
        self._head, self.header = _header(sheet)

    def rows(self) -> Iterator[Row]:
        for number, cells in enumerate(_cells(self._sheet), start=1):
            self._read = number
            if number > self._head and any(cell != "" for cell in cells):
                values = {name: cell_text(cell) for name, cell in zip(self.header, cells, strict=False) if name}
                yield Row(number, values)

    def done(self) -> int:
        return min(self._read, self.size)

    def close(self) -> None:
        self._book.close()


def cell_text(cell: object) -> str:
    """A cell as text: whole numbers without a fraction, dates as ISO 8601."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def _header(sheet: CalamineSheet) -> tuple[int, tuple[str, ...]]:
    """Number and names of the header: the first row with two filled cells; a line above it is a title."""
    lone: tuple[int, tuple[str, ...]] = (0, ())
    for number, cells in enumerate(_cells(sheet), start=1):
        names = tuple(cell_text(cell) for cell in cells)
        filled = sum(map(bool, names))
        if filled > 1:
            return number, names
        if filled and not lone[0]:
            lone = (number, names)
    return lone


def _cells(sheet: CalamineSheet) -> Iterator[list[object]]:
    for cells in sheet.iter_rows():
        yield list(cells)
