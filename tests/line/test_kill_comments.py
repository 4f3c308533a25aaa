"""Ten thousand comments under `kill -9`, a server that fails every tenth time, and pages that move under the reader."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from crawlers.youtube.api import budget
from domain.ports import SourceSpec
from store import KeyRing
from tests.contracts.sources.site import Got, Reply, serving
from tests.contracts.sources.youtube_double import HANDLE, KEY, Film, Tube, fault
from tests.line.youtube_child import MODULES, Errand, crawl

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # an hour into the platform's day
COMMENTS = 10_000
LATER = 600  # of them are said while the others are read
KILLS = 20
FAILS = 10  # every so manieth question
UNITS = 500  # a day: the walk takes several
LONG = 400  # seconds: a crawl of this double takes some fifteen on a processor of its own


@dataclass(slots=True)
class Trouble:
    """What happens to those who ask: failures, moving pages, and the end of their process at some question."""

    tube: Tube
    film: Film
    chance: random.Random = field(default_factory=lambda: random.Random(29))
    asked: int = 0
    said: int = 0
    deleted: set[str] = field(default_factory=set)
    moving: bool = True
    kill_at: int | None = None
    victim: BaseProcess | None = None
    kills: int = 0

    def __call__(self, got: Got) -> Reply | None:
        self.asked += 1
        if self.moving and got.path == "/commentThreads":
            self.move()
        if self.asked == self.kill_at and self.victim is not None:
            self.victim.kill()
            self.kills += 1
            return Reply(status=0)
        if self.asked % FAILS == 0:
            self.tube.spent[KEY] = self.tube.spent.get(KEY, 0) + 1  # it may well have been counted
            return fault(500, "backendError", "Backend Error") if self.asked % (2 * FAILS) else Reply(status=0)
        return None

    def next_kill(self) -> int:
        """After how many questions: most die among the first pages, every fifth far into a walk or after it."""
        return self.chance.randint(20, 120) if self.kills % 5 == 4 else self.chance.randint(1, 10)

    def move(self) -> None:
        """People go on: new comments on top, replies further down, and things taken back anywhere."""
        for _ in range(self.chance.randrange(6)):
            if self.said < LATER:
                self.say(NOW - timedelta(seconds=LATER - self.said))
        if self.chance.random() < 0.4 and len(self.deleted) < LATER // 2:
            gone = self.film.threads.pop(self.chance.randrange(len(self.film.threads)))
            self.deleted |= {gone.id, *(reply.id for reply in gone.replies)}

    def say(self, at: datetime) -> None:
        self.said += 1
        words = f"Jalan di RT {self.said} Desa Telagawaru rusak"
        if self.chance.random() < 0.3 and self.film.threads:
            self.tube.reply(self.chance.choice(self.film.threads[-400:]), words, at)
        else:
            self.tube.say(self.film, words, at)


@dataclass(frozen=True, slots=True)
class Stage:
    """The double, what befalls it, and the installation that reads it."""

    tube: Tube
    film: Film
    trouble: Trouble
    errand: Errand


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    spec = SourceSpec(
        key="kanal", name="Kanal", kind="youtube", url=f"https://www.youtube.com/{HANDLE}", regions=("lombok-barat",),
        options=(("budget", str(UNITS)),),
    )  # fmt: skip
    with serving() as server:
        tube = Tube(server)
        film = tube.film("Jalan rusak di Lombok Barat", NOW - timedelta(days=3))
        trouble = Trouble(tube, film)
        for number in range(COMMENTS - LATER):
            trouble.say(film.at + timedelta(seconds=20 * number))
        trouble.said = 0
        server.routes.insert(0, trouble)
        errand = Errand(tmp_path, spec, server.url, KEY, NOW)
        KeyRing.open(tmp_path, create=True)
        with closing(errand.open(create=True)) as store:
            store.sources.add(spec)
        yield Stage(tube, film, trouble, errand)


def run(stage: Stage, errand: Errand, *, kill_after: int | None = None) -> bool:
    """One crawl in a process of its own, killed at some question; returns whether it came to its end."""
    # A bare process with everything loaded is copied: quick. It ends with the tests.
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(list(MODULES))
    process = processes.Process(target=crawl, args=(errand,))
    trouble = stage.trouble
    trouble.victim = process
    trouble.kill_at = trouble.asked + kill_after if kill_after is not None else None
    process.start()
    process.join(LONG)
    alive = process.is_alive()
    process.kill()
    process.join()
    assert not alive
    return process.exitcode == 0


def rows(stage: Stage) -> dict[str, bool]:
    """Native ids of the stored comments, and whether their words are hidden."""
    with closing(sqlite3.connect(stage.errand.home / "jaring.sqlite")) as database:
        found = database.execute("select native_id, withdrawn_at is not null from posts where parent is not null")
        listed = [(native, bool(hidden)) for native, hidden in found]
    assert len(listed) == len({native for native, _ in listed})
    return dict(listed)


def said(film: Film) -> set[str]:
    return {one.id for thread in film.threads for one in (thread, *thread.replies)}


def spent_today(stage: Stage, errand: Errand) -> int:
    """What the store says was spent on the errand's day."""
    with closing(errand.open()) as store:
        return store.purse.stands(budget(errand.spec, errand.credential), errand.now).spent


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_of_ten_thousand_comments_none_is_lost_and_none_doubled(stage: Stage) -> None:
    errand, trouble, tube = stage.errand, stage.trouble, stage.tube
    days: list[int] = []
    counted = crawls = 0
    settled = False
    while not settled:
        finished = run(stage, errand, kill_after=trouble.next_kill() if trouble.kills < KILLS else None)
        crawls += 1
        of_today = tube.spent.get(KEY, 0) - counted
        assert of_today <= spent_today(stage, errand) <= int(UNITS * 0.9)
        trouble.moving = trouble.kills < KILLS or not finished
        with closing(errand.open()) as store:
            memory = store.sources.memory(errand.spec.key)
        if finished and memory.next_due_at and memory.next_due_at > errand.now + timedelta(hours=2):
            days.append(of_today)
            counted, errand = counted + of_today, replace(errand, now=memory.next_due_at)
        settled = finished and not trouble.moving and memory.message is None and said(stage.film) <= rows(stage).keys()
        assert crawls < 3 * KILLS

    assert trouble.kills == KILLS
    assert trouble.said == LATER
    assert len(trouble.deleted) > LATER // 10
    assert days
    stored = rows(stage)
    assert said(stage.film) <= stored.keys()
    assert stored.keys() <= said(stage.film) | trouble.deleted
    assert not any(stored[one] for one in said(stage.film))

    # Within a week everything is read from end to end once more: what was taken back is hidden, too.
    errand = replace(errand, now=errand.now + timedelta(days=8))
    assert run(stage, errand)
    assert {one for one, hidden in rows(stage).items() if not hidden} == said(stage.film)
