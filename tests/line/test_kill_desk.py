"""The desk's machine under `kill -9`: decisions and proposals killed at any moment, again and again.

At the end every story that may have a ticket has one, each with exactly its own cases, and nothing is left to look at.
"""

from __future__ import annotations

import csv
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from domain.scope import Scope
from store import KeyRing, Store, open_store
from store.tables import cases, ticket_cases, ticket_events, tickets
from tests.line.processes import SETTLE_SECONDS, Line

REGION = "lombok-barat"
STORIES, COPIES = 60, 3
KILLS = 7
VILLAGES = ("Telagawaru", "Labuapi", "Banyumulek", "Pelangan", "Golong", "Lembuak", "Gerung Utara", "Kuripan Utara")
MATTERS = (
    "jalan berlubang dan rusak parah", "sampah menumpuk tidak diangkut", "lampu jalan padam gelap sekali",
    "air PDAM mati tidak mengalir", "puskesmas antre lama obat habis", "jembatan putus belum diperbaiki",
)  # fmt: skip
WORDS = (
    "kemarin pagi warga anak sekolah pasar motor jatuh tolong segera bapak bupati dinas sudah lama sekali lagi".split()
)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "keluhan.csv"
    now = datetime.now().astimezone()
    with path.open("w", newline="", encoding="utf-8") as sheet:
        writer = csv.writer(sheet)
        writer.writerow(["id", "published_at", "text"])
        for copy in range(COPIES):
            for n in range(STORIES):
                words = " ".join(random.Random(n).sample(WORDS, 10))
                village = VILLAGES[n % len(VILLAGES)]
                text = f"{MATTERS[n % len(MATTERS)]} di desa {village} {words}, sudah {n} hari"
                writer.writerow([f"k{n}-{copy}", (now - timedelta(hours=1 + n)).isoformat(), text])
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def line(request: pytest.FixtureRequest, tmp_path: Path, export: Path) -> Iterator[Line]:
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else None
    importing = ("import", str(export), "--map", "umum", "--region", REGION, "--json")
    rooms = {"nlp": ("run", "nlp"), "desk": ("run", "desk"), "other desk": ("run", "desk")}
    opened = Line(tmp_path / "home", url, {"import": importing, **rooms, "indexer": ("run", "indexer")})
    yield opened
    opened.stop()


@pytest.mark.slow
def test_each_story_gets_its_ticket_once_when_the_desk_is_killed_at_any_moment(line: Line) -> None:
    chance = random.Random(5)
    line.run("setup")
    for slot in line.slots:
        line.start(slot)
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.5, 2.5))
        victim = chance.choice(["nlp", "desk", "other desk", "desk"])
        line.kill(victim)
        line.start(victim)
    line.running.pop("import").wait(timeout=60)
    line.run(*line.slots["import"])
    url = line.env.get("JARING_DATABASE_URL") or f"sqlite:///{line.home / 'jaring.sqlite'}"
    store = open_store(url, keys=KeyRing.open(line.home / "keys"))
    try:
        deadline = time.monotonic() + SETTLE_SECONDS
        line.rest()
        while store.verdicts.count_unsorted([REGION]):
            assert time.monotonic() < deadline
            time.sleep(0.2)  # the desk is another process: nothing tells when it is done
        line.assert_whole(STORIES * COPIES)
        assert_proposed_once(store)
    finally:
        store.close()


def assert_proposed_once(store: Store) -> None:
    with store.database.read() as connection:
        found = connection.execute(select(tickets.c.code, tickets.c.cases)).all()
        inside = dict(
            connection.execute(select(ticket_cases.c.ticket, func.count()).group_by(ticket_cases.c.ticket)).all()
        )
        stories = connection.execute(
            select(cases.c.story, ticket_cases.c.ticket).join_from(cases, ticket_cases).distinct()
        ).all()
        opened = connection.execute(
            select(ticket_events.c.code, func.count())
            .where(ticket_events.c.action == "buka")
            .group_by(ticket_events.c.code)
        ).all()
    assert len(found) > 10, "many stories have place and office"
    assert dict(found) == inside
    assert set(Counter(story for story, _ in stories).values()) == {1}, "no story has two tickets"
    assert {number for _, number in opened} == {1}
    codes = sorted(int(code.rpartition("-")[2]) for code, _ in found)
    assert codes == list(range(1, len(codes) + 1)), "no number is lost to a killed process"
    for story in {story for story, _ in stories}:
        told = store.stories.cases(story, Scope(regions=frozenset({REGION}), may_oversee=True))
        assert len({document.ticket for document in told}) == 1, "a story's cases are in one ticket, all of them"
