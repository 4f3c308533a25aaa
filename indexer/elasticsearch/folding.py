"""A page of hits, with one per story where asked: Elasticsearch's collapse knows no `search_after`, so it is ours.

Hits are sorted by numbers only: by names would cost each month as much as finding them. What then still ties is put
in order here, and so whole runs of hits that tie are taken.

Hits and counts are asked side by side in one call: the engine stops looking for hits where it has enough, and counts
without fetching any. How large the stories shown are is asked in a second call, while the hits are made ready.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any

from indexer.elasticsearch.conditions import Clause
from indexer.elasticsearch.counted import Counts
from indexer.elasticsearch.layout import story_number, tie_of
from indexer.elasticsearch.snapshot import Question, Snapshot

_SPARE = 10  # one more hit is fetched for so many that are shown: stories are folded, and few have several cases
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
    many cases and stories match, where that was counted in this snapshot before. What can wait is asked `aside`.
    """

    snapshot: Snapshot
    clause: Clause
    ranking: Clause | None = None
    counts: dict[str, Any] = field(default_factory=dict)
    known: Counts | None = None
    aside: Executor | None = None

    def hits(self, query: Clause, size: int, **more: Any) -> Question:
        """Return the question for hits in order. Words are as rare as they are in all months, not in a hit's own."""
        body = {"query": query, "sort": self.sort, "size": size, **_UNCOUNTED, **more}
        return Question(body, everywhere=self.ranking is not None)

    def totals(self) -> Question | None:
        """Return the question for what is to be counted of all that matches, if anything is."""
        if self.known and not self.counts:
            return None
        return Question(
            {"query": self.clause, "size": 0, "track_total_hits": True, "aggs": {"stories": STORIES} | self.counts}
        )

    def listed(self, query: Clause, least: int, place: Place | None, beside: Question | None = None) -> Listed:
        """Fetch so many hits behind a place in order, ties by id, with all that tie with the last of them.

        What is asked `beside` is answered, too.
        """
        fetch = least + 1 + (place is not None)
        more = {"search_after": place.after} if place is not None else {}
        told: dict[str, Any] | None = None
        while True:
            question = self.hits(query, fetch, **more)
            if beside is not None and told is None:
                answer, told = self.snapshot.ask_all([question, beside])
            else:
                (answer,) = self.snapshot.ask_all([question])
            runs = [sorted(run, key=_id) for _, run in groupby(answer["hits"]["hits"], key=self.keys)]
            whole = sum(map(len, runs)) < fetch
            hits = [hit for run in (runs if whole else runs[:-1]) for hit in run]
            passed = sum(self.keys(hit) == place.keys and _id(hit) <= place.id for hit in hits) if place else 0
            if whole or len(hits) - passed >= least:
                return Listed(hits, passed, whole, told)
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


@dataclass(frozen=True, slots=True)
class Listed:
    """Hits in order, of which the first few were passed already; whether they are all that is left; what was beside."""

    hits: list[Raw]
    passed: int
    whole: bool
    told: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Found:
    """A page: its hits, whether more follow, what is counted of all that matches, and how large the stories are."""

    hits: list[Raw]
    more: bool
    counted: Counted
    sizes: Callable[[], Mapping[str, int]]  # waits for the answer


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cases and stories match, and the answers to `counts`."""

    total: int
    stories: int
    answers: Mapping[str, Any]


def plain_page(asked: Asked, size: int, after: Place | None) -> Found:
    """Return a page of cases."""
    listed = asked.listed(asked.query, size + 1, after, asked.totals())
    hits = listed.hits[listed.passed :]
    shown = hits[:size]
    return Found(shown, len(hits) > size, _counted(asked, listed.told), lambda: dict.fromkeys(map(story_of, shown), 1))


def folded_page(asked: Asked, size: int, after: Place | None) -> Found:
    """Return a page of stories, each by its first case in the whole order: so pages need not know each other."""
    shown: list[Raw] = []
    decided: set[str] = set()
    sizes: dict[str, int] = {}
    query, place, counted = asked.query, after, None
    while True:
        listed = asked.listed(query, size + size // _SPARE + 1, place, None if counted else asked.totals())
        counted = counted or _counted(asked, listed.told)
        firsts: dict[str, tuple[int, Raw]] = {}
        for number, hit in enumerate(listed.hits):
            firsts.setdefault(story_of(hit), (number, hit))
        if after is not None:
            heads, those = _heads(asked, firsts)
            sizes |= those
        else:  # nothing lies before what was fetched: a story's first hit is its first case
            heads = {story: asked.keys(hit) for story, (_, hit) in firsts.items()}
            if listed.whole and not decided:
                sizes |= Counter(map(story_of, listed.hits))
        shown += [
            hit
            for story, (number, hit) in firsts.items()
            if number >= listed.passed and asked.keys(hit) == heads[story]
        ]
        if len(shown) > size or listed.whole:
            page = shown[:size]
            told = partial(dict, sizes) if sizes else _asked_aside(asked, [story_of(hit) for hit in page])
            return Found(page, len(shown) > size, counted, told)
        decided |= firsts.keys()
        # What is left holds none of the stories seen: the largest of them cannot be in the way twice.
        query = {"bool": {"must": [asked.query], "must_not": [{"terms": {"story": sorted(decided)}}]}}
        place = Place(asked.keys(listed.hits[-1]), _id(listed.hits[-1]))


def _counted(asked: Asked, answer: dict[str, Any] | None) -> Counted:
    """Return what was counted of all that matches, now or in this snapshot before."""
    if answer is None:
        assert asked.known is not None  # noqa: S101  else it was asked for
        return Counted(asked.known.cases, asked.known.stories, {})
    told = answer.get("aggregations", {})  # none where there is no index yet
    return Counted(answer["hits"]["total"]["value"], told["stories"]["value"] if told else 0, told)


def _asked_aside(asked: Asked, stories: Collection[str]) -> Callable[[], Mapping[str, int]]:
    """Ask how large stories are, and return what waits for the answer."""
    if asked.aside is None or not stories:
        return partial(_sizes, asked, stories)
    return asked.aside.submit(_sizes, asked, stories).result


def _sizes(asked: Asked, stories: Collection[str]) -> dict[str, int]:
    """Return how many cases of each story match."""
    if not stories:
        return {}
    among: Clause = {"bool": {"filter": [asked.clause, _of(stories)]}}
    return _told(asked.snapshot.ask(query=among, size=0, **_UNCOUNTED, aggs=_counting(stories)), stories)


def _heads(asked: Asked, stories: Collection[str]) -> tuple[dict[str, Keys], dict[str, int]]:
    """Return what each story's first case in the whole order is sorted by, and how many of its cases match."""
    if not stories:
        return {}, {}
    among: Clause = {"bool": {"must": [asked.query], "filter": [_of(stories)]}}
    once = {"collapse": {"field": "find.story"}, "_source": False, "aggs": _counting(stories)}
    (answer,) = asked.snapshot.ask_all([asked.hits(among, len(stories), **once)])
    keys = {hit["fields"]["find.story"][0]: asked.keys(hit) for hit in answer["hits"]["hits"]}
    return {story: keys[story_number(story)] for story in stories}, _told(answer, stories)


def _of(stories: Collection[str]) -> Clause:
    return {"terms": {"story": list(stories)}}


def _counting(stories: Collection[str]) -> dict[str, Any]:
    return {"sizes": {"terms": {"field": "find.story", "size": len(stories)}}}


def _told(answer: dict[str, Any], stories: Collection[str]) -> dict[str, int]:
    counts = {bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"]["sizes"]["buckets"]}
    return {story: counts[story_number(story)] for story in stories}


def story_of(hit: Raw) -> str:
    """Return the story of a hit."""
    return str(hit["_source"]["story"])


def _id(hit: Raw) -> str:
    return str(hit["_id"])
