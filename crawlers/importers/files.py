"""Which reader a file gets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from crawlers.importers.chat_heads import Order
from crawlers.importers.chat_names import Discretion
from crawlers.importers.csv_rows import CsvRows
from crawlers.importers.jsonl_rows import JsonlRows
from crawlers.importers.mapping import ColumnMap
from crawlers.importers.rows import RowFile
from crawlers.importers.sheet_rows import SheetRows
from crawlers.importers.whatsapp_chat import ChatRows
from domain.errors import Refused

SHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
LINES = frozenset({".jsonl", ".ndjson"})


def open_rows(
    path: Path, column_map: ColumnMap, *, discretion: Discretion, today: date, order: Order | None = None
) -> RowFile:
    """Open a file by its map and suffix; a table that is neither a sheet nor JSON lines is a CSV.

    Refused in one sentence. `order` stands over the map's own.
    """
    if not path.exists():
        raise Refused(f"Berkas {path} tidak ada.")
    if not path.is_file():
        raise Refused(f"{path} bukan berkas.")
    chat = column_map.reader == "whatsapp"
    if order is not None and not chat:
        raise Refused("--dates hanya untuk obrolan WhatsApp; untuk tabel, tulis [dates] formats dalam peta kolomnya.")
    try:
        if chat:
            return ChatRows(path, discretion=discretion, today=today, order=order or column_map.dates.order)
        suffix = path.suffix.casefold()
        if suffix in SHEETS:
            return SheetRows(path)
        if suffix in LINES:
            return JsonlRows(path)
        return CsvRows(path, encoding=column_map.encoding, delimiter=column_map.delimiter)
    except OSError as cause:
        raise Refused(f"Berkas {path} tidak dapat dibuka: {cause.strerror or cause}.") from cause
