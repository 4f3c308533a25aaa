"""Verdicts: what each does, that it is one, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from desk.actors import Actor
from desk.triage import Verdict
from domain.documents import PostDocument
from domain.errors import Conflict, Forbidden, NotFound, Refused
from domain.labels import CaseState, LabelTask
from domain.scope import Scope
from domain.tickets import Action, ClockKind, Party, TicketState
from store import Store
from store.ticketlists import TicketQuery
from tests.contracts.store.test_together import together
from tests.store.desk import BUDI, RATNA, Center, center, complaint, hire
from tests.store.line import ALL, NOW, REGION, Clock

OPEN = TicketQuery(view="terbuka")


@pytest.fixture
def desk(store: Store) -> Center:
    hire(store)
    return center(store)


@pytest.fixture
def story(desk: Center) -> str:
    """A story of two posts that waits."""
    desk.hears([complaint(1), complaint(1, copy=1)])
    (name,) = desk.waits()
    return name


def shown(desk: Center, story: str) -> list[PostDocument]:
    """What its cases show, but for how often they changed."""
    return [document.model_copy(update={"rev": 0}) for document in desk.told(story)]


def tickets(desk: Center) -> list[tuple[TicketState, str | None, int]]:
    """State, office and number of cases of every ticket, by code."""
    found = desk.store.tickets.list(TicketQuery(order="terlama"), ALL, now=desk.store.clock()).items
    return [(one.state, one.opd, one.cases) for one in sorted(found, key=lambda one: one.code)]


def test_an_accepted_story_is_a_ticket_with_the_office_and_waits_no_more(desk: Center, story: str) -> None:
    verdict = desk.triage.accept(story, RATNA, opd="PUTR")
    assert verdict.ticket is not None
    assert tickets(desk) == [(TicketState.DISPOSED, "PUTR", 2)]
    assert verdict.ticket.clock.kind is ClockKind.RESPONSE
    assert verdict.words == f"Diteruskan ke PUTR sebagai {verdict.ticket.code}."
    assert desk.waits() == []
    assert {(d.ticket, d.ticket_state) for d in desk.told(story)} == {(verdict.ticket.code, TicketState.DISPOSED)}
    assert desk.store.triage.verdict(verdict.id, "ratna").words == verdict.words


def test_another_office_than_the_best_is_learnt(desk: Center, story: str) -> None:
    desk.triage.accept(story, RATNA, opd="DLH")
    desk.decides()
    assert {(d.opd, d.opd_p) for d in desk.told(story)} == {("DLH", 0.8)}
    assert {label.by for label in desk.store.labels.status(desk.told(story)[0].id, ALL).labels} == {"ratna"}


def test_a_proposed_ticket_is_disposed_by_one_click_with_what_came_since(desk: Center, story: str) -> None:
    desk.proposes()
    assert tickets(desk) == [(TicketState.NEW, None, 2)]
    desk.hears([complaint(1, copy=2)])
    desk.triage.accept(story, RATNA, opd=None)
    assert tickets(desk) == [(TicketState.DISPOSED, "PUTR", 3)]


def test_what_accuses_somebody_goes_to_those_who_oversee(desk: Center) -> None:
    desk.hears([complaint(1, "pungli")])
    (name,) = desk.waits()
    blind = Actor("ratna", Scope(regions=frozenset({REGION})), Party.CENTER)
    with pytest.raises(NotFound):
        desk.triage.accept(name, blind, opd="PUTR")
    verdict = desk.triage.accept(name, RATNA, opd="PUTR")
    assert verdict.ticket is not None
    assert verdict.ticket.opd == "INSPEKTORAT"


def test_an_agency_and_a_stranger_judge_nothing(desk: Center, story: str) -> None:
    with pytest.raises(Forbidden):
        desk.triage.accept(story, Actor("putr", ALL, Party.AGENCY), opd="PUTR")
    with pytest.raises(NotFound):
        desk.triage.set_aside(story, Actor("budi", Scope(regions=frozenset()), Party.CENTER), "spam")
    assert desk.waits() == [story]


def test_an_office_that_there_is_not_is_refused_and_nothing_is_done(desk: Center, story: str) -> None:
    before = shown(desk, story)
    with pytest.raises(Refused):
        desk.triage.accept(story, RATNA, opd="TIADA")
    assert (shown(desk, story), tickets(desk), desk.waits()) == (before, [], [story])


def test_a_story_set_aside_is_no_complaint_and_its_proposal_is_refused(desk: Center, story: str) -> None:
    desk.proposes()
    verdict = desk.triage.set_aside(story, RATNA, "iklan, hubungi 081917222333")
    assert "0819" not in verdict.words
    assert desk.waits() == []
    assert {d.state for d in desk.told(story)} == {CaseState.NOT_A_COMPLAINT}
    assert tickets(desk) == [(TicketState.REFUSED, None, 2)]


def test_a_story_set_aside_leaves_a_proposal_that_others_tell_of_to_them(desk: Center, story: str) -> None:
    desk.proposes()
    desk.hears([complaint(9, parent=complaint(1).id)])
    desk.proposes()
    assert tickets(desk) == [(TicketState.NEW, None, 3)]
    desk.triage.set_aside(story, RATNA, "bukan urusan kita")
    assert tickets(desk) == [(TicketState.NEW, None, 1)]
    assert len(desk.waits()) == 1


def test_a_corrected_place_is_in_the_ticket_at_once(desk: Center) -> None:
    desk.hears([complaint(1, more="entah")])
    (name,) = desk.waits("tanpa_tempat")
    verdict = desk.triage.correct(name, RATNA, LabelTask.PLACE, "52.01.08.2004")
    assert verdict.words == "Tempat: Telagawaru, Labuapi"
    assert desk.waits() == [name]
    ticket = desk.triage.accept(name, RATNA, opd="PUTR").ticket
    assert ticket is not None
    assert (ticket.area, ticket.place) == ("52.01.08.2004", "Telagawaru, Labuapi")


@pytest.mark.parametrize(
    ("task", "value"), [(LabelTask.PLACE, "99"), (LabelTask.TOPIC, "tiada"), (LabelTask.OPD, "TIADA")]
)
def test_a_correction_that_means_nothing_is_refused(desk: Center, story: str, task: LabelTask, value: str) -> None:
    with pytest.raises(Refused):
        desk.triage.correct(story, RATNA, task, value)


def test_a_story_joins_a_ticket_and_its_own_proposal_is_filed_away(desk: Center, story: str) -> None:
    first = desk.triage.accept(story, RATNA, opd="PUTR").ticket
    assert first is not None
    desk.hears([complaint(2)])
    desk.proposes()
    (other,) = desk.waits()
    verdict = desk.triage.accept(other, BUDI, opd=None, join=first.code)
    assert verdict.words == f"Digabung ke {first.code}."
    assert tickets(desk) == [(TicketState.DISPOSED, "PUTR", 3), (TicketState.ARCHIVED, None, 0)]
    assert desk.waits() == []


def test_a_story_that_joins_a_proposal_takes_it_along(desk: Center, story: str) -> None:
    desk.proposes()
    (proposed,) = desk.store.tickets.list(OPEN, ALL, now=NOW).items
    desk.hears([complaint(2)])
    other = next(name for name in desk.waits() if name != story)
    desk.triage.accept(other, RATNA, opd=None, join=proposed.code)
    assert tickets(desk) == [(TicketState.DISPOSED, "PUTR", 3)]
    assert desk.waits() == []


Judge = Callable[[Center, str], Verdict]
JUDGES: dict[str, Judge] = {
    "accept": lambda desk, story: desk.triage.accept(story, RATNA, opd="PUTR"),
    "another office": lambda desk, story: desk.triage.accept(story, RATNA, opd="DLH"),
    "set aside": lambda desk, story: desk.triage.set_aside(story, RATNA, "spam"),
    "correct": lambda desk, story: desk.triage.correct(story, RATNA, LabelTask.TOPIC, "sampah.angkut"),
    "join": lambda desk, story: desk.triage.accept(story, RATNA, opd=None, join=another(desk)),
}


def another(desk: Center) -> str:
    """The code of another story's ticket, with an office."""
    known = desk.store.tickets.list(TicketQuery(view="terbuka", opd=(f"{REGION}/PUTR",)), ALL, now=NOW).items
    if known:
        return known[0].code
    desk.hears([complaint(7)])
    name = next(one for one in desk.waits() if "nomor-7" in desk.told(one)[0].text)
    ticket = desk.triage.accept(name, BUDI, opd="PUTR").ticket
    assert ticket is not None
    return ticket.code


@pytest.mark.parametrize("proposed", [False, True], ids=["without a proposal", "with a proposal"])
@pytest.mark.parametrize("judge", JUDGES.values(), ids=JUDGES)
def test_undone_all_is_as_it_was(desk: Center, story: str, judge: Judge, *, proposed: bool) -> None:
    if proposed:
        desk.proposes()
    before = shown(desk, story)
    verdict = judge(desk, story)
    desk.decides()
    assert shown(desk, story) != before
    undone = desk.triage.undo(verdict.id, RATNA)
    desk.decides()
    assert undone.undone
    assert (undone.story, undone.words) == (story, verdict.words)
    assert shown(desk, story) == before
    assert story in desk.waits()
    assert desk.store.triage.story(story, ALL, me="ratna", now=NOW).proposed == (
        None if not proposed else undone_proposal(desk)
    )
    with pytest.raises(Conflict):
        desk.triage.undo(verdict.id, RATNA)
    assert desk.shelf.held[before[0].id] == desk.store.cases.document(before[0].id, ALL), "the index knows"
    judge(desk, story)  # and it may be judged again


def undone_proposal(desk: Center) -> object:
    return desk.store.tickets.list(TicketQuery(view="usulan"), ALL, now=NOW).items[0]


def test_nobody_undoes_another_s_verdict(desk: Center, story: str) -> None:
    verdict = desk.triage.accept(story, RATNA, opd="PUTR")
    for number in (verdict.id, verdict.id + 1):
        with pytest.raises(NotFound):
            desk.triage.undo(number, BUDI)


def test_what_moved_on_is_not_undone(desk: Center, story: str) -> None:
    verdict = desk.triage.accept(story, RATNA, opd="PUTR")
    assert verdict.ticket is not None
    office = Actor("putr", Scope(regions=frozenset({REGION}), opds=frozenset({f"{REGION}/PUTR"})), Party.AGENCY)
    desk.tickets.act(verdict.ticket.code, Action.ACCEPT, office)
    with pytest.raises(Conflict, match=verdict.ticket.code):
        desk.triage.undo(verdict.id, RATNA)
    assert tickets(desk) == [(TicketState.IN_PROGRESS, "PUTR", 2)]


def test_what_the_machine_put_into_a_ticket_does_not_keep_it_from_being_undone(desk: Center, story: str) -> None:
    verdict = desk.triage.accept(story, RATNA, opd="PUTR")
    desk.hears([complaint(1, copy=5)])
    desk.proposes()
    assert tickets(desk) == [(TicketState.DISPOSED, "PUTR", 3)]
    desk.triage.undo(verdict.id, RATNA)
    assert desk.waits() == [story]
    assert {d.ticket for d in desk.told(story)} == {None}


def test_a_correction_that_was_corrected_is_not_undone(desk: Center, story: str, clock: Clock) -> None:
    verdict = desk.triage.correct(story, RATNA, LabelTask.TOPIC, "sampah.angkut")
    clock.advance(minutes=1)
    desk.triage.correct(story, BUDI, LabelTask.TOPIC, "air.pdam")
    with pytest.raises(Conflict):
        desk.triage.undo(verdict.id, RATNA)
    assert {d.topic for d in desk.told(story)} == {"air.pdam"}


def test_whoever_comes_second_is_told_who_did_what(desk: Center, story: str, clock: Clock) -> None:
    desk.triage.accept(story, RATNA, opd="PUTR")
    clock.advance(minutes=5)
    for judge in (
        lambda: desk.triage.accept(story, BUDI, opd="DLH"),
        lambda: desk.triage.set_aside(story, BUDI, "spam"),
        lambda: desk.triage.correct(story, BUDI, LabelTask.TOPIC, "air.pdam"),
    ):
        with pytest.raises(Conflict, match="Baiq Ratna sudah memutuskan cerita ini 5 menit lalu: Diteruskan ke PUTR"):
            judge()
    assert len(tickets(desk)) == 1


def test_a_copy_that_came_after_the_verdict_opens_no_second_ticket(desk: Center, story: str) -> None:
    desk.triage.accept(story, RATNA, opd="PUTR")
    desk.hears([complaint(1, copy=3)])
    with pytest.raises(Conflict, match="Baiq Ratna"):
        desk.triage.accept(story, BUDI, opd="DLH")
    desk.proposes()
    assert tickets(desk) == [(TicketState.DISPOSED, "PUTR", 3)]


def test_a_story_that_somebody_works_on_is_judged_by_nobody_else(desk: Center, story: str) -> None:
    desk.store.triage.claim(story, REGION, "ratna", scope=ALL, now=NOW)
    with pytest.raises(Conflict, match="Baiq Ratna"):
        desk.triage.accept(story, BUDI, opd="PUTR")
    desk.triage.correct(story, RATNA, LabelTask.TOPIC, "air.pdam")
    assert desk.store.triage.story(story, ALL, me="ratna", now=NOW).claimed_by == "ratna"
    verdict = desk.triage.accept(story, RATNA, opd="PUTR")
    desk.triage.undo(verdict.id, RATNA)
    assert desk.store.triage.story(story, ALL, me="ratna", now=NOW).claimed_by is None


def test_many_are_judged_each_for_itself(desk: Center) -> None:
    desk.hears([complaint(n) for n in range(1, 4)])
    stories = desk.waits()
    desk.triage.set_aside(stories[1], BUDI, "spam")
    outcomes = desk.triage.accept_many([*stories, stories[0]], RATNA)
    assert [one.story for one in outcomes] == stories
    assert [one.verdict is not None for one in outcomes] == [True, False, True]
    assert "Lalu Budi" in (outcomes[1].refusal or "")
    assert desk.triage.set_aside_many(stories, RATNA, "spam")[0].refusal is not None
    assert [state for state, _, _ in tickets(desk)] == [TicketState.DISPOSED] * 2


def test_two_who_judge_at_once_make_one_verdict_and_lose_nothing(opener: Callable[[], Store]) -> None:
    hire(opener())
    desk = center(opener())
    desk.hears([complaint(n, copy=copy) for n in range(1, 7) for copy in range(2)])
    stories = desk.waits()
    actors = iter([RATNA, BUDI, RATNA, BUDI])

    def judge(store: Store) -> list[Verdict | str]:
        mine, actor, found = center(store), next(actors), list[Verdict | str]()
        for n, story in enumerate(stories):
            try:
                if n % 2 and actor is BUDI:
                    found.append(mine.triage.set_aside(story, actor, "spam"))
                else:
                    found.append(mine.triage.accept(story, actor, opd="PUTR" if actor is RATNA else "DLH"))
            except Conflict as error:
                found.append(str(error))
        return found

    for answers in zip(*together(opener, judge), strict=True):
        verdicts = [one for one in answers if isinstance(one, Verdict)]
        assert len(verdicts) == 1, answers
        who = {"ratna": "Baiq Ratna", "budi": "Lalu Budi"}[verdicts[0].by]
        assert all(who in one for one in answers if isinstance(one, str)), answers
    assert desk.waits() == []
    told = [document for story in stories for document in desk.told(story)]
    assert all((d.ticket is None) == (d.state is CaseState.NOT_A_COMPLAINT) for d in told)
    assert sum(cases for _, _, cases in tickets(desk)) == sum(d.ticket is not None for d in told)


def test_judging_and_undoing_while_machines_decide_and_propose_loses_no_story(opener: Callable[[], Store]) -> None:
    hire(opener())
    desk = center(opener())
    desk.hears([complaint(n, copy=copy) for n in range(1, 6) for copy in range(2)])
    stories = desk.waits()
    actors = iter([RATNA, BUDI, None, None])

    def work(store: Store) -> None:
        mine, actor = center(store), next(actors)
        for n, story in enumerate(stories):
            if actor is None:
                mine.hears([complaint(n + 1, copy=copy) for copy in range(2, 4)])
                mine.proposes()
                continue
            try:
                verdict = mine.triage.accept(story, actor, opd="DLH")
                if n % 2:
                    mine.triage.undo(verdict.id, actor)
            except Conflict:
                continue

    together(opener, work)
    desk.decides()
    desk.proposes()
    waiting = set(desk.waits())
    for story in stories:
        for document in desk.told(story):
            taken_up = document.ticket_state not in {None, TicketState.NEW}
            assert taken_up != (story in waiting), document
    assert sum(cases for _, _, cases in tickets(desk)) == len(
        [d for story in stories for d in desk.told(story) if d.ticket]
    )
    assert desk.store.check() == []


def test_a_long_undone_verdict_names_the_time(desk: Center, story: str, clock: Clock) -> None:
    desk.triage.set_aside(story, RATNA, "spam")
    clock.now = NOW + timedelta(hours=3)
    with pytest.raises(Conflict, match="3 jam lalu: Bukan aduan: spam"):
        desk.triage.set_aside(story, BUDI, "spam")
