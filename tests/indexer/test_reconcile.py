"""Reconcile makes the index hold what truth holds, and never undoes a newer write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from domain.digests import digests_of
from domain.documents import PostDocument
from domain.search import CaseVersion, DayDigest, SearchQuery, Tombstone
from indexer.reconcile import ReconcileReport, Truth, reconcile
from indexer.sqlite import SqliteIndex, open_index
from tests.contracts.index.documents import EVERYWHERE, make_document


@dataclass
class Shelf:
    """Truth as a dictionary."""

    held: dict[str, PostDocument] = field(default_factory=dict)

    def put(self, *documents: PostDocument) -> None:
        self.held |= {x.id: x for x in documents}

    def digests(self) -> Sequence[DayDigest]:
        return digests_of((x.region, x.month, x.id, x.rev) for x in self.held.values())

    def versions(self, region: str, month: str) -> Iterator[CaseVersion]:
        for x in list(self.held.values()):
            if (x.region, x.month) == (region, month):
                yield CaseVersion(id=x.id, rev=x.rev)

    def documents(self, ids: Sequence[str]) -> list[PostDocument]:
        return [self.held[x] for x in ids if x in self.held]

    def truth(self) -> Truth:
        return Truth(self.digests, self.versions, self.documents)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SqliteIndex]:
    index = open_index(tmp_path / "index")
    yield index
    index.close()


def held(index: SqliteIndex) -> dict[str, int]:
    page = index.search(SearchQuery(fold=False, size=200), EVERYWHERE)
    return {x.document.id: x.document.rev for x in page.items}


def drifted(index: SqliteIndex) -> Shelf:
    shelf = Shelf()
    shelf.put(*(make_document(n, rev=2) for n in range(6)), make_document(9, month="2026-10"))
    index.upsert(list(shelf.held.values()))
    shelf.put(make_document("hilang"), make_document(0, rev=3))
    index.upsert([make_document("liar"), make_document("liar-lama", month="2026-01"), make_document(1, rev=7)])
    return shelf


def test_what_differs_is_found_and_repaired(index: SqliteIndex) -> None:
    shelf = drifted(index)
    report = reconcile(index, shelf.truth(), batch=1)
    assert report == ReconcileReport(months=3, differing=2, missing=1, outdated=1, unknown=2, newer=1)
    assert held(index) == {x.id: x.rev for x in shelf.held.values()} | {make_document(1).id: 7}


def test_a_second_run_finds_nothing(index: SqliteIndex) -> None:
    shelf = drifted(index)
    shelf.put(make_document(1, rev=7))
    reconcile(index, shelf.truth())
    assert reconcile(index, shelf.truth()) == ReconcileReport(2, 0, 0, 0, 0, 0)


def test_a_look_without_repair_changes_nothing(index: SqliteIndex) -> None:
    shelf = drifted(index)
    before = held(index)
    assert reconcile(index, shelf.truth(), repair=False).missing == 1
    assert held(index) == before


def test_a_case_that_truth_gets_meanwhile_is_not_deleted(index: SqliteIndex) -> None:
    late = make_document("susul", rev=4)
    index.upsert([make_document("susul", rev=3)])
    shelf = Shelf()

    def documents(ids: Sequence[str]) -> list[PostDocument]:
        shelf.put(late)
        return shelf.documents(ids)

    reconcile(index, Truth(shelf.digests, shelf.versions, documents))
    assert held(index) == {late.id: 4}


def test_a_case_deleted_in_truth_stays_deleted(index: SqliteIndex) -> None:
    index.upsert([make_document(1, rev=3)])
    reconcile(index, Shelf().truth())
    assert held(index) == {}
    assert [x.fate for x in index.upsert([make_document(1, rev=2)])] == ["stale"]
    assert index.upsert([Tombstone(id=make_document(1).id, rev=4, month="2026-11")])[0].fate == "written"
