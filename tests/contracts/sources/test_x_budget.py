"""What X costs: never more than was allowed, spread over the month."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.sources.x import KIND
from crawlers.x.api import budget_of
from domain.doors import Credential
from domain.labels import SourceState
from tests.contracts.sources.direct import crawl_at_once
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import Server
from tests.contracts.sources.x_double import COUNTS, SEARCH, XDouble, problem
from tests.contracts.sources.x_scene import URL, listening


def test_without_a_budget_nothing_is_spent_and_the_price_is_told(x: XDouble, server: Server) -> None:
    searching = Listener("x", URL, root=server.url, key="AAAA-kunci")
    outcome = searching.crawl()

    assert outcome.state is SourceState.UNPROVEN
    assert "posts_per_month" in (outcome.message or "")
    assert "US$0,005" in (outcome.message or "")
    assert (x.paid, server.paths()) == (0, [])


@pytest.mark.parametrize("wrong", ["banyak", "-5", "9000000", "1.5"])
def test_a_budget_that_is_no_number_is_told(x: XDouble, server: Server, wrong: str) -> None:
    searching = listening(server, posts_per_month=wrong)
    assert "posts_per_month" in (searching.crawl().message or "")
    assert x.paid == 0


def test_a_spike_is_read_newest_first_within_the_pace_and_what_is_left_is_told_and_read_later(
    x: XDouble, server: Server
) -> None:
    searching = listening(server, posts_per_month=300)  # 270 of them; on the 20th at 04:00, 173 may have been spent
    for number in range(10, 410):
        x.say(NOW - timedelta(hours=6, seconds=-number), number=number)
    outcome = searching.crawl()

    newest = sorted((one.id for one in x.tweets), reverse=True)[: outcome.report.added]
    assert {post.native_id for post in searching.sink.posts.values()} == {str(one) for one in newest}
    assert outcome.state is SourceState.OK
    assert "tidak diambil" in (outcome.message or "")
    assert "2026-11-19" in (outcome.message or "")
    assert x.paid <= 173
    assert outcome.rest_until is not None
    before = len(searching.sink.posts)
    searching.now = x.now = NOW + timedelta(days=2)
    searching.crawl()
    assert before < len(searching.sink.posts)
    assert x.paid >= len(searching.sink.posts)
    assert len(json.loads(searching.memory.cursor or "{}")["gaps"]) == 1


def test_the_budget_stops_at_its_share_and_goes_on_in_the_next_month(x: XDouble, server: Server) -> None:
    x.now = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)
    for number in range(100):
        x.say(x.now - timedelta(hours=2, seconds=-number), number=number)
    searching = listening(server, posts_per_month=60)
    searching.now = x.now
    stopped = searching.crawl()
    assert x.paid == len(searching.sink.posts) == 53  # of 54: one is the last hour's
    assert stopped.rest_until == datetime(2026, 12, 1, tzinfo=UTC)
    assert "54 kiriman" in (stopped.message or "")
    assert searching.crawl().report.added == 0
    assert x.paid <= 54

    searching.now = x.now = datetime(2026, 12, 6, tzinfo=UTC)  # by then, 9 may be spent: not a page yet
    assert searching.crawl().report.added == 0
    searching.now = x.now = datetime(2026, 12, 7, tzinfo=UTC)
    assert searching.crawl().report.added == 10


def test_a_new_key_in_mid_month_is_no_second_budget(x: XDouble, server: Server) -> None:
    for number in range(10, 200):
        x.say(NOW - timedelta(hours=6, seconds=-number), number=number)
    searching = listening(server, posts_per_month=60)
    searching.crawl()
    x.key = "BBBB-kunci"
    searching.credential = Credential("x", "BBBB-kunci", mark="2e")
    searching.crawl()
    assert x.paid <= budget_of(searching.spec, None).due(NOW + timedelta(hours=1))


def test_a_month_of_a_flood_leaves_something_for_its_last_day(x: XDouble, server: Server) -> None:
    """Ten posts an hour, a tenth of which is paid for."""
    searching = listening(server, posts_per_month=800)
    budget = budget_of(searching.spec, searching.credential)
    start, end = budget.window(NOW)
    x.tweets.clear()
    days: set[int] = set()
    at, number = start, 0
    while at < end:
        for minute in range(0, 180, 6):
            number += 1
            x.say(at - timedelta(minutes=minute + 1), number=number)
        searching.now = x.now = at
        before = x.paid
        crawl_at_once(searching, server)
        days |= {at.day} if x.paid > before else set()
        assert x.paid <= budget.due(at)
        at += timedelta(hours=3)

    assert x.paid <= budget.usable
    assert x.paid > budget.usable * 0.97
    assert set(range(1, 31)) <= days


def test_a_process_that_is_killed_reads_the_same_again_and_overspends_nothing(x: XDouble, server: Server) -> None:
    for number in range(10, 300):
        x.say(NOW - timedelta(hours=6, seconds=-number), number=number)
    searching = listening(server)
    for killed_after in (1, 50, 150, 230):
        crawl_at_once(searching, server, killed_after=killed_after)
    crawl_at_once(searching, server)

    assert len(searching.sink.posts) == len(x.tweets)
    assert x.paid <= searching.purse.spent(budget_of(searching.spec, searching.credential), NOW)


def test_where_counting_is_free_nothing_is_searched_while_nothing_is_new(x: XDouble, server: Server) -> None:
    searching = listening(server, count_first="ya")
    searching.crawl()
    server.got.clear()
    x.now += timedelta(hours=1)
    searching.crawl()

    assert server.paths() == [COUNTS]


def test_an_exhausted_credit_waits_for_a_person(searching: Listener, server: Server) -> None:
    server.first(SEARCH, problem(402, "Your account does not have enough credits", "credits-depleted"))
    outcome = searching.crawl()
    assert outcome.state is SourceState.AUTH_EXPIRED
    assert "credits" in (outcome.message or "")


def test_people_are_told_what_it_costs_and_allows_before_it_is_switched_on() -> None:
    facts = KIND.facts
    assert facts.need is not None
    assert facts.need.name == "x"
    assert "US$" in (facts.price or "")
    assert facts.paid
    assert "tujuh hari" in (facts.allowed or "")
    assert {name for name, _ in facts.options} >= {"posts_per_month", "recheck_days"}
