"""`jaring user` and `jaring token`: accounts and tokens from the command line, each deed in the audit trail."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jaring.__main__ import main
from store import KeyRing, open_store

REGION = "lombok-barat"
Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command and gives what it printed; what it said when it failed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JARING_HOME", str(tmp_path / "home"))
    for name in ("JARING_REGIONS", "JARING_DATABASE_URL", "JARING_SEARCH_URL"):
        monkeypatch.delenv(name, raising=False)

    def command(*arguments: str, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["jaring", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        assert (ended.value.code or 0) == code, told.err
        return " ".join((told.err if code else told.out).split())

    return command


def people(run: Run) -> dict[str, Any]:
    return {one["name"]: one for one in json.loads(run("user", "list", "--json"))}


def test_an_account_is_made_changed_closed_and_opened(run: Run) -> None:
    run("user", "add", "ratna", "--role", "analis")
    run("user", "change", "ratna", "--role", "penghubung", "--opd", "PUTR", "--oversee", "--display", "Baiq Ratna")
    ratna = people(run)["ratna"]
    assert (ratna["role"], ratna["opds"], ratna["may_oversee"]) == ("penghubung", [f"{REGION}/PUTR"], True)
    run("user", "change", "ratna", "--role", "kades", "--opd", "", "--area", "Dasan Geres", "--no-oversee")
    ratna = people(run)["ratna"]
    assert (ratna["opds"], ratna["areas"], ratna["may_oversee"]) == ([], ["52.01.01.1004"], False)
    assert ratna["display"] == "Baiq Ratna"
    run("user", "disable", "ratna")
    assert people(run)["ratna"]["active"] is False
    run("user", "enable", "ratna")
    assert people(run)["ratna"]["active"] is True


def test_what_is_not_there_is_refused_and_changes_nothing(run: Run) -> None:
    run("user", "add", "ratna", "--role", "analis")
    assert "OPD XYZ tidak ada" in run("user", "change", "ratna", "--opd", "XYZ", code=1)
    assert "Peran harus" in run("user", "change", "ratna", "--role", "raja", code=1)
    assert "Sebutkan apa" in run("user", "change", "ratna", code=1)
    assert "tidak ada" in run("user", "enable", "siapa", code=1)
    assert people(run)["ratna"]["opds"] == []


def test_the_last_admin_cannot_be_shut_out(run: Run) -> None:
    run("user", "add", "satu", "--role", "admin")
    assert "satu-satunya admin" in run("user", "disable", "satu", code=1)
    assert "satu-satunya admin" in run("user", "change", "satu", "--role", "analis", code=1)
    run("user", "add", "dua", "--role", "admin")
    run("user", "disable", "satu")
    assert people(run)["satu"]["active"] is False


def test_a_token_is_listed_without_its_text_and_revoked_by_the_start_of_its_id(run: Run, tmp_path: Path) -> None:
    run("user", "add", "ratna", "--role", "analis")
    plain = run("token", "add", "--user", "ratna", "--name", "catatan", "--days", "30")
    (token,) = json.loads(run("token", "list", "--user", "ratna", "--json"))
    assert (token["name"], token["scope"], token["user"]) == ("catatan", "read", "ratna")
    assert plain.removeprefix("jaring_") not in json.dumps(token)
    assert "catatan" in run("token", "list")
    assert "Tidak ada token" in run("token", "revoke", "zzzz", code=1)
    run("token", "revoke", token["id"][:6])
    assert json.loads(run("token", "list", "--json")) == []
    home = tmp_path / "home"
    store = open_store(f"sqlite:///{home / 'jaring.sqlite'}", keys=KeyRing.open(home / "keys", create=False))
    actions = [line.action for line in store.audit.list()]
    actors = {line.actor.partition(":")[0] for line in store.audit.list()}
    store.close()
    assert (actions, actors) == (["token.revoke", "token.add", "user.add"], {"cli"})
