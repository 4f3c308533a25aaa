"""Tickets in truth: opened once, changed one after the other, with a history that only grows."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from domain.errors import Conflict, NotFound, Refused
from domain.labels import CaseState, LabelTask, Urgency
from domain.scope import Scope
from domain.taxonomy import load_taxonomy
from domain.tickets import Action, Clock, Origin, Ticket, TicketState
from store import Store
from store.projection import refresh
from store.tables import tickets
from store.ticketopening import withdraw
from store.ticketwork import Change
from tests.store.line import ALL, NOW, REGION, PureDecider, PureReader, Shelf, incoming, run_line
from tests.store.tickets import draft, due, lay_down, moment, opened, stored_cases, ticket, to

NOBODY = Scope(regions=frozenset())


def test_a_ticket_has_a_code_of_region_and_month_and_counts_up(store: Store) -> None:
    one, two, three = stored_cases(store)
    assert opened(store, one).code == "LB-2026-11-0001"
    assert opened(store, two).code == "LB-2026-11-0002"
    december = draft().day + timedelta(days=20)
    assert opened(store, three, day=december).code == "LB-2026-12-0001"


def test_the_cases_of_a_ticket_say_so_and_go_to_the_index_again(store: Store) -> None:
    one, two, other = stored_cases(store)
    made = opened(store, one, two)
    assert made.cases == 2
    shelf = Shelf()
    run_line(store, shelf)
    assert set(shelf.held) == {one.id, two.id}
    document = store.cases.document(one.id, ALL)
    assert (document.ticket, document.ticket_state, document.rev) == (made.code, TicketState.NEW, one.rev + 1)
    assert store.cases.document(other.id, ALL) == other
    assert store.tickets.codes_of([one.id, other.id]) == {one.id: made.code}
    assert [d.id for d in store.tickets.cases(made.code, ALL)] == [two.id, one.id], "oldest first"


def test_a_case_tells_of_one_ticket_only(store: Store) -> None:
    one, two, _ = stored_cases(store)
    made = opened(store, one)
    with pytest.raises(Conflict, match=made.code):
        opened(store, two, one)
    with pytest.raises(NotFound, match="tidak-ada"):
        store.tickets.open(draft(), ["tidak-ada.lombok-barat"], by="sari", origin=Origin.PERSON, now=NOW)
    with pytest.raises(Refused, match="sedikitnya satu"):
        store.tickets.open(draft(), [], by="sari", origin=Origin.PERSON, now=NOW)
    assert store.cases.document(two.id, ALL).ticket is None
    assert opened(store, two).code == "LB-2026-11-0002", "what was refused used no number"


def test_the_days_cap_is_not_passed_and_leaves_no_trace(store: Store) -> None:
    one, two, three = stored_cases(store)

    def propose(case: str, cap: int) -> str | None:
        made = store.tickets.open(draft(), [case], by="sistem", origin=Origin.PROPOSAL, now=NOW, cap=cap)
        return made.code if made else None

    assert propose(one.id, 0) is None
    assert propose(one.id, 1) == "LB-2026-11-0001"
    assert propose(two.id, 1) is None
    assert store.cases.document(two.id, ALL).ticket is None
    assert opened(store, three).code == "LB-2026-11-0002", "people are not capped"
    assert propose(two.id, 2) == "LB-2026-11-0003"


def test_every_change_leaves_a_line_a_new_rev_and_fresh_documents(store: Store) -> None:
    one, *_ = stored_cases(store)
    made = opened(store, one)
    after = store.tickets.change(
        made.code, ALL, to(TicketState.DISPOSED, Action.DISPOSE, opd="PUTR"), rev=1, now=moment(1)
    )
    assert (after.rev, after.state, after.opd, after.updated_at) == (2, TicketState.DISPOSED, "PUTR", moment(1))
    assert store.tickets.ticket(made.code, ALL) == after
    assert store.cases.document(one.id, ALL).ticket_state is TicketState.DISPOSED
    opening, disposal = store.tickets.history(made.code, ALL)
    assert (opening.action, opening.before, opening.after) == (Action.OPEN, None, TicketState.NEW)
    assert (disposal.action, disposal.before, disposal.after, disposal.opd, disposal.at) == (
        Action.DISPOSE, TicketState.NEW, TicketState.DISPOSED, "PUTR", moment(1),
    )  # fmt: skip
    assert store.check() == []


def test_who_acts_on_what_is_no_longer_so_is_told(store: Store) -> None:
    made = opened(store, stored_cases(store, 1)[0])
    store.tickets.change(made.code, ALL, to(TicketState.VERIFIED), rev=1, now=NOW)
    with pytest.raises(Conflict, match=rf"{made.code} sudah diubah orang lain.*terverifikasi"):
        store.tickets.change(made.code, ALL, to(TicketState.REFUSED), rev=1, now=NOW)
    assert store.tickets.ticket(made.code, ALL).state is TicketState.VERIFIED


def test_what_is_refused_while_it_is_decided_changes_nothing(store: Store) -> None:
    made = opened(store, stored_cases(store, 1)[0])

    def refuse(_: Ticket) -> Change:
        raise Refused("tidak")

    with pytest.raises(Refused, match="tidak"):
        store.tickets.change(made.code, ALL, refuse, now=NOW, relabel=True)
    assert store.tickets.ticket(made.code, ALL) == made
    assert len(store.tickets.history(made.code, ALL)) == 1


def test_a_person_who_disposes_teaches_the_cases_and_they_are_decided_again(store: Store) -> None:
    one, *_ = stored_cases(store)
    made = opened(store, one)

    def to_dlh(current: Ticket) -> Change:
        change = to(TicketState.DISPOSED, Action.DISPOSE, opd="DLH")(current)
        return replace(change, says={LabelTask.OPD: "DLH"})

    store.tickets.change(made.code, ALL, to_dlh, now=NOW, relabel=True)
    run_line(store, Shelf())
    document = store.cases.document(one.id, ALL)
    assert (document.opd, document.state) == ("DLH", CaseState.REVIEWED)
    (label,) = store.labels.status(one.id, ALL).labels
    assert (label.task, label.value, label.by, label.note) == (LabelTask.OPD, "DLH", "sari", f"tiket {made.code}")


def test_what_is_opened_may_go_on_at_once_or_not_at_all(store: Store) -> None:
    one, *_ = stored_cases(store)

    def refuse(_: Ticket) -> Change:
        raise Refused("OPD tidak ada")

    with pytest.raises(Refused):
        store.tickets.open(draft(), [one.id], by="sari", origin=Origin.PERSON, now=NOW, then=[refuse], relabel=True)
    assert store.cases.document(one.id, ALL).ticket is None
    dispose = to(TicketState.DISPOSED, Action.DISPOSE, opd="PUTR")
    made = store.tickets.open(draft(), [one.id], by="sari", origin=Origin.PERSON, now=NOW, then=[dispose])
    assert made is not None
    assert (made.state, made.rev, made.code) == (TicketState.DISPOSED, 2, "LB-2026-11-0001")


def test_others_who_tell_the_same_join_once(store: Store) -> None:
    one, two, three = stored_cases(store)
    made = opened(store, one)
    joined = store.tickets.join(made.code, [two.id, three.id], ALL, "sari", NOW)
    assert (joined.cases, joined.published_at) == (3, three.published_at)
    assert store.tickets.join(made.code, [two.id], ALL, "sari", NOW) == joined
    assert [line.detail for line in store.tickets.history(made.code, ALL)][1:] == [{"kasus": "2"}]
    assert store.cases.document(two.id, ALL).ticket == made.code
    assert store.check() == []


def test_an_accusation_never_shares_a_ticket_with_what_is_none(store: Store) -> None:
    plain, *_ = stored_cases(store)
    store.intake.accept([incoming("p", "Ada pungli di kantor, jalan rusak dibiarkan")])
    run_line(store, Shelf())
    accusing = store.cases.document(f"{incoming('p').id}.{REGION}", ALL)
    assert accusing.oversight
    made = opened(store, plain)
    with pytest.raises(Conflict, match="pengawasan"):
        store.tickets.join(made.code, [accusing.id], ALL, "sari", NOW)
    secret = opened(store, accusing, oversight=True, accused_opd=("PUTR",))
    with pytest.raises(Conflict, match="pengawasan"):
        store.tickets.absorb(made.code, secret.code, ALL, "sari", NOW)


def test_a_ticket_that_goes_into_another_is_filed_away_with_its_trail(store: Store) -> None:
    one, two, three = stored_cases(store)
    into, gone = opened(store, one), opened(store, two, three)
    grown = store.tickets.absorb(into.code, gone.code, ALL, "sari", moment(1))
    assert (grown.cases, grown.published_at) == (3, three.published_at)
    filed = store.tickets.ticket(gone.code, ALL)
    assert (filed.state, filed.cases, filed.clock) == (TicketState.ARCHIVED, 0, Clock())
    assert [line.detail for line in store.tickets.history(into.code, ALL)][1:] == [{"tiket": gone.code, "kasus": "2"}]
    assert [line.detail for line in store.tickets.history(gone.code, ALL)][1:] == [{"ke_tiket": into.code}]
    assert store.cases.document(three.id, ALL).ticket == into.code
    assert store.check() == []
    with pytest.raises(Refused, match="dirinya sendiri"):
        store.tickets.absorb(into.code, into.code, ALL, "sari", NOW)


def test_some_cases_of_a_ticket_become_one_of_their_own(store: Store) -> None:
    one, two, three = stored_cases(store)
    made = opened(store, one, two)
    new = store.tickets.split(made.code, [two.id], draft(title="Yang lain"), ALL, "sari", moment(1))
    assert (new.title, new.cases, store.tickets.ticket(made.code, ALL).cases) == ("Yang lain", 1, 1)
    assert store.tickets.codes_of([one.id, two.id]) == {one.id: made.code, two.id: new.code}
    assert store.tickets.history(new.code, ALL)[0].detail == {"dari_tiket": made.code}
    assert store.tickets.history(made.code, ALL)[1].detail == {"ke_tiket": new.code, "kasus": "1"}
    with pytest.raises(Refused, match="harus tinggal"):
        store.tickets.split(made.code, [one.id], draft(), ALL, "sari", NOW)
    with pytest.raises(Conflict, match="tidak \\(lagi\\) ada"):
        store.tickets.split(made.code, [three.id], draft(), ALL, "sari", NOW)
    assert store.check() == []


def test_an_opening_that_is_undone_frees_its_cases_and_keeps_its_trail(store: Store) -> None:
    one, *_ = stored_cases(store)
    made = opened(store, one)
    with store.database.write() as connection:
        withdraw(connection, made.code, by="sari", scope=ALL, now=NOW, urusan_of=urusan_of, note="keliru")
    filed = store.tickets.ticket(made.code, ALL)
    assert (filed.state, filed.cases, store.tickets.codes_of([one.id])) == (TicketState.ARCHIVED, 0, {})
    assert [line.note for line in store.tickets.history(made.code, ALL)] == [None, "keliru"]
    assert opened(store, one).code == "LB-2026-11-0002"


def test_what_is_absent_and_what_is_hidden_are_told_alike(store: Store) -> None:
    made = opened(store, stored_cases(store, 1)[0])
    for code, scope in ((made.code, NOBODY), ("LB-2026-11-9999", ALL)):
        for read in (store.tickets.ticket, store.tickets.history, store.tickets.cases):
            with pytest.raises(NotFound, match=f"Tiket {code} tidak ditemukan"):
                read(code, scope)
        with pytest.raises(NotFound, match=f"Tiket {code} tidak ditemukan"):
            store.tickets.change(code, scope, to(TicketState.DONE), now=NOW)


def test_tickets_are_counted_for_status(store: Store) -> None:
    lay_down(store, ticket(1), ticket(2, clock=due(-1)), ticket(3, state=TicketState.DONE, clock=Clock()))
    told = store.counts().as_dict()["tickets"]
    assert (told["all"], told["open"], told["overdue"]) == (3, 2, 1)
    assert told["states"]["selesai"] == 1


def test_the_doctor_sees_a_ticket_whose_history_is_another(store: Store) -> None:
    made = opened(store, stored_cases(store, 1)[0])
    lay_down(store, ticket(77), ticket(78, opd=None, cases=0))
    with store.database.write() as connection:
        connection.execute(update(tickets).where(tickets.c.code == made.code).values(state="selesai", cases=5))
    findings = " ".join(store.check())
    for words in ("jumlah kasus yang keliru", "berstatus lain", "tanpa riwayat", "tanpa OPD"):
        assert words in findings


def test_fifty_people_who_act_at_once_lose_no_change(store: Store) -> None:
    documents = stored_cases(store, 4)
    codes = [opened(store, document).code for document in documents[:3]]
    free = documents[3]

    def act(number: int) -> str:
        code = codes[number % 3]
        if number % 10 == 0:
            try:
                store.tickets.join(code, [free.id], ALL, f"orang{number}", NOW)
            except Conflict:
                return "held"
            return "joined"

        def retitled(current: Ticket) -> Change:
            return Change(
                ticket=current.model_copy(update={"title": f"{current.title} {number}"}),
                action=Action.NOTE,
                by=f"orang{number}",
                note=str(number),
            )

        store.tickets.change(code, ALL, retitled, now=NOW)
        return "noted"

    with ThreadPoolExecutor(50) as pool:
        fates = list(pool.map(act, range(50)))
    after = [store.tickets.ticket(code, ALL) for code in codes]
    said = {number for one in after for number in one.title.split() if number.isdecimal()}
    assert said == {str(n) for n in range(50) if n % 10}, "each saw what the one before had written"
    assert sum(len(store.tickets.history(code, ALL)) - 1 for code in codes) == fates.count("noted") + 1
    assert [one.rev for one in after] == [len(store.tickets.history(code, ALL)) for code in codes]
    assert sum(one.cases for one in after) == 4
    assert "held" in fates
    assert store.check() == []


def test_a_ticket_whose_case_is_edited_into_an_accusation_is_hidden_from_the_accused(store: Store) -> None:
    one, *_ = stored_cases(store)
    made = opened(store, one)
    store.tickets.change(made.code, ALL, to(TicketState.DISPOSED, Action.DISPOSE, opd="PUTR"), now=NOW)
    putr = Scope(regions=frozenset({REGION}), opds=frozenset({f"{REGION}/PUTR"}), may_oversee=True)
    assert store.tickets.ticket(made.code, putr).opd == "PUTR"
    store.intake.accept([incoming(0, "Ada pungli di kantor PUTR, jalan desa tetap rusak parah", fetched_at=moment(1))])
    run_line(store, Shelf())
    after = store.tickets.ticket(made.code, ALL)
    assert (after.oversight, after.accused_opd, after.state) == (True, ("PUTR",), TicketState.DISPOSED)
    with pytest.raises(NotFound):
        store.tickets.ticket(made.code, putr)
    last = store.tickets.history(made.code, ALL)[-1]
    assert (last.action, last.by, last.detail) == (Action.CORRECT, "sistem", {"pengawasan": "ya"})
    store.belts.requeue_all("read")
    run_line(store, Shelf())
    assert store.tickets.ticket(made.code, ALL) == after, "told once"


def test_a_ticket_made_while_its_case_is_decided_is_not_undone(opener: Callable[[], Store]) -> None:
    store, other = opener(), opener()
    (document,) = stored_cases(store, 1)
    store.intake.accept([incoming(0, "Jalan desa kini putus, darurat, warga terjebak", fetched_at=moment(1))])
    store.belts.step_read(PureReader())
    made: list[Future[Ticket]] = []
    with ThreadPoolExecutor(1) as pool:

        def meanwhile(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not made and statement.startswith("SELECT cases.id, cases.rev"):  # the decider has read the case
                made.append(pool.submit(opened, other, document))
                with contextlib.suppress(FutureTimeout):  # it has to wait until the decider has written
                    made[0].result(timeout=0.5)

        event.listen(store.database.engine, "after_cursor_execute", meanwhile)
        store.belts.step_decide(PureDecider())
        event.remove(store.database.engine, "after_cursor_execute", meanwhile)
        code = made[0].result().code
    with store.database.write() as connection:
        assert not refresh(connection, [document.id], NOW, urusan_of), "the document says what is so"
    after = store.cases.document(document.id, ALL)
    assert (after.ticket, after.urgency, after.rev) == (code, Urgency.EMERGENCY, document.rev + 2)


def urusan_of(topic: str) -> str:
    return load_taxonomy().topic(topic).urusan
