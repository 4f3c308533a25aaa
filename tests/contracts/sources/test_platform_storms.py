"""Every tenth question fails, processes are killed, people go on writing: nothing is lost, doubled or overspent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest

from crawlers.x.api import budget_of
from tests.contracts.sources.direct import crawl_at_once
from tests.contracts.sources.facebook_double import FacebookDouble
from tests.contracts.sources.graph_double import GraphDouble, refusal
from tests.contracts.sources.instagram_double import InstagramDouble
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import Got, Reply, Server
from tests.contracts.sources.threads_double import ThreadsDouble
from tests.contracts.sources.x_double import XDouble, problem

STORMS = [Reply("rusak", 502), Reply('{"data": ['), Reply("", 429, {"Retry-After": "90"}), Reply("<html>Masuk</html>")]
GRAPH_STORMS = [*STORMS, refusal(4, "Application request limit reached", status=403), refusal(1, "Unknown", status=500)]
Crawl = Callable[[int | None], None]


def stormy(server: Server, dice: Random, storms: list[Reply]) -> None:
    """Every tenth answer is one of these."""
    server.routes.insert(0, lambda got: dice.choice(storms) if _counts(got) and dice.random() < 0.1 else None)


def _counts(got: Got) -> bool:
    return got.path != "/robots.txt"


def through(dice: Random, crawl: Crawl, write: Callable[[int], None], rounds: int) -> None:
    """Rounds of writing and crawling, every third of them killed at some point; then calm."""
    for number in range(rounds):
        write(number)
        crawl(dice.randint(1, 120) if number % 3 == 0 else None)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_search_on_x_comes_through_a_storm_whole(server: Server, seed: int) -> None:
    dice, x = Random(seed), XDouble(server, now=NOW)
    options = (("posts_per_month", "6000"),)
    listener = Listener("x", "https://x.com/search?q=gerung", root=server.url, key="AAAA-kunci", options=options)
    stormy(
        server, dice, [*STORMS, problem(429, "Too Many Requests", "about:blank"), problem(503, "Over", "about:blank")]
    )
    budget = budget_of(listener.spec, None)

    def write(number: int) -> None:
        x.now = listener.now = NOW + timedelta(hours=2 * number)
        for each in range(dice.randint(0, 150)):
            x.say(x.now - timedelta(seconds=each + 5), number=each)

    def crawl(killed_after: int | None) -> None:
        crawl_at_once(listener, server, killed_after=killed_after)
        assert x.paid <= listener.purse.spent(budget, listener.now) <= budget.due(listener.now)

    through(dice, crawl, write, 24)
    server.routes.pop(0)
    for _ in range(3):
        listener.now = x.now = listener.now + timedelta(hours=1)
        crawl(None)
    assert {post.native_id for post in listener.sink.posts.values()} == {str(one.id) for one in x.tweets}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_search_on_threads_comes_through_a_storm_whole(server: Server, seed: int) -> None:
    dice, threads = Random(seed), ThreadsDouble(server, page=20)
    url = "https://www.threads.net/search?q=gerung"
    listener = Listener("threads", url, root=server.url, key="THAA-kunci")
    stormy(server, dice, GRAPH_STORMS)

    def write(number: int) -> None:
        threads.now = listener.now = NOW + timedelta(hours=number)
        for each in range(dice.randint(0, 120)):
            threads.say(listener.now - timedelta(seconds=7 * each + 5))

    through(dice, lambda killed: _quietly(listener, server, killed), write, 24)
    server.routes.pop(0)
    for _ in range(3):
        listener.now += timedelta(hours=1)
        _quietly(listener, server, None)
    assert {post.native_id for post in listener.sink.posts.values()} == {one.id for one in threads.posts}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("kind", "double"), [("facebook", FacebookDouble), ("instagram", InstagramDouble)])
def test_a_page_of_ones_own_comes_through_a_storm_whole(
    server: Server, kind: str, double: type[GraphDouble], seed: int
) -> None:
    dice, page = Random(seed), double(server, page=15)
    url = {"facebook": "https://www.facebook.com/pemkab", "instagram": "https://www.instagram.com/pemkab/"}[kind]
    listener = Listener(kind, url, root=server.url, key="EAAB-kunci")
    stormy(server, dice, GRAPH_STORMS)
    gone: set[str] = set()

    def write(number: int) -> None:
        listener.now = NOW + timedelta(hours=3 * number)
        if number % 4 == 0:
            page.tell(listener.now - timedelta(minutes=50))
        for each in range(dice.randint(0, 40)):
            post = dice.choice(page.posts)
            top = [one for one in post.remarks if one.under is None]
            under = dice.choice(top) if top and dice.random() < 0.4 else None
            page.remark(post, listener.now - timedelta(seconds=40 * each + 5), under=under)
        for post in page.posts:
            if post.remarks and dice.random() < 0.2:
                taken_back = post.remarks[-1]
                if not any(one.under == taken_back.id for one in post.remarks):
                    post.remarks.remove(taken_back)
                    gone.add(taken_back.id)

    through(dice, lambda killed: _quietly(listener, server, killed), write, 24)
    server.routes.pop(0)
    for _ in range(3):
        listener.now += timedelta(hours=12)
        _quietly(listener, server, None)

    there = {one.id for one in page.posts} | {said.id for post in page.posts for said in post.remarks}
    stored = {post.id: post.native_id for post in listener.sink.posts.values()}
    standing = {native for name, native in stored.items() if name not in listener.sink.withdrawn}
    assert standing == there
    assert {stored[name] for name in listener.sink.withdrawn} <= gone


def _quietly(listener: Listener, server: Server, killed_after: int | None) -> None:
    crawl_at_once(listener, server, killed_after=killed_after)
