"""Budgets are kept to the unit, whatever happens between setting units aside and spending them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.asking import Answer, SourceRests
from crawlers.spending import Spending
from domain.doors import HOUR, Budget, Period
from domain.errors import SourceUnavailable
from tests.contracts.sources.ports import MemoryPurse
from tests.coroutines import run

START = datetime(2026, 11, 20, 4, 20, tzinfo=UTC)
BUDGETS = {
    "month": Budget("x:1f:uji", Period.MONTH, 60, "kiriman", paced=True),
    "month, unpaced": Budget("x:1f:uji", Period.MONTH, 60, "kiriman"),
    "day": Budget("youtube:1f", Period.DAY, 50, "unit", zone="America/Los_Angeles"),
    "day, paced": Budget("youtube:1f", Period.DAY, 50, "unit", zone="Asia/Makassar", paced=True),
    "24 hours": Budget("threads:1f", Period.ROLLING_DAY, 40, "pertanyaan"),
}


@dataclass
class Clock:
    now: datetime = START


class Platform:
    """Counts what it is asked when it is asked, as platforms do; answers when it is told to."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.counted: list[tuple[datetime, int]] = []
        self.asked = 0

    async def ask(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,  # noqa: ARG002  the port's names
        secret: Mapping[str, str] | None = None,  # noqa: ARG002  as above
        once: bool = False,
    ) -> Answer:
        assert once, "a question that costs must not be repeated by itself"
        self.asked += 1
        cost, ending = url.split("/")
        self.counted.append((self.clock.now, int(cost)))
        await asyncio.sleep(0)  # others have their turn before the answer is there
        if ending == "lost":
            raise SourceUnavailable("tidak terambil")
        if ending == "killed":
            raise asyncio.CancelledError
        return Answer(url, 200 if ending == "told" else 502, cost.encode())


def cost(answer: Answer) -> int:
    return int(answer.body) if answer.status == 200 else 0


def rude(answer: Answer) -> int:
    raise ValueError("tidak terbaca")


TURNS = st.lists(
    st.tuples(
        st.integers(1, 12),  # units set aside
        st.integers(0, 12),  # units that the platform takes of them
        st.sampled_from(["told", "told", "lost", "killed", "unread"]),
        st.integers(1, 4),  # processes that ask at the same time
        st.integers(0, 60 * 30),  # minutes until the next
    ),
    max_size=60,
)


@pytest.mark.parametrize("budget", BUDGETS.values(), ids=BUDGETS)
@settings(max_examples=60, deadline=None)
@given(turns=TURNS)
def test_no_budget_is_ever_overspent_by_one_unit(budget: Budget, turns: list[tuple[int, int, str, int, int]]) -> None:
    clock, purse = Clock(), MemoryPurse()
    platform = Platform(clock)
    rests: list[tuple[datetime, datetime]] = []

    async def one(units: int, taken: int, ending: str) -> None:
        spending = Spending(platform.ask, purse, budget, lambda: clock.now)  # each as another process would have it
        url = f"{min(units, taken)}/{'told' if ending == 'unread' else ending}"
        try:
            await spending.ask(url, units=units, used=rude if ending == "unread" else cost)
        except SourceRests as rest:
            rests.append((clock.now, rest.until))
        except (SourceUnavailable, asyncio.CancelledError):
            pass

    async def all_of_them() -> None:
        for units, taken, ending, processes, minutes in turns:
            await asyncio.gather(*(one(units, taken, ending) for _ in range(processes)))
            check(budget, platform.counted, clock.now)
            clock.now += timedelta(minutes=minutes)

    run(all_of_them())
    assert all(until >= now for now, until in rests)


def check(budget: Budget, counted: list[tuple[datetime, int]], now: datetime) -> None:
    if budget.period is Period.ROLLING_DAY:
        for end, _ in counted:
            assert sum(n for at, n in counted if end - timedelta(hours=24) < at <= end) <= budget.usable
        return
    since, until = budget.window(now)
    spent = sum(n for at, n in counted if since <= at < until)
    assert spent <= budget.usable <= budget.limit
    assert spent <= budget.due(now)


def spend(purse: MemoryPurse, budget: Budget, at: datetime, units: int = 1, **how: object) -> Answer:
    clock = Clock(at)
    return run(Spending(Platform(clock).ask, purse, budget, lambda: clock.now).ask(f"{units}/told", units=units))


def test_what_an_answer_did_not_cost_is_given_back() -> None:
    purse, budget = MemoryPurse(), BUDGETS["month, unpaced"]
    platform = Platform(Clock())
    spending = Spending(platform.ask, purse, budget, lambda: START)
    run(spending.ask("3/told", units=10, used=cost))
    run(spending.ask("9/failed", units=10, used=cost))

    assert purse.spent(budget, START) == 3


def test_an_answer_that_does_not_tell_its_cost_is_the_dearest() -> None:
    purse, budget = MemoryPurse(), BUDGETS["month, unpaced"]
    spending = Spending(Platform(Clock()).ask, purse, budget, lambda: START)
    run(spending.ask("3/told", units=10, used=rude))
    assert purse.spent(budget, START) == 10


def test_nothing_is_asked_once_the_share_is_spent_and_the_message_says_until_when() -> None:
    purse, budget, clock = MemoryPurse(), BUDGETS["month, unpaced"], Clock()
    platform = Platform(clock)
    spending = Spending(platform.ask, purse, budget, lambda: clock.now)
    run(spending.ask("54/told", units=54))
    with pytest.raises(SourceRests) as rest:
        run(spending.ask("1/told", units=1))

    assert platform.asked == 1
    assert rest.value.until == datetime(2026, 12, 1, tzinfo=UTC)
    assert "54 dari 54 kiriman" in str(rest.value)
    clock.now = rest.value.until
    run(spending.ask("1/told", units=1))
    assert platform.asked == 2


@pytest.mark.parametrize("budget", [BUDGETS["month"], BUDGETS["day, paced"]], ids=["month", "day"])
def test_a_paced_budget_lasts_to_the_last_hour_however_much_there_is_to_read(budget: Budget) -> None:
    purse, (since, until) = MemoryPurse(), budget.window(START)
    at, hours = since, []
    while at < until:
        try:
            spend(purse, budget, at)
            hours.append(at)
        except SourceRests as rest:
            at = max(rest.until, at + timedelta(minutes=1))

    assert len(hours) == budget.usable
    assert hours[-1] >= until - HOUR
    assert max(b - a for a, b in pairwise(hours)) <= 2 * (until - since) / budget.usable


def test_a_rest_by_the_pace_ends_when_as_much_is_left_as_was_wanted() -> None:
    purse, budget = MemoryPurse(), BUDGETS["month"]
    since, _ = budget.window(START)
    with pytest.raises(SourceRests) as rest:
        spend(purse, budget, since, 10)
    spend(purse, budget, rest.value.until, 10)
    with pytest.raises(SourceRests):
        spend(MemoryPurse(), budget, rest.value.until - timedelta(seconds=1), 10)


def test_more_than_a_period_allows_waits_for_its_end() -> None:
    budget = BUDGETS["month"]
    with pytest.raises(SourceRests) as rest:
        spend(MemoryPurse(), budget, START, 55)
    assert rest.value.until == datetime(2026, 12, 1, tzinfo=UTC)


def test_what_a_platform_takes_beyond_what_was_set_aside_is_missing_from_the_next_questions() -> None:
    clock, purse = Clock(), MemoryPurse()
    budget = Budget("x:1f:uji", Period.MONTH, 10, "kiriman")
    platform = Platform(clock)
    spending = Spending(platform.ask, purse, budget, lambda: clock.now)

    async def two() -> None:
        await spending.ask("12/told", units=5, used=cost)
        with pytest.raises(SourceRests):
            await spending.ask("1/told", units=1, used=cost)

    run(two())
    assert platform.asked == 1
