"""Compare what Kibana is shown with truth and repair it: months of cases that differ as a whole, tickets by rev."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar, runtime_checkable

from domain.documents import PostDocument
from domain.search import BulkItem, CaseVersion, Tombstone
from domain.tickets import Ticket
from indexer.reconcile import BATCH, Truth


@runtime_checkable
class Showing(Protocol):
    """An engine that shows Kibana cases and tickets."""

    def shown_otherwise(self) -> Sequence[tuple[str, str]]: ...
    def holds_tickets(self) -> bool: ...
    def ticket_versions(self) -> Iterator[CaseVersion]: ...
    def upsert(self, documents: Sequence[PostDocument | Tombstone]) -> Sequence[BulkItem]: ...
    def upsert_tickets(self, tickets: Sequence[Ticket | Tombstone]) -> Sequence[BulkItem]: ...
    def refresh(self) -> None: ...


@dataclass(frozen=True, slots=True)
class TrueTickets:
    """What is asked of the store's tickets, as callables."""

    revs: Callable[[], Mapping[str, int]]
    by_codes: Callable[[Collection[str]], Sequence[Ticket]]


@dataclass(frozen=True, slots=True)
class ShownReport:
    """What was found and repaired. Nothing to repair: all counts are 0."""

    months: int  # region-months whose cases were shown otherwise than they are
    missing: int  # tickets that were not shown
    outdated: int  # tickets that were shown in an older state
    unknown: int  # tickets that truth does not have


def reconcile_shown(index: Showing, truth: Truth, tickets: TrueTickets, *, batch: int = BATCH) -> ShownReport:
    """Make Kibana's indices hold what they should. Nothing is done where there are none."""
    months = index.shown_otherwise()
    for region, month in months:
        for some in _batches((x.id for x in truth.versions(region, month)), batch):
            index.upsert(list(truth.documents(some)))
    if not index.holds_tickets():
        return ShownReport(len(months), 0, 0, 0)
    wanted, held = tickets.revs(), {x.id: x.rev for x in index.ticket_versions()}
    missing = [code for code in wanted if code not in held]
    outdated = [code for code, rev in wanted.items() if held.get(code, rev) < rev]
    unknown = {code: rev for code, rev in held.items() if code not in wanted}
    for codes in _batches([*missing, *outdated], batch):
        index.upsert_tickets(tickets.by_codes(codes))
    for codes in _batches(unknown, batch):
        # Asked again: a ticket opened between the two readings is there after all.
        there = {ticket.code: ticket for ticket in tickets.by_codes(codes)}
        index.upsert_tickets([there.get(code) or _gone(code, unknown[code]) for code in codes])
    index.refresh()
    return ShownReport(len(months), len(missing), len(outdated), len(unknown))


def _gone(code: str, rev: int) -> Tombstone:
    return Tombstone(id=code, rev=rev, month=code.split("-")[-3])


Some = TypeVar("Some")


def _batches(things: Iterable[Some], batch: int) -> Iterator[list[Some]]:
    rest = iter(things)
    while some := list(islice(rest, batch)):
        yield some
