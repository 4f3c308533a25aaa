"""Both engines hold and find the same, whatever is written, deleted and asked, in whatever order."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from domain.documents import PostDocument
from domain.ports import PostIndex
from domain.scope import Scope
from domain.search import FACET_FIELDS, Filters, Interval, Mode, Order, SearchQuery, TermsQuery, Tombstone, TrendQuery
from indexer.elasticsearch import ElasticIndex
from indexer.sqlite import open_index as open_sqlite
from tests.contracts.index.documents import EVERYWHERE, NOW, make_document
from tests.contracts.index.meanings import corpora, toward
from tests.contracts.index.strategies import expressions, filters, no_filters, scopes

ENUMERATED = ("topic", "topic_main", "sentiment", "intent", "urgency", "opd", "kecamatan", "desa", "region", "state")


@pytest.fixture(scope="module")
def embedded() -> Iterator[PostIndex]:
    with tempfile.TemporaryDirectory() as folder:
        index = open_sqlite(Path(folder))
        yield index
        index.close()


def found(index: PostIndex, query: SearchQuery, scope: Scope) -> list[tuple[str, int, int]]:
    """Return everything that a search finds, page by page."""
    listed: list[tuple[str, int, int]] = []
    page = index.search(query, scope)
    while True:
        listed += [(x.document.id, x.document.rev, x.story_size) for x in page.items]
        if page.next is None:
            return listed
        page = index.search(query.model_copy(update={"after": page.next}), scope)


def test_the_engines_agree(index: ElasticIndex, embedded: PostIndex) -> None:  # noqa: C901  a machine with its rules
    engines: tuple[PostIndex, PostIndex] = (index, embedded)

    class Both(RuleBasedStateMachine):
        """One history on two engines."""

        def __init__(self) -> None:
            super().__init__()
            self.rev = 0
            self.told: dict[str, PostDocument] = {}
            for engine in engines:
                engine.clear()

        def _write(self, items: list[PostDocument | Tombstone]) -> None:
            fates = [[(x.id, x.fate) for x in engine.upsert(items)] for engine in engines]
            assert fates[0] == fates[1]
            for engine in engines:
                engine.refresh()

        @rule(batch=corpora(most=8), older=st.booleans())
        def write(self, batch: list[PostDocument], *, older: bool) -> None:
            """Newer states of some cases, or again the states they had in an earlier batch."""
            self.rev += 0 if older else 20
            said = [x.model_copy(update={"rev": x.rev + self.rev}) for x in batch]
            fresh = [x if (held := self.told.get(f"{x.id} {x.rev}")) is None else held for x in said]
            self.told |= {f"{x.id} {x.rev}": x for x in fresh}
            self._write([*fresh])

        @precondition(lambda self: self.told)
        @rule(chosen=st.integers(0, 1_000), later=st.integers(-1, 1))
        def delete(self, chosen: int, later: int) -> None:
            """Delete a case: late, in time, or early."""
            document = list(self.told.values())[chosen % len(self.told)]
            self._write([Tombstone(id=document.id, rev=max(document.rev + later, 1), month=document.month)])

        @rule(q=expressions, wanted=filters | no_filters, scope=scopes | st.just(EVERYWHERE), fold=st.booleans())
        def search(self, q: str, wanted: Filters, scope: Scope, *, fold: bool) -> None:
            """The same hits in the same order, the same totals and counts."""
            query = SearchQuery(q=q, filters=wanted, fold=fold, size=4, facets=FACET_FIELDS)
            pages = [engine.search(query, scope) for engine in engines]
            assert (pages[0].total, pages[0].stories) == (pages[1].total, pages[1].stories)
            assert pages[0].facets == pages[1].facets
            ours, theirs = (found(engine, query, scope) for engine in engines)
            assert ours == theirs

        @rule(
            q=expressions, wanted=filters | no_filters, scope=scopes | st.just(EVERYWHERE), fold=st.booleans(),
            mode=st.sampled_from((Mode.MEANING, Mode.HYBRID)), order=st.sampled_from(Order),
        )  # fmt: skip
        def search_by_meaning(
            self, q: str, wanted: Filters, scope: Scope, mode: Mode, order: Order, *, fold: bool
        ) -> None:
            """The same cases of the same stories; each engine weighs words in its way, so their order may differ."""
            query = SearchQuery(
                q=q, filters=wanted, fold=fold, size=4, facets=FACET_FIELDS, mode=mode, order=order, vector=toward(1)
            )
            pages = [engine.search(query, scope) for engine in engines]
            assert (pages[0].total, pages[0].stories) == (pages[1].total, pages[1].stories)
            assert pages[0].facets == pages[1].facets
            ours, theirs = (found(engine, query.model_copy(update={"fold": False}), scope) for engine in engines)
            assert sorted(ours) == sorted(theirs)
            if order is Order.NEWEST:
                assert ours == theirs

        @rule(
            q=expressions, interval=st.sampled_from(Interval), split=st.none() | st.sampled_from(ENUMERATED),
            zone=st.sampled_from(("Asia/Makassar", "Europe/Berlin")), scope=scopes | st.just(EVERYWHERE),
            stories=st.booleans(),
        )  # fmt: skip
        def count(
            self, q: str, interval: Interval, split: str | None, zone: str, scope: Scope, *, stories: bool
        ) -> None:
            """The same bars."""
            query = TrendQuery(q=q, interval=interval, timezone=zone, split=split, distinct_stories=stories)
            assert index.aggregate(query, scope) == embedded.aggregate(query, scope)

        @rule(field=st.sampled_from(ENUMERATED), q=expressions, scope=scopes | st.just(EVERYWHERE))
        def top(self, field: str, q: str, scope: Scope) -> None:
            """The same values."""
            query = TermsQuery(q=q, field=field, size=3)
            assert list(index.top_terms(query, scope)) == list(embedded.top_terms(query, scope))

        @invariant()
        def hold_the_same(self) -> None:
            """The same cases in the same states."""
            assert list(index.digests()) == list(embedded.digests())

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Both,
        settings=settings(
            max_examples=8, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_the_same_words_emerge(index: ElasticIndex, embedded: PostIndex) -> None:
    words = "longsor banjir sekolah pasar jembatan irigasi antre pungutan".split()
    corpus = [
        make_document(
            n, " ".join(words[(n * k) % 8] for k in range(1, 4 + n % 3)), published_at=NOW.replace(day=19 + n % 2)
        )
        for n in range(120)
    ]
    window = Filters(since=NOW.replace(day=20, hour=0), until=NOW.replace(day=21, hour=0))
    answers = []
    for engine in (index, embedded):
        engine.clear()
        engine.upsert(corpus)
        engine.refresh()
        answers.append(list(engine.emerging(TermsQuery(filters=window, size=5), EVERYWHERE)))
    assert answers[0] == answers[1]
    assert answers[0]
