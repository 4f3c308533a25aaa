"""A page of hits, with one per story where asked: Elasticsearch's collapse knows no `search_after`, so it is ours.

Hits are sorted by numbers only: by names would cost each month as much as finding them. What then still ties is put
in order here, and so whole runs of hits that tie are taken.

A page is asked in two calls. The first brings hits and counts nothing, so that the engine stops where it has enough:
most months are not even opened. The second counts and brings no hits. There is none where the first brought all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from indexer.elasticsearch.conditions import Clause
from indexer.elasticsearch.counted import Counts
from indexer.elasticsearch.layout import story_number, tie_of
from indexer.elasticsearch.snapshot import Snapshot

_SPARE = 5  # one more hit is fetched for so many that are shown: stories are folded, and few have several cases
_NEWEST: list[Any] = [{"find.published": "desc"}, {"find.tie": "asc"}]
BEST: list[Any] = [{"_score": "desc"}, *_NEWEST]

_UNCOUNTED: dict[str, Any] = {"track_total_hits": False}
# Exact up to about ten thousand stories, beyond that within a few in a thousand.
STORIES: Clause = {"cardinality": {"field": "find.story", "precision_threshold": 40_000}}

Raw = dict[str, Any]  # a hit as the engine tells it
Keys = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: behind a case with these sort keys, of which the last is its tie."""

    keys: Keys
    id: str

    @classmethod
    def behind(cls, keys: Collection[float], case: str) -> Place:
        """Return the place behind a case by what it is sorted by before its id."""
        return cls((*keys, tie_of(case)), case)

    @property
    def after(self) -> list[float]:
        """The sort values to go on after: hits that tie with the case come once more."""
        *keys, tie = self.keys
        return [*keys, tie - 1]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to one snapshot: its condition, and for the best first the same with scores.

    `counts` are the aggregations that are asked of all that matches, beside how many stories there are. `known` is how
    many cases and stories match, where that was counted in this snapshot before.
    """

    snapshot: Snapshot
    clause: Clause
    ranking: Clause | None = None
    counts: dict[str, Any] = field(default_factory=dict)
    known: Counts | None = None

    def ask(self, query: Clause, size: int, **more: Any) -> dict[str, Any]:
        """Fetch hits in the engine's order."""
        return self.snapshot.ask(query=query, sort=self.sort, size=size, **_UNCOUNTED, **self.ranked, **more)

    def listed(self, query: Clause, least: int, place: Place | None, **more: Any) -> Listed:
        """Fetch so many hits behind a place in order, ties by id, with all that tie with the last of them."""
        fetch = least + 1 + (place is not None)
        if place is not None:
            more["search_after"] = place.after
        while True:
            answer = self.ask(query, fetch, **more)
            runs = [sorted(run, key=_id) for _, run in groupby(answer["hits"]["hits"], key=self.keys)]
            whole = sum(map(len, runs)) < fetch
            hits = [hit for run in (runs if whole else runs[:-1]) for hit in run]
            passed = sum(self.keys(hit) == place.keys and _id(hit) <= place.id for hit in hits) if place else 0
            if whole or len(hits) - passed >= least:
                return Listed(hits, passed, whole)
            fetch *= 2

    def keys(self, hit: Raw) -> Keys:
        """Return what a hit is sorted by."""
        return tuple(hit["sort"][: len(self.sort)])

    @property
    def query(self) -> Clause:
        """What hits are fetched by."""
        return self.ranking or self.clause

    @property
    def sort(self) -> list[Any]:
        """Newest or best first."""
        return _NEWEST if self.ranking is None else BEST

    @property
    def ranked(self) -> dict[str, Any]:
        """Words are as rare as they are in all months, not in a hit's own."""
        return {} if self.ranking is None else {"search_type": "dfs_query_then_fetch"}


@dataclass(frozen=True, slots=True)
class Listed:
    """Hits in order, of which the first few were passed already, and whether they are all that is left."""

    hits: list[Raw]
    passed: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page: each hit with the size of its story, whether more follow, and what is counted of all that matches."""

    hits: list[tuple[Raw, int]]
    more: bool
    counted: Counted


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cases and stories match, how many cases of the stories asked for, and the answers to `counts`."""

    total: int
    stories: int
    sizes: dict[str, int]
    answers: Mapping[str, Any]


def plain_page(asked: Asked, size: int, after: Place | None) -> Found:
    """Return a page of cases."""
    listed = asked.listed(asked.query, size + 1, after)
    hits = listed.hits[listed.passed :]
    counted = _counted(asked, (), listed.hits if listed.whole and after is None else None)
    return Found([(hit, 1) for hit in hits[:size]], len(hits) > size, counted)


def folded_page(asked: Asked, size: int, after: Place | None) -> Found:
    """Return a page of stories, each by its first case in the whole order: so pages need not know each other."""
    shown: list[Raw] = []
    decided: set[str] = set()
    sizes: dict[str, int] = {}
    every: list[Raw] | None = None
    query, place = asked.query, after
    while True:
        listed = asked.listed(query, size + size // _SPARE + 1, place)
        firsts: dict[str, tuple[int, Raw]] = {}
        for number, hit in enumerate(listed.hits):
            firsts.setdefault(_story(hit), (number, hit))
        if after is not None:
            heads, those = _heads(asked, firsts)
            sizes |= those
        else:  # nothing lies before what was fetched: a story's first hit is its first case
            heads = {story: asked.keys(hit) for story, (_, hit) in firsts.items()}
            every = listed.hits if listed.whole and not decided else None
        shown += [
            hit
            for story, (number, hit) in firsts.items()
            if number >= listed.passed and asked.keys(hit) == heads[story]
        ]
        if len(shown) > size or listed.whole:
            page = shown[:size]
            counted = _counted(asked, () if sizes else [_story(hit) for hit in page], every)
            sizes = sizes or counted.sizes
            return Found([(hit, sizes[_story(hit)]) for hit in page], len(shown) > size, counted)
        decided |= firsts.keys()
        # What is left holds none of the stories seen: the largest of them cannot be in the way twice.
        query = {"bool": {"must": [asked.query], "must_not": [{"terms": {"story": sorted(decided)}}]}}
        place = Place(asked.keys(listed.hits[-1]), _id(listed.hits[-1]))


def _counted(asked: Asked, stories: Collection[str], every: Sequence[Raw] | None) -> Counted:
    """Count all that matches, and of these stories each. `every` are all hits where they are at hand."""
    if every is not None and not asked.counts:
        sizes = Counter(map(_story, every))
        return Counted(len(every), len(sizes), sizes, {})
    if asked.known and not (asked.counts or stories):
        return Counted(asked.known.cases, asked.known.stories, {}, {})
    counts = {"stories": STORIES} | asked.counts
    if stories:
        counts["of these"] = {"filter": _of(stories), "aggs": {"sizes": _sizes(len(stories))}}
    answer = asked.snapshot.ask(query=asked.clause, size=0, track_total_hits=True, aggs=counts)
    told = answer.get("aggregations", {})  # none where there is no index yet
    return Counted(
        total=answer["hits"]["total"]["value"],
        stories=told["stories"]["value"] if told else 0,
        sizes=_told(told["of these"], stories) if stories else {},
        answers=told,
    )


def _heads(asked: Asked, stories: Collection[str]) -> tuple[dict[str, Keys], dict[str, int]]:
    """Return what each story's first case in the whole order is sorted by, and how many of its cases match."""
    if not stories:
        return {}, {}
    among: Clause = {"bool": {"must": [asked.query], "filter": [_of(stories)]}}
    once = {"collapse": {"field": "find.story"}, "source": False}
    answer = asked.ask(among, len(stories), **once, aggs={"sizes": _sizes(len(stories))})
    keys = {hit["fields"]["find.story"][0]: asked.keys(hit) for hit in answer["hits"]["hits"]}
    return {story: keys[story_number(story)] for story in stories}, _told(answer["aggregations"], stories)


def _of(stories: Collection[str]) -> Clause:
    return {"terms": {"story": list(stories)}}


def _told(counted: Mapping[str, Any], stories: Collection[str]) -> dict[str, int]:
    held = {bucket["key"]: bucket["doc_count"] for bucket in counted["sizes"]["buckets"]}
    return {story: held[story_number(story)] for story in stories}


def _sizes(stories: int) -> dict[str, Any]:
    return {"terms": {"field": "find.story", "size": stories}}


def _story(hit: Raw) -> str:
    return str(hit["_source"]["story"])


def _id(hit: Raw) -> str:
    return str(hit["_id"])
