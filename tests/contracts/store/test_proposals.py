"""What the machine does with new cases: they join their ticket, or one is proposed; how far it may go is a mode."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from desk.proposals import Proposer
from domain.errors import Refused
from domain.labels import LabelTask
from domain.tickets import Action, ClockKind, Origin, RoutingMode, Ticket, TicketState
from store import Store
from store.ticketlists import TicketQuery
from store.triage_work import StoryWork
from tests.contracts.store.test_kill import die_at, in_child
from tests.contracts.store.test_together import together
from tests.store.desk import RATNA, Center, center, complaint, hire
from tests.store.line import ALL, NOW, OTHER, REGION, Clock


@pytest.fixture
def desk(store: Store) -> Center:
    hire(store)
    return center(store)


def tickets(desk: Center) -> list[Ticket]:
    """Every ticket, by code."""
    found = desk.store.tickets.list(TicketQuery(), ALL, now=desk.store.clock()).items
    return sorted(found, key=lambda one: one.code)


def test_a_new_story_with_place_and_office_is_proposed_and_waits_on(desk: Center) -> None:
    desk.hears([complaint(1), complaint(1, copy=1)])
    desk.proposes()
    (ticket,) = tickets(desk)
    assert (ticket.state, ticket.opd, ticket.proposed, ticket.cases) == (TicketState.NEW, None, "PUTR", 2)
    assert (ticket.origin, ticket.opened_by, ticket.clock.kind) == (Origin.PROPOSAL, "sistem", ClockKind.VERIFY)
    (story,) = desk.waits()
    assert desk.store.triage.story(story, ALL, me="ratna", now=NOW).proposed == ticket
    assert desk.store.triage.story(story, ALL, me="ratna", now=NOW).same == ()
    desk.proposes()
    assert tickets(desk) == [ticket], "a second look changes nothing"


def test_without_place_nothing_is_proposed_until_a_person_names_it(desk: Center) -> None:
    desk.hears([complaint(1, more="entah")])
    desk.proposes()
    (story,) = desk.waits()
    assert tickets(desk) == []
    desk.triage.correct(story, RATNA, LabelTask.PLACE, "52.01.08.2004")
    desk.decides()
    desk.proposes()
    assert [one.area for one in tickets(desk)] == ["52.01.08.2004"]


def test_old_posts_open_nothing(desk: Center) -> None:
    desk.hears([complaint(1, published_at=NOW - timedelta(days=7, minutes=1))])
    desk.proposes()
    assert tickets(desk) == []


def test_a_second_story_of_the_same_issue_waits_for_a_person_who_is_shown_the_first(desk: Center) -> None:
    desk.hears([complaint(1)])
    desk.proposes()
    desk.hears([complaint(2, text="Jalan di sini hancur semua nomor-1 tolong segera diaspal ulang pak")])
    desk.proposes()
    (ticket,) = tickets(desk)
    items = [desk.store.triage.story(one, ALL, me="ratna", now=NOW) for one in desk.waits()]
    assert sorted(([t.code for t in one.same], one.proposed) for one in items if one.proposed is None) == [
        ([ticket.code], None)
    ]


def test_a_new_copy_joins_the_open_ticket_and_is_never_triaged_again(desk: Center) -> None:
    desk.hears([complaint(1)])
    (story,) = desk.waits()
    desk.triage.accept(story, RATNA, opd="DLH")
    desk.hears([complaint(1, copy=1), complaint(1, copy=2)])
    desk.proposes()
    (ticket,) = tickets(desk)
    assert (ticket.cases, ticket.opd) == (3, "DLH")
    assert desk.waits() == []
    lines = desk.store.tickets.history(ticket.code, ALL)
    assert [line.action for line in lines if line.by == "sistem"] == [Action.JOIN] * 2


def test_comments_join_their_parent_s_ticket_whenever_they_come(desk: Center) -> None:
    parent = complaint(1)
    desk.hears([parent, complaint(5, parent=parent.id)])
    desk.proposes()
    desk.hears([complaint(6, parent=parent.id), complaint(7, parent=complaint(5).id)])
    desk.proposes()
    (ticket,) = tickets(desk)
    assert ticket.cases == 4


def test_a_comment_that_waited_joins_when_its_parent_gets_a_ticket(desk: Center) -> None:
    parent = complaint(1, more="entah")
    desk.hears([parent, complaint(5, more="entah", parent=parent.id)])
    desk.proposes()
    story = next(one for one in desk.waits() if desk.told(one)[0].post_id == parent.id)
    desk.triage.accept(story, RATNA, opd="PUTR")
    desk.proposes()
    assert [one.cases for one in tickets(desk)] == [2]
    assert desk.waits() == []


def test_a_closed_ticket_takes_nothing_in(desk: Center) -> None:
    desk.hears([complaint(1)])
    (story,) = desk.waits()
    ticket = desk.triage.accept(story, RATNA, opd="PUTR").ticket
    assert ticket is not None
    desk.tickets.act(ticket.code, Action.FORWARD, RATNA, note="ke pusat")
    desk.hears([complaint(1, copy=1)])
    desk.proposes()
    assert [(one.state, one.cases) for one in tickets(desk)] == [(TicketState.FORWARDED, 1), (TicketState.NEW, 1)]


def test_the_day_s_cap_ends_with_the_day_of_the_region(desk: Center, clock: Clock) -> None:
    desk.store.modes.set(REGION, daily_cap=2, by="ratna", now=NOW)
    desk.hears([complaint(n) for n in range(1, 5)])
    desk.proposes()
    assert len(tickets(desk)) == 2
    assert len(desk.waits()) == 4, "the rest wait in triage"
    clock.now = NOW.replace(hour=16, minute=1)  # 00.01 of the next day there
    desk.hears([complaint(n, published_at=clock.now) for n in range(11, 15)])
    desk.proposes()
    assert len(tickets(desk)) == 4


def test_automatic_gives_only_what_it_is_sure_of(desk: Center) -> None:
    desk.store.modes.set(REGION, mode=RoutingMode.AUTOMATIC, sure=0.75, by="ratna", now=NOW)
    desk.hears([complaint(1), complaint(2, more="ragu"), complaint(3, "pungli")])
    desk.proposes()
    found = {one.area: (one.state, one.opd, one.origin) for one in tickets(desk)}
    assert found == {
        "52.01.06.2001": (TicketState.DISPOSED, "PUTR", Origin.AUTOMATIC),
        "52.01.06.2002": (TicketState.NEW, None, Origin.PROPOSAL),
        "52.01.06.2003": (TicketState.NEW, None, Origin.PROPOSAL),
    }
    assert len(desk.waits()) == 2


def test_what_cannot_be_sorted_is_left_to_people_and_holds_up_nothing(
    desk: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.hears([complaint(1), complaint(2)])
    propose = Proposer._propose

    def break_on_one(self: Proposer, work: StoryWork, *rest: Any) -> None:
        if "nomor-1" in work.cases[0].text:
            raise ValueError("a fault of the program")
        propose(self, work, *rest)

    monkeypatch.setattr(Proposer, "_propose", break_on_one)
    desk.proposes()
    assert len(tickets(desk)) == 1
    assert len(desk.waits()) == 2


def test_a_mode_is_set_in_parts_and_leaves_a_trail(desk: Center) -> None:
    modes = desk.store.modes
    assert (modes.mode(REGION).mode, modes.mode(REGION).by) == (RoutingMode.PROPOSE, None)
    modes.set(REGION, mode=RoutingMode.AUTOMATIC, by="ratna", now=NOW)
    after = modes.set(REGION, daily_cap=7, by="budi", now=NOW)
    assert (after.mode, after.daily_cap, after.sure) == (RoutingMode.AUTOMATIC, 7, 0.6)
    assert modes.modes([REGION, OTHER])[REGION] == after
    assert modes.mode(OTHER).mode is RoutingMode.PROPOSE
    lines = desk.store.audit.list(action="region.mode")
    assert [(line.actor, line.detail["to"]) for line in lines] == [
        ("budi", "otomatis, 7/hari, yakin 0.6"), ("ratna", "otomatis, 200/hari, yakin 0.6"),
    ]  # fmt: skip
    for wrong in ({"daily_cap": -1}, {"sure": 0.0}, {"sure": 1.5}):
        with pytest.raises(Refused):
            modes.set(REGION, **wrong, by="ratna", now=NOW)  # type: ignore[arg-type]


def test_four_machines_propose_each_story_once(opener: Callable[[], Store]) -> None:
    desk = center(opener())
    desk.hears([complaint(n, copy=copy) for n in range(1, 9) for copy in range(2)])
    together(opener, lambda store: center(store).proposes())
    assert sorted(one.cases for one in tickets(desk)) == [2] * 8
    assert len({one.code for one in tickets(desk)}) == 8


def outcome(store: Store) -> str:
    """All that a killed machine must have in common with one that was not, as text."""
    found = []
    desk = center(store)
    for ticket in tickets(desk):
        lines = [(line.action, line.after, line.by) for line in store.tickets.history(ticket.code, ALL)]
        found.append(
            [ticket.model_dump(mode="json", exclude={"code"}), lines, len(desk.store.tickets.cases(ticket.code, ALL))]
        )
    told = sorted((d.id, d.rev, str(d.ticket_state)) for d in store.cases.everything())
    found.sort(key=json.dumps)
    return json.dumps([found, told, len(desk.waits()), desk.proposer.waiting()])


def test_killed_before_any_statement_the_machine_begins_that_story_again(opener: Callable[[], Store]) -> None:
    parent = complaint(1)
    desk = center(opener())
    desk.store.modes.set(REGION, mode=RoutingMode.AUTOMATIC, by="ratna", now=NOW)
    desk.hears([parent, complaint(1, copy=1), complaint(2, more="ragu"), complaint(5, parent=parent.id)])

    def propose(*, dies_at: int | None) -> None:
        store = opener()
        if dies_at is not None:
            die_at(store, dies_at)
        center(store).proposes()

    moment, killed = 3, 0
    desk.store.close()  # a child must not share our connections
    while not in_child(partial(propose, dies_at=moment)):
        moment, killed = moment + 7, killed + 1
        assert killed < 200
    store = opener()
    assert killed > 3
    assert {(one.state, one.cases) for one in tickets(center(store))} == {
        (TicketState.DISPOSED, 3),
        (TicketState.NEW, 1),
    }
    assert center(store).proposer.waiting() == 0
    assert store.check() == []
    before = outcome(store)
    center(store).proposes()
    assert outcome(store) == before
