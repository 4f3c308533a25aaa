"""`jaring crawl --replay` and `jaring sources answer`, as people and scripts call them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import NotFound
from jaring.wiring import Hall
from tests.contracts.sources.site import Got, NewsSite, Reply, Server, serving
from tests.jaring.conftest import Run


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def site(server: Server) -> NewsSite:
    made = NewsSite(server)
    for number in range(1, 8):
        made.tell(number, datetime.now(UTC) - timedelta(hours=8 - number))
    return made


def test_kept_answers_are_read_again_and_a_failed_one_is_shown(
    run: Run, site: NewsSite, server: Server, tmp_path: Path
) -> None:
    wish = ("--region", "lombok-barat", "--kind", "rss", "--json")
    key = json.loads(run("sources", "add", f"{site.url}/feed/", *wish))["key"]
    for number in range(20, 24):
        site.tell(number, datetime.now(UTC) - timedelta(minutes=24 - number))
        assert json.loads(run("crawl", key, "--json"))[0]["state"] == "ok"
    again = json.loads(run("crawl", "--replay", key, "--json"))
    assert (again["crawls"], again["added"], again["revised"], again["faults"]) == (4, 0, 0, [])
    assert again["unchanged"] == 11
    assert json.loads(run("crawl", "--replay", key, "--since", "2020-01-01", "--json"))["crawls"] == 4
    run("crawl", "--replay", "lain", code=1)
    run("crawl", key, "--replay", key, code=2)
    run("sources", "answer", key, code=1)

    feed = next(reply for route in server.routes if (reply := route(Got("/feed/", {}))) is not None)
    blind = str(feed.body).replace("item>", "kabar>")
    server.always("/feed/", Reply(blind, headers=feed.headers))
    assert f"jaring sources answer {key}" in run("crawl", key, code=1).replace("\n", " ")
    told = {one["key"]: one["answer"] for one in json.loads(run("sources", "--json"))}
    assert (told[key] or "").startswith(f"{key}/")
    assert blind in run("sources", "answer", key)
    out = tmp_path / "jawaban.xml"
    run("sources", "answer", key, "--out", str(out))
    assert out.read_text() == blind
    assert out.stat().st_mode & 0o077 == 0
    run("sources", "answer", key, "--out", str(out), code=1)
    opened = Hall()
    lines = opened.store.audit.list(action="source.answer")
    assert [line.subject for line in lines] == [key, key, key]
    opened.close()


def test_answers_are_kept_as_long_as_the_setting_says(
    run: Run, site: NewsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JARING_KEEP_ANSWERS_DAYS", "0")
    wish = ("--region", "lombok-barat", "--kind", "rss", "--json")
    key = json.loads(run("sources", "add", f"{site.url}/feed/", *wish))["key"]
    run("crawl", key, "--json")
    opened = Hall()
    assert opened.shelf.crawls(key) == []
    with pytest.raises(NotFound):
        opened.shelf.answer(f"{key}/2026-11-20/030000000000-0a0a0a0a#1")
    opened.close()
