"""All that Kibana is given, as saved objects: ids that never change, references complete, nested state as text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import orjson

from indexer.kibana.dashboards import DASHBOARDS
from indexer.kibana.lens import LAYER, lens_attributes
from indexer.kibana.panels import Dashboard, Panel, Search, View, kuery
from indexer.kibana.searches import SEARCHES
from indexer.kibana.views import LABELS, VIEWS, Aliases

Saved = dict[str, Any]

PREFIX: Final = "jaring-"
VIEW, LENS, SEARCH, DASHBOARD = "index-pattern", "lens", "search", "dashboard"
TYPES = (VIEW, LENS, SEARCH, DASHBOARD)
CORE = "8.8.0"  # the oldest versions that 8.x and 9.x take; what is older today they bring up to date while importing
VERSIONS = {VIEW: "7.11.0", LENS: "8.9.0", SEARCH: "7.9.3", DASHBOARD: "8.7.0"}
_PANEL_VERSION = "8.9.0"
_NO_QUERY = {"query": "", "language": "kuery"}


@dataclass(frozen=True, slots=True)
class Definitions:
    """What Kibana shall hold: data views first, since everything else refers to them."""

    views: tuple[Saved, ...]
    rest: tuple[Saved, ...]

    @property
    def all(self) -> tuple[Saved, ...]:
        """Everything, in the order that it is applied."""
        return (*self.views, *self.rest)


def definitions(aliases: Aliases) -> Definitions:
    """Return all saved objects of an installation whose indices have these aliases."""
    rest: list[Saved] = [_search(search) for search in SEARCHES]
    for dashboard in DASHBOARDS:
        rest += [_lens(dashboard, panel) for panel in dashboard.panels]
        rest.append(_dashboard(dashboard))
    return Definitions(tuple(_view(view, aliases) for view in VIEWS), tuple(rest))


def ndjson(objects: Iterable[Saved]) -> bytes:
    """Return saved objects as Kibana imports them: one JSON a line."""
    return b"".join(orjson.dumps(one, option=orjson.OPT_SORT_KEYS) + b"\n" for one in objects)


def key_of(saved: Saved) -> str:
    """Return what names a saved object: its type and id."""
    return f"{saved['type']}/{saved['id']}"


def lens_id(dashboard: Dashboard, panel: Panel) -> str:
    """Return the id of a panel's Lens object."""
    plain = unicodedata.normalize("NFKD", panel.title).encode("ascii", "ignore").decode().lower()
    return f"{PREFIX}{dashboard.key}-{re.sub('[^a-z0-9]+', '-', plain).strip('-')}"


def _saved(kind: str, name: str, attributes: Saved, references: list[Saved]) -> Saved:
    return {
        "type": kind,
        "id": name,
        "attributes": attributes,
        "references": references,
        "coreMigrationVersion": CORE,
        "typeMigrationVersion": VERSIONS[kind],
    }


def _view(view: View, aliases: Aliases) -> Saved:
    labels = {field: {"customLabel": told} for field, told in LABELS[view.index].items()}
    attributes = {
        "title": aliases[view.index],
        "name": view.name,
        "timeFieldName": view.time,
        "allowNoIndex": True,  # before the first case, or the first ticket, there is no index behind the alias
        "fieldAttrs": _text(labels),
        "fields": "[]",
        "sourceFilters": "[]",
        "runtimeFieldMap": "{}",
        "fieldFormatMap": "{}",
        "typeMeta": "{}",
    }
    return _saved(VIEW, PREFIX + view.key, attributes, [])


def _lens(dashboard: Dashboard, panel: Panel) -> Saved:
    layer = _reference(VIEW, PREFIX + panel.view.key, f"indexpattern-datasource-layer-{LAYER}")
    return _saved(LENS, lens_id(dashboard, panel), lens_attributes(panel), [layer])


def _search(search: Search) -> Saved:
    index = "kibanaSavedObjectMeta.searchSourceJSON.index"
    source = {"query": {"query": kuery(search.only), "language": "kuery"}, "filter": [], "indexRefName": index}
    attributes = {
        "title": search.title,
        "description": search.about,
        "columns": list(search.columns),
        "sort": [[search.view.time, "desc"]],
        "hits": 0,
        "version": 1,
        "kibanaSavedObjectMeta": {"searchSourceJSON": _text(source)},
    }
    return _saved(SEARCH, PREFIX + search.key, attributes, [_reference(VIEW, PREFIX + search.view.key, index)])


def _dashboard(dashboard: Dashboard) -> Saved:
    panels, references = [], []
    for place, panel in enumerate(dashboard.panels):
        name = str(place + 1)
        grid = panel.grid
        panels.append(
            {
                "version": _PANEL_VERSION,
                "type": LENS,
                "panelIndex": name,
                "gridData": {"x": grid.x, "y": grid.y, "w": grid.w, "h": grid.h, "i": name},
                "embeddableConfig": {"enhancements": {}},
                "panelRefName": f"panel_{name}",
            }
        )
        references.append(_reference(LENS, lens_id(dashboard, panel), f"{name}:panel_{name}"))
    attributes = {
        "title": dashboard.title,
        "description": dashboard.about,
        "panelsJSON": _text(panels),
        "optionsJSON": _text({"useMargins": True, "syncColors": True, "hidePanelTitles": False}),
        "timeRestore": True,
        "timeFrom": dashboard.since,
        "timeTo": "now",
        "refreshInterval": {"pause": True, "value": 60_000},
        "version": 1,
        "kibanaSavedObjectMeta": {"searchSourceJSON": _text({"query": _NO_QUERY, "filter": []})},
    }
    return _saved(DASHBOARD, PREFIX + dashboard.key, attributes, references)


def _reference(kind: str, name: str, called: str) -> Saved:
    return {"type": kind, "id": name, "name": called}


def _text(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
