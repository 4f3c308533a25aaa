"""Searching: a page of hits with totals and facets, out of one snapshot."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from domain.documents import PostDocument
from domain.errors import Refused
from domain.query import Node, highlight, parse_query, wanted_words
from domain.query.tree import Words
from domain.scope import Scope
from domain.search import FacetValue, Hit, Order, SearchPage, SearchQuery
from indexer.countable import refuse_unknown_fields
from indexer.cursors import Cursor, read_cursor, search_name, write_cursor
from indexer.ranking import Kept
from indexer.sqlite.columns import Rows, Snapshot
from indexer.sqlite.order import Ordering, best_first, newest_first
from indexer.sqlite.rank import Scores, Weights, scores, weigh
from indexer.sqlite.select import Selector
from indexer.sqlite.space import Space


@dataclass(frozen=True, slots=True)
class View:
    """One read transaction and the snapshot that belongs to it, with what its generation keeps in memory besides."""

    connection: sqlite3.Connection
    snapshot: Snapshot
    generation: str
    space: Space
    kept: Kept

    @property
    def selector(self) -> Selector:
        """Finds rows in this view."""
        return Selector(self.connection, self.snapshot)

    def documents(self, rows: Iterable[int]) -> list[PostDocument]:
        """Return the documents of some rows, in that order."""
        statement = "SELECT document FROM bodies WHERE seq = ?"
        seqs = self.snapshot.seqs
        return [
            PostDocument.model_validate_json(self.connection.execute(statement, (int(seqs[row]),)).fetchone()[0])
            for row in rows
        ]


def search(view: View, query: SearchQuery, scope: Scope) -> SearchPage:
    """Answer a search. Raises: QueryRefused, Refused for a cursor or facet that cannot be used."""
    node = parse_query(query.q)
    refuse_unknown_fields(query.facets)
    cursor = read_cursor(query.after, query) if query.after else None
    if cursor is not None and cursor.generation == view.generation:
        born_until = cursor.born_until
    else:  # a first page, or the index was rebuilt since: its cases count their births anew
        born_until = view.snapshot.born_last()
    rows = view.selector.select(node, query.filters, scope, born_until=born_until)
    ordering, ranked, weights = _ordering(view, query, node, rows, cursor)
    stories = np.bincount(view.snapshot.stories[rows], minlength=view.snapshot.story_count)
    places, more = _page(ordering, query, cursor)
    chosen = rows[places]
    sizes = stories[view.snapshot.stories[chosen]].tolist() if query.fold else [1] * len(places)
    items = tuple(
        Hit(document=document, score=score, story_size=size, highlights=highlight(node, document.words))
        for document, score, size in zip(
            view.documents(chosen),
            ranked[places].tolist() if ranked is not None else [None] * len(places),
            sizes,
            strict=True,
        )
    )
    following = None
    if more:
        last = places[-1]
        keys = tuple(key[last].item() for key in ordering.keys)
        following = write_cursor(
            Cursor(search_name(query), view.generation, born_until, keys, items[-1].document.id, _carried(weights))
        )
    return SearchPage(
        total=len(rows),
        stories=int(np.count_nonzero(stories)),
        items=items,
        next=following,
        facets={field: facet(view.snapshot, rows, field) for field in query.facets},
    )


def facet(snapshot: Snapshot, rows: Rows, field: str, size: int | None = None) -> tuple[FacetValue, ...]:
    """Count the values of a field, most frequent first, then by name. Cases without a value are not counted."""
    texts = snapshot.texts[field]
    counts = np.bincount(snapshot.columns[field][rows], minlength=1)
    present = [(texts[code], int(counts[code])) for code in np.flatnonzero(counts).tolist() if code]
    present.sort(key=lambda x: (-x[1], x[0]))
    return tuple(FacetValue(value=value, count=count) for value, count in present[:size])


def _ordering(
    view: View, query: SearchQuery, node: Node, rows: Rows, cursor: Cursor | None
) -> tuple[Ordering, Scores | None, Weights | None]:
    leaves: tuple[Words, ...] = tuple(dict.fromkeys(wanted_words(node)))
    if query.order is not Order.BEST:
        return newest_first(view.connection, view.snapshot, rows), None, None
    weights = _weights_of(cursor, len(leaves)) or weigh(view.connection, view.snapshot, leaves)
    found = scores(view.connection, view.snapshot, rows, leaves, weights)
    return best_first(view.connection, view.snapshot, rows, found), found, weights


def _page(ordering: Ordering, query: SearchQuery, cursor: Cursor | None) -> tuple[list[int], bool]:
    """Return the places of the page's hits, and whether more follow."""
    among = np.ones(len(ordering.rows), np.bool_)
    if cursor is not None:
        if len(cursor.keys) != len(ordering.keys):
            raise Refused("Penanda halaman (after) tidak dapat dibaca. Mulai lagi dari halaman pertama.")
        among = ordering.after(cursor.keys, cursor.id)
        if query.fold:  # a story whose first hit stood on an earlier page was shown there
            stories = ordering.snapshot.stories[ordering.rows]
            shown = np.zeros(ordering.snapshot.story_count, np.bool_)
            shown[stories[~among]] = True
            among &= ~shown[stories]
    places = ordering.first(query.size + 1, among=among, fold=query.fold)
    return places[: query.size], len(places) > query.size


def _carried(weights: Weights | None) -> tuple[float, ...]:
    return () if weights is None else (weights.documents, weights.mean_length, *weights.holding)


def _weights_of(cursor: Cursor | None, leaves: int) -> Weights | None:
    if cursor is None or len(cursor.weights) != leaves + 2 or cursor.weights[1] <= 0:
        return None
    documents, mean, *holding = cursor.weights
    return Weights(int(documents), float(mean), tuple(int(x) for x in holding))
