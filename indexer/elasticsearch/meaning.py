"""Searching by meaning: the nearest cases of those that may be seen, alone or fused with the best by words.

What may be seen and the conditions stand inside the kNN's own filter: neighbours that are hidden are never among those
that are counted, and take nobody's place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.query import Node, conditions_of, highlight
from domain.query.tree import Words
from domain.scope import Scope
from domain.search import Hit, Mode, Order, SearchPage, SearchQuery
from domain.vectors import Vector
from indexer.countable import refuse_unknown_fields
from indexer.cursors import MAX_CURSOR, Cursor, read_cursor, search_name, write_cursor
from indexer.elasticsearch.conditions import Clause, all_of, asked, condition, scored
from indexer.elasticsearch.folding import BEST
from indexer.elasticsearch.home import Home
from indexer.elasticsearch.layout import document_of
from indexer.elasticsearch.search import MOST_VALUES, facet
from indexer.elasticsearch.snapshot import KEPT, Expired, Question, Snapshot, packed, resumed
from indexer.ranking import (
    DIGITS,
    NEAREST,
    Candidate,
    Kept,
    Ranking,
    any_of_words,
    asked_words,
    fused,
    ranked,
    within_reach,
)

LOOKED_AT = 600  # of each month's graph: more are nearer to the exact answer, and slower
OVERSAMPLED = 1.5  # so many more are compared by their whole numbers, not by those that the graph keeps


def search_by_meaning(home: Home, kept: Kept, query: SearchQuery, scope: Scope) -> SearchPage:
    """Answer a search by meaning or hybrid. Raises: QueryRefused, Refused for a cursor or facet that cannot be used."""
    node, words, vector = asked_words(query)
    refuse_unknown_fields(query.facets)
    clause = asked(conditions_of(node), query.filters, scope)
    after = read_cursor(query.after, query) if query.after else None

    def answer(snapshot: Snapshot) -> SearchPage:
        name = (search_name(query), scope)
        ranking = kept.of((snapshot.name, name), lambda: _ranking(snapshot, clause, words, vector, query))
        page = _page(snapshot, ranking, node, query, after)
        if page.next is not None:
            kept.keep((snapshot.name, name), ranking)
        return page

    if after and after.generation:
        try:
            with resumed(home.client, after.generation) as snapshot:
                return answer(snapshot)
        except Expired:
            pass
    return home.latest.ask(answer, keep=KEPT)


def nearest(clause: Clause, vector: Vector) -> Question:
    """Return the question for the cases nearest to a vector, of those that fulfil a condition."""
    knn: dict[str, Any] = {
        "field": "emb",
        "query_vector": vector.numbers.tolist(),
        "k": NEAREST,
        "num_candidates": LOOKED_AT,
        "rescore_vector": {"oversample": OVERSAMPLED},
        "filter": [{"term": {"emb_model": vector.model}}, clause],
    }
    return Question({"knn": knn, **_LISTED})


def candidates(answer: dict[str, Any], *, cosines: bool) -> list[Candidate]:
    """Return what such a question, or one for words, found, best first. Elasticsearch tells (1 + cosine) / 2."""
    found = [
        Candidate(
            hit["_id"],
            hit["fields"]["story"][0],
            hit["fields"]["find.published"][0],
            round(2 * hit["_score"] - 1, DIGITS) if cosines else hit["_score"],
        )
        for hit in answer["hits"]["hits"]
    ]
    return sorted(found, key=lambda x: (-x.score, -x.published, x.id))


_LISTED: dict[str, Any] = {
    "size": NEAREST,
    "_source": False,
    "docvalue_fields": ["story", "find.published"],
    "track_total_hits": False,
}


def _ranking(snapshot: Snapshot, clause: Clause, words: Sequence[Words], vector: Vector, query: SearchQuery) -> Ranking:
    questions = [nearest(clause, vector)]
    wanted = any_of_words(words) if query.mode is Mode.HYBRID else None
    if wanted is not None:
        ranking = scored(all_of([clause, condition(wanted)]), wanted)
        questions.append(Question({"query": ranking, "sort": BEST, **_LISTED}, everywhere=True))
    answers = snapshot.ask_all(questions)
    found = within_reach(candidates(answers[0], cosines=True))
    if query.mode is Mode.HYBRID:
        found = fused(candidates(answers[1], cosines=False) if wanted is not None else [], found)
    return ranked(found, query.order)


def _page(snapshot: Snapshot, ranking: Ranking, node: Node, query: SearchQuery, after: Cursor | None) -> SearchPage:
    shown, more = ranking.page(query.size, after, fold=query.fold)
    sources: dict[str, dict[str, Any]] = {}
    if shown:
        answer = snapshot.ask(query=_of([x for x, _ in shown]), size=len(shown), track_total_hits=False)
        sources = {hit["_id"]: hit["_source"] for hit in answer["hits"]["hits"]}
    items = []
    for candidate, size in shown:
        if candidate.id in sources:
            document = document_of(sources[candidate.id])
            score = candidate.score if query.order is Order.BEST else None
            spans = highlight(node, document.words)
            items.append(Hit(document=document, score=score, story_size=size, highlights=spans))
    counted: dict[str, Any] = {}
    if query.facets and ranking.candidates:
        aggs = {x: {"terms": {"field": x, "size": MOST_VALUES}} for x in query.facets}
        answer = snapshot.ask(query=_of(ranking.candidates), size=0, track_total_hits=False, aggs=aggs)
        counted = answer["aggregations"]
    return SearchPage(
        total=len(ranking.candidates),
        stories=len(ranking.sizes),
        items=tuple(items),
        next=_following(snapshot, query, ranking, shown[-1][0]) if more else None,
        facets={x: facet(counted[x]["buckets"]) if counted else () for x in query.facets},
    )


def _of(found: Sequence[Candidate]) -> Clause:
    return {"terms": {"id": [x.id for x in found]}}


def _following(snapshot: Snapshot, query: SearchQuery, ranking: Ranking, last: Candidate) -> str:
    for held in (packed(snapshot.name), ""):  # with more shards than a cursor can name, pages go on without it
        text = write_cursor(Cursor(search_name(query), held, 0, ranking.key(last), last.id))
        if len(text) <= MAX_CURSOR:
            return text
    raise AssertionError("a cursor without a snapshot is short")
