"""Whatever people and machine do in whatever order, a ticket keeps to the state table and to its own history."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from desk.actors import Actor
from desk.tickets import TicketDesk
from domain.errors import Conflict, JaringError, NotFound, Refused
from domain.regions import load_regions
from domain.scope import Scope
from domain.taxonomy import load_taxonomy
from domain.tickets import ACTIONS, Action, ClockKind, Party, Ticket, TicketState
from domain.tickets.labels import WITH_AGENCY
from store import KeyRing, Store, open_store
from tests.services.postgresql import Server
from tests.store.line import ALL, REGION, Clock
from tests.store.tickets import stored_cases

PROFILES = load_regions([REGION])
OFFICES = ("PUTR", "DLH")
ACTORS = {
    "pusat": Actor("sari", ALL, Party.CENTER),
    "sistem": Actor("sistem", ALL, Party.SYSTEM),
    **{
        code: Actor(code, Scope(regions=frozenset({REGION}), opds=frozenset({f"{REGION}/{code}"})), Party.AGENCY)
        for code in OFFICES
    },
}


def assert_sound(store: Store, code: str) -> Ticket:
    """A ticket, after looking whether state, clocks, office and history agree."""
    ticket = store.tickets.ticket(code, ALL)
    lines = store.tickets.history(code, ALL)
    assert ticket.rev == len(lines)
    assert lines[-1].after is ticket.state
    assert [line.before for line in lines[1:]] == [line.after for line in lines[:-1]], "no line is missing"
    for line in lines[1:]:
        assert line.before in ACTIONS[line.action].start
        assert ACTIONS[line.action].end in {line.after, None}
    assert (ticket.clock.kind is not None) is ticket.is_open
    assert (ticket.clock.at is None) is (not ticket.is_open or ticket.state is TicketState.POSTPONED)
    assert (ticket.clock.left_minutes is not None) is (ticket.state is TicketState.POSTPONED)
    assert (ticket.paused_from is not None) is (ticket.state is TicketState.POSTPONED)
    if ticket.state in WITH_AGENCY - {TicketState.POSTPONED}:
        assert ticket.opd is not None
        assert None not in {ticket.disposed_at, ticket.first_disposed_at, ticket.response_due, ticket.resolve_due}
    if ticket.state in {TicketState.NEW, TicketState.VERIFIED}:
        assert ticket.opd is None
        assert ticket.clock.kind is ClockKind.VERIFY
    return ticket


class Tickets(RuleBasedStateMachine):
    """Two tickets, four who act, and time that passes."""

    @initialize()
    def begin(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="tiket-"))
        self.clock = Clock()
        keys = KeyRing.open(self.home / "keys", create=True)
        self.store = open_store(f"sqlite:///{self.home / 't.sqlite'}", keys=keys, create=True, clock=self.clock)
        self.desk = TicketDesk(self.store, PROFILES, load_taxonomy(), self.clock)
        self.codes = [self.desk.open([case.id], ACTORS["pusat"]).code for case in stored_cases(self.store, 2)]

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            shutil.rmtree(self.home)

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        self.clock.advance(hours=hours)

    @rule(
        which=st.integers(0, 1),
        action=st.sampled_from(list(Action)),
        who=st.sampled_from(sorted(ACTORS)),
        note=st.sampled_from([None, "karena"]),
        opd=st.sampled_from([None, *OFFICES]),
    )
    def somebody_acts(self, which: int, action: Action, who: str, note: str | None, opd: str | None) -> None:
        code, actor = self.codes[which], ACTORS[who]
        before = self.store.tickets.ticket(code, ALL)
        may = actor.scope.allows(before) and action in self.desk.allowed(before, actor)
        try:
            after = self.desk.act(code, action, actor, note=note, opd=opd)
        except NotFound:
            assert not actor.scope.allows(before)
        except Refused:  # a reason or an office is missing
            assert self.store.tickets.ticket(code, ALL) == before
        except Conflict:
            assert not may or before.opd == opd or (action is Action.SUCCEED and before.opd is None)
            assert self.store.tickets.ticket(code, ALL) == before
        else:
            assert may
            move = ACTIONS[action]
            assert after.state is (move.end or (before.paused_from if action is Action.RESUME else before.state))
            assert after == self.store.tickets.ticket(code, ALL)

    @rule(which=st.integers(0, 1))
    def one_goes_into_the_other(self, which: int) -> None:
        with contextlib.suppress(Conflict):
            self.desk.absorb(self.codes[which], self.codes[1 - which], ACTORS["pusat"])

    @invariant()
    def all_is_sound(self) -> None:
        if hasattr(self, "codes"):
            tickets = [self.store.tickets.ticket(code, ALL) for code in self.codes]
            assert sum(ticket.cases for ticket in tickets) == 2

    @invariant()
    def histories_agree(self) -> None:
        for code in getattr(self, "codes", ()):
            history = self.store.tickets.history(code, ALL)
            gone = [line for line in history if "ke_tiket" in line.detail]
            if not gone:  # one that went into another is filed away from wherever it was
                assert_sound(self.store, code)


Tickets.TestCase.settings = settings(
    max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
test_no_order_of_actions_breaks_a_ticket = Tickets.TestCase


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_fifty_people_at_once_keep_three_tickets_sound(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if engine == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        url = server.url(server.new_database())
    else:
        url = f"sqlite:///{tmp_path / 'truth.sqlite'}"
    clock = Clock()
    store = open_store(url, keys=KeyRing.open(tmp_path / "keys", create=True), create=True, clock=clock)
    try:
        desk = TicketDesk(store, PROFILES, load_taxonomy(), clock)
        documents = stored_cases(store, 4)
        codes = [desk.open([case.id], ACTORS["pusat"]).code for case in documents[:3]]

        def act(number: int) -> int:
            chance, done = Random(number), 0
            for _ in range(3):
                action, who = chance.choice(list(ACTIONS)), chance.choice(sorted(ACTORS))
                with contextlib.suppress(JaringError):
                    desk.act(chance.choice(codes), action, ACTORS[who], note="karena", opd=chance.choice(OFFICES))
                    done += 1
            with contextlib.suppress(JaringError):
                desk.join(codes[number % 3], [documents[3].id], ACTORS["pusat"])
            return done

        with ThreadPoolExecutor(50) as pool:
            done = sum(pool.map(act, range(50)))
        tickets = [assert_sound(store, code) for code in codes]
        joined = sum(ticket.cases for ticket in tickets) - 3
        assert joined in {0, 1}
        assert done + joined == sum(ticket.rev - 1 for ticket in tickets), "every success is one line, no more"
        assert done
        assert store.check() == []
    finally:
        store.close()
