"""Nobody learns of a case outside his scope: not as a hit, not as a count, not as a word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings

from domain.documents import PostDocument
from domain.errors import NotFound
from domain.ports import PostIndex
from domain.scope import Scope
from domain.search import Filters, SearchQuery, TermsQuery, TrendQuery
from tests.contracts.index.documents import EVERYWHERE, NOW, REGIONS, counted, make_document, place
from tests.contracts.index.strategies import documents, scopes

WINDOW = Filters(since=NOW - timedelta(hours=30), until=NOW + timedelta(hours=1))


@settings(max_examples=100, deadline=None)
@given(corpus=documents(), scope=scopes)
def test_every_answer_is_of_allowed_cases_only(engine: PostIndex, corpus: list[PostDocument], scope: Scope) -> None:
    engine.clear()
    engine.upsert(corpus)
    engine.refresh()
    allowed = [x for x in corpus if scope.allows(x)]
    page = engine.search(SearchQuery(fold=False, size=200, facets=("opd",)), scope)
    assert {x.document.id for x in page.items} == {x.id for x in allowed}
    assert {x.value: x.count for x in page.facets["opd"]} == counted(allowed, "opd")
    assert engine.aggregate(TrendQuery(), scope).total == len(allowed)
    assert {x.value: x.count for x in engine.top_terms(TermsQuery(field="topic"), scope)} == counted(allowed, "topic")
    folded = engine.search(SearchQuery(size=200), scope)
    assert sum(x.story_size for x in folded.items) == len(allowed)
    for document in corpus:
        if scope.allows(document):
            assert all(scope.allows(x.document) for x in engine.similar(document.id, scope).items)
        else:
            with pytest.raises(NotFound):
                engine.similar(document.id, scope)


def test_words_of_hidden_cases_do_not_emerge(index: PostIndex) -> None:
    hidden = [make_document(n, "rahasia besar terungkap", oversight=True) for n in range(9)]
    index.upsert([*hidden, *(make_document(f"b{n}", "jembatan putus lagi") for n in range(9))])
    index.refresh()
    scope = Scope(regions=EVERYWHERE.regions)
    terms = {x.term for x in index.emerging(TermsQuery(filters=WINDOW), scope)}
    assert "jembatan" in terms
    assert "rahasia" not in terms


def test_an_agency_never_sees_a_post_that_accuses_it(index: PostIndex) -> None:
    index.upsert([make_document(1, opd="PUTR", oversight=True, accused_opd=("PUTR", "DISHUB"))])
    index.refresh()
    own = Scope(regions=EVERYWHERE.regions, opds=frozenset({"lombok-barat/PUTR"}), may_oversee=True)
    assert index.search(SearchQuery(), own).total == 0
    assert index.search(SearchQuery(), EVERYWHERE).total == 1


def test_the_same_code_in_another_region_is_another_agency(index: PostIndex) -> None:
    index.upsert([make_document(n, region=region, opd="PUTR") for n, region in enumerate(REGIONS)])
    index.refresh()
    keys = frozenset({f"{REGIONS[0]}/PUTR", f"{REGIONS[1]}/DISHUB"})
    page = index.search(SearchQuery(), Scope(regions=frozenset(REGIONS), opds=keys))
    assert [x.document.region for x in page.items] == [REGIONS[0]]


def test_an_area_opens_what_lies_in_it_and_not_its_namesakes(index: PostIndex) -> None:

    index.upsert([make_document(n, places=(place(kode),)) for n, kode in enumerate(["52.01.06.2003", "52.01.061"])])
    index.refresh()
    page = index.search(SearchQuery(), Scope(regions=EVERYWHERE.regions, areas=frozenset({"52.01.06"})))
    assert [x.document.area_codes for x in page.items] == [("52.01.06.2003",)]


def test_the_next_page_of_somebody_elses_search_tells_no_number_of_his(index: PostIndex) -> None:
    index.upsert([make_document(n, "jalan rusak", oversight=n % 2 == 0, story=f"cerita-{n}") for n in range(12)])
    index.refresh()
    whole = index.search(SearchQuery(size=2), EVERYWHERE)
    narrow = Scope(regions=EVERYWHERE.regions)
    page = index.search(SearchQuery(size=2, after=whole.next), narrow)
    assert (whole.total, page.total, page.stories) == (12, 6, 6)
    assert not any(x.document.oversight for x in page.items)
    again = index.search(SearchQuery(size=2, after=whole.next), EVERYWHERE)
    assert (again.total, again.stories) == (12, 12)
