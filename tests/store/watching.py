"""People with saved searches on the small line, and what they are told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from desk.alerts import AlertDesk, Reader, WatchWish
from desk.alerts_telling import Alert, AlertState, ToldAlert
from domain.posts import Incoming
from domain.search import Filters
from domain.watches import Watch, WatchKind
from indexer.worker import Watcher
from store import Store
from store.tables import cases, posts, watch_hits
from tests.store.desk import profiles_read
from tests.store.line import OTHER, REGION, Shelf, Upserts, incoming, run_line

PASSWORD = "sandi-uji-yang-panjang"


@dataclass
class Room:
    """A truth with its workers, and people of every role."""

    store: Store
    alerts: AlertDesk
    shelf: Upserts = field(default_factory=Shelf)
    watcher: Watcher = field(default_factory=Watcher)

    def hears(self, *posts: Incoming) -> None:
        """Take posts in and work until nothing waits."""
        self.store.intake.accept(posts)
        self.works()

    def works(self) -> None:
        """Work every belt until nothing waits."""
        run_line(self.store, self.shelf, self.watcher)

    def reader(self, name: str) -> Reader:
        """A person with what he may see now."""
        user = self.store.accounts.user(name)
        return Reader(user, self.store.accounts.scope_of(user, (REGION, OTHER)))

    def watches(self, who: str, q: str, kind: WatchKind = WatchKind.EACH, **more: Any) -> Watch:
        """Let somebody watch a search."""
        region, filters = more.pop("region", REGION), more.pop("filters", Filters())
        wish = WatchWish(more.pop("name", q or "semua"), kind, **more)
        return self.alerts.save(self.reader(who), wish, region=region, q=q, filters=filters)

    def told(self, who: str, state: AlertState | None = None) -> list[ToldAlert]:
        """What somebody is told, with samples."""
        reader = self.reader(who)
        chosen = [one for one in self.alerts.alerts(reader) if state is None or one.state is state]
        return self.alerts.tell(reader, chosen)

    def alert(self, who: str) -> Alert:
        """The one alert that somebody has."""
        (one,) = self.alerts.alerts(self.reader(who))
        return one


def room(store: Store) -> Room:
    """A room with five people."""
    people = store.accounts
    for name, role, more in (
        ("admin", "admin", {"may_oversee": True}),
        ("ratna", "analis", {"regions": (REGION,)}),
        ("putr", "penghubung", {"regions": (REGION,), "opds": ("PUTR",), "may_oversee": True}),
        ("kades", "kades", {"regions": (REGION,), "areas": ("52.01.06.2003",)}),
        ("bupati", "pimpinan", {"regions": (REGION,)}),
    ):
        people.create_user(name, role=role, password=PASSWORD, **more)
    return Room(store, AlertDesk(store, profiles_read(), store.clock))


def samples(told: Iterable[ToldAlert]) -> list[list[str]]:
    """The words of the samples of each alert."""
    return [[document.text for document in one.samples] for one in told]


def road(number: int, text: str | None = None, **changes: Any) -> Incoming:
    """A complaint about a road in words of its own."""
    return incoming(
        number, text or f"Jalan kubangan {WORDS[number % len(WORDS)]} {number} {number + 7} parah", **changes
    )


WORDS = "gerung labuapi kediri narmada sekotong lembar kuripan batulayar gunungsari lingsar".split()


def floods(store: Store, finds: Collection[Watch], count: int, at: datetime) -> None:
    """Let watches find so many stories more, each a copy of a case that is there, at a moment."""
    with store.database.write() as connection:
        post, case = (dict(connection.execute(select(one).limit(1)).one()._mapping) for one in (posts, cases))
        names = [f"{n:05}" for n in range(count)]
        copies = [post | {"id": f"{post['id']}-{n}", "native_id": n, "fingerprint": n} for n in names]
        connection.execute(insert(posts), copies)
        connection.execute(
            insert(cases),
            [
                case | {"id": f"{case['id']}-{n}", "post_id": f"{post['id']}-{n}", "story": n, "published_at": at}
                for n in names
            ],
        )
        told = {"at": at, "due_at": at, "published_at": at}
        connection.execute(
            insert(watch_hits),
            [
                {"watch": one.id, "case_id": f"{case['id']}-{n}", "story": n, "kind": one.kind.value, **told}
                for one in finds
                for n in names
            ],
        )
