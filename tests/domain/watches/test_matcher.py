"""The index of saved searches answers exactly like trying every one, whatever is asked and whatever is posted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.documents import PostDocument
from domain.query import matches, parse_query
from domain.query.tree import And, Everything, FieldIs, Near, Node, Not, Or, Phrase, Prefix, Stream, Term
from domain.search import Filters, SearchQuery
from domain.text.tokens import tokenize
from domain.watches import WatchIndex, WatchKind, WatchRule, is_news, next_digest
from domain.watches.anchors import Anchor, By, Rarity, required
from domain.watches.conditions import asked_fields, tree_of
from domain.watches.watches import Watch
from tests.contracts.index.documents import found, make_document
from tests.contracts.index.strategies import documents, expressions, filters

TOKENS = ("jalan", "rusak", "baik", "air", "mati", "yang", "di", "lampu", "hilang")
tokens = st.sampled_from(TOKENS)
phrases = st.lists(tokens, min_size=1, max_size=3).map(tuple)
leaves: st.SearchStrategy[Node] = st.one_of(
    st.just(Everything()),
    st.builds(Term, tokens, st.sampled_from(Stream)),
    st.builds(Phrase, phrases),
    st.builds(Prefix, st.sampled_from(("ja", "rus", "per", "zz"))),
    st.builds(Near, phrases, phrases, st.integers(0, 4)),
    st.builds(FieldIs, st.just("topic"), st.sampled_from(("jalan", "air.mati"))),
    st.builds(FieldIs, st.just("sentiment"), st.sampled_from(("negatif", "positif"))),
)
trees: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=10,
)
regions = st.sampled_from(("lombok-barat", "lombok-timur", "kota-bengkulu"))


def naive(rules: Sequence[WatchRule], document: PostDocument) -> list[str]:
    """Every search tried by the plain reading of its tree."""
    words, fields = tokenize(document.words), asked_fields(document)
    return [rule.id for rule in rules if rule.region == document.region and matches(rule.node, words, fields)]


def numbered(nodes: Sequence[tuple[str, Node]]) -> list[WatchRule]:
    return [WatchRule(str(n), region, node) for n, (region, node) in enumerate(nodes)]


@given(st.lists(st.tuples(regions, trees), max_size=12), documents(most=8), st.integers(0, 2))
@settings(max_examples=200, deadline=None)
def test_the_index_finds_what_every_search_alone_finds(
    nodes: list[tuple[str, Node]], posts: list[PostDocument], seen: int
) -> None:
    rules = numbered(nodes)
    index = WatchIndex(rules)
    for _ in range(seen):  # what is rare is learnt meanwhile
        for post in posts:
            index.matching(post)
    index = WatchIndex(rules, index.rarity)
    for post in posts:
        assert index.matching(post) == naive(rules, post)


@given(expressions, filters, documents(most=8))
@settings(max_examples=100, deadline=None)
def test_a_saved_search_wants_what_the_search_finds(q: str, chosen: Filters, posts: list[PostDocument]) -> None:
    chosen = chosen.model_copy(update={"since": None, "until": None, "region": ("lombok-barat",)})
    index = WatchIndex([WatchRule("satu", "lombok-barat", tree_of(q, chosen))])
    expected = {post.id for post in found(posts, SearchQuery(q=q, filters=chosen))}
    assert {post.id for post in posts if index.matching(post)} == expected


@given(trees)
@settings(max_examples=200, deadline=None)
def test_what_holds_none_of_its_anchors_does_not_match(node: Node) -> None:
    anchors = required(node, Rarity())
    empty = make_document(1, "kalimat lain", topic="lain.lain", sentiment="netral")
    if anchors is not None and not any(anchor.by is By.PREFIX for anchor in anchors):
        assert not matches(node, tokenize(empty.words), asked_fields(empty))


def test_a_search_stands_behind_the_word_that_posts_hold_least() -> None:
    rules = [WatchRule("a", "lombok-barat", parse_query("jalan kubangan"))]
    index = WatchIndex(rules)
    for n in range(300):
        index.matching(make_document(n, "jalan rusak lagi"))
    assert required(rules[0].node, index.rarity) == frozenset({Anchor(By.STEM, "kubangan")})
    assert index.matching(make_document(1, "jalan jadi kubangan")) == ["a"]


@pytest.mark.parametrize(
    ("query", "anchors"),
    [
        ("NOT jalan", None),
        ("jalan OR NOT air", None),
        ("NOT (air OR NOT jalan)", {Anchor(By.STEM, "jalan")}),
        ("jalan OR topic:air", {Anchor(By.STEM, "jalan"), Anchor(By.FIELD, "air", "topic")}),
        ("NOT NOT jalan", {Anchor(By.STEM, "jalan")}),
        ("topic:jalan kubangan", {Anchor(By.STEM, "kubangan")}),
    ],
)
def test_what_a_search_requires(query: str, anchors: set[Anchor] | None) -> None:
    assert required(parse_query(query), Rarity()) == anchors


def test_what_is_old_or_here_for_long_is_no_news() -> None:
    now = datetime(2026, 11, 20, 3, tzinfo=UTC)

    def post(published: float, ingested: float) -> PostDocument:
        return make_document(
            1, published_at=now - timedelta(days=published), ingested_at=now - timedelta(days=ingested)
        )

    assert is_news(post(6.9, 0), now)
    assert not is_news(post(7.1, 0), now)
    assert is_news(post(7, 6), now)
    assert not is_news(post(8, 7.5), now)


def test_a_digest_is_told_at_the_full_hour_of_the_regions_clock() -> None:
    before = datetime(2026, 11, 19, 22, 59, tzinfo=UTC)  # 06.59 in Makassar
    at = datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert next_digest(before, 7, "Asia/Makassar") == at
    assert next_digest(at, 7, "Asia/Makassar") == at + timedelta(days=1)


def test_what_is_only_saved_or_paused_looks_at_nothing() -> None:
    now = datetime(2026, 11, 20, 3, tzinfo=UTC)
    watch = Watch(
        id="a", owner="ratna", region="lombok-barat", name="Jalan", q="jalan", filters=Filters(), kind=WatchKind.EACH,
        hour=7, zone="Asia/Makassar", shared=False, paused=False, since=now, created_at=now,
    )  # fmt: skip
    assert watch.speaks
    assert not watch.model_copy(update={"paused": True}).speaks
    assert not watch.model_copy(update={"kind": WatchKind.SAVED}).speaks
