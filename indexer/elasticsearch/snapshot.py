"""One state of the index, held open while a search is paged through: a point in time."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from elasticsearch import ApiError, Elasticsearch

from indexer.elasticsearch.connection import translated
from indexer.elasticsearch.home import Home

KEPT = "2m"  # between two pages; later ones go on in the index as it is then. Each held one costs the nodes memory.
_MOST_NAME = 20_000  # characters of a point in time's name, for hundreds of months


class Expired(Exception):
    """The state that a cursor was held to is gone."""


@dataclass(frozen=True, slots=True)
class Question:
    """One of several questions asked at once. With `everywhere`, words are as rare as they are in all months."""

    body: dict[str, Any]
    everywhere: bool = False


@dataclass(slots=True)
class Snapshot:
    """A point in time. Its name may change with every answer."""

    client: Elasticsearch
    name: str

    def ask(self, **body: Any) -> dict[str, Any]:
        """Search it: every shard answers, or nobody does."""
        held = {"id": self.name, "keep_alive": KEPT}
        answer: dict[str, Any] = self.client.search(pit=held, allow_partial_search_results=False, **body).body
        self.name = answer.get("pit_id", self.name)
        return answer

    def ask_all(self, questions: Sequence[Question]) -> list[dict[str, Any]]:
        """Ask several questions in one call: every shard answers each of them, or nobody does."""
        lines: list[dict[str, Any]] = []
        for question in questions:
            kind = "dfs_query_then_fetch" if question.everywhere else "query_then_fetch"
            held = {"id": self.name, "keep_alive": KEPT}
            lines += [{"allow_partial_search_results": False, "search_type": kind}, {"pit": held, **question.body}]
        told = self.client.msearch(searches=lines)
        answers: list[dict[str, Any]] = told.body["responses"]
        for answer in answers:
            if "error" in answer:
                reason = str(answer["error"].get("reason", answer["error"].get("type")))
                raise ApiError(reason, replace(told.meta, status=answer["status"]), answer)
            self.name = answer.get("pit_id", self.name)
        return answers

    def close(self) -> None:
        """Let go of it."""
        self.client.options(ignore_status=404).close_point_in_time(id=self.name)


@contextmanager
def opened(home: Home) -> Iterator[Snapshot]:
    """The index as it is now; closed by the caller, or here when the block fails."""
    with translated():
        # Without an index yet, a point in time of nothing: it finds nothing.
        found = home.client.open_point_in_time(index=home.alias, keep_alive=KEPT, ignore_unavailable=True)
        snapshot = Snapshot(home.client, found["id"])
        try:
            yield snapshot
        except BaseException:
            snapshot.close()
            raise


@contextmanager
def resumed(home: Home, kept: str) -> Iterator[Snapshot]:
    """The state that a cursor names. Raises: Expired."""
    name = _unpacked(kept)
    if name is None:
        raise Expired
    with translated():
        try:
            yield Snapshot(home.client, name)
        except ApiError as cause:
            if cause.status_code in {400, 404, 410, 503}:  # gone, its nodes too, or never ours
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
