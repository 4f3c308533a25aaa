"""A page of hits, with one per story where asked: Elasticsearch's collapse knows no `search_after`, so it is ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from indexer.elasticsearch.conditions import Clause, all_of
from indexer.elasticsearch.snapshot import Question, Snapshot

_SPARE = 2  # one more hit is fetched for so many that are shown: stories are folded, and few have several cases
_NEWEST: list[Any] = [{"find.published": "desc"}, {"id": "asc"}]
BEST: list[Any] = [{"_score": "desc"}, *_NEWEST]

_UNCOUNTED: dict[str, Any] = {"track_total_hits": False}
_NOTHING: dict[str, Any] = {"hits": {"total": {"value": 0}}}  # what is counted where nothing was found
_SHOWN = "shown"  # the aggregation over the stories of a page

Place = list[Any]  # a hit's sort values


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to one snapshot: its condition, and for the best first the same with scores.

    `also` is asked once: totals and counts.
    """

    snapshot: Snapshot
    clause: Clause
    ranking: Clause | None = None
    also: dict[str, Any] = field(default_factory=dict)

    def ask(self, query: Clause, size: int, *, after: Place | None = None, **more: Any) -> dict[str, Any]:
        """Fetch hits in order."""
        if after is not None:
            more["search_after"] = after
        return self.snapshot.ask(query=query, sort=self.sort, size=size, **self.ranked, **more)

    @property
    def query(self) -> Clause:
        """What hits are fetched by."""
        return self.ranking or self.clause

    @property
    def best(self) -> bool:
        """Whether hits come best first."""
        return self.ranking is not None

    @property
    def sort(self) -> list[Any]:
        """Newest or best first, ties by publication and id."""
        return BEST if self.best else _NEWEST

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

    @property
    def total(self) -> int:
        """How many cases match."""
        return int(self.answer["hits"]["total"]["value"])

    @property
    def counted(self) -> dict[str, Any]:
        """The aggregations of `also`; none where nothing was found."""
        found: dict[str, Any] = self.answer.get("aggregations", {})
        return found


def plain_page(asked: Asked, size: int, after: Place | None) -> Found:
    """Return a page of cases."""
    answer = asked.ask(asked.query, size + 1, after=after, **asked.also)
    hits = answer["hits"]["hits"]
    return Found([(hit, 1) for hit in hits[:size]], len(hits) > size, answer)


def folded_page(asked: Asked, size: int, after: Place | None) -> Found:
    """Return a page of stories, each by its first case in the whole order: so pages need not know each other."""
    shown: list[tuple[dict[str, Any], int]] = []
    decided: set[str] = set()
    fetch = size + size // _SPARE + 1
    counted: dict[str, Any] | None = None
    # The engine stops at the first hits where it need not count: what is counted is asked with the stories' sizes.
    answer = asked.ask(asked.query, fetch, after=after, **_UNCOUNTED)
    while True:
        hits = answer["hits"]["hits"]
        heads: dict[str, str] = {}
        for hit in hits:
            heads.setdefault(_story(hit), hit["_id"])
        also = asked.also if counted is None else _UNCOUNTED
        if after is None:  # nothing lies before what was fetched: a story's first hit is its first case
            sizes, told = _sizes(asked, list(heads), also)
            stories = {story: (head, sizes[story]) for story, head in heads.items()}
        else:
            stories, told = _stories(asked, list(heads), also)
        counted = told if counted is None else counted
        shown += [(hit, stories[_story(hit)][1]) for hit in hits if stories[_story(hit)][0] == hit["_id"]]
        decided |= stories.keys()
        if len(shown) > size or len(hits) < fetch:
            return Found(shown[:size], len(shown) > size, counted)
        # What is left holds none of the stories seen: the largest of them cannot be in the way twice.
        rest = {"bool": {"must": [asked.query], "must_not": [{"terms": {"story": sorted(decided)}}]}}
        answer = asked.ask(rest, fetch, after=hits[-1]["sort"][: len(asked.sort)], **_UNCOUNTED)


def _sizes(asked: Asked, stories: Sequence[str], also: dict[str, Any]) -> tuple[dict[str, int], dict[str, Any]]:
    """Return how many cases of each story match, and the answer to what else is asked of all that match."""
    if not stories:
        return {}, _NOTHING
    these: Clause = {"terms": {"story": list(stories)}}
    counting = {_SHOWN: {"filter": these, "aggs": {"sizes": {"terms": _by_story(stories)}}}}
    among = asked.clause if "aggs" in also else all_of([asked.clause, these])
    answer = asked.snapshot.ask(query=among, size=0, **{**also, "aggs": also.get("aggs", {}) | counting})
    buckets = answer["aggregations"][_SHOWN]["sizes"]["buckets"]
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}, answer


def _stories(
    asked: Asked, stories: Sequence[str], also: dict[str, Any]
) -> tuple[dict[str, tuple[str, int]], dict[str, Any]]:
    """Return each story's first case in the whole order with how many of its cases match, and an answer as `_sizes`."""
    among = {"bool": {"must": [asked.query], "filter": [{"terms": {"story": list(stories)}}]}}
    first = {"top_hits": {"size": 1, "sort": asked.sort, "_source": False}}
    aggs = {"stories": {"terms": _by_story(stories), "aggs": {"first": first}}}
    questions = [Question({"query": among, "size": 0, "aggs": aggs, **_UNCOUNTED}, everywhere=asked.best)]
    if "aggs" in also:
        questions.append(Question({"query": asked.clause, "size": 0, **also}))
    answers = asked.snapshot.ask_all(questions)
    buckets = answers[0]["aggregations"]["stories"]["buckets"] if stories else []
    found = {x["key"]: (x["first"]["hits"]["hits"][0]["_id"], x["doc_count"]) for x in buckets}
    return found, answers[-1]


def _by_story(stories: Sequence[str]) -> dict[str, Any]:
    # "map": counted from the few matching cases, without numbering all stories first.
    return {"field": "story", "size": max(len(stories), 1), "execution_hint": "map"}


def _story(hit: dict[str, Any]) -> str:
    return str(hit["_source"]["story"])
