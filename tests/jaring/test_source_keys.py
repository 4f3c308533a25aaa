"""Keys to platforms by command: read from standard input, kept sealed, printed nowhere."""

from __future__ import annotations

import io
import json
import logging
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jaring.settings import Settings
from jaring.wiring import Hall
from tests.jaring.conftest import Run

VALUE = "AIzaSyRahasia-Sekali_0123456789"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a script pipes in."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{VALUE}\n"))


@pytest.fixture
def opened(tmp_path: Path) -> Hall:
    return Hall(Settings(home=tmp_path / "home", regions=("lombok-barat",)))


@pytest.mark.usefixtures("typed")
def test_a_key_is_taken_from_standard_input_and_never_seen_again(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        said = run("sources", "key", "set", "youtube", "--expires", "2099-01-31")
        listed = run("sources", "key", "list", "--json")
        said += listed + run("sources", "key", "list") + run("sources", "--json") + run("status", "--json")
        run("backup", str(tmp_path / "cadangan.zip"))
    assert VALUE not in said + caplog.text + "".join(capsys.readouterr())
    assert all(VALUE.encode() not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    (note,) = json.loads(listed)
    assert (note["name"], note["notice"], note["refused_at"]) == ("youtube", None, None)
    assert note["expires_at"].startswith("2099-01-3")
    store = Hall(Settings(home=tmp_path / "home", regions=("lombok-barat",))).store
    try:
        kept = store.credentials.open("youtube")
        assert kept is not None
        assert kept.value == VALUE
        assert VALUE not in repr(store.audit.list())
    finally:
        store.close()


@pytest.mark.usefixtures("typed")
def test_a_key_that_ends_soon_is_told_by_the_list_the_status_and_the_doctor(run: Run) -> None:
    day = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%d")
    run("sources", "key", "set", "youtube", "--expires", day)
    assert "segera ganti" in run("sources", "key", "list")
    assert "jaring sources key set youtube" in run("status")
    assert json.loads(run("status", "--json"))["keys"][0]["name"] == "youtube"
    findings = json.loads(run("doctor", "--json", code=0))
    assert [f["message"] for f in findings if f["subject"] == "kunci"]


@pytest.mark.usefixtures("typed")
def test_a_refused_key_is_a_finding_of_the_doctor(run: Run, opened: Hall) -> None:
    run("sources", "key", "set", "youtube")
    opened.store.credentials.refused("youtube", datetime.now(UTC))
    opened.close()
    assert "perlu diperbaiki" in run("doctor", "--json", code=1)
    assert "ditolak platformnya" in run("status")


def test_a_removed_key_is_gone_and_an_unknown_one_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(VALUE))
    run("sources", "key", "set", "youtube")
    run("sources", "key", "remove", "youtube")
    assert json.loads(run("sources", "key", "list", "--json")) == []
    assert "tidak ada" in run("sources", "key", "remove", "youtube", code=1)


def test_nothing_on_standard_input_is_no_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    assert "tidak kosong" in run("sources", "key", "set", "youtube", code=1)
