"""The question that a panel asks of Elasticsearch, so that it can be asked without Kibana."""

from __future__ import annotations

from typing import Any

from indexer.kibana.lens import FIRST, named_metrics
from indexer.kibana.panels import Metric, Over, Panel, Top, clauses

_CALENDAR = {"1h": "hour", "1d": "day", "1w": "week"}
_AGGREGATIONS = {"unique_count": "cardinality", "average": "avg", "sum": "sum"}


def question(panel: Panel, since: str, *, zone: str = "UTC") -> dict[str, Any]:
    """Return the search that a panel implies from a moment ("now-30d") on, its groups one in another."""
    window = {"range": {panel.view.time: {"gte": since, "lte": "now"}}}
    reckoned = {name: _metric(metric) for name, metric in named_metrics(panel.metrics) if metric.how != "count"}
    first = {name: reckoned[name] for name in reckoned if name == FIRST}
    inner = reckoned
    for name, bucket in reversed(panel.buckets):
        ordered = first if isinstance(bucket, Top) else {}  # groups are ordered by what is reckoned of them whole
        inner = {name: {**_group(bucket, panel.metrics[0], zone), "aggs": ordered | inner}}
    return {
        "size": 0,
        "track_total_hits": True,
        "query": {"bool": {"filter": [window, *clauses(panel.only)]}},
        "aggs": inner,
    }


def _group(bucket: Over | Top, first: Metric, zone: str) -> dict[str, Any]:
    if isinstance(bucket, Over):
        every = {"calendar_interval": _CALENDAR[bucket.every], "time_zone": zone, "min_doc_count": 0}
        return {"date_histogram": {"field": bucket.field, **every}}
    by = {"count": "_count", "median": f"{FIRST}.50", "percentile": f"{FIRST}.{first.rank}"}.get(first.how, FIRST)
    return {"terms": {"field": bucket.field, "size": bucket.size, "order": {by: "desc"}}}


def _metric(metric: Metric) -> dict[str, Any]:
    if metric.how in {"median", "percentile"}:
        return {"percentiles": {"field": metric.field, "percents": [50 if metric.how == "median" else metric.rank]}}
    return {_AGGREGATIONS[metric.how]: {"field": metric.field}}
