"""Rebuild the index from truth while the old one is searched, and switch in one step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, runtime_checkable

from domain.documents import PostDocument
from domain.search import BulkItem
from domain.tickets import Ticket

BATCH = 1_000  # documents: larger ones gain nothing and keep other writers waiting


class Builder(Protocol):
    """A new, empty index that nobody reads yet."""

    def write(self, documents: list[PostDocument]) -> list[BulkItem]: ...


@runtime_checkable
class TicketBuilder(Protocol):
    """A new index that holds tickets, too."""

    def write_tickets(self, tickets: list[Ticket]) -> list[BulkItem]: ...


class Rebuildable(Protocol):
    """An engine that can be rebuilt beside itself."""

    def rebuilding(self) -> AbstractContextManager[Builder]:
        """Give a builder; what it holds becomes the index when the block ends, unless an error leaves it.

        Writes that come by the usual door meanwhile reach both. Raises: Conflict while another rebuild runs.
        """
        ...


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild came to. `stale` are documents that the usual door brought in a newer state meanwhile."""

    written: int
    stale: int
    poisoned: tuple[BulkItem, ...]


def rebuild(
    index: Rebuildable,
    documents: Iterator[PostDocument],
    *,
    tickets: Iterable[Ticket] = (),
    batch: int = BATCH,
    progress: Callable[[int], None] = lambda _: None,
) -> RebuildReport:
    """Write all documents into a new index and make it the current one.

    `documents` streams truth and must be begun by this function: what changes in truth afterwards comes by the usual
    door. So must `tickets`, which are read where the new index has a place for them. `progress` is told how many
    documents were handled so far. On any error the old index stays.
    """
    written = stale = handled = 0
    poisoned: list[BulkItem] = []
    rest = iter(tickets)
    with index.rebuilding() as builder:
        while some := list(islice(documents, batch)):
            for item in builder.write(some):
                written += item.fate == "written"
                stale += item.fate == "stale"
                if item.fate == "poison":
                    poisoned.append(item)
            handled += len(some)
            progress(handled)
        while isinstance(builder, TicketBuilder) and (told := list(islice(rest, batch))):
            poisoned += [fate for fate in builder.write_tickets(told) if fate.fate == "poison"]
    return RebuildReport(written, stale, tuple(poisoned))
