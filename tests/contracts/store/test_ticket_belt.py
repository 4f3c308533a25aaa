"""Tickets go to the index by the belt that cases go by: as truth has them now, each change once more."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from domain.errors import IndexUnavailable
from domain.search import BulkItem
from domain.tickets import Ticket, TicketState
from store import Store
from store.work import tickets_in
from tests.store.line import ALL, NOW, Clock, Shelf
from tests.store.tickets import draft, opened, stored_cases, to


class Board:
    """An index of tickets that keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[Ticket] = []

    def upsert(self, tickets: Sequence[Ticket]) -> list[BulkItem]:
        self.told += tickets
        return [BulkItem(id=ticket.code, fate="written") for ticket in tickets]


def work(store: Store, board: Board | None = None) -> list[tuple[str, int]]:
    """Empty the belt; return the tickets that were told, with their revs."""
    while store.belts.step_index(Shelf().upsert, show=board.upsert if board else None):
        pass
    return [(ticket.code, ticket.rev) for ticket in board.told] if board else []


def test_a_ticket_is_told_as_it_is_now_however_often_it_changed(store: Store) -> None:
    one, two, _ = stored_cases(store)
    made = opened(store, one)
    store.tickets.change(made.code, ALL, to(TicketState.VERIFIED), now=NOW)
    assert work(store, Board()) == [(made.code, 2)]
    store.tickets.join(made.code, [two.id], ALL, "sari", NOW)
    assert work(store, Board()) == [(made.code, 3)]
    assert work(store, Board()) == []
    assert store.belts.depth()["index"].waiting == 0


def test_both_tickets_of_a_merge_and_of_a_split_are_told(store: Store) -> None:
    one, two, three = stored_cases(store)
    first, second = opened(store, one, three), opened(store, two)
    work(store, Board())
    store.tickets.absorb(first.code, second.code, ALL, "sari", NOW)
    assert [code for code, _ in work(store, Board())] == [first.code, second.code]
    new = store.tickets.split(first.code, [one.id], draft(), ALL, "sari", NOW)
    assert [code for code, _ in work(store, Board())] == [first.code, new.code]


def test_where_no_index_holds_tickets_nothing_waits_for_one(store: Store) -> None:
    made = opened(store, stored_cases(store)[0])
    work(store)
    assert store.belts.depth()["index"].waiting == 0
    assert [ticket.code for ticket in store.tickets_to_index.everything()] == [made.code], "a rebuild has it from truth"
    assert store.tickets_to_index.revs() == {made.code: 1}


def test_a_ticket_that_the_index_refuses_is_set_aside_alone(store: Store) -> None:
    bad, good = (opened(store, case) for case in stored_cases(store, 2))
    held: list[str] = []

    def picky(tickets: Sequence[Ticket]) -> list[BulkItem]:
        held.extend(x.code for x in tickets if x.code != bad.code)
        return [BulkItem(id=x.code, fate="poison" if x.code == bad.code else "written", reason="no") for x in tickets]

    while store.belts.step_index(Shelf().upsert, show=picky):
        pass
    assert set(held) == {good.code}
    assert [tickets_in([entry.key]) for entry in store.quarantine.list()] == [[bad.code]]


def test_while_the_index_is_away_tickets_wait(store: Store, clock: Clock) -> None:
    made = opened(store, stored_cases(store)[0])
    store.belts.step_index(Shelf().upsert, show=Board().upsert)
    store.tickets.change(made.code, ALL, to(TicketState.VERIFIED), now=NOW)

    def away(_: Sequence[Ticket]) -> list[BulkItem]:
        raise IndexUnavailable("tidak menjawab")

    assert store.belts.step_index(Shelf().upsert, show=away) == 0
    clock.advance(hours=1)
    assert work(store, Board()) == [(made.code, 2)]


@pytest.mark.parametrize("code", ["LB-2026-11-0001"])
def test_keys_of_tickets_are_told_from_those_of_cases(code: str) -> None:
    assert tickets_in([f"#{code}", "cpvm4vkka4cn6mqeojp5dhey7t.lombok-barat"]) == [code]
