"""Writing in bulk: pre-serialised lines, a fate for each, patience with a busy cluster."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import orjson
from elasticsearch import ApiError, ConnectionTimeout, Elasticsearch, TransportError

from domain.documents import PostDocument
from domain.errors import IndexUnavailable
from domain.search import BulkItem, Tombstone
from indexer.elasticsearch.connection import PASSING, told, translated
from indexer.elasticsearch.layout import body_of, version_of
from indexer.elasticsearch.pace import LEAST, MOST_BYTES, Pace

WRITTEN, STALE, POISON = "written", "stale", "poison"
IN_FLIGHT = 2  # bulks on their way at once: one is prepared while the cluster works on the other
TRIES = 6  # of a bulk; with the waits below, about 15 seconds
_FIRST_WAIT, _LONGEST_WAIT = 0.25, 5.0  # seconds
_BUSY, _CONFLICT, _BAD = 429, 409, 400
_ANSWER = "items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason"

IndexOf = Callable[[str], str]  # a month's index


class Entry(Protocol):
    """What a bulk knows of a document, whichever index it goes to."""

    @property
    def id(self) -> str: ...
    @property
    def rev(self) -> int: ...
    @property
    def month(self) -> str: ...


Some = TypeVar("Some", bound=Entry)


@dataclass(frozen=True, slots=True)
class _Line:
    """One write on its way; `place` is where it stood in the batch."""

    place: int
    id: str
    action: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class BulkWriter:
    """Writes whole documents and tombstones. Time and chance come in by the door."""

    client: Elasticsearch
    pace: Pace = field(default_factory=Pace)
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    def write(self, items: Sequence[PostDocument | Tombstone], index_of: IndexOf) -> list[BulkItem]:
        """Write a batch and return each one's fate, in order. Raises: IndexUnavailable; then all may be sent again."""
        return self.write_as(items, index_of, body_of)

    def write_as(self, items: Sequence[Some], index_of: IndexOf, body: Callable[[Some], bytes]) -> list[BulkItem]:
        """Write other bodies, see `write`."""
        fates: dict[int, BulkItem] = {}
        bulks = self._bulks(items, index_of, body, fates)
        first = next(bulks, None)
        if first is None:
            return [fates[place] for place in range(len(items))]
        second = next(bulks, None)
        if second is None:
            fates |= self._send(first)
            return [fates[place] for place in range(len(items))]
        with ThreadPoolExecutor(IN_FLIGHT, "bulk") as pool:
            flying: list[Future[dict[int, BulkItem]]] = [pool.submit(self._send, x) for x in (first, second)]
            for bulk in bulks:
                fates |= flying.pop(0).result()
                flying.append(pool.submit(self._send, bulk))
            for sent in flying:
                fates |= sent.result()
        return [fates[place] for place in range(len(items))]

    def _bulks(
        self, items: Sequence[Some], index_of: IndexOf, body: Callable[[Some], bytes], fates: dict[int, BulkItem]
    ) -> Iterator[list[_Line]]:
        """Yield what is sent at once. What cannot be written at all gets its fate here."""
        lines: list[_Line] = []
        weight = 0
        share = max(-(-len(items) // IN_FLIGHT), LEAST)  # so that one is prepared while another is on its way
        for place, item in enumerate(items):
            try:
                line = _line(place, item, index_of, body(item))
            except (ValueError, TypeError, OverflowError) as cause:  # half characters, numbers past 63 bits
                fates[place] = BulkItem(id=item.id, fate=POISON, reason=f"Tidak dapat disimpan di indeks: {cause}")
                continue
            lines.append(line)
            weight += len(line.body)
            if len(lines) >= min(self.pace.documents, share) or weight >= MOST_BYTES:
                yield lines
                lines, weight = [], 0
        if lines:
            yield lines

    def _send(self, lines: list[_Line]) -> dict[int, BulkItem]:
        fates: dict[int, BulkItem] = {}
        why = ""
        for attempt in range(TRIES):
            if attempt:
                self.sleep(min(_FIRST_WAIT * 2**attempt, _LONGEST_WAIT) * (0.5 + self.chance() / 2))
            try:
                answers = self._bulk(lines)
            except (ApiError, TransportError) as cause:
                if isinstance(cause, ApiError) and cause.status_code not in PASSING:
                    with translated():
                        raise
                if isinstance(cause, ConnectionTimeout):
                    self.pace.slower()  # it may still be at work on what was too much for it
                self._slow_down(getattr(cause, "status_code", None))
                why = told(cause)
                continue
            again: list[_Line] = []
            for line, answer in zip(lines, answers, strict=True):
                if answer["status"] in PASSING:
                    self._slow_down(answer["status"])
                    why = _reason(answer)
                    again.append(line)
                else:
                    fates[line.place] = _fate(line, answer)
            if not again:
                self.pace.faster()
                return fates
            lines = again
        raise IndexUnavailable(f"Elasticsearch tidak dapat menerima tulisan: {why}")

    def _bulk(self, lines: list[_Line]) -> list[dict[str, Any]]:
        whole: list[Any] = [b"\n".join([part for line in lines for part in (line.action, line.body)])]
        client = self.client.options(max_retries=0)  # patience is ours
        answer = client.bulk(operations=whole, filter_path=_ANSWER).body
        return [item["index"] for item in answer["items"]]

    def _slow_down(self, status: int | None) -> None:
        if status == _BUSY:
            self.pace.slower()


def _line(place: int, item: Entry, index_of: IndexOf, body: bytes) -> _Line:
    action = {
        "_index": index_of(item.month),
        "_id": item.id,
        "version": version_of(item),
        "version_type": "external_gte",
    }
    return _Line(place, item.id, orjson.dumps({"index": action}), body)


def _fate(line: _Line, answer: dict[str, Any]) -> BulkItem:
    status = answer["status"]
    if status < 300:  # noqa: PLR2004  HTTP: done
        return BulkItem(id=line.id, fate=WRITTEN)
    if status == _CONFLICT:
        return BulkItem(id=line.id, fate=STALE)
    if status == _BAD:
        return BulkItem(id=line.id, fate=POISON, reason=f"Ditolak Elasticsearch: {_reason(answer)}")
    raise IndexUnavailable(f"Elasticsearch menolak tulisan ({status}): {_reason(answer)}")


def _reason(answer: dict[str, Any]) -> str:
    error = answer.get("error", {})
    return str(error.get("caused_by", {}).get("reason") or error.get("reason") or error.get("type"))[:300]
