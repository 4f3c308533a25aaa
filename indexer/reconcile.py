"""Compare the index with truth and repair it: months that differ are compared case by case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from domain.documents import PostDocument
from domain.ports import PostIndex
from domain.search import BulkItem, CaseVersion, DayDigest, Tombstone

BATCH = 500  # documents read from truth at a time


@dataclass(frozen=True, slots=True)
class Truth:
    """What reconcile asks of the store, as callables: the index never sees the store itself."""

    digests: Callable[[], Sequence[DayDigest]]
    versions: Callable[[str, str], Iterable[CaseVersion]]  # of a region and month
    documents: Callable[[Sequence[str]], Iterable[PostDocument]]  # of case ids; those that are gone are left out


@dataclass(frozen=True, slots=True)
class ReconcileReport:
    """What was found and done. Nothing to repair: all counts are 0."""

    months: int  # region-months compared
    differing: int  # of which their digests differ
    missing: int  # cases that the index lacked
    outdated: int  # cases that it held in an older state
    unknown: int  # cases that truth does not have
    newer: int  # cases that the index holds in a newer state than truth: left alone, and worth an alarm
    poisoned: tuple[BulkItem, ...] = ()


def reconcile(index: PostIndex, truth: Truth, *, repair: bool = True, batch: int = BATCH) -> ReconcileReport:
    """Make the index hold what truth holds. With `repair=False` only report.

    Truth may change meanwhile: every repair carries its rev, so that none can undo a newer write.
    """
    ours = {(x.region, x.month): x for x in index.digests()}
    theirs = {(x.region, x.month): x for x in truth.digests()}
    differing = sorted(key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key))
    missing = outdated = unknown = newer = 0
    poisoned: list[BulkItem] = []
    for region, month in differing:
        # The index first: a case written between the two readings then counts as missing, which a repair bears.
        held = {x.id: x.rev for x in index.versions(region, month)}
        wanted = {x.id: x.rev for x in truth.versions(region, month)}
        absent = [case for case in wanted if case not in held]
        behind = [case for case, rev in wanted.items() if case in held and held[case] < rev]
        extra = [Tombstone(id=case, rev=rev, month=month) for case, rev in held.items() if case not in wanted]
        missing, outdated, unknown = missing + len(absent), outdated + len(behind), unknown + len(extra)
        newer += sum(held.get(case, rev) > rev for case, rev in wanted.items())
        if repair:
            poisoned += _write(index, truth, [*absent, *behind], batch)
            poisoned += _remove(index, truth, extra, batch)
    index.refresh()
    return ReconcileReport(
        len(ours.keys() | theirs.keys()), len(differing), missing, outdated, unknown, newer, tuple(poisoned)
    )


def _write(index: PostIndex, truth: Truth, cases: Sequence[str], batch: int) -> list[BulkItem]:
    return [
        fate
        for some in _batches(cases, batch)
        for fate in index.upsert(list(truth.documents(some)))
        if fate.fate == "poison"
    ]


def _remove(index: PostIndex, truth: Truth, unknown: Sequence[Tombstone], batch: int) -> list[BulkItem]:
    """Delete what truth does not have now. What it has after all is written instead."""
    poisoned: list[BulkItem] = []
    for some in _batches(unknown, batch):
        there = {x.id: x for x in truth.documents([x.id for x in some])}
        fates = index.upsert([there.get(x.id) or x for x in some])
        poisoned += [x for x in fates if x.fate == "poison"]
    return poisoned


Some = TypeVar("Some")


def _batches(things: Sequence[Some], batch: int) -> Iterator[list[Some]]:
    rest = iter(things)
    while some := list(islice(rest, batch)):
        yield some
