"""Looks back on pages of one's own: what is old, what broke off, and what can never be read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawlers import talked
from tests.contracts.sources.direct import crawl_at_once
from tests.contracts.sources.graph_double import GraphDouble, refusal
from tests.contracts.sources.own_pages_scene import Platform, comments_of
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import Reply, Server


@pytest.fixture
def listener(own_page: Listener) -> Listener:
    return own_page


def test_a_late_comment_under_an_old_post_is_found_within_a_day(listener: Listener, page: GraphDouble) -> None:
    old = page.tell(NOW - timedelta(days=60))
    page.remark(old, NOW - timedelta(days=59))
    listener.crawl(since=NOW - timedelta(days=70))
    assert len(listener.sink.posts) == 11
    listener.now = NOW + timedelta(days=1)
    page.remark(old, NOW + timedelta(hours=20))
    assert listener.crawl().report.added == 1


def test_a_walk_back_brings_what_is_older(listener: Listener, page: GraphDouble) -> None:
    listener.crawl()
    old = page.tell(NOW - timedelta(days=300))
    page.remark(old, NOW - timedelta(days=299))
    assert listener.crawl(since=NOW - timedelta(days=365)).report.added == 2
    assert listener.crawl().report.added == 0


def test_a_walk_back_that_is_broken_off_is_ended_by_the_crawls_after_it(
    listener: Listener, page: GraphDouble, server: Server
) -> None:
    listener.crawl()
    old = [page.tell(NOW - timedelta(days=days)) for days in (200, 250, 300)]
    for post in old:
        page.remark(post, post.at + timedelta(hours=1))
    server.first(comments_of(old[1]), refusal(32, "Page request limit reached", status=403))
    assert listener.crawl(since=NOW - timedelta(days=365)).rest_until is not None
    assert len(listener.sink.posts) == 9 + 3 + 1

    server.got.clear()
    assert listener.crawl().report.added == 2
    assert comments_of(old[0]) not in server.paths(), "what was read is not read again"
    server.got.clear()
    assert listener.crawl().report.added == 0
    assert "back" not in str(listener.memory.cursor)


def test_a_walk_back_that_no_listing_answered_is_made_later(
    listener: Listener, page: GraphDouble, server: Server, platform: Platform
) -> None:
    listener.crawl()
    page.remark(page.tell(NOW - timedelta(days=300)), NOW - timedelta(days=299))
    server.first(platform.posts, Reply("", 429, {"Retry-After": "600"}))
    assert listener.crawl(since=NOW - timedelta(days=365)).rest_until is not None
    assert listener.crawl().report.added == 2


def test_a_look_back_longer_than_is_remembered_reads_nothing_twice(
    listener: Listener, page: GraphDouble, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talked, "MAX_TALKS", 3)
    listener.crawl()
    old = [page.tell(NOW - timedelta(days=days)) for days in (200, 250, 300)]
    for post in old:
        page.remark(post, post.at + timedelta(hours=1))
    server.first(comments_of(old[2]), refusal(32, "Page request limit reached", status=403))
    listener.crawl(since=NOW - timedelta(days=365))
    server.got.clear()
    assert listener.crawl().report.added == 1
    assert not {comments_of(old[0]), comments_of(old[1])} & set(server.paths())


def test_a_talk_of_old_that_can_never_be_read_holds_up_no_look_back_for_ever(
    listener: Listener, page: GraphDouble, server: Server
) -> None:
    listener.crawl()
    old = page.tell(NOW - timedelta(days=200))
    page.remark(old, old.at + timedelta(hours=1))
    server.always(comments_of(old), refusal(1, "An unknown error occurred", status=500))
    listener.crawl(since=NOW - timedelta(days=365))
    assert "back" not in str(listener.memory.cursor)


def test_a_process_that_is_killed_reads_the_same_again(listener: Listener, page: GraphDouble, server: Server) -> None:
    page.page = 4
    for number in range(30):
        page.remark(page.posts[2], NOW - timedelta(minutes=90 - number))
    for killed_after in (1, 4, 9, 20, 30):
        crawl_at_once(listener, server, killed_after=killed_after)
    crawl_at_once(listener, server)

    assert len(listener.sink.posts) == 39
    assert listener.sink.withdrawn == set()
