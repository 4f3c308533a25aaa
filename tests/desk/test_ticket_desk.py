"""The desk of tickets: who may do what from where, which clock runs until when, and where a ticket goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from desk.actors import Actor
from desk.tickets import TicketDesk
from domain.errors import Conflict, Forbidden, NotFound, Refused
from domain.labels import LabelTask, Urgency
from domain.regions import load_regions
from domain.scope import Scope
from domain.taxonomy import load_taxonomy
from domain.tickets import Action, ClockKind, Origin, Party, Ticket, TicketState
from store import KeyRing, Store, open_store
from tests.store.line import ALL, NOW, OTHER, REGION, Clock, Shelf, incoming, run_line
from tests.store.tickets import stored_cases

WITA = ZoneInfo("Asia/Makassar")
PROFILES = load_regions([REGION, OTHER])
CENTER = Actor("sari", ALL, Party.CENTER)


def agency(code: str, region: str = REGION) -> Actor:
    return Actor(code.lower(), Scope(regions=frozenset({region}), opds=frozenset({f"{region}/{code}"})), Party.AGENCY)


PUTR, DLH = agency("PUTR"), agency("DLH")


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
def desk(store: Store, clock: Clock) -> TicketDesk:
    return TicketDesk(store, PROFILES, load_taxonomy(), clock)


@pytest.fixture
def disposed(desk: TicketDesk, store: Store) -> Ticket:
    return desk.open([stored_cases(store, 1)[0].id], CENTER, opd="PUTR")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


def test_a_person_opens_a_ticket_of_cases_and_it_is_with_the_center(desk: TicketDesk, store: Store) -> None:
    one, two, _ = stored_cases(store)
    ticket = desk.open([one.id, two.id], CENTER)
    assert (ticket.state, ticket.opd, ticket.proposed) == (TicketState.VERIFIED, None, "PUTR")
    assert (ticket.origin, ticket.opened_by, ticket.cases) == (Origin.PERSON, "sari", 2)
    assert ticket.title == two.text, "the oldest case gives the words"
    assert (ticket.area, ticket.place) == ("52.01.06.2003", "Sesela")
    assert ticket.clock.kind is ClockKind.VERIFY
    assert ticket.clock.at == at("2026-11-25 16:00")


def test_the_most_pressing_case_sets_the_urgency(desk: TicketDesk, store: Store) -> None:
    store.intake.accept([incoming(1, "Jalan rusak"), incoming(2, "Jalan putus, darurat, warga terjebak")])
    run_line(store, Shelf())
    ticket = desk.open([f"{incoming(n).id}.{REGION}" for n in (1, 2)], CENTER, title="  Jalan \n putus 081234567890 ")
    assert ticket.urgency is Urgency.EMERGENCY
    assert ticket.title == "Jalan putus [telepon]"


def test_a_ticket_with_an_office_is_disposed_at_once_with_its_clocks(desk: TicketDesk, store: Store) -> None:
    case = stored_cases(store, 1)[0]
    ticket = desk.open([case.id], CENTER, opd="DLH", note="segera, hubungi 081234567890")
    assert (ticket.state, ticket.opd, ticket.rev) == (TicketState.DISPOSED, "DLH", 2)
    assert (ticket.clock.kind, ticket.clock.at) == (ClockKind.RESPONSE, at("2026-11-27 16:30"))
    assert (ticket.response_due, ticket.resolve_due) == (at("2026-11-27 16:30"), at("2026-12-10 16:00"))
    assert "14 hari kerja sejak disposisi pertama" in ticket.resolve_why
    last = store.tickets.history(ticket.code, ALL)[-1]
    assert (last.note, last.opd, last.detail["tenggat"]) == ("segera, hubungi [telepon]", "DLH", ticket.clock.why)
    run_line(store, Shelf())
    assert store.cases.document(case.id, ALL).opd == "DLH", "the correction is learnt"


def test_an_agency_opens_nothing_and_nobody_opens_what_he_cannot_see(desk: TicketDesk, store: Store) -> None:
    case = stored_cases(store, 1)[0]
    with pytest.raises(Forbidden):
        desk.open([case.id], PUTR)
    elsewhere = Actor("budi", Scope(regions=frozenset({OTHER})), Party.CENTER)
    with pytest.raises(NotFound):
        desk.open([case.id], elsewhere)
    with pytest.raises(Refused, match="Tidak ada OPD TIDAKADA"):
        desk.open([case.id], CENTER, opd="TIDAKADA")
    assert store.cases.document(case.id, ALL).ticket is None


def test_what_accuses_goes_to_those_who_oversee_whatever_is_asked(desk: TicketDesk, store: Store) -> None:
    store.intake.accept([incoming("p", "Ada pungli di kantor PUTR, jalan rusak"), incoming("q")])
    run_line(store, Shelf())
    accusing, plain = (f"{incoming(name).id}.{REGION}" for name in ("p", "q"))
    with pytest.raises(Conflict, match="pengawasan"):
        desk.open([accusing, plain], CENTER)
    ticket = desk.open([accusing], CENTER, opd="PUTR")
    assert (ticket.opd, ticket.oversight, ticket.accused_opd) == (PROFILES[REGION].urusan.oversight, True, ("PUTR",))
    accused = Actor("putr", Scope(PUTR.scope.regions, PUTR.scope.opds, may_oversee=True), Party.AGENCY)
    for action in (Action.NOTE, Action.ACCEPT):
        with pytest.raises(NotFound):
            desk.act(ticket.code, action, accused, note="saya tahu")
    assert desk.allowed(ticket, accused) == ()


def test_the_whole_way_of_a_ticket(desk: TicketDesk, store: Store, clock: Clock, disposed: Ticket) -> None:
    code = disposed.code
    clock.advance(hours=1)
    accepted = desk.act(code, Action.ACCEPT, PUTR)
    assert (accepted.state, accepted.accepted_at, accepted.clock) == (TicketState.IN_PROGRESS, clock(), disposed.clock)
    clock.advance(hours=1)
    answered = desk.act(code, Action.ANSWER, PUTR, note="Kami cek ke lokasi")
    assert (answered.answered_at, answered.clock.kind) == (clock(), ClockKind.RESOLVE)
    assert answered.clock.at == answered.resolve_due
    done = desk.act(code, Action.SUBMIT, PUTR, note="Sudah ditambal")
    assert (done.state, done.done_at, done.clock.kind) == (TicketState.AWAITING_REVIEW, clock(), ClockKind.VERIFY)
    back = desk.act(code, Action.SEND_BACK, CENTER, note="Masih berlubang")
    assert (back.state, back.done_at, back.clock.at) == (TicketState.IN_PROGRESS, None, back.resolve_due)
    clock.advance(days=3)
    again = desk.act(code, Action.SUBMIT, PUTR, note="Selesai")
    clock.advance(days=1)
    closed = desk.act(code, Action.APPROVE, CENTER)
    assert (closed.state, closed.clock.kind, closed.clock.at) == (TicketState.DONE, None, None)
    assert closed.done_at == again.done_at, "the clock stopped when the office was done"
    assert [line.action for line in store.tickets.history(code, ALL)][1:] == [
        Action.DISPOSE, Action.ACCEPT, Action.ANSWER, Action.SUBMIT, Action.SEND_BACK, Action.SUBMIT, Action.APPROVE,
    ]  # fmt: skip
    reopened = desk.act(code, Action.REOPEN, CENTER, note="Rusak lagi")
    assert (reopened.state, reopened.opd, reopened.proposed) == (TicketState.VERIFIED, None, "PUTR")
    assert (reopened.first_disposed_at, reopened.resolve_due, reopened.done_at) == (None, None, None)


def test_a_wrong_office_gives_it_back_with_a_successor_and_the_next_one_has_a_new_clock(
    desk: TicketDesk, store: Store, clock: Clock, disposed: Ticket
) -> None:
    clock.advance(days=3)  # Monday
    back = desk.act(disposed.code, Action.NOT_OURS, PUTR, note="Ini jalan lingkungan", opd="DLH")
    assert (back.state, back.opd, back.proposed, back.disposed_at) == (TicketState.VERIFIED, None, "DLH", None)
    assert (back.clock.kind, back.clock.at) == (ClockKind.VERIFY, at("2026-11-26 16:00"))
    last = store.tickets.history(disposed.code, ALL)[-1]
    assert (last.opd, last.detail, last.note) == ("PUTR", {"usul": "DLH"}, "Ini jalan lingkungan")
    with pytest.raises(NotFound):
        store.tickets.ticket(disposed.code, PUTR.scope)
    clock.advance(days=1)
    given = desk.act(disposed.code, Action.DISPOSE, CENTER, opd="DLH")
    assert given.response_due == at("2026-12-01 16:00"), "five days from now"
    assert given.resolve_due == disposed.resolve_due, "from the first disposition of all"
    assert given.first_disposed_at == disposed.first_disposed_at
    with pytest.raises(Conflict, match="sudah ada di DLH"):
        desk.act(disposed.code, Action.DISPOSE, CENTER, opd="DLH")
    with pytest.raises(Refused, match="bukan DLH sendiri"):
        desk.act(disposed.code, Action.NOT_OURS, DLH, note="bukan kami", opd="DLH")


def test_while_it_is_postponed_no_clock_runs(desk: TicketDesk, clock: Clock, disposed: Ticket) -> None:
    stands = desk.act(disposed.code, Action.POSTPONE, PUTR, note="Menunggu alat berat")
    assert (stands.state, stands.paused_from, stands.clock.at) == (TicketState.POSTPONED, TicketState.DISPOSED, None)
    assert not stands.is_overdue(NOW + timedelta(days=99))
    clock.now = at("2026-11-30 11:00")  # Monday a week later: six working days have passed
    goes_on = desk.act(disposed.code, Action.RESUME, PUTR)
    assert (goes_on.state, goes_on.paused_from) == (TicketState.DISPOSED, None)
    work = desk.work(REGION)
    for before, after in ((disposed.response_due, goes_on.response_due), (disposed.resolve_due, goes_on.resolve_due)):
        assert before is not None
        assert after is not None
        assert work.minutes_between(clock(), after) == work.minutes_between(NOW, before)
    assert goes_on.clock.at == goes_on.response_due
    assert "dilanjutkan" in goes_on.clock.why


def test_a_clock_that_had_run_out_is_not_healed_by_a_pause(desk: TicketDesk, clock: Clock, disposed: Ticket) -> None:
    clock.now = at("2026-12-02 10:00")
    late = desk.act(disposed.code, Action.POSTPONE, CENTER, note="Menunggu")
    assert late.clock.left_minutes is not None
    assert late.clock.left_minutes < 0
    clock.advance(days=7)
    after = desk.act(disposed.code, Action.RESUME, CENTER)
    assert after.is_overdue(clock())
    work = desk.work(REGION)
    assert disposed.resolve_due is not None
    assert after.resolve_due is not None
    left = work.minutes_between(at("2026-12-02 10:00"), disposed.resolve_due)
    assert work.minutes_between(clock(), after.resolve_due) == left, "the other clock had time left and keeps it"


def test_a_postponed_ticket_may_go_to_another_office_with_the_time_it_had(
    desk: TicketDesk, clock: Clock, disposed: Ticket
) -> None:
    desk.act(disposed.code, Action.POSTPONE, CENTER, note="Menunggu")
    clock.now = at("2026-11-30 11:00")
    given = desk.act(disposed.code, Action.DISPOSE, CENTER, opd="DLH")
    assert given.response_due == at("2026-12-07 16:00")
    assert disposed.resolve_due is not None
    assert given.resolve_due is not None
    assert given.resolve_due > disposed.resolve_due


@pytest.mark.parametrize(
    ("action", "actor", "words"),
    [
        (Action.ACCEPT, CENTER, "bukan tindakan pusat_kendali"),
        (Action.APPROVE, CENTER, "berstatus didisposisikan"),
        (Action.DISPOSE, PUTR, "bukan tindakan opd"),
        (Action.SUCCEED, CENTER, "bukan tindakan pusat_kendali"),
        (Action.OPEN, CENTER, "tidak dapat di-buka"),
    ],
)
def test_what_the_table_does_not_have_is_refused_and_changes_nothing(
    desk: TicketDesk, store: Store, disposed: Ticket, action: Action, actor: Actor, words: str
) -> None:
    with pytest.raises(Conflict, match=f"{disposed.code}.*{words}"):
        desk.act(disposed.code, action, actor, note="x", opd="DLH")
    assert store.tickets.ticket(disposed.code, ALL) == disposed


def test_a_reason_is_asked_for_where_the_table_says_so(desk: TicketDesk, disposed: Ticket) -> None:
    for action, actor in ((Action.NOT_OURS, PUTR), (Action.POSTPONE, CENTER), (Action.SUBMIT, PUTR)):
        with pytest.raises(Refused, match="Tulis alasannya"):
            desk.act(disposed.code, action, actor, note="  ")
    with pytest.raises(Refused, match="Pilih OPD"):
        desk.act(disposed.code, Action.DISPOSE, CENTER)
    with pytest.raises(Refused, match="terlalu panjang"):
        desk.act(disposed.code, Action.NOTE, CENTER, note="x" * 5_000)
    with pytest.raises(Refused, match="formulirnya sendiri"):
        desk.act(disposed.code, Action.SPLIT, CENTER)


def test_one_office_never_acts_on_anothers_ticket(desk: TicketDesk, disposed: Ticket) -> None:
    for action in Action:
        with pytest.raises(NotFound):
            desk.act(disposed.code, action, DLH, note="x", opd="DLH")
    assert desk.allowed(disposed, DLH) == ()
    assert Action.ACCEPT in desk.allowed(disposed, PUTR)
    assert Action.ACCEPT not in desk.allowed(disposed, CENTER)


def test_many_at_once_are_each_for_itself(desk: TicketDesk, store: Store) -> None:
    codes = [desk.open([case.id], CENTER, opd="PUTR").code for case in stored_cases(store, 3)]
    desk.act(codes[1], Action.SUBMIT, PUTR, note="sudah")
    outcomes = desk.act_many([*codes, "LB-2026-11-9999", codes[0]], Action.NOT_OURS, PUTR, note="bukan kami", opd="DLH")
    assert [(one.code, one.ticket is not None) for one in outcomes] == [
        (codes[0], True), (codes[1], False), (codes[2], True), ("LB-2026-11-9999", False),
    ]  # fmt: skip
    assert "menunggu_verifikasi" in (outcomes[1].refusal or "")
    assert "tidak ditemukan" in (outcomes[3].refusal or "")


def test_who_saw_an_older_state_is_told(desk: TicketDesk, disposed: Ticket) -> None:
    desk.act(disposed.code, Action.ACCEPT, PUTR, rev=disposed.rev)
    with pytest.raises(Conflict, match="sudah diubah orang lain"):
        desk.act(disposed.code, Action.NOT_OURS, PUTR, note="x", rev=disposed.rev)


def test_cases_join_and_leave_by_the_hand_of_the_center(desk: TicketDesk, store: Store) -> None:
    one, two, three = stored_cases(store)
    ticket = desk.open([one.id], CENTER, opd="PUTR")
    with pytest.raises(Conflict, match="bukan tindakan opd"):
        desk.join(ticket.code, [two.id], PUTR)
    assert desk.join(ticket.code, [two.id], CENTER).cases == 2
    other = desk.open([three.id], CENTER)
    assert desk.absorb(ticket.code, other.code, CENTER).cases == 3
    with pytest.raises(Conflict, match="tidak mempunyai kasus"):
        desk.act(other.code, Action.REOPEN, CENTER, note="x")
    assert Action.REOPEN not in desk.allowed(store.tickets.ticket(other.code, ALL), CENTER)
    new = desk.split(ticket.code, [two.id], CENTER, title="Masalah lain")
    assert (new.state, new.title, new.cases) == (TicketState.VERIFIED, "Masalah lain", 1)
    with pytest.raises(Conflict, match="berstatus diarsipkan"):
        desk.join(other.code, [two.id], CENTER)


def test_a_correction_is_learnt_and_moves_the_deadlines(desk: TicketDesk, store: Store, disposed: Ticket) -> None:
    taxonomy = load_taxonomy()
    urgent = next(topic.code for topic in taxonomy.topics if topic.sla == "darurat")
    desa = next(area for area in PROFILES[REGION].areas.values() if area.level == "desa")
    corrected = desk.correct(disposed.code, CENTER, title="Yang benar", topic=urgent, area=desa.kode, rev=disposed.rev)
    assert (corrected.title, corrected.topic, corrected.area) == ("Yang benar", urgent, desa.kode)
    assert (corrected.place or "").startswith(f"{desa.name}, ")
    assert corrected.resolve_due is not None
    assert disposed.resolve_due is not None
    assert corrected.resolve_due < disposed.resolve_due
    assert corrected.clock.at == corrected.response_due == at("2026-11-23 16:00")
    said = {label.task for label in store.labels.status(store.tickets.cases(disposed.code, ALL)[0].id, ALL).labels}
    assert {LabelTask.TOPIC, LabelTask.PLACE} <= said
    for title, topic, area in ((None, "tidak.ada", None), (None, None, "99.99"), (" ", None, None), (None, None, None)):
        with pytest.raises(Refused):
            desk.correct(disposed.code, CENTER, title=title, topic=topic, area=area)


def test_what_is_left_is_told_in_the_regions_working_time(desk: TicketDesk) -> None:
    assert desk.left_words(REGION, at("2026-11-20 11:00"), at("2026-11-20 16:30")) == "sisa 4 jam kerja"
    with pytest.raises(NotFound):
        desk.left_words("tidak-ada", NOW, NOW)
