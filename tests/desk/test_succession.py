"""A merger moves open tickets when its day has come: not before, once, to whoever holds the office then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from desk.actors import Actor
from desk.profiles import ProfileBook
from desk.succession import Handover, Succession, handovers
from desk.tickets import TicketDesk
from domain.errors import Conflict, Refused
from domain.regions import RegionEdit, load_files
from domain.scope import Scope
from domain.taxonomy import load_taxonomy
from domain.tickets import Action, Party
from store import KeyRing, Store, open_store
from tests.store.line import ALL, REGION, Clock
from tests.store.tickets import stored_cases

CENTER = Actor("sari", ALL, Party.CENTER)


@pytest.fixture
def clock() -> Clock:
    return Clock()  # Friday, 20 November 2026, 11.00 WITA


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    keys = KeyRing.open(tmp_path / "keys", create=True)
    opened = open_store(f"sqlite:///{tmp_path / 'truth.sqlite'}", keys=keys, create=True, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def book(store: Store) -> ProfileBook:
    return ProfileBook(load_files((REGION,)), store.region_edits)


def merge(book: ProfileBook, clock: Clock, old: str, new: str, last_day: date) -> None:
    ends = {"valid_to": (last_day + timedelta(days=1)).isoformat(), "successor": new}
    book.change(REGION, [RegionEdit("agencies", old, ends)], "admin", clock())


def test_tickets_pass_on_when_the_day_has_come_in_the_region(store: Store, book: ProfileBook, clock: Clock) -> None:
    desk = TicketDesk(store, book, load_taxonomy(), clock)
    ticket = desk.open([stored_cases(store, 1)[0].id], CENTER, opd="PUTR")
    succession = Succession(store, desk, book, clock)
    merge(book, clock, "PUTR", "PERKIM", date(2026, 11, 20))
    assert succession.turn() == 0
    clock.advance(hours=12, minutes=59)  # 23.59 WITA
    assert succession.turn() == 0
    clock.advance(minutes=1)
    assert succession.turn() == 1
    assert succession.turn() == 0
    assert store.tickets.ticket(ticket.code, ALL).opd == "PERKIM"
    assert store.tickets.history(ticket.code, ALL)[-1].by == "sistem"


def test_a_merged_office_passes_its_open_tickets_on(store: Store, book: ProfileBook, clock: Clock) -> None:
    desk = TicketDesk(store, book, load_taxonomy(), clock)
    succession = Succession(store, desk, book, clock)
    codes = [desk.open([case.id], CENTER, opd="PUTR").code for case in stored_cases(store, 3)]
    putr, dlh = (Scope(regions=frozenset({REGION}), opds=frozenset({f"{REGION}/{code}"})) for code in ("PUTR", "DLH"))
    desk.act(codes[0], Action.SUBMIT, Actor("putr", putr, Party.AGENCY), note="sudah")
    desk.act(codes[0], Action.APPROVE, CENTER)
    assert succession.pass_on(Handover(REGION, "PUTR", "DLH"), "admin", clock()) == 2
    assert succession.pass_on(Handover(REGION, "PUTR", "DLH"), "admin", clock()) == 0
    assert [store.tickets.ticket(code, ALL).opd for code in codes] == ["PUTR", "DLH", "DLH"]
    last = store.tickets.history(codes[1], dlh)[-1]
    assert (last.action, last.by, last.opd, last.detail) == (Action.SUCCEED, "admin", "DLH", {"dari": "PUTR"})
    with pytest.raises(Refused):
        succession.pass_on(Handover(REGION, "DLH", "TIDAKADA"), "admin", clock())


def test_a_ticket_that_no_office_has_does_not_pass_on(store: Store, book: ProfileBook, clock: Clock) -> None:
    desk = TicketDesk(store, book, load_taxonomy(), clock)
    ticket = desk.open([stored_cases(store, 1)[0].id], CENTER)
    with pytest.raises(Conflict, match="belum ada pada instansi"):
        desk.act(ticket.code, Action.SUCCEED, Actor("sistem", ALL, Party.SYSTEM), opd="PUTR")
    assert store.tickets.ticket(ticket.code, ALL) == ticket


def test_a_chain_of_mergers_leads_to_who_holds_the_office_now(book: ProfileBook, clock: Clock) -> None:
    merge(book, clock, "PUTR", "PERKIM", date(2026, 11, 1))
    merge(book, clock, "PERKIM", "DLH", date(2026, 11, 10))
    found = [(due.old, due.new) for due in handovers(book[REGION], date(2026, 11, 20))]
    assert found == [("PUTR", "DLH"), ("PERKIM", "DLH")]


def test_an_heir_who_is_not_in_office_yet_receives_nothing(book: ProfileBook, clock: Clock) -> None:
    begins = {"name": "Dinas Baru", "level": "kabupaten", "source": "uji", "valid_from": "2027-01-01"}
    book.change(REGION, [RegionEdit("agencies", "BARU", begins)], "admin", clock())
    merge(book, clock, "PUTR", "BARU", date(2026, 11, 1))
    assert list(handovers(book[REGION], date(2026, 11, 20))) == []
    assert [due.new for due in handovers(book[REGION], date(2027, 1, 1))] == ["BARU"]
