"""The whole line under `kill -9`: import, reading, deciding, indexing, each killed at any moment, again and again.

At the end nothing accepted is lost and nothing is doubled: every row is one post, and the index holds exactly the
cases of truth, each at its own version.
"""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROWS = 240
SLOTS = ("import", "nlp", "desk", "indexer")
KILLS = 16
SETTLE_SECONDS = 150


class Line:
    """One installation whose processes can be started and killed."""

    def __init__(self, home: Path, export: Path, database_url: str | None) -> None:
        self.export = export
        self.env = {**os.environ, "JARING_HOME": str(home), "JARING_REGIONS": "lombok-barat", "JARING_CRAWL": "0"}
        self.env.pop("JARING_DATABASE_URL", None)
        if database_url:
            self.env["JARING_DATABASE_URL"] = database_url
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def command(self, slot: str) -> list[str]:
        if slot == "import":
            return ["import", str(self.export), "--map", "umum", "--region", "lombok-barat", "--json"]
        return ["run", slot]

    def start(self, slot: str) -> None:
        self.running[slot] = subprocess.Popen(
            [sys.executable, "-m", "jaring", *self.command(slot)],
            env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self, slot: str) -> None:
        process = self.running.pop(slot)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "jaring", *arguments], env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def status(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.run("status", "--json"))
        return found

    def stop(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "keluhan.csv"
    with path.open("w", newline="", encoding="utf-8") as sheet:
        writer = csv.writer(sheet)
        writer.writerow(["id", "published_at", "text"])
        for n in range(ROWS):
            words = " ".join(random.Random(n).sample(WORDS, 9))
            writer.writerow([f"k{n}", f"2026-11-{1 + n % 20:02d} 08:{n % 60:02d}", f"{words} di Gerung nomor {n}"])
    return path


WORDS = (
    "jalan rusak berlubang air mati sampah menumpuk lampu padam pasar becek sekolah bocor jembatan "
    "putus longsor banjir sawah kering irigasi jebol puskesmas antre obat habis guru jarang masuk"
).split()


@pytest.fixture(params=["sqlite", "postgresql"])
def line(request: pytest.FixtureRequest, tmp_path: Path, export: Path) -> Iterator[Line]:
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else None
    opened = Line(tmp_path / "home", export, url)
    yield opened
    opened.stop()


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_doubled_when_every_process_is_killed_at_any_moment(line: Line) -> None:
    chance = random.Random(7)
    line.run("setup")
    for slot in SLOTS:
        line.start(slot)
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.3, 2.5))
        victim = chance.choice(SLOTS)
        line.kill(victim)
        line.start(victim)
    line.running.pop("import").wait(timeout=60)
    line.run("import", str(line.export), "--map", "umum", "--region", "lombok-barat", "--json")

    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        status = line.status()
        belts = status["belts"]
        assert isinstance(belts, dict)
        if all(b["waiting"] == 0 and b["leased"] == 0 for b in belts.values()):
            break
        time.sleep(1)
    else:
        pytest.fail(f"the line did not come to rest: {line.status()}")

    assert status["posts"] == ROWS
    assert status["cases"] == ROWS
    assert status["quarantine"] == 0
    report = json.loads(line.run("index", "reconcile", "--json"))
    assert (report["missing"], report["extra"], report["stale"]) == (0, 0, 0)
    assert json.loads(line.run("index", "status", "--json"))["documents"] == ROWS
