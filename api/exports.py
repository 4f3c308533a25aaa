"""Exports: one row per found case, of masked text, without author or contact; constant memory at any length."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Final
from zoneinfo import ZoneInfo

import xlsxwriter

from api.asked import Asked
from api.finding import answerable, as_possible, find_all
from api.names import Names
from api.parts import Parts
from api.speech import speech
from api.visitors import Visitor
from domain.documents import WITHDRAWN, PostDocument
from domain.errors import Refused

COLUMNS: Final = (
    "id", "wilayah", "terbit", "ketepatan_tanggal", "kanal", "sumber", "judul", "isi", "bahasa", "maksud", "topik",
    "nama_topik", "urusan", "sentimen", "urgensi", "berkadar_pengawasan", "kewenangan", "opd", "nama_opd",
    "keyakinan_opd", "alasan", "kode_kecamatan", "kecamatan", "kode_desa", "desa", "lat", "lon", "status", "cerita",
    "alamat",
)  # fmt: skip
# Spreadsheets run cells that begin so. Where the locale separates columns by semicolons (Indonesia's does), a
# program may begin a cell behind any semicolon, tab or line end, quoted or not.
FORMULA: Final = re.compile(r"^(?=[\t\r])|(?:^|(?<=[;\t\r\n]))(?=[^\S\t\r\n]*[=+\-@\uff1d\uff0b\uff0d\uff20])")
CHUNK: Final = 64 * 1024
IN_MEMORY: Final = 8 * 1024**2  # of a finished workbook; larger ones go to a temporary file
CELL_LIMIT: Final = 32_767  # characters that an XLSX cell can hold

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | float | None
Row = tuple[Cell, ...]


def found_rows(parts: Parts, visitor: Visitor, asked: Asked, suffix: str) -> tuple[Iterator[Row], str]:
    """The rows of a search and the file's name. What is wrong with the search is raised here, before a byte leaves."""
    now = parts.clock()
    zone = parts.zone(visitor.scope, asked.values.get("region", ()))
    asked = answerable(as_possible(parts, asked.changed()))
    pages = find_all(parts, asked.query(now, zone), visitor.scope)
    first = next(pages)
    if first.total > parts.settings.export_rows:
        raise Refused(f"Lebih dari {parts.settings.export_rows} baris: persempit waktunya, lalu unduh per bagian.")
    detail = {"search": asked.href(), "rows": str(first.total), "format": suffix}
    parts.store.audit.write(visitor.user.name, "export", "cases", detail, now)
    documents = (hit.document for page in chain([first], pages) for hit in page.items)
    rows = (row_of(document, parts.names, parts.zone_of(document.region)) for document in documents)
    return rows, f"jaring-{now.astimezone(zone):%Y%m%d-%H%M}.{suffix}"


def row_of(document: PostDocument, names: Names, zone: ZoneInfo) -> Row:
    """One case as a row, in the order of COLUMNS."""
    says = speech("id")
    return (
        document.id, document.region, _local(document.published_at, zone), document.date_trust.value,
        document.channel.value, names.source(document.source), document.title,
        WITHDRAWN if document.withdrawn_at else document.text,
        document.language.value, document.intent.value, document.topic, names.topic(document.topic, says),
        document.urusan, document.sentiment.value, document.urgency.value, "ya" if document.oversight else "tidak",
        document.authority.value, document.opd, names.agency(document.region, document.opd) if document.opd else None,
        round(document.opd_p, 4), document.why, document.kecamatan,
        names.area(document.kecamatan) if document.kecamatan else None, document.desa,
        names.area(document.desa) if document.desa else None, document.lat, document.lon, document.state.value,
        document.story, document.url,
    )  # fmt: skip


def csv_lines(rows: Iterable[Row], columns: Sequence[str] = COLUMNS) -> Iterator[bytes]:
    """CSV in UTF-8 with a byte order mark, so that spreadsheets read it; no cell can run as a formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    for row in chain([tuple(columns)], rows):
        writer.writerow([harmless(cell) for cell in row])
        if buffer.tell() >= CHUNK:
            yield _taken(buffer)
    yield _taken(buffer)


def workbook(rows: Iterable[Row], columns: Sequence[str] = COLUMNS, *, sheet_name: str = "kiriman") -> Iterator[bytes]:
    """An XLSX workbook, row by row; texts are written as texts, never as formulas or links."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        options = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False, "nan_inf_to_errors": True,
        }  # fmt: skip
        book = xlsxwriter.Workbook(file, options)
        sheet = book.add_worksheet(sheet_name)
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 16)
        for column, title in enumerate(columns):
            sheet.write_string(0, column, title, bold)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, column, cell[:CELL_LIMIT])
                elif cell is not None:
                    sheet.write_number(line, column, cell)
        book.close()
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def as_file(name: str) -> dict[str, str]:
    """The headers that make an answer a file to keep."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def harmless(cell: Cell) -> Cell:
    """A cell that a spreadsheet shows and does not run."""
    return FORMULA.sub("'", cell) if isinstance(cell, str) else cell


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds")
