"""`jaring up` as its first users meet it: sample in, pages out, admin once, a second start that changes nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from jaring.settings import Settings
from jaring.up import prepare
from jaring.wiring import hall

PATIENCE_SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def installation(home: Path, port: int) -> Iterator[str]:
    """Run `jaring up --sample` until its address is told; yields what it said so far."""
    environment = {**os.environ, "JARING_HOME": str(home), "JARING_CRAWL": "0", "JARING_REGIONS": "lombok-barat"}
    log = home.parent / f"up-{port}.log"
    with log.open("w") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "jaring", "up", "--sample", "--port", str(port)],
            env=environment, stdout=subprocess.DEVNULL, stderr=told,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while "Ctrl+C" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        yield log.read_text()
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def status(home: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "jaring", "status", "--json"], env={**os.environ, "JARING_HOME": str(home)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_up_brings_the_sample_and_a_second_start_changes_nothing(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    with installation(home, port) as said:
        assert re.search(r"sandi sekali pakai \S{10,}", said)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            assert answer.status == 200
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/masuk") as page:
            assert "Masuk" in page.read().decode()
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/posts")
        with refused.value:
            assert refused.value.code == 401
    first = status(home)
    assert isinstance(first["posts"], int)
    assert first["posts"] > 600
    with installation(home, port) as said:
        assert "sandi sekali pakai" not in said
    assert status(home) == first


def test_an_index_that_another_version_made_is_made_anew(tmp_path: Path) -> None:
    with hall(Settings(home=tmp_path, regions="lombok-barat")) as opened:
        prepare(opened, sample=True)
        held, file = opened.index.status().documents, next((tmp_path / "index.sqlite").glob("posts-*.sqlite"))
    with closing(sqlite3.connect(file)) as index, index:
        index.execute("UPDATE meta SET value = 1 WHERE name = 'mapping_version'")
    with hall(Settings(home=tmp_path, regions="lombok-barat")) as opened:
        prepare(opened, sample=True)
        assert opened.index.status().documents == held > 600
