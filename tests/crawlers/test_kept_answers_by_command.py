"""`jaring crawl --replay` and `jaring sources answer`, as people and scripts call them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.contracts.sources.site import Got, NewsSite, Reply, Server
from tests.crawlers.test_commands import Cli, cli, server, site

__all__ = ["cli", "server", "site"]
pytestmark = pytest.mark.slow


def test_kept_answers_are_read_again_and_a_failed_one_is_shown(
    cli: Cli, site: NewsSite, server: Server, tmp_path: Path
) -> None:
    added = cli.json("sources", "add", f"{site.url}/feed/", "--region", "lombok-barat", "--kind", "rss")["key"]
    for number in range(20, 24):
        site.tell(number, datetime.now(UTC) - timedelta(minutes=24 - number))
        assert cli.json("crawl", added)[0]["state"] == "ok"
    again = cli.json("crawl", "--replay", added)
    assert (again["crawls"], again["added"], again["revised"], again["faults"]) == (4, 0, 0, [])
    assert again["unchanged"] == 11
    assert cli.json("crawl", "--replay", added, "--since", "2020-01-01")["crawls"] == 4
    assert "tidak ada" in cli.run("crawl", "--replay", "lain", code=1).stderr
    assert cli.run("crawl", added, "--replay", added, code=2)
    assert "tidak gagal" in cli.run("sources", "answer", added, code=1).stderr

    feed = next(reply for route in server.routes if (reply := route(Got("/feed/", {}))) is not None)
    blind = str(feed.body).replace("item>", "kabar>")
    server.always("/feed/", Reply(blind, headers=feed.headers))
    failed = cli.run("crawl", added, "--json", code=1)
    assert "jaring sources answer" in failed.stderr
    shown = cli.run("sources", "answer", added)
    assert shown.stdout == blind
    out = tmp_path / "jawaban.xml"
    cli.run("sources", "answer", added, "--out", str(out))
    assert out.read_text() == blind
    assert out.stat().st_mode & 0o077 == 0
    assert "tidak dapat ditulis" in cli.run("sources", "answer", added, "--out", str(out), code=1).stderr
    assert "jawaban mentah" in cli.run("doctor").stdout
