"""`kill -9` before any statement of a line with watches: every story is told, none twice, none without its post."""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from desk.alerts import AlertDesk
from indexer.worker import Watcher
from store import KeyRing, open_store
from store.tables import watch_hits
from tests.contracts.store.test_kill import FileShelf, die_at, in_child
from tests.store.desk import profiles_read
from tests.store.line import NOW, Clock, PureDecider, PureReader, incoming, run_line
from tests.store.watching import Room, road, room

WORDS = "Jalan kubangan besar di depan pasar sudah tiga minggu tidak ada yang menambal sama sekali"
POSTS = [road(1), incoming(3, WORDS), incoming(4, f"{WORDS} pak"), incoming(5, "Sampah menumpuk di pasar")]
EDIT = incoming(5, "Sampah menumpuk di pasar sampai jalan jadi kubangan bau")


@dataclass(frozen=True)
class Line:
    """A truth in a file and the index beside it."""

    folder: Path
    keys: KeyRing

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'truth.sqlite'}"

    def decide(self) -> None:
        """Hear posts and decide them; somebody watches for them. Nothing is indexed yet."""
        store = open_store(self.url, keys=self.keys, create=True, clock=Clock())
        room(store).watches("ratna", "kubangan")
        store.intake.accept(POSTS)
        while store.belts.step_read(PureReader()) or store.belts.step_decide(PureDecider()):
            pass
        store.close()

    def run(self, *, dies_at: int | None = None, late: bool = False) -> None:
        """Index in small batches what waits, then an edit: whoever goes on after a crash hears that again."""
        clock = Clock(NOW + timedelta(minutes=10 if late else 1))
        store, watcher = open_store(self.url, keys=self.keys, clock=clock), Watcher()
        if dies_at is not None:
            die_at(store, dies_at)
        shelf = FileShelf(self.folder / "shelf.jsonl")
        while store.belts.step_index(shelf.upsert, watcher=watcher, limit=2):
            pass
        store.intake.accept([EDIT])
        run_line(store, shelf, watcher)
        store.close()

    def told(self) -> dict[str, Any]:
        """What a killed line must have in common with one that was not."""
        store = open_store(self.url, keys=self.keys, clock=Clock(NOW + timedelta(hours=2)))
        try:
            with store.database.read() as connection:
                hits = connection.execute(select(watch_hits.c.case_id, watch_hits.c.story)).all()
            here = Room(store, AlertDesk(store, profiles_read(), store.clock))
            return {
                "hits": sorted(tuple(row) for row in hits),
                "alerts": sorted(alert.id for alert in here.alerts.alerts(here.reader("ratna"))),
                "belts": {name: (d.waiting, d.leased) for name, d in store.belts.depth().items()},
                "indexed": sorted(FileShelf(self.folder / "shelf.jsonl").newest()),
            }
        finally:
            store.close()


def test_killed_before_any_statement_each_story_is_told_once(keys: KeyRing, tmp_path: Path) -> None:
    template = tmp_path / "template"
    template.mkdir()
    Line(template, keys).decide()

    def fresh(name: str) -> Line:
        shutil.copytree(template, tmp_path / name)
        return Line(tmp_path / name, keys)

    whole = fresh("whole")
    whole.run()
    expected = whole.told()
    assert len(expected["hits"]) == 4
    assert len(expected["alerts"]) == 3, "two posts tell one story"
    step = 1 if os.environ.get("EXHAUSTIVE") else 10
    for moment in range(1 + random.Random(3).randrange(step), 10_000, step):
        line = fresh(str(moment))
        finished = in_child(partial(line.run, dies_at=moment))
        assert in_child(partial(line.run, late=True))
        assert line.told() == expected, f"killed at moment {moment}"
        if finished:
            assert moment > 30, "it was killed in every step"
            return
