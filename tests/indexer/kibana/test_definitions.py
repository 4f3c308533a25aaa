"""What can be known of the dashboards without a Kibana, and that the check which knows it sees each fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from indexer.elasticsearch.shown import shown_mappings
from indexer.kibana.check import findings
from indexer.kibana.dashboards import DASHBOARDS
from indexer.kibana.objects import DASHBOARD, LENS, SEARCH, VERSIONS, definitions, key_of, ndjson
from indexer.kibana.panels import Above, Index, Is, Kind, Lacks, Past, clauses, kuery
from indexer.kibana.views import Aliases, field_types
from tests.indexer.kibana.conftest import ALIASES

OBJECTS = definitions(ALIASES).all
LENS_ONE = next(key_of(one) for one in OBJECTS if one["type"] == LENS and "per-hari" in one["id"])


def faults(change: Callable[[dict[str, Any]], object], key: str) -> str:
    """What the check says when one object is changed."""
    copies = orjson.loads(orjson.dumps(OBJECTS))
    change(next(one for one in copies if key_of(one) == key))
    return "; ".join(findings(ndjson(copies), ALIASES))


def test_nothing_is_wrong_with_them() -> None:
    assert findings(ndjson(OBJECTS), ALIASES) == []
    assert findings(ndjson(definitions(Aliases.of("uji")).all), Aliases.of("uji")) == []


def test_there_are_four_dashboards_and_every_kind_of_panel() -> None:
    titles = [one["attributes"]["title"] for one in OBJECTS if one["type"] == DASHBOARD]
    assert titles == ["Sentimen dan tren", "Topik dan tempat", "Kinerja OPD", "Kesehatan sumber"]
    assert {panel.kind for dashboard in DASHBOARDS for panel in dashboard.panels} == set(Kind)
    assert sum(one["type"] == SEARCH for one in OBJECTS) == 4


def test_the_lines_are_the_same_every_time_and_each_is_json() -> None:
    lines = ndjson(definitions(ALIASES).all)
    assert lines == ndjson(OBJECTS)
    assert [json.loads(line)["id"] for line in lines.splitlines()] == [one["id"] for one in OBJECTS]


def test_every_object_says_the_oldest_version_that_today_takes() -> None:
    for one in OBJECTS:
        assert one["coreMigrationVersion"] == "8.8.0"
        assert one["typeMigrationVersion"] == VERSIONS[one["type"]]


def test_a_data_view_reads_an_alias_and_no_pattern() -> None:
    titles = {one["attributes"]["title"] for one in OBJECTS if one["type"] == "index-pattern"}
    assert titles == {"posts_kibana-read", "tickets-read"}
    assert {Aliases.of("uji").cases, Aliases.of("uji").tickets} == {"uji_kibana-read", "uji_tickets-read"}


def test_the_mapping_that_is_checked_against_is_the_one_that_is_written() -> None:
    told = shown_mappings(())["properties"]
    types = field_types(Index.CASES)
    assert {name: told[name]["type"] for name in types if "." not in name} == {
        name: kind for name, kind in types.items() if "." not in name
    }
    assert types["engagement.likes"] == "long"


def _set(path: str, value: object) -> Callable[[dict[str, Any]], object]:
    def change(one: dict[str, Any]) -> None:
        *parents, last = path.split("/")
        for name in parents:
            one = one[name]
        one[last] = value

    return change


COLUMN = "attributes/state/datasourceStates/formBased/layers/lapisan/columns"


@pytest.mark.parametrize(
    ("change", "key", "told"),
    [
        (_set("id", "lain"), "index-pattern/jaring-tiket", "menunjuk jaring-tiket, yang tidak ada"),
        (_set("references", []), LENS_ONE, "indexpattern-datasource-layer-lapisan kurang"),
        (_set("type", "visualization"), LENS_ONE, "lama atau tidak dikenal"),
        (_set("attributes/visualizationType", "lnsLegacyMetric"), LENS_ONE, "lnsLegacyMetric lama"),
        (_set(f"{COLUMN}/by/sourceField", "tanggal"), LENS_ONE, "menyebut tanggal, yang tidak ada"),
        (_set(f"{COLUMN}/by/sourceField", "topic"), LENS_ONE, "date_histogram tidak dapat dihitung dari topic"),
        (_set(f"{COLUMN}/split/sourceField", "text"), LENS_ONE, "terms tidak dapat dihitung dari text (text)"),
        (_set(f"{COLUMN}/split/params/orderBy/columnId", "by"), LENS_ONE, "yang bukan ukuran"),
        (_set(f"{COLUMN}/ukuran0/operationType", "median"), LENS_ONE, "median tanpa bidang"),
        (_set("attributes/state/visualization/layers", [{"accessors": ["x"]}]), LENS_ONE, "kolom x, yang tidak ada"),
        (_set("attributes/state/query/query", "oversight : true"), LENS_ONE, "menyaring menurut oversight"),
        (_set("attributes/timeFieldName", "state"), "index-pattern/jaring-tiket", "bukan tanggal"),
        (_set("attributes/fieldAttrs", '{"author":{}}'), "index-pattern/jaring-tiket", "menamai author"),
        (_set("attributes/columns", ["author"]), "search/jaring-mendesak", "menyebut author"),
        (_set("attributes/title", "Kinerja OPD"), "dashboard/jaring-topik-dan-tempat", "ada 2 berjudul Kinerja OPD"),
    ],
)
def test_each_fault_is_seen(change: Callable[[dict[str, Any]], object], key: str, told: str) -> None:
    assert told in faults(change, key)


@pytest.mark.parametrize(
    ("grid", "told"),
    [({"x": 40}, "keluar dari 48 kolom"), ({"h": 2}, "terlalu kecil"), ({"w": 13}, "panel 1 dan 2 bertumpang tindih")],
)
def test_panels_stand_beside_each_other_within_the_columns(grid: dict[str, int], told: str) -> None:
    def change(one: dict[str, Any]) -> None:
        panels = json.loads(one["attributes"]["panelsJSON"])
        panels[0]["gridData"] |= grid
        one["attributes"]["panelsJSON"] = json.dumps(panels)

    assert told in faults(change, "dashboard/jaring-kinerja-opd")


def test_a_line_that_is_no_json_is_told_by_its_number() -> None:
    (told,) = findings(ndjson(OBJECTS[:2]) + b"{\n", ALIASES)
    assert told.startswith("baris 3")


def test_conditions_say_the_same_in_both_languages() -> None:
    only = (Is("urgency", ("mendesak", "darurat")), Is("open", (True,)), Past("clock_at"), Above("late_hours", 72))
    assert kuery((*only, Lacks("opd"))) == (
        'urgency : ("mendesak" or "darurat") and open : true and clock_at < now and late_hours > 72 and not opd : *'
    )
    assert clauses(only) == [
        {"terms": {"urgency": ["mendesak", "darurat"]}},
        {"terms": {"open": [True]}},
        {"range": {"clock_at": {"lt": "now"}}},
        {"range": {"late_hours": {"gt": 72}}},
    ]
