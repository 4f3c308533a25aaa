"""The quarantine file of an import: one JSON line per row that did not go in, with its line number and the reason."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import BinaryIO

import orjson

from crawlers.importers.mapping import BoundMap
from crawlers.importers.rows import BadRow, Row
from domain.text.mask import mask

HIDDEN = "[disembunyikan]"  # stands for who wrote and how to reach them
MAX_VALUE = 2_000  # characters of a cell that are kept


class QuarantineFile:
    """Written when the first row is set aside; an import of the same file writes it anew. Holds masked text only."""

    def __init__(self, folder: Path, *, source: str, file: Path) -> None:
        mark = hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:8]
        stem = re.sub(r"[^A-Za-z0-9]+", "-", file.stem).strip("-")[:60]
        self.path = folder / f"{source}-{stem}-{mark}.jsonl"
        self.count = 0
        self._stream: BinaryIO | None = None

    def add(self, row: Row | BadRow, reason: str, bound: BoundMap) -> None:
        """Write a row down."""
        if self._stream is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self.path.open("wb")
        payload: object = _clean(mask(row.raw).text) if isinstance(row, BadRow) else _masked(row, bound)
        self._stream.write(orjson.dumps({"line": row.line, "reason": reason, "row": payload}) + b"\n")
        self.count += 1

    def close(self) -> Path | None:
        """Close it; without rows there is no file, also none of an earlier import."""
        if self._stream is None:
            self.path.unlink(missing_ok=True)
            return None
        self._stream.close()
        return self.path


def _masked(row: Row, bound: BoundMap) -> dict[str, str]:
    hidden = {bound.columns[part] for part in ("author", "contact") if part in bound.columns}
    return {
        name: HIDDEN if name in hidden and value else _clean(mask(value[:MAX_VALUE]).text)
        for name, value in row.values.items()
    }


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
