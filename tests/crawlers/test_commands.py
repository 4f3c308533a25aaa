"""The commands people script against: sources, crawl, import and the crawlers' process, as processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from store import KeyRing, open_store
from tests.contracts.sources.site import NewsSite, Reply, Server, serving

pytestmark = pytest.mark.slow


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def site(server: Server) -> NewsSite:
    made = NewsSite(server)
    for number in range(1, 8):
        made.tell(number, datetime.now(UTC) - timedelta(hours=8 - number))
    front = '<html><head><meta property="og:site_name" content="Kabar Uji">{}</head></html>'
    link = '<link rel="https://api.w.org/" href="/wp-json/">'
    server.always("/", Reply(front.format(link)))
    return made


class Cli:
    """Runs `jaring` in a home of its own, with no sources but those a test adds."""

    def __init__(self, home: Path) -> None:
        self.home = home
        sources = home / "regions" / "lombok-barat"
        sources.mkdir(parents=True)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("JARING_")},
            "JARING_HOME": str(home),
            "JARING_CONTACT": "uji@example.org",
        }

    def run(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "jaring", *words]
        done = subprocess.run(
            command, env=self.environment, cwd=self.home, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == code, done.stderr
        return done

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json").stdout)


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return Cli(tmp_path)


def test_a_source_is_proven_saved_and_crawled_twice(cli: Cli, site: NewsSite) -> None:
    added = cli.json("sources", "add", site.url, "--region", "lombok-barat")
    assert (added["kind"], added["name"], len(added["proof"])) == ("wordpress", "Kabar Uji", 5)
    assert added["proof"][0]["title"] == "Jalan berlubang & rusak 7"
    assert cli.json("sources", "add", site.url, "--region", "lombok-barat")["key"] == added["key"]

    (first,) = cli.json("crawl", added["key"])
    (second,) = cli.json("crawl", added["key"])
    assert (first["state"], first["added"]) == ("ok", 7)
    assert (second["state"], second["added"], second["revised"]) == ("unchanged", 0, 0)

    listed = next(one for one in cli.json("sources") if one["key"] == added["key"])
    assert (listed["state"], listed["posts"], listed["regions"]) == ("unchanged", 7, ["lombok-barat"])


def test_a_source_that_gives_nothing_is_refused_and_not_saved(cli: Cli, server: Server) -> None:
    server.always("/", Reply("<html><body>Halaman biasa</body></html>"))
    before = len(cli.json("sources"))
    refused = cli.run("sources", "add", server.url, "--region", "lombok-barat", code=1)
    assert "bukan umpan" in refused.stderr.replace("\n", " ")
    assert "Traceback" not in refused.stderr
    assert len(cli.json("sources")) == before


def test_when_every_source_fails_the_command_fails_in_a_sentence(cli: Cli, site: NewsSite, server: Server) -> None:
    key = cli.json("sources", "add", site.url + "/feed/", "--region", "lombok-barat")["key"]
    server.always("/feed/", Reply("rusak", 410))
    failed = cli.run("crawl", key, code=1)
    assert "Semua sumber gagal" in failed.stderr
    assert "410" in failed.stderr


def test_an_import_answers_in_json_and_again_changes_nothing(cli: Cli) -> None:
    file = cli.home / "aduan.csv"
    file.write_text("id,teks,tanggal\n1,Jalan rusak,2026-11-01\n2,,2026-11-02\n")
    words = ("import", str(file), "--map", "umum", "--region", "lombok-barat")
    first, second = cli.json(*words), cli.json(*words)

    assert {name: first[name] for name in ("read", "added", "unchanged", "quarantined")} == {
        "read": 2, "added": 1, "unchanged": 0, "quarantined": 1,
    }  # fmt: skip
    assert Path(first["quarantine"]).is_file()
    assert (second["added"], second["unchanged"]) == (0, 1)
    assert "tidak dilayani" in cli.run("import", str(file), "--map", "umum", "--region", "mana", code=1).stderr


def test_the_crawlers_process_crawls_what_is_due_and_ends_when_asked(cli: Cli, site: NewsSite, server: Server) -> None:
    cli.json("sources", "add", site.url + "/feed/", "--region", "lombok-barat")
    crawled = threading.Event()
    server.got.clear()
    server.routes.insert(0, lambda got: crawled.set() if got.path == "/feed/" else None)
    store = open_store(
        f"sqlite:///{cli.home / 'jaring.sqlite'}", keys=KeyRing.open(cli.home / "keys", create=True), create=True
    )
    for spec in store.sources.specs():
        if spec.added_by == "profile":
            store.sources.pause(spec.key)
    process = subprocess.Popen([sys.executable, "-m", "jaring", "run", "crawlers"], env=cli.environment, cwd=cli.home)
    try:
        assert crawled.wait(60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
    store.close()
