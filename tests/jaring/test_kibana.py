"""`jaring kibana` against a stand-in for Kibana, and tickets on their way from a click to what Kibana reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from domain.errors import SettingsError
from domain.tickets import Origin, TicketState
from indexer.elasticsearch import ElasticIndex
from indexer.kibana.space import SPACE
from jaring.__main__ import app
from jaring.settings import Settings
from jaring.wiring import Hall
from jaring.work import belt_turn, drain
from tests.indexer.kibana.double import PASSWORD, USER, Double, running
from tests.store.line import ALL, NOW, PureDecider, PureReader, incoming
from tests.store.tickets import draft, to


@pytest.fixture
def double() -> Iterator[Double]:
    with running() as one:
        yield one


@pytest.fixture
def jaring(tmp_path: Path, double: Double, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command where a Kibana is; no cluster is asked anything."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JARING_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("JARING_SEARCH_URL", "http://127.0.0.1:9200")
    monkeypatch.setenv("JARING_KIBANA_URL", double.url.replace("//", f"//{USER}:{quote(PASSWORD, safe='')}@"))
    return CliRunner()


def test_apply_then_diff_then_apply_again(jaring: CliRunner, double: Double, tmp_path: Path) -> None:
    assert jaring.invoke(app, ["kibana", "diff"]).exit_code == 1
    first = json.loads(jaring.invoke(app, ["kibana", "apply", "--json"]).stdout)
    assert len(first["written"]) > 50
    assert json.loads(jaring.invoke(app, ["kibana", "apply", "--json"]).stdout) == {"written": []}
    assert jaring.invoke(app, ["kibana", "diff"]).exit_code == 0
    double.objects[SPACE]["search/jaring-mendesak"]["attributes"]["title"] = "Punya Sari"
    told = jaring.invoke(app, ["kibana", "diff"])
    assert told.exit_code == 1
    assert "attributes.title: Aduan mendesak dan darurat → Punya Sari" in " ".join(told.output.split())
    (found,) = json.loads(jaring.invoke(app, ["kibana", "diff", "--json"]).stdout)
    assert found["what"] == "search/jaring-mendesak"
    assert (tmp_path / "var/kibana.json").exists()


def test_the_definitions_are_checked_without_a_kibana(jaring: CliRunner, double: Double) -> None:
    answer = jaring.invoke(app, ["kibana", "check", "--json"])
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["findings"] == []
    assert double.asked == []


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("JARING_KIBANA_URL", "", "JARING_KIBANA_URL belum diisi"),
        ("JARING_KIBANA_URL", "kibana", "JARING_KIBANA_URL bukan alamat"),
        ("JARING_SEARCH_URL", "", "isi JARING_SEARCH_URL"),
    ],
)
def test_what_is_not_set_is_told(
    jaring: CliRunner, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    for command in ("apply", "diff"):
        answer = jaring.invoke(app, ["kibana", command])
        assert answer.exit_code == 1
        assert isinstance(answer.exception, SettingsError)
        assert told in str(answer.exception)


def test_a_ticket_reaches_what_kibana_reads_and_a_rebuild_brings_it_again(
    tmp_path: Path, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"home": tmp_path, "search_url": elasticsearch_url, "regions": ("lombok-barat",)}
    opened = Hall(Settings(**settings, kibana_url="http://127.0.0.1:1"))
    assert isinstance(opened.index, ElasticIndex)
    post = incoming(1)
    opened.store.intake.accept([post, incoming(2, "pungli di kantor desa")])
    belts = opened.store.belts
    while belts.step_read(PureReader()) or belts.step_decide(PureDecider()):
        pass
    case = f"{post.id}.lombok-barat"
    made = opened.store.tickets.open(draft(), [case], by="sari", origin=Origin.PERSON, now=NOW)
    assert made is not None
    opened.store.tickets.change(made.code, ALL, to(TicketState.VERIFIED), now=NOW)
    drain(belt_turn("indexer", opened))

    def shown() -> tuple[list[str], list[tuple[str, str]]]:
        opened.index.refresh()
        home = opened.index.home  # type: ignore[attr-defined]
        cases, tickets = (
            [hit["_source"] for hit in home.client.search(index=alias).body["hits"]["hits"]]
            for alias in (home.shown.alias, home.tickets.alias)
        )
        return [x["id"] for x in cases], [(x["code"], x["state"]) for x in tickets]

    expected = ([case], [(made.code, "terverifikasi")])
    assert shown() == expected
    for name, value in settings.items():
        monkeypatch.setenv(f"JARING_{name.upper()}", value if isinstance(value, str) else str(tmp_path))
    monkeypatch.setenv("JARING_REGIONS", "lombok-barat")
    monkeypatch.setenv("JARING_KIBANA_URL", "http://127.0.0.1:1")
    assert CliRunner().invoke(app, ["index", "rebuild"]).exit_code == 0
    assert shown() == expected
    told = json.loads(CliRunner().invoke(app, ["index", "reconcile", "--json"]).stdout)
    assert [told[x] for x in ("kibana_months", "tickets_missing", "tickets_stale", "tickets_extra")] == [0, 0, 0, 0]
    opened.index.clear()
    opened.close()
