"""Searching: a page of hits with totals and facets, all of one point in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.errors import Refused
from domain.query import Node, highlight, parse_query
from domain.scope import Scope
from domain.search import FacetValue, Hit, Order, SearchPage, SearchQuery
from indexer.countable import refuse_unknown_fields
from indexer.cursors import MAX_CURSOR, Cursor, read_cursor, search_name, write_cursor
from indexer.elasticsearch.conditions import Clause, asked, scored
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
    cursor = read_cursor(query.after, query) if query.after else None
    after = _place(cursor, query) if cursor else None
    if cursor and cursor.generation:
        try:
            with resumed(home.client, cursor.generation) as snapshot:
                return _page(snapshot, node, clause, query, after)
        except Expired:
            pass
    return home.latest.ask(lambda snapshot: _page(snapshot, node, clause, query, after), keep=KEPT)


def facet(buckets: Sequence[dict[str, Any]]) -> tuple[FacetValue, ...]:
    """Return counted values: most frequent first, then by name, as the engine orders them."""
    return tuple(FacetValue(value=bucket["key"], count=bucket["doc_count"]) for bucket in buckets)


def _page(snapshot: Snapshot, node: Node, clause: Clause, query: SearchQuery, after: Place | None) -> SearchPage:
    best = query.order is Order.BEST
    counts = {f"by {x}": {"terms": {"field": x, "size": MOST_VALUES}} for x in query.facets}
    question = Asked(snapshot, clause, scored(clause, node) if best else None, counts)
    found = (folded_page if query.fold else plain_page)(question, query.size, after)
    counted = found.counted
    return SearchPage(
        total=counted.total,
        stories=counted.stories,
        items=tuple(_hit(hit, size, node) for hit, size in found.hits),
        next=_following(snapshot, query, found) if found.more else None,
        facets={x: facet(counted.answers[f"by {x}"]["buckets"]) if counted.answers else () for x in query.facets},
    )


def _hit(hit: dict[str, Any], size: int, node: Node) -> Hit:
    document = document_of(hit["_source"])
    return Hit(document=document, score=hit["_score"], story_size=size, highlights=highlight(node, document.words))


def _following(snapshot: Snapshot, query: SearchQuery, found: Found) -> str:
    last = found.hits[-1][0]
    keys = last["sort"][: 2 if query.order is Order.BEST else 1]
    for held in (packed(snapshot.name), ""):  # with more shards than a cursor can name, pages go on without it
        text = write_cursor(Cursor(search_name(query), held, 0, tuple(keys), last["_id"]))
        if len(text) <= MAX_CURSOR:
            return text
    raise AssertionError("a cursor without a snapshot is short")


def _place(cursor: Cursor, query: SearchQuery) -> Place:
    """Return where the last hit that was seen stood."""
    if len(cursor.keys) != (2 if query.order is Order.BEST else 1):
        raise Refused("Penanda halaman (after) tidak dapat dibaca. Mulai lagi dari halaman pertama.")
    *scores, published = cursor.keys
    if not -(1 << 63) <= published < 1 << 63:
        raise Refused("Penanda halaman (after) tidak dapat dibaca. Mulai lagi dari halaman pertama.")
    return Place.behind((*scores, int(published)), cursor.id)
