"""A page of hits, with one per story where asked: Elasticsearch's collapse knows no `search_after`, so it is ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from indexer.elasticsearch.conditions import Clause, all_of, none_of
from indexer.elasticsearch.snapshot import Snapshot

_OVERFETCH = 2  # hits fetched for one that is shown, while stories are folded
_NEWEST: list[Any] = [{"find.published": "desc"}, {"id": "asc"}]
_BEST: list[Any] = [{"_score": "desc"}, *_NEWEST]

Place = list[Any]  # a hit's sort values


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to one snapshot. `also` is asked once, with the first fetch: totals and counts."""

    snapshot: Snapshot
    query: Clause
    best: bool = False
    also: dict[str, Any] = field(default_factory=dict)

    def ask(self, query: Clause, size: int, *, after: Place | None = None, **more: Any) -> dict[str, Any]:
        """Fetch hits in order."""
        if after is not None:
            more["search_after"] = after
        return self.snapshot.ask(query=query, sort=self.sort, size=size, **self.ranked, **more)

    @property
    def sort(self) -> list[Any]:
        """Newest or best first, ties by publication and id."""
        return _BEST if self.best else _NEWEST

    @property
    def ranked(self) -> dict[str, Any]:
        """Words are as rare as they are in all months, not in a hit's own."""
        return {"search_type": "dfs_query_then_fetch"} if self.best else {}


@dataclass(frozen=True, slots=True)
class Found:
    """A page: each hit with the size of its story, whether more follow, and the answer that held `also`."""

    hits: list[tuple[dict[str, Any], int]]
    more: bool
    answer: dict[str, Any]


def plain_page(asked: Asked, size: int, after: Place | None) -> Found:
    """Return a page of cases."""
    answer = asked.ask(asked.query, size + 1, after=after, **asked.also)
    hits = answer["hits"]["hits"]
    return Found([(hit, 1) for hit in hits[:size]], len(hits) > size, answer)


def folded_page(asked: Asked, size: int, after: Place | None) -> Found:
    """Return a page of stories, each by its first case in the whole order: so pages need not know each other."""
    shown: list[tuple[dict[str, Any], int]] = []
    decided: set[str] = set()
    fetch = size * _OVERFETCH + 1
    answer = first = asked.ask(asked.query, fetch, after=after, **asked.also)
    while True:
        hits = answer["hits"]["hits"]
        stories = _stories(asked, list(dict.fromkeys(_story(hit) for hit in hits)))
        shown += [(hit, stories[_story(hit)][1]) for hit in hits if stories[_story(hit)][0] == hit["_id"]]
        decided |= stories.keys()
        if len(shown) > size or len(hits) < fetch:
            return Found(shown[:size], len(shown) > size, first)
        # What is left holds none of the stories seen: the largest of them cannot be in the way twice.
        rest = all_of([asked.query, none_of([{"terms": {"story": sorted(decided)}}])])
        if asked.best:
            rest = {"bool": {"must": [asked.query], "must_not": [{"terms": {"story": sorted(decided)}}]}}
        answer = asked.ask(rest, fetch, after=hits[-1]["sort"][: len(asked.sort)], track_total_hits=False)


def _stories(asked: Asked, stories: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Return each story's first case in the whole order, and how many of its cases match."""
    if not stories:
        return {}
    among = {"bool": {"must": [asked.query], "filter": [{"terms": {"story": list(stories)}}]}}
    head = {"top_hits": {"size": 1, "sort": asked.sort, "_source": False}}
    # "map": counted from the few matching cases, without numbering all stories first.
    terms = {"field": "story", "size": len(stories), "execution_hint": "map"}
    answer = asked.snapshot.ask(
        query=among, size=0, track_total_hits=False, aggs={"stories": {"terms": terms, "aggs": {"first": head}}},
        **asked.ranked,
    )  # fmt: skip
    return {
        bucket["key"]: (bucket["first"]["hits"]["hits"][0]["_id"], bucket["doc_count"])
        for bucket in answer["aggregations"]["stories"]["buckets"]
    }


def _story(hit: dict[str, Any]) -> str:
    return str(hit["_source"]["story"])
