"""Between two questions to a host lies its delay, however many ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

from store import Store
from store.hostturns import LONGEST_QUEUE
from tests.contracts.store.conftest import Opener
from tests.store.line import NOW

SECOND = timedelta(seconds=1)


def test_the_first_asks_at_once_and_the_others_queue_behind(store: Store) -> None:
    assert [store.turns.take("kabar.id", SECOND, NOW) for _ in range(3)] == [NOW, NOW + SECOND, NOW + 2 * SECOND]
    assert store.turns.take("lain.id", SECOND, NOW) == NOW


def test_who_comes_late_waits_for_nobody(store: Store) -> None:
    store.turns.take("kabar.id", SECOND, NOW)
    assert store.turns.take("kabar.id", SECOND, NOW + 5 * SECOND) == NOW + 5 * SECOND
    assert store.turns.take("kabar.id", 3 * SECOND, NOW + 5 * SECOND) == NOW + 6 * SECOND
    assert store.turns.take("kabar.id", SECOND, NOW + 5 * SECOND) == NOW + 9 * SECOND


def test_a_host_that_needs_no_sparing_is_never_waited_for(store: Store) -> None:
    assert {store.turns.take("127.0.0.1:80", timedelta(0), NOW) for _ in range(5)} == {NOW}


def test_a_turn_taken_by_a_clock_gone_wrong_holds_nobody_up(store: Store) -> None:
    store.turns.take("kabar.id", SECOND, NOW + LONGEST_QUEUE + timedelta(days=400))
    assert store.turns.take("kabar.id", SECOND, NOW) == NOW
    assert store.turns.take("kabar.id", SECOND, NOW) == NOW + SECOND


def test_many_processes_never_get_the_same_turn(opener: Opener) -> None:
    stores = [opener() for _ in range(3)]
    with ThreadPoolExecutor(6) as pool:
        turns = sorted(pool.map(lambda n: stores[n % 3].turns.take("kabar.id", SECOND, NOW), range(30)))
    assert {later - earlier for earlier, later in pairwise(turns)} == {SECOND}


def test_hosts_that_nobody_asks_any_more_are_forgotten(store: Store) -> None:
    store.turns.take("kabar.id", SECOND, NOW)
    store.tidy(NOW + timedelta(days=2))
    with store.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM host_turns").scalar_one() == 0
