"""What can be known of the definitions without a Kibana: read as it would read them, from the lines that it is sent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import orjson

from indexer.kibana.lens import DRAWN_BY, RECORDS
from indexer.kibana.objects import DASHBOARD, LENS, SEARCH, TYPES, VIEW, Saved, key_of
from indexer.kibana.panels import COLUMNS, Index
from indexer.kibana.views import Aliases, field_types

_ASKED = re.compile(r"(?:^|\band\b|\bnot\b)\s*(?:not\s+)?([\w.@]+)\s*[:<>]")
_COUNTABLE = frozenset({"keyword", "boolean"})
_NUMBERS = frozenset({"long", "integer", "byte", "float", "date"})
_FITS: dict[str, frozenset[str]] = {  # what an operation can be reckoned on
    "terms": _COUNTABLE,
    "unique_count": _COUNTABLE,
    "date_histogram": frozenset({"date"}),
    **dict.fromkeys(("average", "sum", "median", "percentile"), _NUMBERS - {"date"}),
}
_LEAST = 4  # columns, and rows, below which nothing can be read in a panel


def findings(lines: bytes, aliases: Aliases) -> list[str]:
    """Return what is wrong, one sentence each, with lines that are to be imported; empty when all is well."""
    objects: list[Saved] = []
    for number, line in enumerate(lines.splitlines(), 1):
        try:
            objects.append(orjson.loads(line))
        except orjson.JSONDecodeError as cause:
            return [f"baris {number} bukan JSON: {cause}"]
    within = [finding for one in objects for finding in _within(one, aliases, objects)]
    return [*_alike(objects), *_broken(objects), *within]


def _alike(objects: Sequence[Saved]) -> Iterator[str]:
    titles = Counter((one["type"], _title(one)) for one in objects if one["type"] != LENS)
    for key, count in Counter(key_of(one) for one in objects).items():
        if count > 1:
            yield f"{key}: ada {count} dengan nama ini"
    for (kind, title), count in titles.items():
        if count > 1:
            yield f"{kind}: ada {count} berjudul {title}"


def _title(one: Saved) -> str:
    return str(one["attributes"].get("name") or one["attributes"].get("title"))


def _broken(objects: Sequence[Saved]) -> Iterator[str]:
    there = {(one["type"], one["id"]) for one in objects}
    for one in objects:
        for reference in one["references"]:
            if (reference["type"], reference["id"]) not in there:
                yield f"{key_of(one)}: rujukan {reference['name']} menunjuk {reference['id']}, yang tidak ada"
        names = [reference["name"] for reference in one["references"]]
        for wanted in sorted(set(_wanted(one)) ^ set(names)):
            yield f"{key_of(one)}: rujukan {wanted} {'tidak dipakai' if wanted in names else 'kurang'}"


def _wanted(one: Saved) -> Iterator[str]:
    """Yield the names of the references that an object's state speaks of."""
    attributes = one["attributes"]
    if one["type"] == LENS:
        layers = attributes["state"]["datasourceStates"]["formBased"]["layers"]
        yield from (f"indexpattern-datasource-layer-{layer}" for layer in layers)
    elif one["type"] == SEARCH:
        yield orjson.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])["indexRefName"]
    elif one["type"] == DASHBOARD:
        yield from (f"{x['panelIndex']}:{x['panelRefName']}" for x in orjson.loads(attributes["panelsJSON"]))


def _within(one: Saved, aliases: Aliases, objects: Sequence[Saved]) -> Iterator[str]:
    if one["type"] not in TYPES:
        yield f"{key_of(one)}: jenis ini lama atau tidak dikenal"
        return
    types = _types_of(one, aliases, objects)
    told = {VIEW: _view, LENS: _lens, SEARCH: _search, DASHBOARD: _dashboard}[one["type"]](one["attributes"], types)
    yield from (f"{key_of(one)}: {finding}" for finding in told)


def _types_of(one: Saved, aliases: Aliases, objects: Sequence[Saved]) -> dict[str, str]:
    """Return the types of the fields of the data view that an object is of, or refers to."""
    names = {reference["id"] for reference in one["references"] if reference["type"] == VIEW}
    titles = {x["attributes"]["title"] for x in objects if x is one or (x["type"] == VIEW and x["id"] in names)}
    return next((field_types(index) for index in Index if aliases[index] in titles), {})


def _view(attributes: Saved, types: dict[str, str]) -> Iterator[str]:
    if types.get(attributes["timeFieldName"]) != "date":
        yield f"waktunya, {attributes['timeFieldName']}, bukan tanggal di indeks {attributes['title']}"
    for field in sorted(orjson.loads(attributes["fieldAttrs"]).keys() - types.keys()):
        yield f"menamai {field}, yang tidak ada di indeks"


def _lens(attributes: Saved, types: dict[str, str]) -> Iterator[str]:
    if attributes["visualizationType"] not in DRAWN_BY.values():
        yield f"bentuk {attributes['visualizationType']} lama atau tidak dikenal"
    state = attributes["state"]
    for layer in state["datasourceStates"]["formBased"]["layers"].values():
        columns = layer["columns"]
        if sorted(columns) != sorted(layer["columnOrder"]):
            yield "urutan kolomnya bukan kolomnya"
        for name in sorted(set(_accessors(state["visualization"])) - columns.keys()):
            yield f"menggambar kolom {name}, yang tidak ada"
        for column in columns.values():
            yield from _column(column, types, columns)
    yield from _asks(state["query"]["query"], types)


def _column(column: Saved, types: dict[str, str], columns: Saved) -> Iterator[str]:
    field, operation = column["sourceField"], column["operationType"]
    if field == RECORDS:
        if operation != "count":
            yield f"{operation} tanpa bidang"
    elif field not in types:
        yield f"menyebut {field}, yang tidak ada di indeks"
    elif types[field] not in _FITS.get(operation, ()):
        yield f"{operation} tidak dapat dihitung dari {field} ({types[field]})"
    order = column.get("params", {}).get("orderBy", {}).get("columnId")
    if order is not None and (order not in columns or columns[order]["isBucketed"]):
        yield f"mengurutkan {field} menurut {order}, yang bukan ukuran"


def _accessors(drawn: Any) -> Iterator[str]:
    """Yield the columns that a drawing names."""
    for key, value in drawn.items() if isinstance(drawn, dict) else ():
        if key.endswith("Accessor") or key == "columnId":
            yield value
        elif key in {"accessors", "primaryGroups", "metrics"}:
            yield from value
        else:
            for inner in value if isinstance(value, list) else [value]:
                yield from _accessors(inner)


def _search(attributes: Saved, types: dict[str, str]) -> Iterator[str]:
    for field in (*attributes["columns"], *(field for field, _ in attributes["sort"])):
        if field not in types:
            yield f"menyebut {field}, yang tidak ada di indeks"
    yield from _asks(orjson.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])["query"]["query"], types)


def _asks(query: str, types: dict[str, str]) -> Iterator[str]:
    for field in _ASKED.findall(query):
        if field not in types:
            yield f"menyaring menurut {field}, yang tidak ada di indeks"


def _dashboard(attributes: Saved, _: dict[str, str]) -> Iterator[str]:
    grids = [(panel["panelIndex"], panel["gridData"]) for panel in orjson.loads(attributes["panelsJSON"])]
    for name, grid in grids:
        if grid["x"] < 0 or grid["y"] < 0 or grid["x"] + grid["w"] > COLUMNS:
            yield f"panel {name} keluar dari {COLUMNS} kolom"
        if grid["w"] < _LEAST or grid["h"] < _LEAST:
            yield f"panel {name} terlalu kecil"
    for (one, a), (other, b) in combinations(grids, 2):
        if _overlap(a, b, "x", "w") and _overlap(a, b, "y", "h"):
            yield f"panel {one} dan {other} bertumpang tindih"


def _overlap(one: Saved, other: Saved, start: str, length: str) -> bool:
    return bool(one[start] < other[start] + other[length] and other[start] < one[start] + one[length])
