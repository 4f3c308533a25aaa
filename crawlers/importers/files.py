"""Which reader a file gets."""

from __future__ import annotations

from pathlib import Path

from crawlers.importers.csv_rows import CsvRows
from crawlers.importers.jsonl_rows import JsonlRows
from crawlers.importers.rows import RowFile
from crawlers.importers.sheet_rows import SheetRows
from domain.errors import Refused

SHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
LINES = frozenset({".jsonl", ".ndjson"})


def open_rows(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> RowFile:
    """Open a file by its suffix; what is neither a sheet nor JSON lines is a CSV. Refused in one sentence."""
    if not path.exists():
        raise Refused(f"Berkas {path} tidak ada.")
    if not path.is_file():
        raise Refused(f"{path} bukan berkas.")
    try:
        suffix = path.suffix.casefold()
        if suffix in SHEETS:
            return SheetRows(path)
        if suffix in LINES:
            return JsonlRows(path)
        return CsvRows(path, encoding=encoding, delimiter=delimiter)
    except OSError as cause:
        raise Refused(f"Berkas {path} tidak dapat dibuka: {cause.strerror or cause}.") from cause
