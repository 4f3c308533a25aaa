"""Words and values that stand out: top values, emerging words, similar cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.errors import NotFound, Refused
from domain.query import parse_query
from domain.query.tree import Everything, Or, Term
from domain.scope import Scope
from domain.search import EmergingTerm, FacetValue, Filters, Hit, Order, SearchPage, TermsQuery
from domain.text.tokens import streams
from domain.vectors import Vector
from indexer.countable import refuse_unknown_fields
from indexer.elasticsearch.conditions import Clause, all_of, asked, condition, none_of, scored
from indexer.elasticsearch.folding import Asked, folded_page, story_of
from indexer.elasticsearch.home import Home
from indexer.elasticsearch.layout import document_of
from indexer.elasticsearch.meaning import candidates, nearest
from indexer.elasticsearch.search import MOST_VALUES, facet
from indexer.elasticsearch.snapshot import Snapshot
from indexer.keenness import LEAST_CASES, log_likelihood
from indexer.ranking import ranked, within_reach

LOOKED_AT = 5_000  # cases of a month whose words are weighed; what is returned is then counted over all of them
_CANDIDATES = 3  # words counted exactly for one that is returned
WORDS_COMPARED = 12  # rarest words that similar cases are looked up by
_WORDS_WEIGHED = 40  # of a case, in order: the beginning of an article says what it is about

Held = dict[str, dict[str, tuple[int, int]]]  # by time and word: how many cases hold it, and how many there are


def top_terms(home: Home, query: TermsQuery, scope: Scope) -> Sequence[FacetValue]:
    """Return the most frequent values of a field. Raises: QueryRefused, Refused."""
    refuse_unknown_fields((query.field,))
    clause = asked(parse_query(query.q), query.filters, scope)
    terms = {"field": query.field, "size": MOST_VALUES}  # all of them: a shard's own top would miss what is spread
    aggs = {"values": {"terms": terms}}
    answer = home.latest.ask(lambda held: held.ask(query=clause, size=0, track_total_hits=False, aggs=aggs))
    return facet(_buckets(answer, "values")[: query.size])


def emerging(home: Home, query: TermsQuery, scope: Scope) -> Sequence[EmergingTerm]:
    """Return exact words that `since..until` uses more than the equal time before, keenest first.

    Raises: QueryRefused, Refused without both ends.
    """
    since, until = query.filters.since, query.filters.until
    if since is None or until is None or since >= until:
        raise Refused("Kata yang menonjol membutuhkan awal (since) dan akhir (until) waktu, awal lebih dulu.")
    node = parse_query(query.q)
    earlier = query.filters.model_copy(update={"since": since - (until - since), "until": since})
    now, before = asked(node, query.filters, scope), asked(node, earlier, scope)

    def counts(snapshot: Snapshot) -> tuple[list[str], Held]:
        words = _standing_out(snapshot, now, before, query.size * _CANDIDATES)
        return words, _holding(snapshot, {"now": now, "before": before}, words) if words else {}

    words, counted = home.latest.ask(counts)
    found = []
    for word in words:
        (held_now, all_now), (held_before, all_before) = counted["now"][word], counted["before"][word]
        if held_now >= LEAST_CASES and held_now * max(all_before, 1) > held_before * all_now:
            score = log_likelihood(held_now, all_now, held_before, all_before)
            found.append(EmergingTerm(term=word, count=held_now, before=held_before, score=round(score, 3)))
    return sorted(found, key=lambda x: (-x.score, x.term))[: query.size]


def _standing_out(snapshot: Snapshot, now: Clause, before: Clause, most: int) -> list[str]:
    """Return candidates: by mutual information, which orders words as the log-likelihood ratio does."""
    keen = {
        "field": "find.words", "size": most, "shard_size": 2 * most, "min_doc_count": LEAST_CASES,
        "background_filter": before,
        "mutual_information": {"include_negatives": False, "background_is_superset": False},
    }  # fmt: skip
    # Where nothing was before, nothing stands out by numbers: words in their order, as the embedded engine has them.
    plain = {"field": "find.words", "size": most, "order": {"_key": "asc"}, "min_doc_count": LEAST_CASES}
    sampled = {"sampler": {"shard_size": LOOKED_AT}, "aggs": {"keen": {"significant_terms": keen}}}
    aggs = {"now": {"filter": now, "aggs": {"some": sampled, "words": {"terms": plain}}}, "before": {"filter": before}}
    answer = snapshot.ask(query={"bool": {"should": [now, before]}}, size=0, track_total_hits=False, aggs=aggs)
    if "aggregations" not in answer:
        return []
    counted = answer["aggregations"]
    chosen = counted["now"]["some"]["keen"] if counted["before"]["doc_count"] else counted["now"]["words"]
    return [bucket["key"] for bucket in chosen["buckets"]]


def _holding(snapshot: Snapshot, times: dict[str, Clause], words: Sequence[str]) -> Held:
    """Return by time and word how many cases of the time hold the word, and how many there are."""
    terms = {"terms": {"field": "find.words", "include": list(words), "size": len(words)}}
    aggs = {time: {"filter": clause, "aggs": {"words": terms}} for time, clause in times.items()}
    answer = snapshot.ask(query={"bool": {"should": list(times.values())}}, size=0, track_total_hits=False, aggs=aggs)
    found: Held = {}
    for time in times:
        counted = answer["aggregations"][time]
        held = {bucket["key"]: bucket["doc_count"] for bucket in counted["words"]["buckets"]}
        found[time] = {word: (held.get(word, 0), counted["doc_count"]) for word in words}
    return found


def similar(home: Home, case: str, scope: Scope, size: int) -> SearchPage:
    """Return cases near to a case in meaning or, where it has no vector, that share its rarest words.

    Raises: NotFound for an absent or hidden case alike.
    """

    def near(snapshot: Snapshot) -> SearchPage:
        sources = snapshot.ask(query={"term": {"id": case}}, size=1, track_total_hits=False, fields=["emb"])
        found = [x for x in sources["hits"]["hits"] if "region" in x["_source"]]
        vector = _vector_of(found[0]) if found else None
        documents = [document_of(x["_source"]) for x in found]
        if not documents or not scope.allows(documents[0]):
            raise NotFound("Kasus ini tidak ada.")
        if vector is not None:
            return _near(snapshot, vector, documents[0].story, scope, size)
        rarest = _rarest(snapshot, documents[0].words)
        return _alike(snapshot, rarest, documents[0].story, scope, size) if rarest else _NONE

    return home.latest.ask(near)


_NONE = SearchPage(total=0, stories=0, items=())


def _vector_of(hit: dict[str, Any]) -> Vector | None:
    numbers = hit.get("fields", {}).get("emb")
    return Vector.of(numbers, hit["_source"]["emb_model"]) if numbers else None


def _near(snapshot: Snapshot, vector: Vector, story: str, scope: Scope, size: int) -> SearchPage:
    clause = all_of([asked(Everything(), Filters(), scope), none_of([{"term": {"story": story}}])])
    found = candidates(snapshot.ask_all([nearest(clause, vector)])[0], cosines=True)
    ranking = ranked(within_reach(found), Order.BEST)
    shown, _ = ranking.page(size, None, fold=True)
    wanted: Clause = {"terms": {"id": [x.id for x, _ in shown]}}
    answer = snapshot.ask(query=wanted, size=size, track_total_hits=False)
    sources = {hit["_id"]: hit["_source"] for hit in answer["hits"]["hits"]}
    return SearchPage(
        total=len(ranking.candidates),
        stories=len(ranking.sizes),
        items=tuple(
            Hit(document=document_of(sources[x.id]), score=x.score, story_size=count)
            for x, count in shown
            if x.id in sources
        ),
    )


def _alike(snapshot: Snapshot, words: list[Term], story: str, scope: Scope, size: int) -> SearchPage:
    node = words[0] if len(words) == 1 else Or(tuple(words))
    clause = {"bool": {"filter": [asked(node, Filters(), scope), none_of([{"term": {"story": story}}])]}}
    found = folded_page(Asked(snapshot, clause, scored(clause, node)), size, None)
    sizes = found.sizes()
    return SearchPage(
        total=found.counted.total,
        stories=found.counted.stories,
        items=tuple(
            Hit(document=document_of(hit["_source"]), score=hit["_score"], story_size=sizes[story_of(hit)])
            for hit in found.hits
        ),
    )


def _rarest(snapshot: Snapshot, words: str) -> list[Term]:
    """Return a text's rarest words that another case holds too."""
    stems = list(dict.fromkeys(streams(words)[1].split()))[:_WORDS_WEIGHED]
    if not stems:
        return []
    wanted = {"filters": {"filters": {stem: condition(Term(stem)) for stem in stems}}}
    answer = snapshot.ask(size=0, track_total_hits=False, aggs={"stems": wanted})
    held = {stem: bucket["doc_count"] for stem, bucket in answer["aggregations"]["stems"]["buckets"].items()}
    shared = sorted((count, place) for place, stem in enumerate(stems) if (count := held[stem]) > 1)
    return [Term(stems[place]) for _, place in shared[:WORDS_COMPARED]]


def _buckets(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.get("aggregations", {}).get(name, {}).get("buckets", [])
    return found
