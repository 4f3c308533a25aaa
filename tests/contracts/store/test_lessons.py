"""What people said beside what the machine had said: kept when it was said, read by those who may."""

from __future__ import annotations

import pytest

from desk.actors import Actor
from domain.errors import Conflict
from domain.labels import LabelTask
from domain.quality.calibration import Calibration, Pair
from domain.quality.lessons import COMPLAINT, NOBODY, Lesson
from domain.scope import Scope
from domain.tickets import Action, Party, RoutingMode
from store import Store
from store.calibrations import Fit
from store.ticketlists import TicketQuery
from tests.store.desk import RATNA, Center, center, complaint, hire
from tests.store.line import ALL, NOW, OTHER, REGION


@pytest.fixture
def desk(store: Store) -> Center:
    hire(store)
    return center(store)


def office(code: str) -> Actor:
    return Actor(code.lower(), Scope(frozenset({REGION}), opds=frozenset({f"{REGION}/{code}"})), Party.AGENCY)


def lessons(desk: Center, scope: Scope = ALL, task: str = "opd") -> list[Lesson]:
    return [one for one in desk.store.lessons.read(scope) if one.task == task]


def told(found: list[Lesson]) -> list[tuple[str | None, str, bool | None]]:
    return [(one.machine.value if one.machine else None, one.said, one.agrees) for one in found]


def test_a_click_that_takes_the_proposal_is_agreement_once_a_story(desk: Center) -> None:
    desk.hears([complaint(1), complaint(1, copy=1)])
    (story,) = desk.waits()
    desk.triage.accept(story, RATNA, opd=None)
    (one,) = lessons(desk)
    assert told([one]) == [("PUTR", "PUTR", True)]
    assert (one.by, one.machine and one.machine.p, one.machine and one.machine.by) == ("ratna", 0.8, "test-1")
    assert told(lessons(desk, task=COMPLAINT)) == [("aduan", "aduan", True)]


def test_what_the_machine_had_said_outlives_what_it_says_after_the_correction(desk: Center) -> None:
    desk.hears([complaint(1)])
    (story,) = desk.waits()
    desk.triage.correct(story, RATNA, LabelTask.TOPIC, "sampah.angkut")
    desk.triage.correct(story, RATNA, LabelTask.OPD, "DLH")
    desk.decides()
    assert desk.told(story)[0].opd == "DLH"
    desk.triage.correct(story, RATNA, LabelTask.OPD, "DISHUB")
    assert told(lessons(desk, task="topic")) == [("jalan.rusak", "sampah.angkut", False)]
    (one,) = lessons(desk)
    assert told([one]) == [("PUTR", "DISHUB", False)]
    assert one.machine is not None
    assert one.machine.guided, "a person had named the topic before"


def test_what_is_taken_back_teaches_nothing(desk: Center) -> None:
    desk.hears([complaint(1)])
    (story,) = desk.waits()
    verdict = desk.triage.accept(story, RATNA, opd="DLH")
    assert len(lessons(desk)) == 1
    desk.triage.undo(verdict.id, RATNA)
    assert desk.store.lessons.read(ALL) == []


def test_what_is_set_aside_says_that_the_machine_was_wrong_to_ask(desk: Center) -> None:
    desk.hears([complaint(1)])
    (story,) = desk.waits()
    desk.triage.set_aside(story, RATNA, "Kabar saja")
    assert told(lessons(desk, task=COMPLAINT)) == [("aduan", "bukan_aduan", False)]


def test_an_office_that_returns_a_ticket_and_one_that_takes_it_have_the_last_word(desk: Center) -> None:
    desk.hears([complaint(1)])
    (story,) = desk.waits()
    ticket = desk.triage.accept(story, RATNA, opd="PUTR").ticket
    assert ticket is not None
    desk.tickets.act(ticket.code, Action.NOT_OURS, office("PUTR"), note="Bukan jalan kami.")
    (back,) = lessons(desk)
    assert told([back]) == [("PUTR", NOBODY, False)]
    assert back.by == "putr"
    desk.tickets.act(ticket.code, Action.DISPOSE, RATNA, opd="DLH")
    assert told(lessons(desk)) == [("PUTR", "DLH", False)]
    desk.tickets.act(ticket.code, Action.ACCEPT, office("DLH"))
    (taken,) = lessons(desk)
    assert told([taken]) == [("PUTR", "DLH", False)]


def test_a_ticket_that_the_machine_gave_by_itself_counts_once_its_office_answers(desk: Center) -> None:
    desk.store.modes.set(REGION, mode=RoutingMode.AUTOMATIC, sure=0.75, by="ratna", now=NOW)
    desk.hears([complaint(1), complaint(2)])
    desk.proposes()
    assert lessons(desk) == [], "nobody has spoken"
    first, second = sorted(one.code for one in desk.store.tickets.list(TicketQuery(), ALL, now=NOW).items)
    desk.tickets.act(first, Action.ACCEPT, office("PUTR"))
    desk.tickets.act(second, Action.NOT_OURS, office("PUTR"), note="Bukan kami.")
    assert sorted(told(lessons(desk))) == [("PUTR", NOBODY, False), ("PUTR", "PUTR", True)]


def test_a_scope_hides_lessons_like_everything_else(desk: Center) -> None:
    desk.hears([complaint(1), complaint(2, "pungli")])
    for story in desk.waits():
        desk.triage.correct(story, RATNA, LabelTask.TOPIC, "sampah.angkut")
    assert {one.oversight for one in lessons(desk, task="topic")} == {True, False}
    narrow = Scope(regions=frozenset({REGION}))
    assert {one.oversight for one in lessons(desk, narrow, "topic")} == {False}
    assert desk.store.lessons.read(Scope(regions=frozenset({OTHER}), may_oversee=True)) == []
    assert desk.store.lessons.answering(narrow, REGION) == {"topic": {"test-1": 1}}
    assert desk.store.lessons.answering(ALL, REGION) == {"topic": {"test-1": 2}}


def test_posts_are_read_with_all_that_people_said_of_them(desk: Center) -> None:
    desk.hears([complaint(1, text="jalan rusak nomor-1 hubungi 081917222333")])
    (story,) = desk.waits()
    desk.triage.correct(story, RATNA, LabelTask.INTENT, "aspirasi")
    desk.triage.accept(story, RATNA, opd="DLH")
    (one,) = desk.store.taught.read(ALL, region=REGION)
    assert (one.said(LabelTask.INTENT), one.said(LabelTask.OPD), one.said(LabelTask.TOPIC)) == ("aspirasi", "DLH", None)
    assert "0819" not in one.post.words


def test_the_newest_calibration_of_a_region_counts_and_names_are_given_once(desk: Center) -> None:
    book = desk.store.calibrations
    assert book.newest([REGION, OTHER]) == {}
    for name, slope in (("a", 0.5), ("b", 0.75)):
        fit = Fit(REGION, Calibration(name, slope, -0.25), 0.1, 0.05, (Pair(0.5, right=True),), "ratna", NOW)
        book.add(fit)
    assert book.newest([REGION, OTHER]) == {REGION: fit}
    with pytest.raises(Conflict):
        book.add(fit)
    assert [line.subject for line in desk.store.audit.list(action="region.calibration")] == [REGION, REGION]
