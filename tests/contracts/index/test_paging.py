"""Pages of one search fit together while posts arrive, change and go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.documents import PostDocument
from domain.errors import Refused
from domain.ports import PostIndex
from domain.search import Order, SearchQuery, Tombstone
from tests.contracts.index.documents import EVERYWHERE, NOW, make_document


def corpus() -> list[PostDocument]:
    """Thirty posts in twelve stories, of different lengths, several at the same moment."""
    return [
        make_document(
            n,
            "jalan rusak " + "parah " * (n % 4) + "sekali " * (n % 5),
            published_at=NOW - timedelta(hours=n // 3),
            story=f"cerita-{n % 12}",
        )
        for n in range(30)
    ]


def arrivals(page: int) -> list[PostDocument]:
    """Posts that arrive between pages: newer, older, at a border's moment; in old stories and in new ones."""
    return [
        make_document(
            f"baru-{page}-{n}",
            "jalan rusak " + "jalan " * n + "kabar lain " * (n % 3),
            published_at=NOW + timedelta(hours=3 - 2 * n),
            story=f"cerita-{(page * 5 + n) % 12}" if n % 2 else f"baru-{page}-{n}",
        )
        for n in range(8)
    ]


@pytest.mark.parametrize("fold", [True, False])
@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize(
    "q", ["", "jalan rusak", "parah OR sekali", '"jalan rusak" OR par*', "NOT parah", "jalan OR topic:air"]
)
def test_no_hit_is_lost_or_doubled_while_posts_arrive(index: PostIndex, q: str, order: Order, *, fold: bool) -> None:
    index.upsert(corpus())
    index.refresh()
    query = SearchQuery(q=q, order=order, fold=fold, size=200)
    whole = index.search(query, EVERYWHERE)
    query = query.model_copy(update={"size": 4})
    seen = []
    page = index.search(query, EVERYWHERE)
    number = 0
    while True:
        seen += [(x.document.id, x.story_size, x.score) for x in page.items]
        assert (page.total, page.stories) == (whole.total, whole.stories)
        if page.next is None:
            break
        assert number < 50, "pages that never end"
        index.upsert(arrivals(number))
        index.refresh()
        number += 1
        page = index.search(query.model_copy(update={"after": page.next}), EVERYWHERE)
    assert seen == [(x.document.id, x.story_size, x.score) for x in whole.items]


@pytest.mark.parametrize("fold", [True, False])
def test_a_post_that_is_rewritten_between_pages_is_not_lost(index: PostIndex, *, fold: bool) -> None:
    posts = corpus()
    index.upsert(posts)
    index.refresh()
    query = SearchQuery(q="jalan", fold=fold, size=200)
    whole = [x.document.id for x in index.search(query, EVERYWHERE).items]
    query = query.model_copy(update={"size": 4})
    page = index.search(query, EVERYWHERE)
    seen = [x.document.id for x in page.items]
    rev = 1
    while page.next is not None:
        rev += 1
        assert rev < 50, "pages that never end"
        index.upsert([x.model_copy(update={"rev": rev}) for x in posts])
        index.refresh()
        page = index.search(query.model_copy(update={"after": page.next}), EVERYWHERE)
        seen += [x.document.id for x in page.items]
    assert seen == whole


def test_the_last_hit_may_be_deleted_before_the_next_page(index: PostIndex) -> None:
    index.upsert(corpus())
    index.refresh()
    query = SearchQuery(fold=False, size=4)
    whole = [x.document.id for x in index.search(query.model_copy(update={"size": 200}), EVERYWHERE).items]
    first = index.search(query, EVERYWHERE)
    last = first.items[-1].document
    index.upsert([Tombstone(id=last.id, rev=9, month=last.month)])
    index.refresh()
    second = index.search(query.model_copy(update={"after": first.next}), EVERYWHERE)
    assert [x.document.id for x in second.items] == whole[4:8]


def test_a_page_that_holds_all_has_no_next(index: PostIndex) -> None:
    index.upsert([make_document(n) for n in range(4)])
    index.refresh()
    assert index.search(SearchQuery(size=4), EVERYWHERE).next is None
    assert index.search(SearchQuery(size=3), EVERYWHERE).next is not None


def test_a_cursor_of_another_search_is_refused(index: PostIndex) -> None:
    index.upsert(corpus())
    index.refresh()
    after = index.search(SearchQuery(q="jalan", size=2), EVERYWHERE).next
    assert after is not None
    for other in (SearchQuery(q="parah"), SearchQuery(q="jalan", order=Order.BEST), SearchQuery(q="jalan", fold=False)):
        with pytest.raises(Refused):
            index.search(other.model_copy(update={"after": after}), EVERYWHERE)
    assert index.search(SearchQuery(q="jalan", size=9, facets=("opd",), after=after), EVERYWHERE).items


@given(after=st.text(min_size=1) | st.text(alphabet="ABCabc019-_", min_size=1))
def test_a_cursor_that_is_none_is_refused(engine: PostIndex, after: str) -> None:
    with pytest.raises(Refused):
        engine.search(SearchQuery(after=after), EVERYWHERE)
