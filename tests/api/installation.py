"""A whole small installation: real store, real index, real desk, posts with known readings, people of every role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.app import create_app
from api.settings import ApiSettings
from desk.decide import Desk
from desk.profiles import ProfileBook
from domain.ids import case_id, post_id
from domain.ports import PostIndex, QueryEncoder, SourceSpec
from domain.regions import load_files
from domain.taxonomy import load_taxonomy
from indexer.sqlite import open_index
from indexer.worker import Watcher
from store import KeyRing, Store, open_store
from tests.api.platforms import KINDS, budget_of
from tests.api.told import NOW, OTHER, POSTS, REGION, Told, ToldReader, filler

PASSWORD = "sandi-uji-yang-panjang"
CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
SOURCES = (
    ("info-lobar", "Info Lobar", REGION),
    ("suara-lobar", "Suara Lobar", REGION),
    ("aduan-wa", "Aduan WA", REGION),
    ("kabar-bengkulu", "Kabar Bengkulu", OTHER),
)


class Clock:
    """A clock that tests set."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


@dataclass
class Installation:
    """The parts, and the work that other processes would do."""

    home: Path
    store: Store
    index: PostIndex
    app: FastAPI
    clock: Clock
    desk: Desk
    reader: ToldReader
    watcher: Watcher = field(default_factory=Watcher)

    def work(self) -> None:
        """Read, decide and index whatever waits."""
        while self.store.belts.step_read(self.reader) or self.store.belts.step_decide(self.desk):
            pass
        while self.store.belts.step_index(self.index.upsert, watcher=self.watcher):
            pass
        self.index.refresh()

    def token(self, user: str, scope: str) -> str:
        """A fresh token of a person."""
        return self.store.accounts.create_token(user, scope, "uji", None, self.clock())


def case(key: str, region: str = REGION) -> str:
    """The case id of a told post."""
    return case_id(post_id("import:uji", key), region)


@contextmanager
def installed(
    home: Path,
    *,
    more: int = 45,
    settings: ApiSettings | None = None,
    told: Iterable[Told] = POSTS,
    encoder: QueryEncoder | None = None,
) -> Iterator[Installation]:
    """An installation in a folder, for the length of a test or of a session."""
    clock = Clock()
    posts = [*told, *filler(more)]
    taxonomy = load_taxonomy()
    keys = KeyRing.open(home / "keys", create=True)
    store = open_store(f"sqlite:///{home / 'jaring.sqlite'}", keys=keys, create=True, clock=clock, hasher=CHEAP)
    profiles = ProfileBook(load_files((REGION, OTHER)), store.region_edits)
    index = open_index(home / "index")
    try:
        app = create_app(
            index=index, store=store, profiles=profiles, taxonomy=taxonomy,
            settings=settings or ApiSettings(), clock=clock, encoder=encoder,
            kinds=KINDS, budget_of=budget_of,
        )  # fmt: skip
        place = Installation(home, store, index, app, clock, Desk(profiles, taxonomy), ToldReader(posts))
        for key, name, region in SOURCES:
            url = f"https://contoh.invalid/{key}"
            store.sources.add(SourceSpec(key=key, name=name, kind="rss", url=url, regions=(region,), added_by="admin"))
        add_people(store)
        store.intake.accept([one.incoming() for one in posts])
        place.work()
        yield place
    finally:
        index.close()
        store.close()


def add_people(store: Store) -> None:
    """One person of each role; `baru` has yet to choose a password."""
    people = store.accounts
    people.create_user("admin", display="Admin", role="admin", password=PASSWORD, may_reveal=True, may_oversee=True)
    people.create_user("ratna", display="Baiq Ratna", role="analis", password=PASSWORD, regions=(REGION,))
    people.create_user(
        "putr", display="Lalu Made", role="penghubung", password=PASSWORD, regions=(REGION,), opds=("PUTR",)
    )
    people.create_user("bupati", display="Pimpinan", role="pimpinan", password=PASSWORD, regions=(REGION,))
    people.create_user("kosong", display="Kosong", role="penghubung", password=PASSWORD, regions=(REGION,))
    people.create_user("bengkulu", display="Analis Kota", role="analis", password=PASSWORD, regions=(OTHER,))
    people.create_user("baru", display="Orang Baru", role="analis", password=PASSWORD, must_change=True)
