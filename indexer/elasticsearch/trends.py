"""Histograms over time, counted in a zone's own hours, days, weeks and months."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.query import parse_query
from domain.scope import Scope
from domain.search import TrendPoint, TrendQuery, TrendSeries
from indexer.bars import bar_starts, zone_named
from indexer.countable import refuse_unknown_fields
from indexer.elasticsearch.conditions import Clause, asked
from indexer.elasticsearch.folding import STORIES
from indexer.elasticsearch.home import Home
from indexer.elasticsearch.search import MOST_VALUES
from indexer.moments import microseconds, moment

_LAST_INSIDE = timedelta(microseconds=1)  # windows are half-open
_CELL: Clause = {"cardinality": {"field": "find.story", "precision_threshold": 1_000}}  # of a bar: they are many


def aggregate(home: Home, query: TrendQuery, scope: Scope) -> TrendSeries:
    """Count cases (or stories) per bar. The total counts every case, or every story, once.

    Raises: QueryRefused, Refused for an unknown zone or field and for too many bars.
    """
    refuse_unknown_fields((query.split,) if query.split else ())
    zone = zone_named(query.timezone)
    clause = asked(parse_query(query.q), query.filters, scope)
    filters = query.filters
    if filters.since and filters.until:  # refused before anything is counted
        bar_starts(filters.since, filters.until - _LAST_INSIDE, query.interval, zone)
    counts = _counts(query)
    answer = home.latest.ask(lambda held: held.ask(query=clause, size=0, track_total_hits=True, aggs=counts))
    counted = answer.get("aggregations", {})
    first, last = _ends(query, counted)
    if first is None or last is None or first > last:
        return TrendSeries(interval=query.interval, timezone=query.timezone, points=(), total=0)
    starts = bar_starts(first, last, query.interval, zone)
    bars, splits = _bars(query, counted.get("bars", {}).get("buckets", []), starts)
    points = tuple(
        TrendPoint(start=start, count=bars[place], split=splits.get(place, {})) for place, start in enumerate(starts)
    )
    total = counted["stories"]["value"] if query.distinct_stories and counted else answer["hits"]["total"]["value"]
    return TrendSeries(interval=query.interval, timezone=query.timezone, points=points, total=total)


def _counts(query: TrendQuery) -> dict[str, Any]:
    inner: dict[str, Any] = {"stories": _CELL} if query.distinct_stories else {}
    split: dict[str, Any] = {}
    if query.split:
        split = {"split": {"terms": {"field": query.split, "size": MOST_VALUES}, **({"aggs": inner} if inner else {})}}
    histogram = {
        "field": "@timestamp",
        "calendar_interval": query.interval.value,
        "time_zone": query.timezone,
        "min_doc_count": 1,
    }
    counts: dict[str, Any] = {
        "bars": {"date_histogram": histogram, **({"aggs": inner | split} if inner or split else {})},
    }
    if query.filters.since is None:
        counts["first"] = {"min": {"field": "find.published"}}
    if query.filters.until is None:
        counts["last"] = {"max": {"field": "find.published"}}
    return counts | ({"stories": STORIES} if query.distinct_stories else {})


def _ends(query: TrendQuery, counted: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    """Return the first and the last moment that a bar must hold."""
    filters = query.filters
    found = [counted.get(x, {}).get("value") for x in ("first", "last")]
    low, high = (None if x is None else moment(int(x)) for x in found)
    first = filters.since or low
    last = filters.until - _LAST_INSIDE if filters.until else high
    return first or last, last or first


def _bars(
    query: TrendQuery, buckets: list[dict[str, Any]], starts: list[datetime]
) -> tuple[Counter[int], dict[int, dict[str, int]]]:
    """Return the count and the split of each bar that has any, by its place."""
    edges = [microseconds(x.astimezone(UTC)) // 1_000 for x in starts]

    def count(bucket: dict[str, Any]) -> int:
        return int(bucket["stories"]["value"] if query.distinct_stories else bucket["doc_count"])

    bars: Counter[int] = Counter()
    splits: dict[int, dict[str, int]] = {}
    for bucket in buckets:
        place = max(bisect_right(edges, bucket["key"]) - 1, 0)
        bars[place] += count(bucket)
        cells = splits.setdefault(place, {})
        for cell in bucket["split"]["buckets"] if query.split else ():
            cells[cell["key"]] = cells.get(cell["key"], 0) + count(cell)
    return bars, splits
