"""A panel as Lens keeps it: the oldest form of it that Kibana 8 and 9 both bring up to date by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indexer.kibana.panels import Kind, Metric, Over, Panel, Top, kuery
from indexer.kibana.views import label

LAYER = "lapisan"
FIRST = "ukuran0"  # the column of the first metric: what groups are ordered by
RECORDS = "___records___"  # what Lens calls the field of a count
NUMBER, XY, RING, TABLE, HEAT = "lnsMetric", "lnsXY", "lnsPie", "lnsDatatable", "lnsHeatmap"
DRAWN_BY: dict[Kind, str] = {
    Kind.NUMBER: NUMBER, Kind.RING: RING, Kind.TABLE: TABLE, Kind.HEAT: HEAT,
    Kind.LINE: XY, Kind.BARS: XY, Kind.AREA: XY, Kind.RANKING: XY, Kind.SHARES: XY,
}  # fmt: skip
_TIME_NAMES = {"1h": "Jam", "1d": "Hari", "1w": "Minggu"}


def lens_attributes(panel: Panel) -> dict[str, Any]:
    """Return the attributes of a Lens object; its data view is a reference of the layer."""
    columns = {name: _bucket(panel, bucket) for name, bucket in panel.buckets}
    columns |= {name: _metric(metric) for name, metric in named_metrics(panel.metrics)}
    return {
        "title": panel.title,
        "description": "",
        "visualizationType": DRAWN_BY[panel.kind],
        "state": {
            "datasourceStates": {
                "formBased": {
                    "layers": {LAYER: {"columns": columns, "columnOrder": list(columns), "incompleteColumns": {}}}
                }
            },
            "visualization": _drawn(panel),
            "query": {"query": kuery(panel.only), "language": "kuery"},
            "filters": [],
            "internalReferences": [],
            "adHocDataViews": {},
        },
    }


def named_metrics(metrics: Sequence[Metric]) -> list[tuple[str, Metric]]:
    """Return metrics by the names of their columns."""
    return [(f"ukuran{place}", metric) for place, metric in enumerate(metrics)]


def _bucket(panel: Panel, bucket: Over | Top) -> dict[str, Any]:
    if isinstance(bucket, Over):
        return {
            "label": _TIME_NAMES[bucket.every],
            "customLabel": True,
            "dataType": "date",
            "operationType": "date_histogram",
            "sourceField": bucket.field,
            "isBucketed": True,
            "scale": "interval",
            "params": {"interval": bucket.every, "includeEmptyRows": True, "dropPartials": False},
        }
    return {
        "label": label(panel.view.index, bucket.field),
        "customLabel": True,
        "dataType": "string",
        "operationType": "terms",
        "sourceField": bucket.field,
        "isBucketed": True,
        "scale": "ordinal",
        "params": {
            "size": bucket.size,
            "orderBy": {"type": "column", "columnId": FIRST},
            "orderDirection": "desc",
            "otherBucket": bucket.rest,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
        },
    }


def _metric(metric: Metric) -> dict[str, Any]:
    shape = {"id": "percent" if metric.percent else "number", "params": {"decimals": metric.digits}}
    params: dict[str, Any] = {"format": shape}
    if metric.how == "percentile":
        params["percentile"] = metric.rank
    return {
        "label": metric.label,
        "customLabel": True,
        "dataType": "number",
        "operationType": metric.how,
        "sourceField": metric.field or RECORDS,
        "isBucketed": False,
        "scale": "ratio",
        "params": params,
    }


def _drawn(panel: Panel) -> dict[str, Any]:
    layer = {"layerId": LAYER, "layerType": "data"}
    metrics = [name for name, _ in named_metrics(panel.metrics)]
    groups = {name for name, _ in panel.buckets}
    match DRAWN_BY[panel.kind]:
        case "lnsMetric":
            return {**layer, "metricAccessor": metrics[0]}
        case "lnsDatatable":
            return {**layer, "columns": [{"columnId": name} for name in (*dict(panel.buckets), *metrics)]}
        case "lnsPie":
            ring: dict[str, Any] = {"primaryGroups": ["by"], "metrics": metrics, "numberDisplay": "percent"}
            ring |= {"categoryDisplay": "default", "legendDisplay": "default", "nestedLegend": False}
            return {"shape": panel.kind.value, "layers": [{**layer, **ring}]}
        case "lnsHeatmap":
            shown = ("isYAxisLabelVisible", "isXAxisLabelVisible", "isCellLabelVisible")
            return {
                **layer,
                "shape": panel.kind.value,
                "xAccessor": "by",
                "yAccessor": "split",
                "valueAccessor": metrics[0],
                "legend": {"isVisible": True, "position": "right", "type": "heatmap_legend"},
                "gridConfig": {"type": "heatmap_grid", **dict.fromkeys(shown, True)},
            }
        case _:
            drawn = {**layer, "seriesType": panel.kind.value, "xAccessor": "by", "accessors": metrics}
            if "split" in groups:
                drawn["splitAccessor"] = "split"
            return {
                "legend": {"isVisible": "split" in groups or len(metrics) > 1, "position": "right"},
                "valueLabels": "hide",
                "fittingFunction": "None",
                "preferredSeriesType": panel.kind.value,
                "layers": [drawn],
            }
