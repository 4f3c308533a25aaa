"""A sheet that somebody sends, as rows: XLSX or CSV, of a size that a page can show."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from desk.agencysheet import SheetRow
from domain.errors import Refused

MOST_ROWS: Final = 2_000  # no region has so many agencies
MOST_BYTES: Final = 30_000_000  # of an unpacked workbook: what unpacks to more was made to
CSV_NAMES: Final = (".csv", ".txt")
WORKBOOK: Final = b"PK\x03\x04"


def read_sheet(name: str, body: bytes) -> list[SheetRow]:
    """The rows under the header, which is the first row with two filled cells. Refused for what is no sheet."""
    if not body:
        raise Refused("Pilih dahulu berkasnya.")
    lines = _workbook(name, body) if body.startswith(WORKBOOK) else _text(name, body)
    header: Sequence[str] = ()
    rows: list[SheetRow] = []
    for number, cells in enumerate(lines, start=1):
        if not header:
            header = cells if sum(map(bool, cells)) > 1 else ()
        elif any(cells):
            rows.append(SheetRow(number, {title: cell for title, cell in zip(header, cells, strict=False) if title}))
        if len(rows) > MOST_ROWS:
            raise Refused(f"Lembar ini lebih dari {MOST_ROWS} baris.")
    if not rows:
        raise Refused(f"Berkas {name} tidak berisi baris di bawah judul kolomnya.")
    return rows


def _workbook(name: str, body: bytes) -> Iterator[list[str]]:
    try:
        with ZipFile(io.BytesIO(body)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
                raise Refused(f"Berkas {name} terlalu besar.")
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        sheets = (book.get_sheet_by_name(one) for one in book.sheet_names)
        sheet = next((sheet for sheet in sheets if sheet.height), None)
    except (CalamineError, BadZipFile) as cause:
        raise Refused(f"Berkas {name} bukan lembar kerja yang dapat dibaca.") from cause
    for cells in sheet.iter_rows() if sheet is not None else ():
        yield [_cell(cell) for cell in cells]


def _text(name: str, body: bytes) -> Iterator[list[str]]:
    if not name.lower().endswith(CSV_NAMES) or b"\0" in body:
        raise Refused(f"Berkas {name} bukan XLSX atau CSV.")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
        yield [cell.strip() for cell in cells]


def _cell(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()
