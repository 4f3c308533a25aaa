"""The shelf: raw answers of sources, compressed and sealed, one append-only file a crawl below a folder of JARING_HOME.

A file is a row of records: four bytes of length, one of the key id's, the key id, the sealed record. The first holds
the crawl itself, each other one an answer. A record is bound to its file and place: moved, it does not open. What was
cut off while it was written (a kill, a full disk) is not there; what stands before it is.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson

from domain.answers import KeptAnswer, KeptCrawl
from domain.errors import Conflict, NotFound
from domain.labels import SourceState
from domain.ports import SourceMemory, SourceSpec
from store.keys import KeyRing, Sealed

MOST: Final = 8 * 1024**2  # bytes kept of one body: a news sitemap of 50,000 addresses fits
LEAST_FREE: Final = 512 * 1024**2  # bytes that are left to the database: below this nothing is kept
LEVEL: Final = 6  # of compression: pages shrink to a fifth in a few milliseconds
_SECRET: Final = frozenset({"set-cookie", "set-cookie2", "authorization", "proxy-authorization"})
_LENGTH: Final = struct.Struct(">IB")
_CRAWL: Final = re.compile(r"[a-z0-9][a-z0-9._-]*/\d{4}-\d\d-\d\d/\d{12}-[0-9a-f]{8}")
_TIMES: Final = ("last_attempt_at", "last_ok_at", "last_new_at", "newest_post_at", "next_due_at")


class Shelf:
    """Implements `domain.answers.AnswerShelves`. Any number of processes may write; a file belongs to one crawl."""

    def __init__(self, folder: Path, keys: KeyRing, *, days: int) -> None:
        self._folder = folder
        self._keys = keys
        self.days = days
        self._swept: date | None = None

    def begin(self, crawl: KeptCrawl) -> AnswerFile:
        return AnswerFile(self._folder, self._keys, crawl, self._sweep)

    def crawls(self, source: str, since: datetime | None = None) -> list[str]:
        first = since.astimezone(UTC) if since else None
        found = []
        for path in self._folder.glob(f"{source}/*/*"):
            crawl = path.relative_to(self._folder).as_posix()
            if _CRAWL.fullmatch(crawl) and (first is None or _began(crawl) >= first):
                found.append(crawl)
        return sorted(found, reverse=True)

    def read(self, crawl: str) -> tuple[KeptCrawl, Iterator[KeptAnswer]]:
        records = self._records(crawl)
        first = next(records, None)
        if first is None:
            raise _absent(crawl)
        return _crawl_of(orjson.loads(first)), (_answer_of(one) for one in records)

    def answer(self, answer: str) -> KeptAnswer:
        crawl, _, number = answer.partition("#")
        for place, record in enumerate(self._records(crawl)):
            if place and str(place) == number:
                return _answer_of(record)
        raise _absent(answer)

    def size(self) -> int:
        """How many bytes stand there."""
        total = 0
        for path in self._folder.glob("*/*/*"):
            with suppress(OSError):  # swept away meanwhile
                total += path.stat().st_size
        return total

    def forget_old(self, now: datetime) -> int:
        """Drop the days that are over, all of them when nothing is to be kept. Returns how many crawls went."""
        last = (now.astimezone(UTC) - timedelta(days=self.days)).date()
        gone = 0
        for day in self._folder.glob("*/*"):
            if not self.days or ((said := _day_of(day.name)) is not None and said < last):
                gone += sum(1 for _ in day.glob("*"))
                shutil.rmtree(day, ignore_errors=True)
        return gone

    def _sweep(self, now: datetime) -> None:
        """Once a day, by whoever writes: a machine that only crawls has no other housekeeper."""
        if self._swept != now.date():
            self._swept = now.date()
            self.forget_old(now)

    def _records(self, crawl: str) -> Iterator[bytes]:
        """The records of a file, opened, up to where it was cut off."""
        if not _CRAWL.fullmatch(crawl):
            raise _absent(crawl)
        try:
            file = (self._folder / crawl).open("rb")
        except OSError as cause:
            raise _absent(crawl) from cause
        with file:
            for place in range(10**9):
                sealed = _next(file)
                if sealed is None:
                    return
                try:
                    yield zlib.decompress(self._keys.unseal(sealed, about=_about(crawl, place)))
                except (Conflict, zlib.error) as cause:
                    if place == 0:
                        raise Conflict(f"Jawaban {crawl} tidak terbuka: {cause}") from cause
                    return


class AnswerFile:
    """Implements `domain.answers.AnswerLog`: one file, begun with its first answer."""

    def __init__(self, folder: Path, keys: KeyRing, crawl: KeptCrawl, sweep: Callable[[datetime], None]) -> None:
        self._folder = folder
        self._sweep = sweep
        self._keys = keys
        self._crawl = crawl
        moment = crawl.at.astimezone(UTC)
        self.id = f"{crawl.spec.key}/{moment:%Y-%m-%d}/{moment:%H%M%S%f}-{secrets.token_hex(4)}"
        self._file: BinaryIO | None = None
        self._place = 0
        self._trouble: str | None = None

    @property
    def trouble(self) -> str | None:
        return self._trouble

    def add(self, answer: KeptAnswer) -> str | None:
        if self._trouble is not None:
            return None
        try:
            if self._file is None:
                self._file = self._opened()
                self._write(orjson.dumps(_crawl_fields(self._crawl)))
            place = self._place
            self._write(_record_of(answer))
        except OSError as cause:
            self._trouble = f"Jawaban mentahnya tidak tersimpan ({cause.strerror or cause})."
            self.close()
            return None
        return f"{self.id}#{place}"

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):
                file.close()

    def _opened(self) -> BinaryIO:
        self._sweep(self._crawl.at)
        path = self._folder / self.id
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(path.parent).free < LEAST_FREE:
            raise OSError(28, "disk hampir penuh")
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600), "wb", buffering=0)

    def _write(self, plain: bytes) -> None:
        assert self._file is not None  # noqa: S101  `add` has opened it
        sealed = self._keys.seal(zlib.compress(plain, LEVEL), about=_about(self.id, self._place))
        key_id = sealed.key_id.encode()
        record = _LENGTH.pack(len(sealed.sealed), len(key_id)) + key_id + sealed.sealed
        if self._file.write(record) != len(record):
            raise OSError(28, "disk penuh")
        self._place += 1


def _next(file: BinaryIO) -> Sealed | None:
    head = file.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    length, name = _LENGTH.unpack(head)
    key_id, sealed = file.read(name), file.read(length)
    return Sealed(key_id.decode("ascii", "replace"), sealed) if len(sealed) == length else None


def _about(crawl: str, place: int) -> str:
    return f"answer {crawl} {place}"


def _began(crawl: str) -> datetime:
    _, day, name = crawl.split("/")
    return datetime.strptime(f"{day} {name[:12]}", "%Y-%m-%d %H%M%S%f").replace(tzinfo=UTC)


def _day_of(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _absent(name: str) -> NotFound:
    return NotFound(f"Jawaban {name} tidak (lagi) tersimpan.")


def _record_of(answer: KeptAnswer) -> bytes:
    too_long = len(answer.body) > MOST
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in _SECRET}
    fields = {
        "asked": answer.asked, "at": answer.at, "url": answer.url, "status": answer.status, "headers": headers,
        "moved_to": answer.moved_to, "fault": answer.fault, "blocked": answer.blocked, "too_long": too_long,
    }  # fmt: skip
    return orjson.dumps(fields) + b"\n" + (b"" if too_long else answer.body)


def _answer_of(record: bytes) -> KeptAnswer:
    head, _, body = record.partition(b"\n")
    fields = orjson.loads(head)
    return KeptAnswer(**(fields | {"at": datetime.fromisoformat(fields["at"]), "body": body}))


def _crawl_fields(crawl: KeptCrawl) -> dict[str, Any]:
    return asdict(crawl) | {"format": 1}


def _crawl_of(fields: dict[str, Any]) -> KeptCrawl:
    # What another version of the program knew of a source, and this one does not, is left out.
    spec = {name: fields["spec"][name] for name in _known(SourceSpec) & fields["spec"].keys()}
    memory = {name: fields["memory"][name] for name in _known(SourceMemory) & fields["memory"].keys()}
    return KeptCrawl(
        spec=SourceSpec(
            **spec
            | {
                "regions": tuple(spec["regions"]),
                "options": tuple((name, value) for name, value in spec["options"]),
            }
        ),
        memory=SourceMemory(
            **memory | {"state": SourceState(memory["state"])} | {name: _time(memory.get(name)) for name in _TIMES}
        ),
        at=datetime.fromisoformat(fields["at"]),
        since=_time(fields["since"]),
        limit=fields["limit"],
        root=fields["root"],
    )


def _known(kind: Any) -> set[str]:
    return {field.name for field in dataclass_fields(kind)}


def _time(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
