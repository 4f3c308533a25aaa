"""Server time of every page at 200,000 cases and 50,000 tickets on SQLite, and what its queries walk through."""

from __future__ import annotations

import random
import re
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from sqlalchemy import event

from api.app import create_app
from api.settings import ApiSettings
from benches.corpus import NEWEST, vocabulary
from benches.figures import Figure
from benches.index import percentile
from benches.town import REGION, Town, build
from desk.profiles import ProfileBook
from domain.regions import load_files
from domain.scope import Scope
from domain.taxonomy import load_taxonomy
from domain.tickets import TicketState
from indexer.sqlite import open_index
from store import KeyRing, Store, open_store
from store.ticketlists import TicketQuery

PASSWORD = "sandi-bangku-uji"  # noqa: S105  of accounts that live as long as the bench
LIMIT = 100  # ms
ROUNDS = 12  # of each address; what is told is the p95 over all addresses of a page
BIG = {
    "posts",
    "readings",
    "cases",
    "labels",
    "tickets",
    "ticket_events",
    "ticket_cases",
}  # the audit trail is read from its end


@dataclass
class Watched:
    """Statements that pages sent, with the values they were sent with."""

    sent: dict[str, Any] = field(default_factory=dict)

    def note(self, _c: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if not many and statement.lstrip().upper().startswith(("SELECT", "WITH")):
            self.sent.setdefault(statement, values)


def main(count: int = 200_000, tickets: int = 50_000) -> list[Figure]:
    """Measure every page as each role opens it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        keys = KeyRing.open(home / "keys", create=True)
        store = open_store(f"sqlite:///{home / 'jaring.sqlite'}", keys=keys, create=True, clock=lambda: NEWEST)
        index = open_index(home / "index")
        profiles = ProfileBook(load_files((REGION,)), store.region_edits)
        app = create_app(
            index=index, store=store, profiles=profiles, taxonomy=load_taxonomy(), settings=ApiSettings(),
            clock=lambda: NEWEST,
        )  # fmt: skip
        build(store, index, profiles[REGION], Town(count, tickets))
        try:
            return list(_measured(app, store))
        finally:
            index.close()
            store.close()


def _measured(app: FastAPI, store: Store) -> Iterator[Figure]:
    people = store.accounts
    people.create_user("admin", role="admin", password=PASSWORD, may_oversee=True)
    people.create_user("putr", role="penghubung", password=PASSWORD, regions=(REGION,), opds=(f"{REGION}/PUTR",))
    people.create_user("bupati", role="pimpinan", password=PASSWORD, regions=(REGION,), may_oversee=True)
    watched = Watched()
    with _served(app) as address:
        for user, pages in _pages(store).items():
            client = httpx.Client(base_url=address, timeout=60)
            _log_in(client, user)
            event.listen(store.database.engine, "before_cursor_execute", watched.note)
            for name, addresses in pages.items():
                yield _page(client, f"{name} ({user})", addresses)
            event.remove(store.database.engine, "before_cursor_execute", watched.note)
            client.close()
    walked = sorted(_walks(store, watched.sent))
    for line in walked:
        print(f"tanpa indeks: {line}")  # noqa: T201  a bench's own words
    yield Figure("kueri halaman tanpa indeks", len(walked), "kueri", None, None, "0", met=not walked)


def _pages(store: Store) -> dict[str, dict[str, list[str]]]:
    """Addresses as people open them, by person and page."""
    chance, everything = random.Random(5), Scope(regions=frozenset({REGION}), may_oversee=True)
    words = chance.sample(vocabulary()[0][20:2_000], 6)
    own = Scope(regions=frozenset({REGION}), opds=frozenset({f"{REGION}/PUTR"}))
    open_ones = store.tickets.list(TicketQuery(view="terbuka", size=6), everything, now=NEWEST).items
    theirs = store.tickets.list(TicketQuery(view="terbuka", size=6), own, now=NEWEST).items
    posts = [d.id for one in open_ones for d in store.tickets.cases(one.code, everything)]
    tickets = [f"/tiket?lihat={view}" for view in ("terbuka", "terlambat", "usulan", "semua", "selesai")]
    tickets += [f"/tiket?q={words[0]}", f"/tiket?state={TicketState.DISPOSED}", "/tiket?urut=terbaru"]
    trends = ["/tren", "/tren?hari=7", "/tren?hari=90", "/tren?hari=30&banding=1"]
    return {
        "admin": {
            "Meja kerja": ["/meja", *(f"/meja?lihat={v}" for v in ("baru", "ragu", "lama", "pengawasan", "semua"))],
            "Cari": ["/cari", *(f"/cari?q={w}" for w in words), "/cari?hari=0"],
            "Kiriman": [f"/kiriman/{post}" for post in posts],
            "Tiket": tickets,
            "Satu tiket": [f"/tiket/{one.code}" for one in open_ones],
            "Tren": trends,
            "Catat": ["/catat"],
            "Sumber": ["/sumber"],
            "Pengaturan": ["/pengaturan/orang", "/pengaturan/opd", "/pengaturan/audit"],
        },
        "putr": {"Tiket": tickets, "Satu tiket": [f"/tiket/{one.code}" for one in theirs], "Cari": ["/cari"]},
        "bupati": {"Tren": trends, "Tiket": tickets},
    }


def _page(client: httpx.Client, name: str, addresses: list[str]) -> Figure:
    times: list[float] = []
    for number in range(ROUNDS + 1):
        for address in addresses:
            began = perf_counter()
            answer = client.get(address)
            spent = (perf_counter() - began) * 1_000
            if answer.status_code != 200:
                raise SystemExit(f"{address}: {answer.status_code}")
            if number:  # the first look warms what a running server has warm
                times.append(spent)
    value = percentile(times, 0.95)
    return Figure(f"{name}, p95", value, "ms", None, None, f"≤ {LIMIT} ms", value <= LIMIT)


def _walks(store: Store, sent: dict[str, Any]) -> Iterator[str]:
    """The queries that walk through a large table without an index."""
    with store.database.read() as connection:
        for statement, values in sent.items():
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            for row in plan:
                found = re.fullmatch(r"SCAN (\w+)", str(row[-1]).partition(" USING")[0])
                if found and found[1] in BIG and " USING" not in str(row[-1]):
                    yield f"{found[1]}: {' '.join(statement.split())[:160]}"


@contextmanager
def _served(app: FastAPI) -> Iterator[str]:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # so that nothing waits for acks
    listener.bind(("127.0.0.1", 0))
    listener.listen(8)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


def _log_in(client: httpx.Client, user: str) -> None:
    guard = client.get("/masuk").text.partition('name="pintu" value="')[2].partition('"')[0]
    answer = client.post("/masuk", data={"nama": user, "sandi": PASSWORD, "pintu": guard, "lanjut": "/cari"})
    if answer.status_code != 303:
        raise SystemExit(f"{user} cannot log in: {answer.status_code}")
