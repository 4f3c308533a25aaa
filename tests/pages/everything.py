"""An installation with something on every page, and the addresses of all pages by who opens them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from desk.actors import Actor
from desk.alerts_telling import AlertState
from domain.doors import Budget, Period
from domain.labels import LabelTask, SourceState
from domain.ports import CrawlOutcome, SourceSpec
from domain.posts import IntakeReport
from domain.regions import RegionEdit
from domain.scope import Scope
from domain.tickets import Action, Party
from domain.watches import WatchKind
from indexer.sqlite import open_index
from store.database import Database, open_engine
from store.errands import ErrandKind, ErrandState
from store.finds import Found
from store.lessons import Lessons
from store.tables import watches
from store.tickets import Tickets
from store.triage import Stack
from store.watches_alerts import Alerts
from store.watches_marks import Marks
from store.watches_spikes import Spikes
from tests.api.alerting import desk_of, heard, reader, watch
from tests.api.installation import Installation, case, installed
from tests.api.serving import served
from tests.api.told import REGION

CENTER = Actor("ratna", Scope(frozenset({REGION}), may_oversee=True), Party.CENTER)
OFFICE = Actor("putr", Scope(frozenset({REGION}), opds=frozenset({f"{REGION}/PUTR"})), Party.AGENCY)
WATCH = "ab" * 8  # a saved search of the admin
TICKETS = 45  # more than a page
SEARCHES = ("/cari", "/cari?q=jalan&hari=0", "/cari?q=zzz", "/cari?q=jalan+AND")
CENTER_PAGES = (
    *SEARCHES, f"/kiriman/{case('truk')}", f"/kiriman/{case('berita')}", "/meja",
    "/meja?lihat=saya", "/tiket", "/tiket?q=zzz",
    "/tiket/LB-2026-11-0001", "/tiket/LB-2026-11-0002", "/tiket/LB-2026-11-0003",
    f"/tiket/baru?kasus={case('kubangan-2')}", "/tren?lengkap=1", "/tren?dari=2020-01-01&sampai=2020-01-02",
    "/tren?dari=2026-11-21&sampai=2026-01-01", "/catat", "/sumber", "/sumber/info-lobar", "/sumber/bukti/1",
    "/sumber/bukti/2", "/sumber/burung-lobar", "/mutu", "/mutu?tugas=intent",
    "/sandi", "/tidak-ada", "/peringatan", "/peringatan?lihat=dibaca",
    "/peringatan/baru?q=jalan&topic=jalan", "/peringatan/baru?q=jalan+AND", "/kiriman/tidak-ada",
)  # fmt: skip
ADMIN_PAGES = (
    f"/peringatan/pantauan/{WATCH}",
    "/sumber/kunci", "/pengaturan/orang", "/pengaturan/orang/putr", "/pengaturan/token", "/pengaturan/opd",
    "/pengaturan/wilayah?q=gerung&ubah=52.01.01", "/pengaturan/wilayah?bagian=points&ubah=",
    "/pengaturan/wilayah?bagian=calendar", "/pengaturan/wilayah?bagian=sla", "/pengaturan/mode", "/pengaturan/audit",
)  # fmt: skip
LIAISON_PAGES = ("/peringatan", "/tiket", "/tiket?lihat=selesai", "/tiket/LB-2026-11-0001", "/cari", "/tren?lengkap=1")
LEADER_PAGES = (
    "/mutu",
    "/tren?lengkap=1",
    "/tiket",
    "/tiket/LB-2026-11-0001",
    "/cari?q=jalan",
    f"/kiriman/{case('kubangan')}",
)
FORBIDDEN_PAGES = (
    "/peringatan",
    "/cari",
    "/tiket",
    "/tren",
    "/meja",
    "/mutu",
    "/pengaturan/orang",
)  # to one who has no scope yet
FAILING_PAGES = (
    "/cari?q=jalan",
    "/tiket",
    "/meja",
    "/tren",
    "/catat",
    "/sumber",
    "/mutu",
    "/peringatan",
)  # with index and tickets away
DEEDS: tuple[tuple[tuple[Action, str | None], ...], ...] = (
    (),
    ((Action.ACCEPT, None), (Action.ANSWER, "Sudah kami kerjakan hari ini.")),
    ((Action.NOT_OURS, "Jalan provinsi."),),
    ((Action.ACCEPT, None), (Action.POSTPONE, "Menunggu alat berat.")),
    ((Action.ACCEPT, None),),
)
PAGES: dict[str, tuple[str, ...]] = {
    "admin": (*CENTER_PAGES, *ADMIN_PAGES),
    "putr": LIAISON_PAGES,
    "bupati": LEADER_PAGES,
}


@dataclass(frozen=True)
class Furnished:
    """What is served, and where."""

    place: Installation
    address: str

    @contextmanager
    def engines_away(self) -> Iterator[None]:
        """Neither the index nor what holds tickets and queues answers; people can still log in."""
        parts = self.place.app.state.parts
        dead = Database(open_engine("postgresql://jaring@127.0.0.1:9/tidak-ada"))
        store = replace(
            parts.store,
            triage=Stack(dead, urusan_of=str),
            tickets=Tickets(dead, urusan_of=str),
            lessons=Lessons(dead),
            alerts=Alerts(dead),
            alert_marks=Marks(dead),
            spikes=Spikes(dead),
        )
        folder = self.place.home / "hilang"
        index = open_index(folder)
        index.close()
        shutil.rmtree(folder)
        folder.write_text("bukan folder")
        self.place.app.state.parts = replace(parts, store=store, index=index)
        try:
            yield
        finally:
            self.place.app.state.parts = parts
            folder.unlink()
            dead.close()


@contextmanager
def furnished(home: Path) -> Iterator[Furnished]:
    """An installation with two pages of tickets in all states, sources that fail, errands, tokens and edits, served."""
    with installed(home, more=70) as place, served(place.app) as address:
        furnish(place)
        yield Furnished(place, address)


def furnish(place: Installation) -> None:
    """Put something on every page of an installation with at least `TICKETS` plain posts."""
    _tickets(place)
    _alerts(place)
    _sources(place)
    _settings(place)
    place.store.labels.say(case("tanya"), LabelTask.INTENT, "pengaduan", "ratna", CENTER.scope)


def _tickets(place: Installation) -> None:
    """Some of them opened days ago: their clocks have run out."""
    desk = place.app.state.parts.desk.tickets
    now, place.clock.now = place.clock.now, place.clock.now - timedelta(days=6)
    retold = desk.open([case("kubangan"), case("sasak")], CENTER, opd="PUTR")
    desk.open([case("truk")], CENTER, opd=None, title="Truk tanah lewat, hubungi 081917222333")
    desk.open([case("kades")], CENTER, opd=None)
    desk.act(retold.code, Action.ACCEPT, OFFICE)
    desk.act(retold.code, Action.ANSWER, OFFICE, note="Tim kami menambal lubangnya pekan ini. Telepon 081917222333.")
    for n in range(TICKETS):
        if n == TICKETS // 2:
            place.clock.now = now - timedelta(hours=30)
        ticket = desk.open([case(f"isi-{n}")], CENTER, opd=("PUTR", "DLH", None)[n % 3])
        for action, note in DEEDS[n % len(DEEDS)] if ticket.opd == "PUTR" else ():
            place.clock.advance(hours=1)
            desk.act(ticket.code, action, OFFICE, note=note, opd="DISHUB" if action is Action.NOT_OURS else None)
    place.clock.now = now


def _alerts(place: Installation) -> None:
    """More alerts than a page holds, some answered, of searches of every kind."""
    kept = watch(place, "admin", "jalan OR lampu", name="Jalan dan lampu")
    with place.store.database.write() as connection:
        connection.execute(watches.update().where(watches.c.id == kept.id).values(id=WATCH))
    watch(place, "admin", "sampah", WatchKind.DIGEST, name="Sampah", shared=True)
    watch(place, "admin", "air mati", WatchKind.SPIKE, name="Air mati")
    watch(place, "admin", "puskesmas", WatchKind.SAVED, name="Puskesmas")
    watch(place, "putr", "jalan OR lubang", name="Jalan kami")
    heard(place)
    desk, admin = desk_of(place), reader(place, "admin")
    first, second, *_ = desk.alerts(admin)
    desk.answer(admin, [first.id], AlertState.SEEN)
    desk.answer(admin, [second.id], AlertState.SNOOZED, until=place.clock() + timedelta(days=1))


def _sources(place: Installation) -> None:
    store, now = place.store, place.clock()
    for key, state in (("info-lobar", SourceState.FAILED), ("suara-lobar", SourceState.OK)):
        for day in range(40, 0, -1):
            ended, at = (state if day == 1 else SourceState.OK), now - timedelta(days=day)
            said = "Servernya tidak menjawab." if ended is SourceState.FAILED else None
            report = IntakeReport(added=day % 7)
            store.sources.record(CrawlOutcome(key, ended, at, report=report, newest_post_at=at, message=said))
    for came in (ErrandState.PROVEN, ErrandState.FAILED):
        number = store.errands.ask(ErrandKind.ADD, by="admin", now=now, url="https://a.invalid", region=REGION)
        told = found("https://a.invalid/feed") if came is ErrandState.PROVEN else None
        store.errands.end(number, came, now, message="menjawab HTTP 500.", found=told)
    _platforms(place)
    store.errands.ask(ErrandKind.REFILL, by="admin", now=now, source="info-lobar", since=now, region=REGION)


def _platforms(place: Installation) -> None:
    """A free source with a key that ends soon, a paid one that nobody has agreed to, doors that were found."""
    store, now = place.store, place.clock()
    paid = SourceSpec("burung-lobar", "Cari lobar", "burung", "https://burung.invalid/search?q=lobar", (REGION,),
                      enabled=False, added_by="ratna", options=(("posts_per_month", "2000"),))  # fmt: skip
    free = SourceSpec(
        "tabung-lobar", "Kanal Lobar", "tabung", "https://tabung.invalid/@lobar", (REGION,), added_by="ratna"
    )
    for spec in (paid, free):
        store.sources.add(spec)
    store.credentials.put("tabung", "AIza-uji", "admin", now, now + timedelta(days=4))
    store.purse.reserve(Budget("tabung:1", Period.DAY, 10_000, "unit"), 3_200, now)
    post = {"title": "Musyawarah desa membahas jalan tani", "url": None, "published_at": now.isoformat()}
    finds = [
        Found("https://labuapi.invalid/feed/", "rss", "Desa Labuapi", "tautan di halaman dinas", (post, post)),
        Found(
            "https://tabung.invalid/@dishub",
            "tabung",
            "@dishub",
            "tautan di halaman Dishub; belum dicoba: butuh kunci API",
        ),
    ]
    store.finds.put(REGION, finds, now)
    number = store.errands.ask(ErrandKind.SUGGEST, by="admin", now=now, region=REGION)
    store.errands.end(number, ErrandState.DONE, now, found={"looked": 30, "silent": 4, "tried": 9, "new": 2})


def _settings(place: Installation) -> None:
    store, now = place.store, place.clock()
    store.accounts.create_token("ratna", "read", "catatan", None, now)
    store.accounts.set_active("bengkulu", active=False)
    edit = RegionEdit("areas", "52.01.01", {"aliases": ["Gerung Kota"]})
    place.app.state.parts.profiles.change(REGION, [edit], "admin", now, note="uji")
    store.triage.hand_over(
        REGION, "Longsor Pelangan sudah dihubungi BPBD; tunggu kabar.", "ratna", scope=CENTER.scope, now=now
    )


def found(address: str) -> dict[str, Any]:
    """What the crawlers would have found there."""
    spec = {
        "key": "suarantb", "name": "Suara NTB", "kind": "rss", "url": address, "regions": [REGION], "every_minutes": 60,
        "enabled": True, "added_by": "admin",
    }  # fmt: skip
    return {"spec": spec, "posts": [{"title": f"Berita {n}", "url": address, "published_at": None} for n in range(5)]}
