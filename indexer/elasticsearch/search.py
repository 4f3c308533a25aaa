"""Searching: a page of hits with totals and facets, all of one point in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import Refused
from domain.query import Node, highlight, parse_query
from domain.scope import Scope
from domain.search import FacetValue, Hit, Order, SearchPage, SearchQuery
from indexer.countable import refuse_unknown_fields
from indexer.cursors import MAX_CURSOR, Cursor, read_cursor, search_name, write_cursor
from indexer.elasticsearch.conditions import Clause, asked, scored
from indexer.elasticsearch.counted import Asker, Counts
from indexer.elasticsearch.folding import Asked, Found, Place, folded_page, plain_page
from indexer.elasticsearch.home import Home
from indexer.elasticsearch.layout import document_of
from indexer.elasticsearch.snapshot import KEPT, Expired, Snapshot, packed, resumed

MOST_VALUES = 10_000  # of a facet: more than a province has villages


def search(home: Home, query: SearchQuery, scope: Scope) -> SearchPage:
    """Answer a search. Raises: QueryRefused, Refused for a cursor or facet that cannot be used."""
    node = parse_query(query.q)
    refuse_unknown_fields(query.facets)
    clause = asked(node, query.filters, scope)
    question = Page(query, node, clause, scope, home)
    cursor = read_cursor(query.after, query) if query.after else None
    after = _place(cursor, query) if cursor else None
    if cursor and cursor.generation:
        try:
            with resumed(home.client, cursor.generation) as snapshot:
                return question.read(snapshot, after, home.counted.of(question.asker(cursor.generation)))
        except Expired:
            pass
    return home.latest.ask(lambda snapshot: question.read(snapshot, after, None), keep=KEPT)


def facet(buckets: Sequence[dict[str, Any]]) -> tuple[FacetValue, ...]:
    """Return counted values: most frequent first, then by name, as the engine orders them."""
    return tuple(FacetValue(value=bucket["key"], count=bucket["doc_count"]) for bucket in buckets)


@dataclass(frozen=True, slots=True)
class Page:
    """A search that is to be answered a page at a time; `clause` holds the scope, too."""

    query: SearchQuery
    node: Node
    clause: Clause
    scope: Scope
    home: Home

    def asker(self, generation: str) -> Asker:
        """Return who asks what of a state."""
        return Asker(generation, search_name(self.query), self.scope)

    def read(self, snapshot: Snapshot, after: Place | None, known: Counts | None) -> SearchPage:
        """Return the page behind a place; `known` is what was counted in the same state before, if anything."""
        query, node = self.query, self.node
        ranking = scored(self.clause, node) if query.order is Order.BEST else None
        counts = {f"by {x}": {"terms": {"field": x, "size": MOST_VALUES}} for x in query.facets}
        question = Asked(snapshot, self.clause, ranking, counts, known, self.home.aside)
        found = (folded_page if query.fold else plain_page)(question, query.size, after)
        told, ready = found.counted, [_ready(hit, node) for hit in found.hits]
        sizes = found.sizes()
        return SearchPage(
            total=told.total,
            stories=told.stories,
            items=tuple(hit.model_copy(update={"story_size": sizes[hit.document.story]}) for hit in ready),
            next=self._following(snapshot, found) if found.more else None,
            facets={x: facet(told.answers[f"by {x}"]["buckets"]) if told.answers else () for x in query.facets},
        )

    def _following(self, snapshot: Snapshot, found: Found) -> str:
        last = found.hits[-1]
        keys = tuple(last["sort"][: 2 if self.query.order is Order.BEST else 1])
        for held in (packed(snapshot.name), ""):  # with more shards than a cursor can name, pages go on without it
            text = write_cursor(Cursor(search_name(self.query), held, 0, keys, last["_id"]))
            if len(text) <= MAX_CURSOR:
                if held:
                    self.home.counted.keep(self.asker(held), Counts(found.counted.total, found.counted.stories))
                return text
        raise AssertionError("a cursor without a snapshot is short")


def _ready(hit: dict[str, Any], node: Node) -> Hit:
    """Return a hit as it is shown, but for the size of its story."""
    document = document_of(hit["_source"])
    return Hit(document=document, score=hit["_score"], story_size=1, highlights=highlight(node, document.words))


def _place(cursor: Cursor, query: SearchQuery) -> Place:
    """Return where the last hit that was seen stood."""
    if len(cursor.keys) != (2 if query.order is Order.BEST else 1):
        raise Refused("Penanda halaman (after) tidak dapat dibaca. Mulai lagi dari halaman pertama.")
    *scores, published = cursor.keys
    if not -(1 << 63) <= published < 1 << 63:
        raise Refused("Penanda halaman (after) tidak dapat dibaca. Mulai lagi dari halaman pertama.")
    return Place.behind((*scores, int(published)), cursor.id)
