"""Many processes share the sources and the patience of their hosts; what a killed one held is another's at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from domain.labels import SourceState
from domain.ports import SourceSpec
from jaring.settings import Settings
from jaring.wiring import Hall
from store import KeyRing, Store, open_store
from tests.contracts.sources.site import Got, Reply, Server, serving

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
DELAY = 0.4
ITEM = "<item><title>{path} berita {n}</title><link>{url}/baca{path}/{n}</link></item>"


def feed(server: Server, path: str, posts: int = 5) -> str:
    """A feed of its own posts."""
    items = "".join(ITEM.format(path=path, n=n, url=server.url) for n in range(posts))
    body = f'<rss version="2.0"><channel><title>{path}</title>{items}</channel></rss>'
    server.always(path, Reply(body, headers={"Content-Type": "application/rss+xml"}))
    return server.url + path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(
        f"sqlite:///{tmp_path / 'jaring.sqlite'}", keys=KeyRing.open(tmp_path / "keys", create=True), create=True
    )
    yield opened
    opened.close()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An installation with no sources but a test's own: nothing leaves this machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JARING_")}
    return kept | {"JARING_HOME": str(tmp_path), "JARING_LOG_LEVEL": "info", "PYTHONPATH": str(ROOT)}


def test_two_processes_on_one_host_ask_it_in_turns(store: Store, tmp_path: Path) -> None:
    arrived: list[float] = []

    def note(_: Got) -> Reply | None:
        arrived.append(time.monotonic())
        return None

    with serving() as server:
        command = [sys.executable, "-m", "tests.crawlers.one_crawl", str(store.database.url), str(tmp_path / "keys")]
        urls = [feed(server, f"/{name}") for name in ("satu", "dua", "tiga")]
        server.routes.insert(0, note)
        processes = [
            subprocess.Popen([*command, url, str(DELAY)], cwd=ROOT, stdout=subprocess.PIPE, text=True) for url in urls
        ]
        said = [process.communicate(timeout=120)[0].split() for process in processes]

    assert said == [["ok", "5"]] * 3
    gaps = [later - earlier for earlier, later in pairwise(sorted(arrived))]
    assert len(arrived) == 6  # each its robots.txt, then the feed
    assert min(gaps) > DELAY / 2  # the turns are apart by the delay; the way to the server is not always as long
    assert median(gaps) > DELAY * 0.9


class Held:
    """A feed that answers nobody until it is let go, and tells who was there first."""

    def __init__(self, server: Server, path: str) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        self._path = path
        server.routes.insert(0, self._hold)

    def _hold(self, got: Got) -> Reply | None:
        if got.path == self._path and not self.reached.is_set():
            self.reached.set()
            self.go_on.wait(60)
        return None


def wait_until(so: Callable[[], bool], seconds: float = 90.0) -> None:
    """Look again and again until something is so."""
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "waited too long"
        threading.Event().wait(0.1)


def test_each_source_is_crawled_once_and_a_killed_workers_is_taken_over(
    store: Store, environment: dict[str, str], tmp_path: Path
) -> None:
    with ExitStack() as stack:
        servers = [stack.enter_context(serving()) for _ in range(4)]
        keys = []
        for number, server in enumerate(servers):
            for one in range(4):
                key = f"s{number}-{one}"
                url = feed(server, f"/{key}")
                store.sources.add(SourceSpec(key, key, "rss", url, ("lombok-barat",), added_by="uji"))
                keys.append(key)
        held = Held(servers[0], "/s0-0")
        run = [sys.executable, "-m", "jaring", "run", "crawlers"]
        silence_profiles(tmp_path, store)
        workers = [subprocess.Popen(run, env=environment, cwd=tmp_path) for _ in range(3)]
        try:
            assert held.reached.wait(90)
            wait_until(lambda: finished(store, keys) >= 12)  # all but those behind the held one
            owner = store.source_leases.others("uji", datetime.now(UTC))["source:s0-0"]
            pid = int(owner.split(":")[1])
            os.kill(pid, signal.SIGKILL)
            wait_until(lambda: finished(store, keys) == len(keys))
            held.go_on.set()
        finally:
            held.go_on.set()
            for worker in workers:
                worker.terminate()
            codes = sorted(worker.wait(60) for worker in workers)

        assert codes == [-signal.SIGKILL, 0, 0]
        asked = Counter(path for server in servers for path in server.paths())
        assert asked == Counter({f"/{key}": 1 for key in keys} | {"/s0-0": 2})
        since = datetime.now(UTC) - timedelta(hours=1)
        states = [crawl.state for key in keys for crawl in store.sources.history(key, since)]
        assert states == [SourceState.OK] * len(keys)
        assert store.counts().posts == 5 * len(keys)
        assert not store.source_leases.others("uji", datetime.now(UTC))


def finished(store: Store, keys: list[str]) -> int:
    """How many of the sources have been crawled."""
    memories = {spec.key: memory for spec, memory in store.sources.all()}
    return sum(memories[key].last_ok_at is not None for key in keys)


def silence_profiles(home: Path, store: Store) -> None:
    """Pause what the region's own profile listens to."""
    hall = Hall(Settings(home=home, regions=("lombok-barat",)))
    store.sources.sync(hall.source_specs)
    hall.close()
    for spec in store.sources.specs():
        if spec.added_by == "profile":
            store.sources.pause(spec.key)
