"""A purse is never overspent by one unit: whatever the clocks do, however many spend, whoever is killed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from domain.doors import HOUR, Budget, Period
from store import Store
from store.purses import KEPT
from tests.contracts.store.conftest import Opener
from tests.store.line import NOW

DAILY = Budget("youtube:1f", Period.DAY, 100, "unit", "America/Los_Angeles")
ROLLING = Budget("threads:1f", Period.ROLLING_DAY, 60, "pertanyaan")
MONTHLY = Budget("x:1f", Period.MONTH, 3000, "kiriman", share=0.5, paced=True)
HALF_HOUR = Budget("lain:1f", Period.DAY, 50, "unit", "Asia/Kolkata", share=1.0)
BUDGETS = (DAILY, ROLLING, MONTHLY, HALF_HOUR)


def test_what_is_set_aside_is_spent_and_no_more_than_is_usable_is(store: Store) -> None:
    purse = store.purse
    assert purse.reserve(DAILY, 60, NOW)
    assert not purse.reserve(DAILY, 31, NOW)
    assert purse.reserve(DAILY, 30, NOW)
    stands = purse.stands(DAILY, NOW)
    assert (stands.spent, stands.left, stands.more_at) == (90, 0, DAILY.window(NOW)[1])
    assert purse.reserve(DAILY, 90, stands.more_at)


def test_what_was_not_used_is_given_back_to_its_hour_and_no_more_than_that(store: Store) -> None:
    purse = store.purse
    purse.reserve(DAILY, 10, NOW)
    purse.give_back(DAILY, 4, NOW)
    assert purse.stands(DAILY, NOW).spent == 6
    purse.give_back(DAILY, 50, NOW)
    purse.give_back(DAILY, 1, NOW - 3 * HOUR)
    assert purse.stands(DAILY, NOW).spent == 0


def test_accounts_do_not_spend_of_each_other(store: Store) -> None:
    assert store.purse.reserve(DAILY, 90, NOW)
    assert store.purse.reserve(Budget("youtube:2e", Period.DAY, 100, "unit"), 90, NOW)


def test_a_purse_stands_as_it_did_after_a_restart(opener: Opener) -> None:
    first = opener()
    first.purse.reserve(DAILY, 90, NOW)
    first.close()  # killed before what was set aside is used: it counts as spent
    assert not opener().purse.reserve(DAILY, 1, NOW)


def test_a_rolling_day_gives_back_hour_by_hour(store: Store) -> None:
    assert store.purse.reserve(ROLLING, 30, NOW)
    assert store.purse.reserve(ROLLING, 24, NOW + 5 * HOUR)
    stands = store.purse.stands(ROLLING, NOW + 20 * HOUR)
    assert (stands.left, stands.more_at) == (0, NOW + 25 * HOUR)
    assert not store.purse.reserve(ROLLING, 1, NOW + 24 * HOUR)
    assert store.purse.reserve(ROLLING, 30, NOW + 25 * HOUR)


def test_a_clock_that_was_ahead_is_not_paid_twice(store: Store) -> None:
    assert store.purse.reserve(ROLLING, 54, NOW + 10 * HOUR)
    assert not store.purse.reserve(ROLLING, 1, NOW)


def test_a_paced_month_is_spread_and_what_was_saved_may_be_spent_later(store: Store) -> None:
    begin, end = MONTHLY.window(NOW)
    half = begin + (end - begin) / 2
    assert not store.purse.reserve(MONTHLY, 10, begin)
    stands = store.purse.stands(MONTHLY, half)
    assert stands.left == pytest.approx(MONTHLY.usable / 2, rel=0.01)
    assert store.purse.reserve(MONTHLY, stands.left, half)
    later = store.purse.stands(MONTHLY, half).more_at
    assert half < later < half + 2 * HOUR
    assert store.purse.reserve(MONTHLY, 1, later)


def test_only_hours_that_no_period_reaches_are_forgotten(store: Store) -> None:
    store.purse.reserve(MONTHLY, 1, NOW)
    store.tidy(NOW + timedelta(days=10))
    assert store.purse.stands(MONTHLY, NOW).spent == 1
    store.tidy(NOW + KEPT + 2 * HOUR)
    assert store.purse.stands(MONTHLY, NOW).spent == 0


class Spending(RuleBasedStateMachine):
    """Several processes with clocks of their own spend of the same accounts; some are killed, all start again."""

    open_one: Opener

    @initialize()
    def begin(self) -> None:
        self.stores = [self.open_one(), self.open_one()]
        self.now = NOW
        for budget in BUDGETS:
            _clear(self.stores[0], budget)
        self.spent: list[tuple[Budget, datetime, int]] = []

    @rule(hours=st.integers(0, 30), minutes=st.integers(0, 59))
    def time_passes(self, hours: int, minutes: int) -> None:
        self.now += timedelta(hours=hours, minutes=minutes)

    @rule(
        budget=st.sampled_from(BUDGETS),
        wants=st.lists(st.tuples(st.integers(0, 40), st.integers(-1800, 1800)), min_size=1, max_size=4),
    )
    def several_spend_at_once(self, budget: Budget, wants: list[tuple[int, int]]) -> None:
        """Each with a clock that is up to 30 hours off."""
        moments = [(units, self.now + timedelta(minutes=skew)) for units, skew in wants]
        with ThreadPoolExecutor(len(moments)) as pool:
            stores = [self.stores[number % 2] for number in range(len(moments))]
            taken = pool.map(lambda store, want: store.purse.reserve(budget, *want), stores, moments)
            self.spent += [(budget, at, units) for (units, at), got in zip(moments, taken, strict=True) if got]

    @rule(budget=st.sampled_from(BUDGETS), units=st.integers(1, 40), used=st.integers(0, 40))
    def some_of_it_is_not_used(self, budget: Budget, units: int, used: int) -> None:
        if self.stores[0].purse.reserve(budget, units, self.now):
            self.stores[1].purse.give_back(budget, units - min(used, units), self.now)
            self.spent.append((budget, self.now, min(used, units)))

    @rule(which=st.integers(0, 1))
    def one_is_killed_and_starts_again(self, which: int) -> None:
        self.stores[which].close()
        self.stores[which] = self.open_one()

    @invariant()
    def no_window_holds_more_than_is_usable(self) -> None:
        if not hasattr(self, "spent"):
            return
        for budget in BUDGETS:
            mine = [(at, units) for one, at, units in self.spent if one is budget]
            for at, _ in mine:
                assert sum(units for moment, units in mine if _together(budget, at, moment)) <= budget.usable

    @invariant()
    def what_is_left_may_be_spent_and_one_more_may_not(self) -> None:
        if not hasattr(self, "spent"):
            return
        for budget in BUDGETS:
            left = self.stores[0].purse.stands(budget, self.now).left
            assert not self.stores[0].purse.reserve(budget, left + 1, self.now)

    def teardown(self) -> None:
        for store in getattr(self, "stores", ()):
            store.close()


def _together(budget: Budget, first: datetime, moment: datetime) -> bool:
    """Whether the platform counts `moment` in the period that ends with, or begins at, `first`."""
    if budget.period is Period.ROLLING_DAY:
        return first <= moment <= first + timedelta(hours=24)
    since, until = budget.window(first)
    return since <= moment < until


def _clear(store: Store, budget: Budget) -> None:
    with store.database.write() as connection:
        connection.exec_driver_sql(f"DELETE FROM purses WHERE account = '{budget.account}'")  # noqa: S608  our own


@pytest.fixture
def spending(opener: Opener) -> type[Spending]:
    class OnThisEngine(Spending):
        open_one = staticmethod(opener)

    return OnThisEngine


def test_no_unit_is_overspent_whatever_happens(spending: type[Spending]) -> None:
    run_state_machine_as_test(
        spending,
        settings=settings(
            max_examples=8,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_many_threads_spend_exactly_what_there_is(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: store.purse.reserve(DAILY, 7, NOW), range(30)))
    assert sum(taken) == 90 // 7
    assert store.purse.stands(DAILY, NOW).spent == 90 // 7 * 7
