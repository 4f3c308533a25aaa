"""`kill -9` before every statement and every commit of the line, and of workers that run side by side."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from domain.documents import PostDocument
from domain.search import BulkItem, Tombstone
from store import KeyRing, Store, open_store
from store.database import open_engine
from store.migrations import upgrade
from store.tables import metadata, posts, story_heads, story_links
from store.work import LEASE
from tests.services.postgresql import Server
from tests.store.line import ALL, NOW, REGION, Clock, PureDecider, PureReader, incoming, run_line

POSTS = [
    incoming(1),
    incoming(2, "Air mati di Gerung hubungi 081234567890 segera pak"),
    incoming(3, "Air mati di Gerung hubungi 081234567890 segera bapak"),
    incoming(4, "Banjir di Bengkulu sampai lutut orang dewasa"),
]
EDIT = incoming(1, "Jalan sudah darurat, warga jatuh tadi malam")


class FileShelf:
    """An index that outlives its process: every upsert is a line appended at once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def upsert(self, documents: Sequence[PostDocument | Tombstone]) -> list[BulkItem]:
        lines = "".join(f"{json.dumps([d.id, d.rev])}\n" for d in documents)
        with self.path.open("a") as file:
            file.write(lines)
        return [BulkItem(id=d.id, fate="written") for d in documents]

    def newest(self) -> dict[str, int]:
        newest: dict[str, int] = {}
        for line in self.path.read_text().splitlines() if self.path.exists() else ():
            case, rev = json.loads(line)
            newest[case] = max(rev, newest.get(case, 0))
        return newest


def whole_line(store: Store, shelf: FileShelf, *, at_once: bool) -> None:
    reader, decider = PureReader(), PureDecider()
    with store.database.read() as connection:
        edited = connection.execute(select(posts.c.id).where(posts.c.revision > 1)).first()
    if not edited:  # a sender who has sent the edit does not go back to the old words
        store.intake.accept(POSTS)
    if at_once:
        while store.belts.step_read_decide(reader, decider):
            pass
    run_line(store, shelf)
    store.intake.accept([EDIT])
    run_line(store, shelf)


def truth(store: Store, shelf: FileShelf) -> dict[str, Any]:
    """All that a killed line must have in common with one that was not."""
    with store.database.read() as connection:
        heads = connection.execute(select(story_heads.c.case_id).order_by(story_heads.c.case_id)).scalars().all()
        links = connection.execute(select(story_links.c.case_id, story_links.c.story)).all()
    documents = {d.id: d for d in store.cases.everything()}
    assert shelf.newest() == {d.id: d.rev for d in documents.values()}, "the index has what truth has"
    return {
        "documents": {d.id: d.model_dump(mode="json", exclude={"ingested_at"}) for d in documents.values()},
        "heads": heads,
        "links": sorted(tuple(row) for row in links),
        "revisions": len(store.cases.detail(f"{EDIT.id}.{REGION}", ALL).revisions),
        "secrets": [store.secrets.reveal(post.id, ALL, "uji").values for post in POSTS],
        "belts": {name: (d.waiting, d.leased) for name, d in store.belts.depth().items()},
        "quarantine": store.quarantine.counts(),
    }


def in_child(work: Callable[[], None]) -> bool:
    """Run in a forked process; False when it was killed."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return True


def die_at(store: Store, moment: int) -> None:
    """Kill this process before its n-th statement or commit."""
    passed = iter(range(1, moment))

    def count(*_: object) -> None:
        if next(passed, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store.database.engine, "before_cursor_execute", count)
    event.listen(store.database.engine, "commit", count)


@pytest.fixture(params=[False, True], ids=["step by step", "at once"])
def at_once(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def fresh(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Gives an empty truth as often as asked."""
    made: list[str] = []
    if engine == "sqlite":
        template = tmp_path / "template.sqlite"
        upgrade(f"sqlite:///{template}")

        def new() -> str:
            made.append(f"{len(made)}.sqlite")
            shutil.copy(template, tmp_path / made[-1])
            return f"sqlite:///{tmp_path / made[-1]}"

        yield new
        return
    server: Server = request.getfixturevalue("postgresql")
    url = server.url(server.new_database(template=request.getfixturevalue("migrated")))
    emptying = open_engine(url)

    def empty() -> str:
        with emptying.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        return url

    yield empty
    emptying.dispose()
    server.drop(url.rpartition("/")[2])


def test_killed_before_any_statement_the_line_ends_as_if_it_had_not_been(
    fresh: Callable[[], str], keys: KeyRing, tmp_path: Path, *, at_once: bool
) -> None:
    def run(url: str, shelf: FileShelf, *, dies_at: int | None = None, late: bool = False) -> None:
        clock = Clock(NOW + timedelta(days=1) if late else NOW)
        store = open_store(url, keys=keys, clock=clock)
        if dies_at is not None:
            die_at(store, dies_at)
        whole_line(store, shelf, at_once=at_once)
        store.close()

    def outcome(url: str, shelf: FileShelf) -> dict[str, Any]:
        store = open_store(url, keys=keys, clock=Clock(NOW + timedelta(days=2)))
        try:
            return truth(store, shelf)
        finally:
            store.close()

    url, shelf = fresh(), FileShelf(tmp_path / "whole.jsonl")
    run(url, shelf)
    expected = outcome(url, shelf)
    assert len(expected["documents"]) == 4
    moment, step = 0, 1 if os.environ.get("EXHAUSTIVE") else 7
    start = random.Random(int(at_once)).randrange(step)
    for moment in range(1 + start, 10_000, step):
        url, shelf = fresh(), FileShelf(tmp_path / f"{moment}.jsonl")
        finished = in_child(partial(run, url, shelf, dies_at=moment))
        assert in_child(partial(run, url, shelf, late=True))
        assert outcome(url, shelf) == expected, f"killed at moment {moment}"
        if finished:
            break
    assert moment > 60, "it was killed in every step"


WORKER = """
import sys, time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from store import KeyRing, open_store
from tests.contracts.store.test_kill import FileShelf
from tests.store.line import PureDecider, PureReader, incoming

url, keys, shelf, job = sys.argv[1:]
began = datetime(2026, 11, 20, tzinfo=UTC).timestamp()

def clock():
    # A minute of lease is a third of a second here: what a killed worker held comes back while the test runs.
    return datetime.fromtimestamp(began + (time.time() - began) % 1e7 * 180, UTC)

store = open_store(url, keys=KeyRing.open(Path(keys)), clock=clock)
steps = {
    "read": lambda: store.belts.step_read(PureReader(), limit=7),
    "decide": lambda: store.belts.step_decide(PureDecider(), limit=7),
    "at once": lambda: store.belts.step_read_decide(PureReader(), PureDecider(), limit=7),
    "index": lambda: store.belts.step_index(FileShelf(Path(shelf)).upsert, limit=7),
}
if job == "intake":
    for start in range(0, 300, 10):
        store.intake.accept([incoming(n) for n in range(start, start + 10)])
    sys.exit()
while True:
    if not steps[job]():
        time.sleep(0.02)
"""


@pytest.mark.slow
def test_workers_killed_side_by_side_lose_nothing_and_double_nothing(
    opener: Callable[[], Store], url: str, tmp_path: Path
) -> None:
    chance = random.Random(7)
    shelf = tmp_path / "shelf.jsonl"
    store = opener()

    def start(job: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", WORKER, url, str(tmp_path / "keys"), str(shelf), job])

    jobs = ["intake", "read", "read", "decide", "at once", "index"]
    workers = {n: start(job) for n, job in enumerate(jobs)}
    try:
        for _ in range(10):
            victim = chance.randrange(len(jobs))
            try:
                workers[victim].wait(chance.uniform(0.1, 0.6))
            except subprocess.TimeoutExpired:
                workers[victim].kill()
            workers[victim].wait()
            workers[victim] = start(jobs[victim])
        workers[0].wait()
        workers[0] = start("intake")
        assert workers[0].wait() == 0, "all is handed in, some of it many times"
        deadline = time.monotonic() + 120
        while any(d.waiting or d.leased for d in store.belts.depth().values()):
            assert time.monotonic() < deadline, store.belts.depth()
            time.sleep(0.05)  # the workers are other processes: nothing tells when they are done
    finally:
        for worker in workers.values():
            worker.kill()
            worker.wait()
    assert store.counts().posts == store.counts().cases == 300
    assert {d.rev for d in store.cases.everything()} == {1}
    assert FileShelf(shelf).newest() == {d.id: 1 for d in store.cases.everything()}
    assert store.quarantine.list() == []
    assert store.check() == []
    assert timedelta(minutes=5) > LEASE
