"""A WhatsApp group's exported chat as rows: Android's and the iPhone's shapes, members hidden, streamed twice.

The first reading learns who the members are and how dates are written, the second one gives the messages.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from crawlers.importers.chat_heads import Head, Order, OrderSeen, head_of
from crawlers.importers.chat_names import Discretion, Names
from crawlers.importers.chat_words import words_of
from crawlers.importers.encodings import broken_letters, sniff_encoding
from crawlers.importers.rows import BadRow, Row
from domain.errors import Refused
from domain.posts import MAX_TEXT

SHOWN = 300  # characters of what cannot be read that are kept
HEADER: tuple[str, ...] = ("id", "waktu", "pengirim", "pesan")


@dataclass(slots=True)
class _Message:
    """A message as it is gathered from its lines. Without a head, what stands before the first one."""

    line: int
    head: Head | None
    body: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, words: str) -> None:
        """Go on with a line, up to what a post may hold."""
        if self.length <= MAX_TEXT:
            self.body.append(words)
            self.length += len(words)


class ChatRows:
    """A `RowFile` over an exported chat. Refused when it is none, or when day and month cannot be told apart."""

    header = HEADER

    def __init__(self, path: Path, *, discretion: Discretion, today: date, order: Order | None = None) -> None:
        """`order` forces how dates are read; otherwise the whole file decides."""
        if path.suffix.casefold() == ".zip":
            raise Refused(f"{path} masih berupa zip: buka dahulu, lalu impor berkas .txt di dalamnya.")
        self.size = path.stat().st_size
        self.skipped = 0
        self._bytes = path.open("rb")
        self._stream = io.TextIOWrapper(
            self._bytes, encoding=sniff_encoding(path), errors="surrogateescape", newline="\n"
        )
        try:
            self._mark = discretion.mark
            self._bracket, seen, members = self._survey(path, today)
            self._names = Names(members, discretion.spare)
            self._order = order or seen.decide(path)
        except BaseException:
            self._stream.close()
            raise

    def rows(self) -> Iterator[Row | BadRow]:
        """Messages with words. What the program says, and pictures without words, is counted in `skipped`."""
        self._stream.seek(0)
        self.skipped = 0
        nth: Counter[str] = Counter()
        minute = ""
        for message in self._messages():
            row = self._read(message)
            if row is None:
                self.skipped += 1
                continue
            if isinstance(row, BadRow):
                yield row
                continue
            if row.values["waktu"][:16] != minute:  # the same words count apart within a minute
                minute = row.values["waktu"][:16]
                nth.clear()
            words = row.values["pesan"]
            nth[words] += 1
            # Without the sender: who is saved under another name on the phone meanwhile would write everything again.
            mark = self._mark("\0".join((minute, words, str(nth[words]))))
            yield Row(row.line, {**row.values, "id": f"wa:{mark}", "pesan": self._names.hide(words)})

    def done(self) -> int:
        return min(self.size, self._bytes.tell())

    def close(self) -> None:
        self._stream.close()

    def _survey(self, path: Path, today: date) -> tuple[bool, OrderSeen, set[str]]:
        """The shape of the heads, what they say of dates, and who wrote."""
        seen, members = OrderSeen(), set[str]()
        bracket: bool | None = None
        for number, line in enumerate(self._stream, start=1):
            head = head_of(line.rstrip("\r\n"))
            if head is None or (bracket is not None and head.bracket is not bracket):
                continue
            bracket = head.bracket
            seen.see(head, number, today)
            if said := head.sender():
                members.add(said[0])
        if bracket is None:
            raise Refused(
                f"{path} bukan ekspor obrolan WhatsApp: tidak ada baris seperti `21/11/26 14.32 - Nama: pesan`. "
                "Di WhatsApp: buka grupnya, Lainnya, Ekspor obrolan, Tanpa media."
            )
        return bracket, seen, members

    def _messages(self) -> Iterator[_Message]:
        message: _Message | None = None
        for number, raw in enumerate(self._stream, start=1):
            line = raw.rstrip("\r\n")
            head = head_of(line)
            if head is not None and head.bracket is self._bracket:
                if message is not None:
                    yield message
                message = _Message(number, head)
            elif message is not None:
                message.add(line)
            elif line.strip():
                message = _Message(number, None, [line])
        if message is not None:
            yield message

    def _read(self, message: _Message) -> Row | BadRow | None:
        """A row without an id yet; None for what holds no words of anybody."""
        if message.head is None:
            return self._bad(message.line, "baris tanpa tanggal dan pengirim", "\n".join(message.body))
        said = message.head.sender()
        if said is None:
            return None
        sender, first = said
        body = "\n".join((first, *message.body))
        words = words_of(body)
        if words is None:
            return None
        at = message.head.at(self._order)
        if at is None:
            return self._bad(message.line, "tanggal atau jam tidak ada di kalender", words)
        if broken_letters(words) or broken_letters(sender):
            return self._bad(message.line, "huruf rusak: bukan utf-8", words)
        return Row(message.line, {"id": "", "waktu": at.isoformat(sep=" "), "pengirim": sender, "pesan": words})

    def _bad(self, line: int, reason: str, words: str) -> BadRow:
        return BadRow(line, reason, self._names.hide(words)[:SHOWN])
