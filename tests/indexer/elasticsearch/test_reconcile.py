"""Planted drift is found and repaired on a cluster as it is on the embedded engine."""

from __future__ import annotations

from typing import Any

from domain.documents import PostDocument
from domain.search import SearchQuery
from indexer.elasticsearch import ElasticIndex
from indexer.reconcile import ReconcileReport, reconcile
from tests.contracts.index.documents import EVERYWHERE, make_document
from tests.indexer.test_reconcile import Shelf


def held(index: ElasticIndex) -> dict[str, int]:
    page = index.search(SearchQuery(fold=False, size=200), EVERYWHERE)
    return {x.document.id: x.document.rev for x in page.items}


def test_lost_extra_and_stale_documents_are_found_and_repaired(index: ElasticIndex) -> None:
    shelf = Shelf()
    shelf.put(*(make_document(n, rev=2) for n in range(6)), make_document(9, month="2026-10"))
    index.upsert(list(shelf.held.values()))
    shelf.put(make_document("hilang"), make_document(0, rev=3))
    index.upsert([make_document("liar"), make_document("liar-lama", month="2026-01"), make_document(1, rev=7)])
    found = ReconcileReport(months=3, differing=2, missing=1, outdated=1, unknown=2, newer=1)
    assert reconcile(index, shelf.truth(), repair=False) == found
    assert reconcile(index, shelf.truth(), batch=1) == found
    assert held(index) == {x.id: x.rev for x in shelf.held.values()} | {make_document(1).id: 7}
    shelf.put(make_document(1, rev=7))
    assert reconcile(index, shelf.truth()) == ReconcileReport(2, 0, 0, 0, 0, 0)


def test_a_case_deleted_in_truth_stays_deleted(index: ElasticIndex) -> None:
    index.upsert([make_document(1, rev=3)])
    reconcile(index, Shelf().truth())
    assert held(index) == {}
    assert [x.fate for x in index.upsert([make_document(1, rev=3)])] == ["stale"]


def test_more_cases_than_one_page_lists_are_all_listed(index: ElasticIndex, monkeypatch: Any) -> None:
    monkeypatch.setattr("indexer.elasticsearch.holdings._CASES", 3)
    documents: list[PostDocument] = [make_document(n, rev=n + 1) for n in range(8)]
    index.upsert(documents)
    index.refresh()
    listed = [(x.id, x.rev) for x in index.versions("lombok-barat", "2026-11")]
    assert listed == sorted((x.id, x.rev) for x in documents)
