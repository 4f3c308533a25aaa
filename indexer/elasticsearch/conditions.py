"""Questions in Elasticsearch's language: the query tree, the filters, and what a reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, assert_never

from domain.errors import QueryRefused
from domain.query.tree import (
    And,
    Everything,
    FieldIs,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Stream,
    Term,
    Words,
    wanted_words,
)
from domain.scope import Scope
from domain.search import Filters
from indexer.moments import microseconds

Clause: TypeAlias = dict[str, Any]

EVERYTHING: Clause = {"match_all": {}}
NOTHING: Clause = {"match_none": {}}
DEEPEST = 25  # Elasticsearch refuses queries nested deeper than 30, of which ours stand in a few
_PLAIN_FILTERS = (
    "region", "kecamatan", "desa", "sentiment", "intent", "urgency", "opd", "source", "channel", "language", "state",
    "urusan", "authority", "story",
)  # fmt: skip


def asked(node: Node, filters: Filters, scope: Scope) -> Clause:
    """Return the condition of a search, without scores. Raises: QueryRefused when it is nested too deep."""
    if _depth(node) > DEEPEST:
        raise QueryRefused(f"Terlalu banyak kurung bersarang: paling banyak {DEEPEST} tingkat.", position=0)
    return {"bool": {"filter": [*visible(scope), *_filtered(filters), condition(node)]}}


def scored(clause: Clause, node: Node) -> Clause:
    """Return a condition whose hits score by the words that the query asks for."""
    return {"bool": {"filter": [clause], "should": [condition(leaf) for leaf in dict.fromkeys(wanted_words(node))]}}


def condition(node: Node) -> Clause:
    """Return what a tree asks for."""
    match node:
        case Everything():
            return EVERYTHING
        case Term() | Phrase() | Prefix() | Near():
            return _words(node)
        case FieldIs(field, value):
            return {"term": {"find.is": f"{field}:{value}"}}
        case And(children):
            return all_of(condition(child) for child in children)
        case Or(children):
            return any_of(condition(child) for child in children)
        case Not(child):
            return none_of([condition(child)])
        case _:
            assert_never(node)


def _words(leaf: Words) -> Clause:
    match leaf:
        case Term(token, stream):
            return {"term": {"find.stem" if stream is Stream.STEM else "find.exact": token}}
        case Phrase((token,)):
            return {"term": {"find.exact": token}}
        case Phrase(tokens):
            return {"match_phrase": {"find.exact": " ".join(tokens)}}
        case Prefix(prefix):
            return {"prefix": {"find.exact": prefix}}
        case Near(left, right, distance):
            # Spans, not intervals: those want a word to stand twice to be near itself, and stretches to be apart.
            return {"span_near": {"clauses": [_span(left), _span(right)], "slop": distance, "in_order": False}}
        case _:
            assert_never(leaf)


def visible(scope: Scope) -> list[Clause]:
    """Return what a case must fulfil to be seen: `Scope.allows`, clause by clause. Deleted cases have no region."""
    clauses: list[Clause] = [{"terms": {"region": sorted(scope.regions)}}]
    if not scope.may_oversee:
        clauses.append(none_of([{"term": {"oversight": True}}]))
    if scope.opds is not None:
        clauses.append(any_of(_of_agencies(region, scope.agencies_in(region)) for region in sorted(scope.regions)))
    if scope.areas is not None:
        clauses.append({"terms": {"find.areas": sorted(scope.areas)}})
    return clauses


def all_of(clauses: Iterable[Clause]) -> Clause:
    """Return what holds where all hold."""
    return {"bool": {"filter": list(clauses)}}


def any_of(clauses: Iterable[Clause]) -> Clause:
    """Return what holds where one holds; of none, nothing."""
    listed = list(clauses)
    return {"bool": {"should": listed, "minimum_should_match": 1}} if listed else NOTHING


def none_of(clauses: Sequence[Clause]) -> Clause:
    """Return what holds where none holds."""
    return {"bool": {"must_not": list(clauses)}}


def _of_agencies(region: str, own: frozenset[str]) -> Clause:
    agencies = {"terms": {"opd": sorted(own)}}
    accused = {"terms": {"accused_opd": sorted(own)}}
    return {"bool": {"filter": [{"term": {"region": region}}, agencies], "must_not": [accused]}}


def _filtered(filters: Filters) -> list[Clause]:
    clauses: list[Clause] = []
    window = {name: microseconds(moment) for name, moment in (("gte", filters.since), ("lt", filters.until)) if moment}
    if window:
        clauses.append({"range": {"find.published": window}})
    clauses += [{"terms": {field: list(wanted)}} for field in _PLAIN_FILTERS if (wanted := getattr(filters, field))]
    if filters.topic:
        clauses.append(any_of({"terms": {field: list(filters.topic)}} for field in ("topic", "topic_main")))
    if filters.oversight is not None:
        clauses.append({"term": {"oversight": filters.oversight}})
    return clauses


def _span(tokens: Sequence[str]) -> Clause:
    words = [{"span_term": {"find.exact": token}} for token in tokens]
    return words[0] if len(words) == 1 else {"span_near": {"clauses": words, "slop": 0, "in_order": True}}


def _depth(node: Node) -> int:
    match node:
        case And(children) | Or(children):
            return 1 + max(_depth(child) for child in children)
        case Not(child):
            return 1 + _depth(child)
        case _:
            return 0
