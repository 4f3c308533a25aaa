"""How many conversations an account opens in a day: counted exactly, in nobody else's way, on both engines."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from store import Store
from store.tables import door_messages, door_replies, door_talks, posts
from store.talks import DAY
from store.talks_values import Door, NotTakenIn, TakenAs
from tests.contracts.store.talking import NUMBER, rows, said, thanks
from tests.store.line import NOW, REGION


def test_an_account_opens_so_many_conversations_a_day_and_goes_on_with_what_it_began(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.talks.MOST_OPENED", 2)
    store.talks.take_in(said(), NOW, thanks)
    store.talks.end(Door.WHATSAPP, REGION, NUMBER)
    second = store.talks.take_in(said("Lampu jalan mati", "2"), NOW, thanks)
    more = store.talks.take_in(said("Di depan pasar", "3"), NOW, thanks)
    assert (more.code, more.outcome) == (second.code, TakenAs.ADDED)
    store.talks.end(Door.WHATSAPP, REGION, NUMBER)
    before = [rows(store, table) for table in (posts, door_talks, door_messages, door_replies)]
    with pytest.raises(NotTakenIn):
        store.talks.take_in(said("Air mati", "4"), NOW + timedelta(hours=23), thanks)
    assert [rows(store, table) for table in (posts, door_talks, door_messages, door_replies)] == before
    edited = store.talks.take_in(said("Di depan pasar Gerung", "3", edit=True), NOW + timedelta(minutes=1))
    assert (edited.code, edited.outcome) == (second.code, TakenAs.EDITED)
    assert store.talks.take_in(said("Air mati", "4"), NOW + DAY, thanks).outcome is TakenAs.OPENED


def test_who_opened_too_many_conversations_stands_in_nobody_elses_way(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.talks.MOST_OPENED", 1)
    store.talks.take_in(said(), NOW)
    others: tuple[dict[str, Any], ...] = (
        {"person": "6281999999999"},
        {"door": Door.TELEGRAM},
        {"region": "kota-bengkulu", "prefix": "KB"},
    )
    for number, other in enumerate(others):
        assert store.talks.take_in(said("Lampu mati", f"lain{number}", **other), NOW).outcome is TakenAs.OPENED
    for number in range(3):  # nobody is known again at the form, which has a limit of its own
        form = said("Lampu mati", f"f{number}", door=Door.FORM, person=None)
        assert store.talks.take_in(form, NOW).outcome is TakenAs.OPENED


def test_conversations_opened_at_once_are_counted_one_after_another(
    opener: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.talks.MOST_OPENED", 2)
    monkeypatch.setattr("store.talks.MOST_MESSAGES", 1)  # each message opens another one
    store, ready = opener(), threading.Barrier(6)
    told: list[TakenAs | None] = []

    def write(number: int) -> None:
        ready.wait()
        try:
            told.append(store.talks.take_in(said(f"laporan {number}", str(number)), NOW).outcome)
        except NotTakenIn:
            told.append(None)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (told.count(TakenAs.OPENED), told.count(None)) == (2, 4)
    assert rows(store, posts) == 2
