"""What a process holds is kept while it lives, free when it ends, and known to be free when it was killed here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import wait
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.ports import SourceSpec
from jaring import leasing
from jaring.leasing import LeaseKeeper, is_dead, place
from jaring.schedule import Schedule
from jaring.settings import Settings
from jaring.wiring import Hall
from store import KeyRing, Store, open_store
from tests.contracts.sources.site import serving


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(
        f"sqlite:///{tmp_path / 'jaring.sqlite'}", keys=KeyRing.open(tmp_path / "keys", create=True), create=True
    )
    opened.sources.add(SourceSpec("a", "A", "rss", "https://a.id", ("lombok-barat",)))
    yield opened
    opened.close()


@pytest.fixture
def killed() -> int:
    """The number of a process of this machine that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_what_a_killed_process_of_this_machine_held_is_free_at_once(store: Store, killed: int) -> None:
    now = datetime.now(UTC)
    store.source_leases.claim("a", "a.id", f"{place()}:{killed}:abc", now)
    with LeaseKeeper(store) as keeper:
        assert keeper.source("a", "a.id", now) is None
        assert keeper.taken(now) == frozenset()
        assert keeper.source("a", "a.id", now) is not None


def test_what_lives_here_or_somewhere_else_keeps_what_it_holds(store: Store, killed: int) -> None:
    now = datetime.now(UTC)
    for owner in (f"{place()}:{os.getpid()}:abc", f"lain/4026531836:{killed}:abc"):
        store.source_leases.claim("a", "a.id", owner, now)
        with LeaseKeeper(store) as keeper:
            assert keeper.taken(now) == {"source:a", "host:a.id"}
        store.source_leases.release_all(owner)


def test_a_copy_of_this_machine_is_another_place(killed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = place()
    (tmp_path / "start").write_text("0f5c9d1e-0000-4000-8000-000000000001\n", "ascii")
    monkeypatch.setattr(leasing, "_START", tmp_path / "start")
    assert is_dead(f"{place()}:{killed}:abc")
    assert not is_dead(f"{here}:{killed}:abc"), "a process of the same name and number may live there"


def test_who_ends_lets_go(store: Store) -> None:
    now = datetime.now(UTC)
    with LeaseKeeper(store) as first:
        assert first.source("a", "a.id", now)
        with LeaseKeeper(store) as second:
            assert not second.host("a.id", now)
    with LeaseKeeper(store) as second:
        assert second.host("a.id", now)


def test_a_process_that_ended_and_was_not_asked_how_is_dead() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()  # its end
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert is_dead(f"{place()}:{process.pid}:abc")
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("owner", ["", "uji", "lain:1:2", "satu:dua:tiga"])
def test_an_owner_that_tells_nothing_is_not_taken_for_dead(owner: str) -> None:
    assert not is_dead(owner)


def test_beside_others_a_process_takes_one_source_at_a_look(tmp_path: Path) -> None:
    hall = Hall(Settings(home=tmp_path, regions=("lombok-barat",)))
    hall.store.sources.sync(hall.source_specs)
    for spec in hall.store.sources.specs():
        hall.store.sources.pause(spec.key)
    with serving() as server, serving() as other:
        for number, site in enumerate((server, other)):
            spec = SourceSpec(f"s{number}", "S", "rss", f"{site.url}/umpan", ("lombok-barat",), added_by="uji")
            hall.store.sources.add(spec)
        schedule = Schedule(hall)
        with LeaseKeeper(hall.store) as neighbour:
            neighbour.enlist(datetime.now(UTC))
            schedule.turn(datetime.now(UTC))
            assert len(schedule._running) == 1
        schedule.turn(datetime.now(UTC))
        wait([crawl for _, crawl in schedule._running.values()])
        schedule.end()
    tried = [spec.key for spec, memory in hall.store.sources.all() if memory.last_attempt_at is not None]
    assert tried == ["s0", "s1"]
    hall.close()
