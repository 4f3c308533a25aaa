"""Searches of the same second share one state of the index; nobody who wrote and refreshed waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain.documents import PostDocument
from domain.scope import Scope
from domain.search import SearchQuery, TermsQuery, TrendQuery
from indexer.elasticsearch import ElasticIndex, open_index
from indexer.elasticsearch.snapshot import SHARED_SECONDS
from indexer.rebuild import rebuild
from tests.contracts.index.documents import EVERYWHERE, NOW, make_document


@pytest.fixture
def other(elasticsearch_url: str) -> Iterator[ElasticIndex]:
    """Another process's view of the same index, whose clock stands still until it is moved."""
    opened = open_index(elasticsearch_url)
    opened.home.latest.clock = lambda: 100.0
    yield opened
    opened.close()


def texts(index: ElasticIndex) -> list[str]:
    return sorted(x.document.text for x in index.search(SearchQuery(), EVERYWHERE).items)


def test_another_process_finds_what_was_written_within_a_second_more(index: ElasticIndex, other: ElasticIndex) -> None:
    index.upsert([make_document(1, "satu")])
    index.refresh()
    assert texts(other) == ["satu"]
    index.upsert([make_document(2, "dua")])
    index.refresh()
    assert texts(index) == ["dua", "satu"]
    assert texts(other) == ["satu"]
    other.home.latest.clock = lambda: 100.0 + SHARED_SECONDS
    assert texts(other) == ["dua", "satu"]


def test_who_refreshes_sees_what_is_new_at_once(index: ElasticIndex, other: ElasticIndex) -> None:
    index.upsert([make_document(1, "satu")])
    index.refresh()
    assert texts(other) == ["satu"]
    index.upsert([make_document(2, "dua")])
    other.refresh()
    assert texts(other) == ["dua", "satu"]


def test_the_parts_of_a_page_tell_of_one_state(index: ElasticIndex, other: ElasticIndex) -> None:
    index.upsert([make_document(n, f"jalan {n}", story=f"cerita-{n}") for n in range(3)])
    index.refresh()
    assert len(texts(other)) == 3
    index.upsert([make_document(n, f"jalan {n}", story=f"cerita-{n}") for n in range(3, 9)])
    index.refresh()
    assert other.search(SearchQuery(q="jalan"), EVERYWHERE).total == 3
    assert other.aggregate(TrendQuery(), EVERYWHERE).total == 3
    assert [x.count for x in other.top_terms(TermsQuery(), EVERYWHERE)] == [3]
    assert other.similar(make_document(1).id, EVERYWHERE).total == 2


def test_a_state_that_is_gone_with_its_index_is_not_missed(index: ElasticIndex, other: ElasticIndex) -> None:
    index.upsert([make_document(1, "lama")])
    index.refresh()
    assert texts(other) == ["lama"]
    rebuild(index, iter([make_document(2, "baru")]))
    assert texts(other) == ["baru"]
    assert other.aggregate(TrendQuery(), EVERYWHERE).total == 1
    index.clear()
    assert texts(other) == []


def test_hits_that_tie_by_all_but_their_ids_fill_their_pages_in_order(index: ElasticIndex) -> None:
    """Ids that begin alike, of one moment, far more than a page holds; and some before and after them."""
    alike = [make_document("sama", f"jalan {n}", region=region, story=region) for n, region in enumerate(REGIONS)]
    others = [
        make_document(n, "jalan", published_at=NOW + timedelta(hours=n - 2), story=f"cerita-{n}") for n in range(5)
    ]
    corpus: list[PostDocument] = [*alike, *others]
    index.upsert(corpus)
    index.refresh()
    for fold in (True, False):
        query = SearchQuery(q="jalan", fold=fold, size=3)
        seen: list[PostDocument] = []
        page = index.search(query, EVERYWHERE_THERE)
        while True:
            assert len(page.items) == 3 or page.next is None
            seen += [x.document for x in page.items]
            if page.next is None:
                break
            page = index.search(query.model_copy(update={"after": page.next}), EVERYWHERE_THERE)
        assert [x.id for x in seen] == [x.id for x in sorted(corpus, key=lambda x: (-x.published_at.timestamp(), x.id))]


REGIONS = tuple(f"wilayah-{chr(97 + n)}" for n in range(17))
EVERYWHERE_THERE = Scope(regions=frozenset({*REGIONS, "lombok-barat"}), may_oversee=True)
