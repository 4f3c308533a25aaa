"""The whole line under `kill -9`: import, reading, deciding, indexing, each killed at any moment, again and again.

At the end nothing accepted is lost and nothing is doubled: every row is one post, and the index holds exactly the
cases of truth, each at its own version.
"""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line.processes import Line

ROWS = 240
ROOMS = {"nlp": ("run", "nlp"), "desk": ("run", "desk"), "indexer": ("run", "indexer")}
KILLS = 16


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
    importing = ("import", str(export), "--map", "umum", "--region", "lombok-barat", "--json")
    opened = Line(tmp_path / "home", url, {"import": importing, **ROOMS})
    yield opened
    opened.stop()


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_doubled_when_every_process_is_killed_at_any_moment(line: Line) -> None:
    chance = random.Random(7)
    line.run("setup")
    for slot in line.slots:
        line.start(slot)
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.3, 2.5))
        victim = chance.choice(list(line.slots))
        line.kill(victim)
        line.start(victim)
    line.running.pop("import").wait(timeout=60)
    line.run(*line.slots["import"])
    line.assert_whole(ROWS)
