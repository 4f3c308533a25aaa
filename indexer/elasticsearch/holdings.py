"""What the index holds, by the month: what reconcile compares with truth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elasticsearch import NotFoundError

from domain.digests import digest_of
from domain.search import CaseVersion, DayDigest, IndexStatus
from indexer.elasticsearch.conditions import Clause
from indexer.elasticsearch.connection import translated
from indexer.elasticsearch.home import Home
from indexer.elasticsearch.layout import MARKS, sum_of_marks
from indexer.elasticsearch.state import State
from indexer.moments import moment

LIVING: Clause = {"exists": {"field": "region"}}  # a deletion leaves a mark without one
_MONTHS = 1_000  # of a region, digested at a time
_CASES = 5_000  # listed at a time


def digests(home: Home) -> list[DayDigest]:
    """Return one digest per region and month, summed by the cluster: no case is listed."""
    found: list[DayDigest] = []
    sums = {name: {"sum": {"field": f"find.marks.{name}"}} for name in MARKS}
    composite: dict[str, Any] = {
        "size": _MONTHS,
        "sources": [{x: {"terms": {"field": x}}} for x in ("region", "month")],
    }
    while True:
        answer = _ask(home, query=LIVING, size=0, aggs={"months": {"composite": composite, "aggs": sums}})
        months = answer.get("aggregations", {}).get("months", {"buckets": []})
        for bucket in months["buckets"]:
            marks = sum_of_marks(bucket[name]["value"] for name in MARKS)
            found.append(digest_of(bucket["key"]["region"], bucket["key"]["month"], bucket["doc_count"], marks))
        if "after_key" not in months:
            return found
        composite["after"] = months["after_key"]


def versions(home: Home, region: str, month: str) -> Iterator[CaseVersion]:
    """Yield the cases of a region and month by their ids."""
    query = {"bool": {"filter": [{"term": {"region": region}}, {"term": {"month": month}}]}}
    more: dict[str, Any] = {}
    while True:  # by the page: nothing stays open while the caller thinks
        answer = _ask(
            home, query=query, size=_CASES, sort=[{"id": "asc"}], source=False, docvalue_fields=["rev"], **more
        )
        hits = answer["hits"]["hits"]
        yield from (CaseVersion(id=hit["_id"], rev=hit["fields"]["rev"][0]) for hit in hits)
        if len(hits) < _CASES:
            return
        more = {"search_after": hits[-1]["sort"]}


def status(home: Home, state: State) -> IndexStatus:
    """Say how the index stands."""
    newest = {"newest": {"max": {"field": "find.published"}}}
    answer = _ask(home, query=LIVING, size=0, track_total_hits=True, aggs=newest)
    found = answer.get("aggregations", {}).get("newest", {}).get("value")
    with translated():
        try:
            stored = home.client.indices.stats(
                index=home.alias, metric="store", filter_path="_all.primaries.store"
            ).body
        except NotFoundError:
            stored = {}
    size = stored.get("_all", {}).get("primaries", {}).get("store", {}).get("size_in_bytes", 0)
    return IndexStatus(
        engine="elasticsearch",
        documents=answer["hits"]["total"]["value"],
        newest=None if found is None else moment(int(found)),
        size_bytes=size,
        mapping_version=state.read.mapping_version,
        norm_version=state.read.norm_version,
    )


def shown_otherwise(home: Home) -> list[tuple[str, str]]:
    """Return the regions and months whose count or sum of revs differs between what we search and what is shown."""
    wanted: Clause = {"bool": {"filter": [LIVING], "must_not": [{"term": {"oversight": True}}]}}
    ours, theirs = _revs(home, home.alias, wanted), _revs(home, home.shown.alias, LIVING)
    return sorted(key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key))


def ticket_versions(home: Home) -> Iterator[CaseVersion]:
    """Yield what stands in the index of tickets, hidden ones too, by code."""
    more: dict[str, Any] = {}
    generation = home.usable_state().read.generation
    while True:
        with translated():
            answer = home.client.search(
                index=f"{home.tickets.base}-{generation}-*", ignore_unavailable=True, size=_CASES,
                sort=[{"id": "asc"}], source_includes=["rev"], **more,
            ).body  # fmt: skip
        hits = answer["hits"]["hits"]
        yield from (CaseVersion(id=hit["_id"], rev=hit["_source"]["rev"]) for hit in hits)
        if len(hits) < _CASES:
            return
        more = {"search_after": hits[-1]["sort"]}


def _revs(home: Home, alias: str, query: Clause) -> dict[tuple[str, str], tuple[int, int]]:
    found: dict[tuple[str, str], tuple[int, int]] = {}
    composite: dict[str, Any] = {
        "size": _MONTHS,
        "sources": [{x: {"terms": {"field": x}}} for x in ("region", "month")],
    }
    aggs = {"months": {"composite": composite, "aggs": {"revs": {"sum": {"field": "rev"}}}}}
    while True:
        with translated():
            answer = home.client.search(index=alias, ignore_unavailable=True, query=query, size=0, aggs=aggs).body
        months = answer.get("aggregations", {}).get("months", {"buckets": []})
        for bucket in months["buckets"]:
            found[bucket["key"]["region"], bucket["key"]["month"]] = (bucket["doc_count"], int(bucket["revs"]["value"]))
        if "after_key" not in months:
            return found
        composite["after"] = months["after_key"]


def buried(home: Home) -> Iterator[list[tuple[str, int, str]]]:
    """Yield the deletions that the index remembers, as (id, rev, month), some at a time."""
    more: dict[str, Any] = {}
    while True:
        answer = _ask(home, query={"term": {"gone": True}}, size=_CASES, sort=[{"id": "asc"}], **more)
        hits = answer["hits"]["hits"]
        yield [(x["_id"], x["_source"]["rev"], x["_source"]["month"]) for x in hits]
        if len(hits) < _CASES:
            return
        more = {"search_after": hits[-1]["sort"]}


def _ask(home: Home, **body: Any) -> dict[str, Any]:
    with translated():
        answer: dict[str, Any] = home.client.search(
            index=home.alias, ignore_unavailable=True, allow_partial_search_results=False, **body
        ).body
    return answer
