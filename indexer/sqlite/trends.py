"""Histograms over time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from domain.query import parse_query
from domain.scope import Scope
from domain.search import TrendPoint, TrendQuery, TrendSeries
from indexer.bars import bar_starts, zone_named
from indexer.countable import refuse_unknown_fields
from indexer.moments import microseconds, moment
from indexer.sqlite.columns import Numbers, Rows
from indexer.sqlite.search import View

_LAST_INSIDE = timedelta(microseconds=1)  # windows are half-open


def aggregate(view: View, query: TrendQuery, scope: Scope) -> TrendSeries:
    """Count cases (or stories) per bar. The total counts every case, or every story, once.

    Raises: QueryRefused, Refused for an unknown zone or field and for too many bars.
    """
    refuse_unknown_fields((query.split,) if query.split else ())
    zone = zone_named(query.timezone)
    rows = view.selector.select(parse_query(query.q), query.filters, scope)
    published = view.snapshot.columns["published"][rows]
    first, last = _ends(query, published)
    if first is None or last is None or first > last:
        return TrendSeries(interval=query.interval, timezone=query.timezone, points=(), total=0)
    starts = bar_starts(first, last, query.interval, zone)
    edges = np.array([microseconds(x.astimezone(UTC)) for x in starts], np.int64)
    bars = np.searchsorted(edges, published, side="right") - 1
    counts = _counts(view, query, rows, bars, len(starts))
    splits = _splits(view, query, rows, bars, len(starts))
    points = tuple(
        TrendPoint(start=start, count=count, split=split)
        for start, count, split in zip(starts, counts, splits, strict=True)
    )
    total = len(np.unique(view.snapshot.stories[rows])) if query.distinct_stories else len(rows)
    return TrendSeries(interval=query.interval, timezone=query.timezone, points=points, total=total)


def _ends(query: TrendQuery, published: Numbers) -> tuple[datetime | None, datetime | None]:
    """Return the first and the last moment that a bar must hold."""
    filters = query.filters
    first = filters.since or (moment(int(published.min())) if len(published) else None)
    last = filters.until - _LAST_INSIDE if filters.until else (moment(int(published.max())) if len(published) else None)
    return first or last, last or first


def _counts(view: View, query: TrendQuery, rows: Rows, bars: Rows, count: int) -> list[int]:
    if query.distinct_stories:
        bars = _once_per_story(view, rows, bars)
    return [int(x) for x in np.bincount(bars, minlength=count)]


def _splits(view: View, query: TrendQuery, rows: Rows, bars: Rows, count: int) -> list[dict[str, int]]:
    if query.split is None:
        return [{} for _ in range(count)]
    texts = view.snapshot.texts[query.split]
    codes = view.snapshot.columns[query.split][rows].astype(np.int64)
    wide = len(texts)
    cells = bars * wide + codes
    if query.distinct_stories:
        cells = _once_per_story(view, rows, cells)
    table = np.bincount(cells, minlength=count * wide).reshape(count, wide)
    return [{texts[code]: int(row[code]) for code in np.flatnonzero(row).tolist() if code} for row in table]


def _once_per_story(view: View, rows: Rows, cells: Rows) -> Rows:
    """Return the cells with each story left in a cell once."""
    pairs = np.unique(cells * np.int64(max(view.snapshot.story_count, 1)) + view.snapshot.stories[rows])
    unfolded: Rows = pairs // max(view.snapshot.story_count, 1)
    return unfolded
