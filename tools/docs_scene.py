"""The sample as a command center has it after ten days of work: what the pictures of the docs show. No randomness."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from sqlalchemy import select, update

from api.app import create_app
from api.settings import ApiSettings
from desk.actors import Actor
from desk.alerts import AlertDesk, Reader, WatchWish
from desk.alerts_telling import AlertState
from desk.decide import Desk
from desk.profiles import ProfileBook
from desk.proposals import Proposer
from domain.errors import JaringError
from domain.ids import case_id
from domain.labels import SourceState
from domain.ports import CrawlOutcome
from domain.posts import IntakeReport
from domain.receipts import receipt
from domain.regions import load_files
from domain.scope import Scope
from domain.search import Filters
from domain.taxonomy import load_taxonomy
from domain.tickets import Action, Party, Ticket, TicketState
from domain.watches import WatchKind
from indexer.sqlite import open_index
from indexer.worker import Watcher
from jaring.bundled import REGION, sample_posts, sample_sources
from jaring.work import drain
from nlp.pipeline import build_reader
from store import KeyRing, Store, open_store
from store.database import Database, open_engine
from store.tables import door_talks
from store.talks_values import Door, Said
from store.ticketlists import TicketQuery
from store.tickets import Tickets
from store.triage import Stack, TriageQuery
from store.watches_alerts import Alerts
from store.watches_marks import Marks
from store.watches_spikes import Spikes

MOMENT: Final = datetime(2026, 11, 20, 2, 32, tzinfo=UTC)  # every run shows the same day: a Friday, 10.32 WITA
DAYS: Final = 10  # of work before it
EVERYTHING: Final = Scope(frozenset({REGION}), may_oversee=True)
ANALYST: Final = Actor("ratna", EVERYTHING, Party.CENTER)
PEOPLE: Final = {  # name: what is shown, role, offices
    "ratna": ("Baiq Ratna", "analis", ()),
    "admin": ("Lalu Hasan", "admin", ()),
    "putr": ("Lalu Made", "penghubung", ("PUTR",)),
    "bupati": ("Pimpinan", "pimpinan", ()),
    "baru": ("Sahrul", "penghubung", ()),  # has not been given an office yet
}
WATCHES: Final = (  # who, name, search, how, whether shared
    ("ratna", "Longsor dan banjir", "longsor OR banjir", WatchKind.EACH, True),
    ("ratna", "Jalan berlubang", "jalan (lubang OR berlubang OR rusak)", WatchKind.EACH, False),
    ("ratna", "Air PDAM", "air (mati OR keruh OR pdam)", WatchKind.DIGEST, False),
    ("ratna", "Sampah menumpuk", "sampah", WatchKind.SPIKE, False),
    ("ratna", "Lampu jalan", "lampu (padam OR mati)", WatchKind.SAVED, False),
    ("admin", "Pelayanan KTP", "ktp OR dukcapil", WatchKind.EACH, True),
)  # fmt: skip
BROKEN: Final = 3  # which source has stopped answering
ANSWERED_REPORT, NEW_REPORT = receipt("LB", "7K2M9QX"), receipt("LB", "4TD8R2W")  # of the public form
REPORTS: Final = {  # words, place, how long before the picture
    ANSWERED_REPORT: (
        "Lampu jalan di depan SDN 2 Telagawaru padam sejak tiga minggu; anak-anak pulang mengaji gelap-gelapan.",
        "depan SDN 2 Telagawaru",
        timedelta(days=2),
    ),
    NEW_REPORT: (
        "Saluran air di Dusun Tongkek tersumbat, tiap hujan airnya masuk ke rumah.",
        "Dusun Tongkek",
        timedelta(minutes=1),
    ),
}
ANSWER: Final = "Tim kami sudah ke lapangan; pengerjaan dijadwalkan pekan ini."


@dataclass
class Scene:
    """The served application and the time that its clocks show."""

    home: Path
    app: FastAPI
    now: datetime

    @contextmanager
    def engines_away(self) -> Iterator[None]:
        """Neither the index nor what holds tickets and queues answers."""
        parts = self.app.state.parts
        dead = Database(open_engine("postgresql://jaring@127.0.0.1:9/tidak-ada"))
        folder = self.home / "hilang"
        index = open_index(folder)
        index.close()
        shutil.rmtree(folder)
        folder.write_text("")
        store = replace(parts.store, triage=Stack(dead, urusan_of=str), tickets=Tickets(dead, urusan_of=str))
        store = replace(store, alerts=Alerts(dead), alert_marks=Marks(dead), spikes=Spikes(dead))
        self.app.state.parts = replace(parts, store=store, index=index)
        try:
            yield
        finally:
            self.app.state.parts = parts
            folder.unlink()
            dead.close()


@contextmanager
def scene(home: Path, password: str) -> Iterator[Scene]:
    """An installation in which the sample came in day by day, was triaged, answered, sent back or left to wait."""
    taxonomy = load_taxonomy()
    made = Scene(home, FastAPI(), MOMENT - timedelta(days=DAYS))
    keys = KeyRing.open(home / "keys", create=True)
    store = open_store(f"sqlite:///{home / 'jaring.sqlite'}", keys=keys, create=True, clock=lambda: made.now)
    profiles = ProfileBook(load_files((REGION,)), store.region_edits)
    index = open_index(home / "index.sqlite")
    try:
        made.app = create_app(
            index=index, store=store, profiles=profiles, taxonomy=taxonomy, settings=ApiSettings(public_form=True),
            clock=lambda: made.now,
        )  # fmt: skip
        for name, (display, role, opds) in PEOPLE.items():
            store.accounts.create_user(
                name, display=display, role=role, password=password, regions=(REGION,), opds=opds,
                may_oversee=role in {"admin", "analis", "pimpinan"},
            )  # fmt: skip
        services = made.app.state.parts.desk
        reader, desk = build_reader(profiles), Desk(profiles, taxonomy)
        proposer = Proposer(store, services.tickets, profiles, lambda: made.now)
        _sources(store)
        _watches(made)
        watcher = Watcher()
        start = datetime.min.replace(tzinfo=UTC)
        for half_day in range(2 * DAYS + 1):
            made.now = MOMENT - timedelta(hours=12 * (2 * DAYS - half_day))
            came = [one for one in sample_posts(MOMENT) if start < (one.published_at or MOMENT) <= made.now]
            store.intake.accept([one.model_copy(update={"fetched_at": made.now}) for one in came])
            drain(lambda: store.belts.step_read(reader))
            drain(lambda: store.belts.step_decide(desk))
            drain(proposer.turn)
            if half_day < 2 * DAYS - 1:  # what came last waits for the reader of the picture
                _triage(made)
            _work(made)
            drain(lambda: store.belts.step_index(index.upsert, watcher=watcher))
            start = made.now
        for code in REPORTS:
            _report(made, code)
            if code == ANSWERED_REPORT:
                drain(lambda: store.belts.step_read(reader))
                drain(lambda: store.belts.step_decide(desk))
                _answered(made, code)
        made.now = MOMENT
        drain(lambda: store.belts.step_index(index.upsert, watcher=watcher))
        index.refresh()
        _read(made)
        store.triage.hand_over(
            REGION, "Longsor Sekotong sudah di tangan BPBD; tunggu kabar pukul 13.", "ratna", scope=EVERYTHING,
            now=made.now,
        )  # fmt: skip
        yield made
    finally:
        index.close()
        store.close()


def _watches(made: Scene) -> None:
    """What the analyst and the admin want to hear of."""
    for who, name, q, kind, shared in WATCHES:
        _alerts(made).save(_reader(made, who), WatchWish(name, kind, 7, shared), region=REGION, q=q, filters=Filters())


def _read(made: Scene) -> None:
    """The analyst has read what is older than a day, and put one off."""
    reader = _reader(made, "ratna")
    found = _alerts(made).alerts(reader)
    old = [alert.id for alert in found if alert.at < made.now - timedelta(days=1)]
    _alerts(made).answer(reader, old[1:], AlertState.SEEN)
    _alerts(made).answer(reader, old[:1], AlertState.SNOOZED, until=made.now + timedelta(hours=20))


def _alerts(made: Scene) -> AlertDesk:
    parts = made.app.state.parts
    return AlertDesk(parts.store, parts.profiles, parts.clock)


def _reader(made: Scene, name: str) -> Reader:
    accounts = made.app.state.parts.store.accounts
    return Reader(accounts.user(name), accounts.scope_of(accounts.user(name), (REGION,)))


def _report(made: Scene, code: str) -> None:
    """Somebody has written by the form, and was given this code."""
    words, place, before = REPORTS[code]
    made.now = MOMENT - before
    talks, database = made.app.state.parts.store.talks, made.app.state.parts.store.database
    said = Said(Door.FORM, REGION, "LB", id=f"gambar {code}", text=words, at=made.now, place=place)
    taken = talks.take_in(said, made.now)
    with database.write() as connection:  # codes are random, pictures are not
        connection.execute(update(door_talks).where(door_talks.c.code == taken.code).values(code=code))


def _answered(made: Scene, code: str) -> None:
    """The office in charge has taken the report on and answered."""
    store, tickets = made.app.state.parts.store, made.app.state.parts.desk.tickets
    with store.database.read() as connection:
        post = connection.execute(select(door_talks.c.post_id).where(door_talks.c.code == code)).scalar_one()
    made.now += timedelta(minutes=50)
    ticket = tickets.open([case_id(post, REGION)], ANALYST, opd="DISHUB")
    for action, note, later in ((Action.ACCEPT, None, 3), (Action.ANSWER, ANSWER, 20)):
        made.now += timedelta(hours=later)
        ticket = tickets.act(ticket.code, action, _office(ticket), rev=ticket.rev, note=note)


def _triage(made: Scene) -> None:
    """The analyst judges all that waits."""
    store, triage = made.app.state.parts.store, made.app.state.parts.desk.triage
    waiting = store.triage.queue(TriageQuery(view="semua", size=200), EVERYTHING, me="ratna", now=made.now).items
    for number, item in enumerate(waiting):
        try:
            if item.head.opd and number % 6:
                triage.accept(item.story, ANALYST, opd=None, join=item.same[0].code if item.same else None)
            else:
                triage.set_aside(item.story, ANALYST, "Bukan urusan pemerintah")
        except JaringError:
            continue  # a story judged together with another, or one that no office answers for
    store.triage.looked("ratna", made.now)


def _work(made: Scene) -> None:
    """The offices answer as offices do: most in time, some late, some not at all."""
    store, tickets = made.app.state.parts.store, made.app.state.parts.desk.tickets
    found = store.tickets.list(TicketQuery(view="terbuka", size=300), EVERYTHING, now=made.now).items
    for ticket in found:
        for action, note, opd in _deeds(ticket, int(ticket.code[-4:])):
            actor = ANALYST if action is Action.APPROVE else _office(ticket)
            made.now += timedelta(minutes=1)
            try:
                tickets.act(ticket.code, action, actor, note=note, opd=opd)
            except JaringError:
                break


def _deeds(ticket: Ticket, number: int) -> list[tuple[Action, str | None, str | None]]:
    match ticket.state:
        case TicketState.DISPOSED if number % 13 == 0:
            return [(Action.NOT_OURS, "Ruas ini jalan provinsi; mohon diteruskan.", "DISHUB")]
        case TicketState.DISPOSED if number % 8:
            return [(Action.ACCEPT, None, None)]
        case TicketState.IN_PROGRESS if not ticket.answered_at and number % 10:
            return [(Action.ANSWER, ANSWER, None)]
        case TicketState.IN_PROGRESS if number % 17 == 0:
            return [(Action.POSTPONE, "Menunggu alat berat dari provinsi.", None)]
        case TicketState.IN_PROGRESS if ticket.answered_at and number % 3:
            return [(Action.SUBMIT, "Selesai dikerjakan; foto terlampir di laporan harian.", None)]
        case TicketState.AWAITING_REVIEW if number % 5:
            return [(Action.APPROVE, None, None)]
        case _:
            return []


def _office(ticket: Ticket) -> Actor:
    return Actor("putr", Scope(frozenset({REGION}), opds=frozenset({f"{REGION}/{ticket.opd}"})), Party.AGENCY)


def _sources(store: Store) -> None:
    """The sample's sources as if they were crawled: each day as many as came, one silent for two days."""
    specs = sample_sources()
    for spec in specs:
        store.sources.add(replace(spec, enabled=True, kind="rss", name=spec.name.removesuffix(" (contoh)")))
    came = Counter((one.source, (one.published_at or MOMENT).date()) for one in sample_posts(MOMENT))
    for number, spec in enumerate(specs):
        for day in range(40, -1, -1):
            at = MOMENT - timedelta(days=day, hours=1)
            failed = number == BROKEN and day < 2  # noqa: PLR2004  the last two days
            added = 0 if failed else came[(spec.key, at.date())]
            store.sources.record(
                CrawlOutcome(
                    spec.key, SourceState.FAILED if failed else SourceState.OK, at, report=IntakeReport(added=added),
                    newest_post_at=None if failed else at, message="menjawab HTTP 503." if failed else None,
                )
            )  # fmt: skip
