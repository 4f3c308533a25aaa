"""The commands of the index do on a cluster what they do on the embedded engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from domain.errors import SettingsError
from indexer.elasticsearch import ElasticIndex
from indexer.elasticsearch.state import Made
from jaring.__main__ import app
from jaring.settings import Settings
from jaring.wiring import Hall
from tests.store.line import PureDecider, PureReader, incoming

POSTS = 12


@pytest.fixture
def hall(tmp_path: Path, elasticsearch_url: str) -> Iterator[Hall]:
    """An installation with cases that wait for the index."""
    opened = Hall(Settings(home=tmp_path, search_url=elasticsearch_url, regions=("lombok-barat",)))
    opened.store.intake.accept([incoming(n) for n in range(POSTS)])
    belts = opened.store.belts
    while belts.step_read(PureReader()) or belts.step_decide(PureDecider()):
        pass
    yield opened
    opened.index.clear()
    opened.close()


@pytest.fixture
def jaring(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command, on that installation."""
    monkeypatch.setenv("JARING_HOME", str(hall.settings.home))
    monkeypatch.setenv("JARING_SEARCH_URL", str(hall.settings.search_url))
    monkeypatch.setenv("JARING_REGIONS", "lombok-barat")
    return CliRunner()


def told(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_rebuild_status_and_reconcile(hall: Hall, jaring: CliRunner) -> None:
    hall.index.upsert(list(hall.store.cases.everything())[1:])
    assert told(jaring.invoke(app, ["index", "reconcile", "--json"]))["missing"] == 1
    assert told(jaring.invoke(app, ["index", "reconcile", "--json"]))["differing"] == 0
    assert jaring.invoke(app, ["index", "rebuild"]).exit_code == 0
    hall.index.refresh()
    status = told(jaring.invoke(app, ["index", "status", "--json"]))
    assert (status["engine"], status["documents"]) == ("elasticsearch", POSTS)


def test_migrate_rebuilds_what_another_version_made_and_nothing_else(hall: Hall, jaring: CliRunner) -> None:
    assert isinstance(hall.index, ElasticIndex)
    assert "sesuai" in jaring.invoke(app, ["index", "migrate"]).output
    hall.index.home.book.change(lambda x: replace(x, read=Made(x.read.generation, mapping_version=0)))
    refused = jaring.invoke(app, ["index", "status"])
    assert refused.exit_code == 1
    assert jaring.invoke(app, ["index", "migrate"]).exit_code == 0
    hall.index.refresh()
    assert told(jaring.invoke(app, ["index", "status", "--json"]))["documents"] == POSTS


def test_migrate_of_the_embedded_index_looks_at_its_versions(hall: Hall, jaring: CliRunner, monkeypatch: Any) -> None:
    monkeypatch.delenv("JARING_SEARCH_URL")
    assert "sesuai" in jaring.invoke(app, ["index", "migrate"]).output
    monkeypatch.setattr("indexer.sqlite.engine.NORM_VERSION", 99)
    assert "diindeks" in jaring.invoke(app, ["index", "migrate"]).output


def test_an_address_of_no_engine_is_told(tmp_path: Path) -> None:
    opened = Hall(Settings(home=tmp_path, search_url="solr://a:1"))
    with pytest.raises(SettingsError, match="JARING_SEARCH_URL"):
        _ = opened.index
