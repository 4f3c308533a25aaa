"""CSV, streamed: sniffed delimiter and encoding, quotes that hold line breaks, and rows that are broken."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from crawlers.importers.encodings import broken_letters, known_encoding, sniff_encoding
from crawlers.importers.rows import BadRow, Row
from domain.errors import Refused

SAMPLE = 64 * 1024  # characters looked at for the delimiter
MAX_CELL = 1 << 20  # a cell longer than this is an unclosed quote that swallows the file
MAX_LINES = 2_000  # lines that one row may take, for the same reason
SHOWN = 300  # characters of a broken row that are kept
DELIMITERS = (",", ";", "\t", "|")


class _Lines:
    """Lines of a file with their numbers; lines can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._returned: deque[str] = deque()
        self.number = 0  # of the line given last
        self.taken: list[str] = []  # since the row began

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._lines)
        self.number += 1
        self.taken.append(line)
        if len(self.taken) > MAX_LINES:
            raise csv.Error("terlalu banyak baris dalam satu sel")
        return line

    def give_back_all_but_first(self) -> None:
        """What a broken row swallowed is read again as rows of its own."""
        self._returned.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1
        del self.taken[1:]


class CsvRows:
    """A `RowFile` over delimited text. Refused when it is empty or no text."""

    skipped = 0

    def __init__(self, path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> None:
        csv.field_size_limit(MAX_CELL)
        self.size = path.stat().st_size
        self.encoding = known_encoding(encoding) if encoding else sniff_encoding(path)
        self._bytes = path.open("rb")
        self._stream = io.TextIOWrapper(self._bytes, encoding=self.encoding, errors="surrogateescape", newline="")
        sample = self._stream.read(SAMPLE)
        if not sample.strip():
            self._stream.close()
            raise Refused(f"Berkas {path} kosong.")
        self.delimiter = delimiter or sniff_delimiter(sample)
        self._stream.seek(0)
        self._lines = _Lines(self._stream)
        try:
            self.header = tuple(name.strip() for name in next(self._reader()))
        except (StopIteration, csv.Error) as cause:
            self._stream.close()
            raise Refused(f"Baris judul kolom berkas {path} tidak dapat dibaca.") from cause

    def rows(self) -> Iterator[Row | BadRow]:
        width = len(self.header)
        reader = self._reader()
        while True:
            self._lines.taken.clear()
            try:
                cells = next(reader)
                sound = len(self._lines.taken) == 1 or self._strictly_one_row()
            except StopIteration:
                return
            except csv.Error:
                sound = False
            if not sound:
                yield self._broken("tanda kutip tidak tertutup")
                reader = self._reader()
                continue
            line = self._lines.number - len(self._lines.taken) + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
                cells = cells[:width]
            if len(cells) != width:
                yield self._broken(f"{len(cells)} kolom, seharusnya {width}")
                reader = self._reader()
            elif any(broken_letters(cell) for cell in cells):
                yield BadRow(line, f"huruf rusak: bukan {self.encoding}", "".join(self._lines.taken)[:SHOWN])
            else:
                yield Row(line, dict(zip(self.header, cells, strict=True)))

    def done(self) -> int:
        return min(self.size, self._bytes.tell())

    def close(self) -> None:
        self._stream.close()

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._lines, delimiter=self.delimiter)

    def _strictly_one_row(self) -> bool:
        """Whether the lines just taken are one row by the letter: a quote left open can end at another row's quote."""
        try:
            return sum(1 for _ in csv.reader(self._lines.taken, delimiter=self.delimiter, strict=True)) == 1
        except csv.Error:
            return False

    def _broken(self, reason: str) -> BadRow:
        self._lines.give_back_all_but_first()
        return BadRow(self._lines.number, reason, self._lines.taken[0][:SHOWN] if self._lines.taken else "")


def sniff_delimiter(sample: str) -> str:
    """The delimiter that cuts the header into most columns; a comma when none cuts it."""
    head = sample.splitlines()[0]
    columns = {delimiter: len(next(csv.reader([head], delimiter=delimiter), [])) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: columns[delimiter])
