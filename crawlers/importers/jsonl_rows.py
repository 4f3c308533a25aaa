"""JSON lines, streamed: one object a line, its names are the columns; names of inner objects are joined by dots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson

from crawlers.importers.rows import BadRow, Row
from domain.errors import Refused

LOOK_AHEAD = 100  # lines whose names make up the header: optional names may be absent from the first
SHOWN = 300  # characters of a broken line that are kept


class JsonlRows:
    """A `RowFile` over JSON lines in UTF-8. Refused when none of the first lines is an object."""

    skipped = 0

    def __init__(self, path: Path) -> None:
        self.size = path.stat().st_size
        self._stream = path.open("rb")
        self.header = self._names()
        if not self.header:
            self._stream.close()
            raise Refused(f"Berkas {path} tidak berisi objek JSON sebaris-sebaris.")
        self._stream.seek(0)

    def rows(self) -> Iterator[Row | BadRow]:
        for line, raw in enumerate(self._stream, start=1):
            if raw.strip(b" \t\r\n\xef\xbb\xbf"):
                yield _parse(line, raw)

    def done(self) -> int:
        return self._stream.tell()

    def close(self) -> None:
        self._stream.close()

    def _names(self) -> tuple[str, ...]:
        names: dict[str, None] = {}
        for _, raw in zip(range(LOOK_AHEAD), self._stream, strict=False):
            row = _parse(0, raw)
            if isinstance(row, Row):
                names.update(dict.fromkeys(row.values))
        return tuple(names)


def _parse(line: int, raw: bytes) -> Row | BadRow:
    try:
        value = orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as cause:
        return BadRow(line, f"bukan JSON: {cause.msg}", raw[:SHOWN].decode("utf-8", "replace"))
    if not isinstance(value, dict):
        return BadRow(line, "bukan objek JSON", raw[:SHOWN].decode("utf-8", "replace"))
    return Row(line, dict(_flat(value)))


def _flat(value: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from _flat(inner, f"{prefix}{name}.")
        elif inner is None:
            yield prefix + name, ""
        elif isinstance(inner, list):
            yield prefix + name, ", ".join(str(part) for part in inner)
        else:
            yield prefix + name, str(inner)
