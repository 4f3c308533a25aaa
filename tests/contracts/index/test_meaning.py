"""By meaning, the nearest cases are found, of those only that a reader may see and that fulfil the conditions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.documents import PostDocument
from domain.errors import NotFound, QueryRefused, Refused
from domain.ports import PostIndex
from domain.query import highlight, parse_query
from domain.scope import Scope
from domain.search import FACET_FIELDS, Filters, Hit, Mode, Order, SearchPage, SearchQuery, Tombstone
from indexer.cursors import read_cursor, write_cursor
from indexer.ranking import RRF
from tests.contracts.index.documents import EVERYWHERE, NOW, counted, make_document
from tests.contracts.index.meanings import CLOSE, corpora, near, toward
from tests.contracts.index.strategies import expressions, filters, no_filters, scopes

PUBLIC = Scope(regions=EVERYWHERE.regions)
OWN = Scope(regions=EVERYWHERE.regions, opds=frozenset({"lombok-barat/PUTR"}), may_oversee=True)


def fill(index: PostIndex, corpus: list[PostDocument]) -> None:
    index.clear()
    index.upsert(corpus)
    index.refresh()


def asking(q: str = "jalan", meaning: int = 1, **more: object) -> SearchQuery:
    plain: dict[str, object] = {"q": q, "mode": Mode.MEANING, "order": Order.BEST, "vector": toward(meaning)}
    return SearchQuery.model_validate(plain | more)


def pages(index: PostIndex, query: SearchQuery, scope: Scope = EVERYWHERE) -> list[SearchPage]:
    listed = [index.search(query, scope)]
    while listed[-1].next:
        assert len(listed) < 99, "pages that never end"
        listed.append(index.search(query.model_copy(update={"after": listed[-1].next}), scope))
    return listed


def hits(index: PostIndex, query: SearchQuery, scope: Scope = EVERYWHERE) -> list[Hit]:
    return [hit for page in pages(index, query, scope) for hit in page.items]


def ids(index: PostIndex, query: SearchQuery, scope: Scope = EVERYWHERE) -> list[str]:
    return [hit.document.id for hit in hits(index, query, scope)]


def placed(
    number: int | str, text: str = "jalan rusak", meaning: int = 1, off: float = 0.0, **more: object
) -> PostDocument:
    return make_document(number, text, vector=toward(meaning, off=off), **more)


@settings(max_examples=80, deadline=None)
@given(corpus=corpora(), q=expressions, wanted=filters | no_filters, scope=scopes | st.just(EVERYWHERE))
def test_any_search_by_meaning_agrees_with_the_plain_model(
    engine: PostIndex, corpus: list[PostDocument], q: str, wanted: Filters, scope: Scope
) -> None:
    fill(engine, corpus)
    query = asking(q, filters=wanted, fold=False, facets=FACET_FIELDS, size=5)
    expected = near(corpus, query, scope)
    told = pages(engine, query, scope)
    found = [hit for page in told for hit in page.items]
    assert {x.document.id: x.score for x in found} == pytest.approx(expected, abs=CLOSE)
    assert len(found) == len(expected)
    assert [x.score for x in found] == sorted((x.score or 0 for x in found), reverse=True)
    those = [x for x in corpus if x.id in expected]
    for page in told:
        assert (page.total, page.stories) == (len(expected), len({x.story for x in those}))
        for field in FACET_FIELDS:
            assert {x.value: x.count for x in page.facets[field]} == counted(those, field)
    assert all(x.highlights == highlight(parse_query(q), x.document.words) for x in found)
    by_story = hits(engine, query.model_copy(update={"fold": True, "size": 3}), scope)
    assert {x.document.story: x.story_size for x in by_story} == {
        story: sum(x.story == story for x in those) for story in {x.story for x in those}
    }
    by_time = hits(engine, query.model_copy(update={"order": Order.NEWEST}), scope)
    assert [x.document.id for x in by_time] == [
        x.id for x in sorted(those, key=lambda x: (-x.published_at.timestamp(), x.id))
    ]


@settings(max_examples=60, deadline=None)
@given(corpus=corpora(), q=expressions, wanted=filters | no_filters, scope=scopes)
def test_hybrid_finds_what_is_near_and_what_holds_a_word_and_nothing_hidden(
    engine: PostIndex, corpus: list[PostDocument], q: str, wanted: Filters, scope: Scope
) -> None:
    fill(engine, corpus)
    query = asking(q, filters=wanted, fold=False, size=4, mode=Mode.HYBRID)
    found = hits(engine, query, scope)
    assert all(scope.allows(x.document) for x in found)
    found_ids = [x.document.id for x in found]
    assert len(set(found_ids)) == len(found_ids)
    assert near(corpus, query, scope).keys() <= set(found_ids)
    assert [x.score for x in found] == sorted((x.score or 0 for x in found), reverse=True)


def test_other_words_of_the_same_meaning_are_found(index: PostIndex) -> None:
    fill(index, [placed(1, "aspal berlubang"), placed(2, "air mati", meaning=2)])
    assert [x.document.text for x in hits(index, asking("jalan rusak"))] == ["aspal berlubang"]


def test_hybrid_puts_first_what_both_lists_hold(index: PostIndex) -> None:
    both = placed("a", "jalan rusak", off=0.02)
    corpus = [both, placed("b", "aspal berlubang"), make_document("c", "jalan rusak parah sekali")]
    fill(index, corpus)
    found = hits(index, asking("jalan rusak", mode=Mode.HYBRID))
    assert found[0].document.id == both.id
    assert {x.document.id for x in found} == {x.id for x in corpus}
    assert found[0].score == pytest.approx(1 / (RRF + 1) + 1 / (RRF + 2), abs=1e-7)


def test_a_post_without_a_vector_is_found_by_its_words_in_hybrid_only(index: PostIndex) -> None:
    fill(index, [make_document(1, "jalan rusak"), placed(2, "aspal berlubang")])
    assert len(hits(index, asking("jalan rusak", mode=Mode.HYBRID))) == 2
    assert len(hits(index, asking("jalan rusak"))) == 1


def test_in_hybrid_one_of_the_words_is_enough(index: PostIndex) -> None:
    fill(index, [make_document(1, "jalan rusak"), make_document(2, "jalan mulus"), make_document(3, "air mati")])
    found = hits(index, asking("jalan rusak", mode=Mode.HYBRID))
    assert [x.document.text for x in found] == ["jalan rusak", "jalan mulus"]


@pytest.mark.parametrize("mode", [Mode.MEANING, Mode.HYBRID])
def test_fields_and_not_stay_conditions(index: PostIndex, mode: Mode) -> None:
    corpus = [
        placed(1, "jalan rusak"),
        placed(2, "jalan rusak", opd="DISHUB"),
        placed(3, "jalan rusak karena hujan"),
    ]
    fill(index, corpus)
    assert len(hits(index, asking("jalan", mode=mode))) == 3
    assert {x.document.text for x in hits(index, asking("jalan -hujan opd:putr", mode=mode))} == {"jalan rusak"}
    assert len(hits(index, asking("jalan -hujan opd:putr", mode=mode))) == 1


@pytest.mark.parametrize("mode", [Mode.MEANING, Mode.HYBRID])
def test_vectors_of_another_model_are_never_compared(index: PostIndex, mode: Mode) -> None:
    other = make_document(1, "aspal", vector=toward(1, model="uji-2"))
    fill(index, [other, placed(2, "aspal")])
    assert len(hits(index, asking("jalan", mode=mode))) == 1
    theirs = asking("jalan", mode=mode).model_copy(update={"vector": toward(1, model="uji-2")})
    assert ids(index, theirs) == [other.id]
    assert ids(index, theirs.model_copy(update={"vector": toward(1, model="uji-3")})) == []


@pytest.mark.parametrize("mode", [Mode.MEANING, Mode.HYBRID])
@pytest.mark.parametrize("scope", [PUBLIC, OWN], ids=["without oversight", "an agency"])
def test_nothing_is_learnt_of_hidden_neighbours(index: PostIndex, scope: Scope, mode: Mode) -> None:
    hidden = [
        placed(f"h{n}", "jalan rusak", opd="PUTR", oversight=True, accused_opd=("PUTR",), story=f"rahasia-{n}")
        for n in range(40)
    ]
    seen = placed("s", "jalan", off=0.3, opd="PUTR")
    fill(index, [*hidden, seen])
    page = index.search(asking("jalan rusak", mode=mode, facets=("opd",), size=1), scope)
    assert [x.document.id for x in page.items] == [seen.id]
    assert (page.total, page.stories, page.next) == (1, 1, None)
    assert [(x.value, x.count) for x in page.facets["opd"]] == [("PUTR", 1)]


def test_the_order_that_is_remembered_for_one_reader_is_not_anothers(index: PostIndex) -> None:
    corpus = [placed(n, oversight=n % 2 == 0, story=f"c{n}") for n in range(8)]
    fill(index, corpus)
    first = index.search(asking(size=2), EVERYWHERE)
    assert first.total == 8
    second = index.search(asking(size=9, after=first.next), PUBLIC)
    assert all(PUBLIC.allows(x.document) for x in second.items)
    assert second.total == 4


def test_an_order_that_is_remembered_for_a_made_up_cursor_is_nobody_elses(index: PostIndex) -> None:
    fill(index, [placed(n, story=f"c{n}") for n in range(8)])
    query = asking(size=2)
    cursor = read_cursor(index.search(query, EVERYWHERE).next or "", query)
    index.upsert([placed(9, story="c9")])
    index.refresh()
    version = tuple(one + 1 for one in cursor.weights)  # that of the index as it is now
    index.search(asking(size=2, after=write_cursor(replace(cursor, born_until=0, weights=version))), EVERYWHERE)
    assert index.search(query, EVERYWHERE).total == 9


def arrivals(page: int) -> list[PostDocument]:
    return [placed(f"baru-{page}-{n}", "jalan rusak", off=0.01 * n, story=f"cerita-{n % 12}") for n in range(6)]


def many() -> list[PostDocument]:
    """Thirty posts in twelve stories, at ten distances, some without a vector."""
    return [
        make_document(
            n,
            "jalan rusak " + "parah " * (n % 4),
            published_at=NOW - timedelta(hours=n // 3),
            story=f"cerita-{n % 12}",
            vector=toward(1, off=0.01 * (n % 10)) if n % 5 else None,
        )
        for n in range(30)
    ]


@pytest.mark.parametrize("fold", [True, False])
@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("mode", [Mode.MEANING, Mode.HYBRID])
def test_no_hit_is_lost_or_doubled_while_posts_arrive_change_and_go(
    index: PostIndex, mode: Mode, order: Order, *, fold: bool
) -> None:
    corpus = many()
    fill(index, corpus)
    query = asking("jalan parah", mode=mode, order=order, fold=fold, size=200)
    whole = index.search(query, EVERYWHERE)
    query = query.model_copy(update={"size": 4})
    seen: list[tuple[str, int, float | None]] = []
    page = index.search(query, EVERYWHERE)
    rev = 1
    while True:
        seen += [(x.document.id, x.story_size, x.score) for x in page.items]
        assert (page.total, page.stories) == (whole.total, whole.stories)
        if page.next is None:
            break
        rev += 1
        assert rev < 50, "pages that never end"
        gone = page.items[-1].document
        index.upsert(arrivals(rev))
        index.upsert([x.model_copy(update={"rev": rev}) for x in corpus if x.id not in {y[0] for y in seen}])
        index.upsert([Tombstone(id=gone.id, rev=rev, month=gone.month)])
        index.refresh()
        page = index.search(query.model_copy(update={"after": page.next}), EVERYWHERE)
    assert seen == [(x.document.id, x.story_size, x.score) for x in whole.items]


def test_a_deleted_case_is_no_neighbour(index: PostIndex) -> None:
    one, other = placed(1), placed(2)
    fill(index, [one, other])
    index.upsert([Tombstone(id=one.id, rev=2, month=one.month)])
    index.refresh()
    assert ids(index, asking()) == [other.id]


def test_a_rewritten_case_stands_where_its_new_words_do(index: PostIndex) -> None:
    one = placed(1)
    fill(index, [one, placed(2, meaning=2)])
    index.upsert([one.model_copy(update={"rev": 2, "vector": toward(3)})])
    index.refresh()
    assert ids(index, asking(meaning=1)) != [one.id]
    assert ids(index, asking(meaning=3))[0] == one.id
    index.upsert([one.model_copy(update={"rev": 3, "vector": None})])
    index.refresh()
    assert one.id not in ids(index, asking(meaning=3))


def test_an_older_vector_never_takes_the_place_of_a_newer_one(index: PostIndex) -> None:
    one = placed(1)
    fill(index, [one.model_copy(update={"rev": 2})])
    assert [x.fate for x in index.upsert([one.model_copy(update={"vector": toward(2)})])] == ["stale"]
    index.refresh()
    assert ids(index, asking(meaning=1)) == [one.id]


def test_a_vector_may_come_later_without_a_new_rev_and_is_not_lost_to_a_late_write_without_it(index: PostIndex) -> None:
    one = placed(1)
    bare = one.model_copy(update={"vector": None})
    fill(index, [bare])
    assert ids(index, asking()) == []
    assert [x.fate for x in index.upsert([one])] == ["written"]
    assert [x.fate for x in index.upsert([bare])] == ["stale"]
    index.refresh()
    assert ids(index, asking()) == [one.id]
    assert [x.fate for x in index.upsert([Tombstone(id=one.id, rev=1, month=one.month)])] == ["written"]
    assert [x.fate for x in index.upsert([one])] == ["stale"]
    index.refresh()
    assert ids(index, asking()) == []


@pytest.mark.parametrize("mode", [Mode.MEANING, Mode.HYBRID])
def test_without_a_vector_it_is_refused_in_words(index: PostIndex, mode: Mode) -> None:
    with pytest.raises(QueryRefused, match="makna"):
        index.search(SearchQuery(q="jalan", mode=mode), EVERYWHERE)


def test_a_cursor_of_another_mode_or_vector_is_refused(index: PostIndex) -> None:
    fill(index, [placed(n) for n in range(4)])
    after = index.search(asking(size=2), EVERYWHERE).next
    assert after is not None
    for other in (asking(mode=Mode.HYBRID), asking(meaning=2), SearchQuery(q="jalan", order=Order.BEST)):
        with pytest.raises(Refused):
            index.search(other.model_copy(update={"after": after}), EVERYWHERE)


def test_a_query_that_cannot_be_read_is_refused_with_its_place(index: PostIndex) -> None:
    with pytest.raises(QueryRefused) as refused:
        index.search(asking("jalan (rusak"), EVERYWHERE)
    assert refused.value.position == 6


def test_documents_come_back_without_their_vectors(index: PostIndex) -> None:
    one = placed(1)
    fill(index, [one])
    assert hits(index, asking())[0].document == one.model_copy(update={"vector": None})
    assert index.search(SearchQuery(), EVERYWHERE).items[0].document.vector is None


def test_similar_cases_are_the_nearest_in_meaning(index: PostIndex) -> None:
    one = placed(1, "jalan rusak")
    fill(index, [one, placed(2, "aspal berlubang"), placed(3, "jalan rusak", meaning=2)])
    page = index.similar(one.id, EVERYWHERE)
    assert [x.document.text for x in page.items] == ["aspal berlubang"]
    assert (page.total, page.stories) == (1, 1)


def test_similar_leaves_out_its_own_story_and_what_is_hidden(index: PostIndex) -> None:
    one = placed(1, story="satu")
    fill(index, [one, placed(2, story="satu"), placed(3, oversight=True), placed(4, region="lombok-timur"), placed(5)])
    scope = Scope(regions=frozenset({"lombok-barat"}))
    assert [x.document.id for x in index.similar(one.id, scope).items] == [placed(5).id]
    with pytest.raises(NotFound):
        index.similar(placed(3, oversight=True).id, scope)


def test_similar_goes_by_words_where_a_case_has_no_vector(index: PostIndex) -> None:
    one = make_document(1, "jembatan putus")
    fill(index, [one, make_document(2, "jembatan putus lagi"), placed(3, "air mati")])
    assert [x.document.text for x in index.similar(one.id, EVERYWHERE).items] == ["jembatan putus lagi"]
