"""One state of the index, held open while it is asked several things: a point in time."""

from __future__ import annotations

import base64
import binascii
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from elasticsearch import ApiError, Elasticsearch

from indexer.elasticsearch.connection import PASSING, TRIES, translated

SHARED_SECONDS = 1.0  # of one state among searches: a fraction of what a write takes to be found, see `mapping.REFRESH`
BRIEFLY = "30s"  # what a count needs, and what shares its state
KEPT = "2m"  # between two pages; later ones go on in the index as it is then
_GONE = (404, 410, 503)  # with its index, its nodes, its time
_MOST_NAME = 20_000  # characters of a point in time's name, for hundreds of months


Answer = TypeVar("Answer")


class Expired(Exception):
    """The state that a cursor was held to is gone."""


@dataclass(frozen=True, slots=True)
class Question:
    """One of several questions asked at once. With `everywhere`, words are as rare as they are in all months."""

    body: dict[str, Any]
    everywhere: bool = False


@dataclass(slots=True)
class Snapshot:
    """A point in time. Its name may change with every answer; each answer keeps it for so long again."""

    client: Elasticsearch
    name: str
    keep: str = KEPT

    def ask(self, **body: Any) -> dict[str, Any]:
        """Search it: every shard answers, or nobody does."""
        held = {"id": self.name, "keep_alive": self.keep}
        answer: dict[str, Any] = self.client.search(pit=held, allow_partial_search_results=False, **body).body
        self.name = answer.get("pit_id", self.name)
        return answer

    def ask_all(self, questions: Sequence[Question]) -> list[dict[str, Any]]:
        """Ask several questions in one call: every shard answers each of them, or nobody does."""
        lines: list[dict[str, Any]] = []
        for question in questions:
            kind = "dfs_query_then_fetch" if question.everywhere else "query_then_fetch"
            held = {"id": self.name, "keep_alive": self.keep}
            lines += [{"allow_partial_search_results": False, "search_type": kind}, {"pit": held, **question.body}]
        for tries in range(1, TRIES + 1):
            told = self.client.msearch(searches=lines)
            answers: list[dict[str, Any]] = told.body["responses"]
            failed = next((x for x in answers if "error" in x), None)
            if failed is None:
                break
            # The client asks again where a whole answer says so; these come inside of one that is well.
            if tries == TRIES or failed["status"] not in PASSING[1:]:
                raise ApiError(str(failed["error"].get("type")), replace(told.meta, status=failed["status"]), failed)
        for answer in answers:
            self.name = answer.get("pit_id", self.name)
        return answers


@dataclass(slots=True)
class Latest:
    """The index as it is now, or was a moment ago: who asks within the same second shares a point in time.

    Opening one costs every shard, and each that is open costs the nodes memory. Safe among threads.
    """

    client: Elasticsearch
    alias: str
    clock: Callable[[], float] = time.monotonic
    _held: tuple[str, float] | None = None  # its name, and when it was opened
    _forgotten: int = 0

    def ask(self, step: Callable[[Snapshot], Answer], *, keep: str = BRIEFLY) -> Answer:
        """Take a step on it; taken again where what others had opened is gone meanwhile."""
        with translated():
            held = self._held
            if held is not None and self.clock() - held[1] < SHARED_SECONDS:
                try:
                    return step(Snapshot(self.client, held[0], keep))
                except ApiError as cause:
                    if cause.status_code not in _GONE:
                        raise
            return step(Snapshot(self.client, self._opened(), keep))

    def forget(self) -> None:
        """Share nothing of what was opened so far."""
        self._forgotten += 1
        self._held = None

    def _opened(self) -> str:
        forgotten, since = self._forgotten, self.clock()
        # Without an index yet, a point in time of nothing: it finds nothing.
        found = self.client.open_point_in_time(index=self.alias, keep_alive=BRIEFLY, ignore_unavailable=True)
        name = str(found["id"])
        if forgotten == self._forgotten:
            self._held = (name, since)
        return name


@contextmanager
def resumed(client: Elasticsearch, kept: str) -> Iterator[Snapshot]:
    """The state that a cursor names. Raises: Expired."""
    name = _unpacked(kept)
    if name is None:
        raise Expired
    with translated():
        try:
            yield Snapshot(client, name)
        except ApiError as cause:
            if cause.status_code in {400, *_GONE}:  # 400: never ours
                raise Expired from cause
            raise


def packed(name: str) -> str:
    """Return a point in time's name as short text: it repeats itself with each shard."""
    return base64.urlsafe_b64encode(zlib.compress(name.encode(), 9)).decode("ascii").rstrip("=")


def _unpacked(text: str) -> str | None:
    try:
        squeezed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        opener = zlib.decompressobj()
        name = opener.decompress(squeezed, _MOST_NAME)
        return name.decode("ascii") if opener.eof else None
    except (binascii.Error, zlib.error, ValueError):
        return None
