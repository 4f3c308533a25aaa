"""`jaring user` and `jaring token`: accounts and tokens from the command line, each deed in the audit trail."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store import KeyRing, open_store

REGION = "lombok-barat"
Run = Callable[..., str]


@pytest.fixture
def said(run: Run) -> Run:
    """Runs a command and gives its words with single spaces, wherever the lines were folded."""
    return lambda *arguments, code=0: " ".join(run(*arguments, code=code).split())


def people(said: Run) -> dict[str, Any]:
    return {one["name"]: one for one in json.loads(said("user", "list", "--json"))}


def test_an_account_is_made_changed_closed_and_opened(said: Run) -> None:
    said("user", "add", "ratna", "--role", "analis")
    said("user", "change", "ratna", "--role", "penghubung", "--opd", "PUTR", "--oversee", "--display", "Baiq Ratna")
    ratna = people(said)["ratna"]
    assert (ratna["role"], ratna["opds"], ratna["may_oversee"]) == ("penghubung", [f"{REGION}/PUTR"], True)
    said("user", "change", "ratna", "--role", "kades", "--opd", "", "--area", "Dasan Geres", "--no-oversee")
    ratna = people(said)["ratna"]
    assert (ratna["opds"], ratna["areas"], ratna["may_oversee"]) == ([], ["52.01.01.1004"], False)
    assert ratna["display"] == "Baiq Ratna"
    said("user", "disable", "ratna")
    assert people(said)["ratna"]["active"] is False
    said("user", "enable", "ratna")
    assert people(said)["ratna"]["active"] is True


def test_what_is_not_there_is_refused_and_changes_nothing(said: Run) -> None:
    said("user", "add", "ratna", "--role", "analis")
    assert "OPD XYZ tidak ada" in said("user", "change", "ratna", "--opd", "XYZ", code=1)
    assert "Peran harus" in said("user", "change", "ratna", "--role", "raja", code=1)
    assert "Sebutkan apa" in said("user", "change", "ratna", code=1)
    assert "tidak ada" in said("user", "enable", "siapa", code=1)
    assert people(said)["ratna"]["opds"] == []


def test_the_last_admin_cannot_be_shut_out(said: Run) -> None:
    said("user", "add", "satu", "--role", "admin")
    assert "satu-satunya admin" in said("user", "disable", "satu", code=1)
    assert "satu-satunya admin" in said("user", "change", "satu", "--role", "analis", code=1)
    said("user", "add", "dua", "--role", "admin")
    said("user", "disable", "satu")
    assert people(said)["satu"]["active"] is False


def test_a_token_is_listed_without_its_text_and_revoked_by_the_start_of_its_id(said: Run, tmp_path: Path) -> None:
    said("user", "add", "ratna", "--role", "analis")
    plain = said("token", "add", "--user", "ratna", "--name", "catatan", "--days", "30")
    (token,) = json.loads(said("token", "list", "--user", "ratna", "--json"))
    assert (token["name"], token["scope"], token["user"]) == ("catatan", "read", "ratna")
    assert plain.removeprefix("jaring_") not in json.dumps(token)
    assert "catatan" in said("token", "list")
    assert "Tidak ada token" in said("token", "revoke", "zzzz", code=1)
    said("token", "revoke", token["id"][:6])
    assert json.loads(said("token", "list", "--json")) == []
    home = tmp_path / "home"
    store = open_store(f"sqlite:///{home / 'jaring.sqlite'}", keys=KeyRing.open(home / "keys", create=False))
    actions = [line.action for line in store.audit.list()]
    actors = {line.actor.partition(":")[0] for line in store.audit.list()}
    store.close()
    assert (actions, actors) == (["token.revoke", "token.add", "user.add"], {"cli"})
