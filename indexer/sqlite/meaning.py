"""Searching by meaning: the nearest cases of those that may be seen, alone or fused with the best by words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from domain.documents import PostDocument
from domain.query import Everything, Node, conditions_of, highlight
from domain.query.tree import And, Words
from domain.scope import Scope
from domain.search import Hit, Mode, Order, SearchPage, SearchQuery
from domain.vectors import Vector
from indexer.countable import refuse_unknown_fields
from indexer.cursors import Cursor, read_cursor, search_name, write_cursor
from indexer.ranking import NEAREST, Candidate, Ranking, any_of_words, asked_words, fused, ranked, within_reach
from indexer.sqlite.columns import Rows
from indexer.sqlite.layout import id_numbers
from indexer.sqlite.order import best_first
from indexer.sqlite.rank import Scores, scores, weigh
from indexer.sqlite.search import View, facet
from indexer.sqlite.space import NOWHERE


def search_by_meaning(view: View, query: SearchQuery, scope: Scope) -> SearchPage:
    """Answer a search by meaning or hybrid. Raises: QueryRefused, Refused for a cursor or facet that cannot be used."""
    node, words, vector = asked_words(query)
    refuse_unknown_fields(query.facets)
    cursor = read_cursor(query.after, query) if query.after else None
    born_until, version = view.snapshot.born_last(), view.snapshot.version
    if cursor is not None and cursor.generation == view.generation:
        born_until, version = cursor.born_until, _version_of(cursor, version)

    def rank() -> Ranking:
        conditions = conditions_of(node)
        rows = view.selector.select(conditions, query.filters, scope, born_until=born_until)
        found = within_reach(nearest(view, rows, vector)) or []
        if query.mode is Mode.HYBRID:
            found = fused(_by_words(view, conditions, words, query, scope, born_until), found)
        return ranked(found, query.order)

    # Pages of one search share its order, which deletions would change; a reader of another scope never meets it.
    ranking = view.kept.of((view.generation, version, born_until, search_name(query), scope), rank)
    shown, more = ranking.page(query.size, cursor, fold=query.fold)
    following = None
    if more:
        last = shown[-1][0]
        place = Cursor(search_name(query), view.generation, born_until, ranking.key(last), last.id, (float(version),))
        following = write_cursor(place)
    rows = _rows_of(view, ranking.candidates) if query.facets else np.empty(0, np.intp)
    return SearchPage(
        total=len(ranking.candidates),
        stories=len(ranking.sizes),
        items=tuple(
            Hit(
                document=document,
                score=candidate.score if query.order is Order.BEST else None,
                story_size=size,
                highlights=highlight(node, document.words),
            )
            for candidate, size in shown
            if (document := _document(view, candidate, scope)) is not None
        ),
        next=following,
        facets={field: facet(view.snapshot, rows, field) for field in query.facets},
    )


def nearest(view: View, rows: Rows, vector: Vector, most: int = NEAREST) -> list[Candidate]:
    """Return the rows nearest to a vector, nearest first, ties as everywhere: newest first, then by id."""
    cosines = view.space.cosines(view.connection, view.snapshot, rows, vector)
    placed = cosines > NOWHERE
    return _best(view, rows[placed], cosines[placed], most)


def _by_words(  # noqa: PLR0913  what a search is made of
    view: View, conditions: Node, words: Sequence[Words], query: SearchQuery, scope: Scope, born_until: int
) -> list[Candidate]:
    """Return the cases that hold at least one of the words, best first."""
    asked = any_of_words(words)
    if asked is None:
        return []
    node = asked if isinstance(conditions, Everything) else And((asked, conditions))
    rows = view.selector.select(node, query.filters, scope, born_until=born_until)
    weights = weigh(view.connection, view.snapshot, words)
    return _best(view, rows, scores(view.connection, view.snapshot, rows, words, weights), NEAREST)


def _best(view: View, rows: Rows, found: Scores, most: int) -> list[Candidate]:
    ordering = best_first(view.connection, view.snapshot, rows, found)
    places = ordering.first(most, among=np.ones(len(rows), np.bool_), fold=False)
    columns, seqs = view.snapshot.columns, view.snapshot.seqs
    chosen = rows[places]
    ids = _ids(view, seqs[chosen].tolist())
    return [
        Candidate(ids[seq], story, published, score, seq)
        for seq, story, published, score in zip(
            seqs[chosen].tolist(),
            columns["story"][chosen].tolist(),
            columns["published"][chosen].tolist(),
            found[places].tolist(),
            strict=True,
        )
    ]


def _ids(view: View, seqs: Sequence[int]) -> dict[int, str]:
    marks = ",".join("?" * len(seqs))
    return dict(view.connection.execute(f"SELECT seq, id FROM docs WHERE seq IN ({marks})", seqs))  # noqa: S608  marks


def _rows_of(view: View, candidates: Sequence[Candidate]) -> Rows:
    """Return the rows of those candidates that are as they were found."""
    seqs = np.array(sorted(x.row for x in candidates), np.int64)
    rows = view.snapshot.rows_of(seqs)
    there = rows < view.snapshot.count
    there[there] = (view.snapshot.seqs[rows[there]] == seqs[there]) & view.snapshot.alive[rows[there]]
    return rows[there]


def _document(view: View, candidate: Candidate, scope: Scope) -> PostDocument | None:
    """Return a candidate as it is now; None where it is gone, or hidden from this reader since it was found."""
    rows = _rows_of(view, [candidate])
    if not len(rows):  # rewritten or deleted since
        rows = row_of(view, candidate.id)
    document = next(iter(view.documents(rows.tolist())), None)
    return document if document is not None and scope.allows(document) else None


def row_of(view: View, case: str) -> Rows:
    """Return the row of a case, or none."""
    columns, (head, following) = view.snapshot.columns, id_numbers(case)
    rows = np.flatnonzero(view.snapshot.alive & (columns["id_head"] == head) & (columns["id_next"] == following))
    statement = "SELECT id FROM docs WHERE seq = ?"
    seqs = view.snapshot.seqs[rows].tolist()
    same = [view.connection.execute(statement, (seq,)).fetchone()[0] == case for seq in seqs]
    return rows[np.array(same, np.bool_)]


def _version_of(cursor: Cursor, otherwise: int) -> int:
    return int(cursor.weights[0]) if len(cursor.weights) == 1 else otherwise
