"""Search finds exactly what the plain model finds, and tells the same totals, stories and counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.documents import PostDocument
from domain.errors import QueryRefused, Refused
from domain.ports import PostIndex
from domain.query import highlight, parse_query
from domain.scope import Scope
from domain.search import FACET_FIELDS, Filters, Hit, Order, SearchPage, SearchQuery
from tests.contracts.index.documents import EVERYWHERE, counted, folded, found, make_document
from tests.contracts.index.strategies import documents, expressions, filters, no_filters, scopes


def fill(index: PostIndex, corpus: list[PostDocument]) -> None:
    index.clear()
    index.upsert(corpus)
    index.refresh()


def pages(index: PostIndex, query: SearchQuery, scope: Scope) -> list[SearchPage]:
    listed = [index.search(query, scope)]
    while listed[-1].next:
        assert len(listed) < 50, "pages that never end"
        listed.append(index.search(query.model_copy(update={"after": listed[-1].next}), scope))
    return listed


def hits(listed: list[SearchPage]) -> list[Hit]:
    return [hit for page in listed for hit in page.items]


@settings(max_examples=120, deadline=None)
@given(corpus=documents(), q=expressions, wanted=filters | no_filters, scope=scopes | st.just(EVERYWHERE))
def test_any_search_agrees_with_the_plain_model(
    engine: PostIndex, corpus: list[PostDocument], q: str, wanted: Filters, scope: Scope
) -> None:
    fill(engine, corpus)
    query = SearchQuery(q=q, filters=wanted, fold=False, facets=FACET_FIELDS, size=5)
    expected = found(corpus, query, scope)
    plain = pages(engine, query, scope)
    assert [x.document for x in hits(plain)] == expected
    for page in plain:
        assert (page.total, page.stories) == (len(expected), len({x.story for x in expected}))
        for field in FACET_FIELDS:
            assert {x.value: x.count for x in page.facets[field]} == counted(expected, field)
    assert all(x.highlights == highlight(parse_query(q), x.document.words) for x in hits(plain))
    by_story = pages(engine, query.model_copy(update={"fold": True, "size": 3}), scope)
    assert [(x.document, x.story_size) for x in hits(by_story)] == folded(expected)
    best = pages(engine, query.model_copy(update={"order": Order.BEST, "size": 4}), scope)
    assert sorted(x.document.id for x in hits(best)) == sorted(x.id for x in expected)
    scores = [x.score or 0.0 for x in hits(best)]
    assert scores == sorted(scores, reverse=True)
    best_stories = pages(engine, query.model_copy(update={"order": Order.BEST, "fold": True, "size": 2}), scope)
    assert sorted((x.document.story, x.story_size) for x in hits(best_stories)) == sorted(
        (document.story, size) for document, size in folded(expected)
    )


def test_best_first_prefers_rarer_and_more_words(index: PostIndex) -> None:
    corpus = [make_document(n, "jalan rusak di desa") for n in range(8)]
    corpus += [make_document("a", "jalan longsor di desa"), make_document("b", "jalan longsor longsor di desa")]
    fill(index, corpus)
    found_texts = [
        x.document.text for x in hits(pages(index, SearchQuery(q="rusak OR longsor", order=Order.BEST), EVERYWHERE))
    ]
    assert found_texts[:2] == ["jalan longsor longsor di desa", "jalan longsor di desa"]


def test_best_first_without_words_is_newest_first(index: PostIndex) -> None:
    corpus = [make_document(n) for n in range(5)]
    fill(index, corpus)
    expected = [x.id for x in found(corpus, SearchQuery())]
    assert [x.document.id for x in hits(pages(index, SearchQuery(order=Order.BEST, size=2), EVERYWHERE))] == expected


def test_a_query_that_cannot_be_read_is_refused_with_its_place(index: PostIndex) -> None:
    with pytest.raises(QueryRefused) as refused:
        index.search(SearchQuery(q="jalan (rusak"), EVERYWHERE)
    assert refused.value.position == 6


def test_an_unknown_facet_is_refused(index: PostIndex) -> None:
    with pytest.raises(Refused):
        index.search(SearchQuery(facets=("text",)), EVERYWHERE)


def test_facets_come_most_frequent_first(index: PostIndex) -> None:
    fill(index, [make_document(n, source=source) for n, source in enumerate(["b", "a", "c", "c"])])
    facet = index.search(SearchQuery(facets=("source",), size=1), EVERYWHERE).facets["source"]
    assert [(x.value, x.count) for x in facet] == [("c", 2), ("a", 1), ("b", 1)]
