"""What X promises: every new post once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.x.addresses import owns
from crawlers.x.api import budget_of
from crawlers.x.marks import mark_at
from domain.doors import Credential
from domain.ids import post_id
from domain.labels import Channel, DateTrust, SourceState
from domain.posts import Engagement
from tests.contracts.sources.direct import crawl_at_once
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import Reply, Server
from tests.contracts.sources.x_double import LOOKUP, SEARCH, XDouble, reply
from tests.contracts.sources.x_scene import PLENTY, URL, listening, lose


def test_the_first_crawl_brings_the_posts_of_the_last_day(searching: Listener, x: XDouble, server: Server) -> None:
    x.say(NOW - timedelta(days=3), "lama")
    outcome = searching.crawl()

    assert outcome.state is SourceState.OK
    assert outcome.report.added == 6
    post = searching.sink.posts[post_id("x", str(x.tweets[0].id))]
    assert post.text == "Jalan rusak di Gerung 1"
    assert (post.published_at, post.date_trust) == (x.tweets[0].at, DateTrust.EXACT)
    assert (post.channel, post.author, post.parent) == (Channel.X, "900", None)
    assert post.url == f"https://x.com/i/web/status/{x.tweets[0].id}"
    assert post.engagement == Engagement(likes=3, replies=2, shares=1, views=40)
    query = server.got[-1].query
    assert query["query"] == "lombok barat -is:retweet"
    assert "expansions" not in query  # people are paid for apart


def test_the_key_goes_by_header_and_stands_in_no_address(searching: Listener, server: Server) -> None:
    searching.crawl()
    assert [got.headers["authorization"] for got in server.got] == ["Bearer AAAA-kunci"]
    assert not any("AAAA" in got.target for got in server.got)


def test_the_words_of_long_posts_and_signs_are_whole_and_an_answer_knows_its_thread(
    searching: Listener, x: XDouble, server: Server
) -> None:
    long = x.say(NOW - timedelta(minutes=5), "Pendek & lain")
    shown = long.shown() | {"text": "Pend…", "note_tweet": {"text": "Panjang &amp; lengkap"}, "conversation_id": "77"}
    server.always(SEARCH, reply({"data": [shown], "meta": {}}))
    searching.crawl()

    post = searching.sink.posts[post_id("x", str(long.id))]
    assert post.text == "Panjang & lengkap"
    assert post.parent == post_id("x", "77")


def test_twice_the_same_is_asked_for_from_where_it_ended_and_costs_nothing(searching: Listener, x: XDouble) -> None:
    searching.crawl()
    before = x.paid
    outcome = searching.crawl()

    assert outcome.state is SourceState.UNCHANGED
    assert (outcome.report.added, outcome.report.unchanged) == (0, 0)
    assert x.paid == before == 6
    assert searching.purse.spent(budget_of(searching.spec, searching.credential), NOW) == 6


def test_an_edit_is_a_revision_of_the_same_post(searching: Listener, x: XDouble) -> None:
    searching.crawl()
    x.now += timedelta(hours=1)
    x.edit(x.tweets[-1], "Ralat: sudah ditambal", NOW + timedelta(minutes=20))
    outcome = searching.crawl()

    assert (outcome.report.added, outcome.report.revised) == (0, 1)


def test_a_page_lost_in_the_middle_is_read_next_time_and_nothing_is_read_twice(x: XDouble, server: Server) -> None:
    for number in range(10, 260):
        x.say(NOW - timedelta(hours=5, seconds=-number), number=number)
    searching = listening(server)
    lose(server, SEARCH, Reply("rusak", 502), nth=2)
    first = searching.crawl()
    x.now += timedelta(hours=1)
    x.say(NOW + timedelta(minutes=30), number=900)
    second = searching.crawl()

    assert first.report.added == 100
    assert "502" in (first.message or "")
    assert second.report.added == 157
    assert second.message is None
    assert x.paid == len(x.tweets) == len(searching.sink.posts) == 257


def test_a_server_error_is_a_failure_that_costs_nothing(searching: Listener, server: Server) -> None:
    server.first(SEARCH, Reply("rusak", 503))
    outcome = searching.crawl()

    assert outcome.state is SourceState.FAILED
    assert "503" in (outcome.message or "")
    assert searching.purse.spent(budget_of(searching.spec, searching.credential), NOW) == 0
    assert [got.path for got in server.got].count(SEARCH) == 1  # what costs is not repeated by itself
    assert searching.crawl().report.added == 6


@pytest.mark.parametrize("body", ["<html>Masuk</html>", '{"data": [', '{"data": {"id": 1}}', "[]"])
def test_an_answer_that_is_something_else_is_a_failure(searching: Listener, server: Server, body: str) -> None:
    server.first(SEARCH, Reply(body))
    assert searching.crawl().state is SourceState.FAILED
    assert searching.crawl().report.added == 6


def test_a_malformed_post_is_set_aside_and_the_rest_goes_in(searching: Listener, x: XDouble, server: Server) -> None:
    good = x.tweets[0].shown()
    server.first(SEARCH, reply({"data": [{"id": "12"}, good, "bukan", {"text": "tanpa id"}], "meta": {}}))
    outcome = searching.crawl()

    assert outcome.report.added == 1
    assert outcome.report.quarantined == 3


def test_a_pause_that_x_asks_for_is_kept_whatever_its_clock(searching: Listener, server: Server) -> None:
    theirs = NOW + timedelta(hours=7)
    headers = {"x-rate-limit-reset": str(int((theirs + timedelta(minutes=9)).timestamp()))}
    limited = reply({"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, 429, **headers)
    server.first(SEARCH, replace(limited, headers={**limited.headers, "Date": "Fri, 20 Nov 2026 11:00:00 GMT"}))
    outcome = crawl_at_once(searching, server)

    assert outcome.rest_until is not None
    assert timedelta(minutes=9) <= outcome.rest_until - NOW < timedelta(minutes=10)
    assert searching.memory.state is SourceState.UNPROVEN
    assert searching.crawl().report.added == 6


def test_a_refused_key_waits_for_a_new_one_and_the_gap_is_read_then(
    searching: Listener, x: XDouble, server: Server
) -> None:
    searching.crawl()
    x.key = "BBBB-kunci"
    for hour in range(1, 49):
        x.now = NOW + timedelta(hours=hour)
        x.say(x.now - timedelta(minutes=10), number=hour)
    searching.now = x.now
    refused = searching.crawl()
    assert refused.state is SourceState.AUTH_EXPIRED
    assert "401" in (refused.message or "")

    searching.credential = Credential("x", "BBBB-kunci", mark="2e")
    x.now += timedelta(hours=1)
    outcome = searching.crawl()
    assert outcome.state is SourceState.OK
    assert outcome.report.added == 48
    assert len(searching.sink.posts) == 54


def test_without_a_key_nothing_is_asked(x: XDouble, server: Server) -> None:
    searching = Listener("x", URL, root=server.url, options=PLENTY)
    outcome = searching.crawl()
    assert outcome.state is SourceState.AUTH_EXPIRED
    assert "belum ada" in (outcome.message or "")
    assert server.paths() == []


def test_a_search_that_x_would_not_take_is_refused_with_how_much_is_too_much(x: XDouble, server: Server) -> None:
    url = f"https://x.com/search?q={'a' * 505}"
    searching = Listener("x", url, root=server.url, key="AAAA-kunci", options=PLENTY)
    outcome = searching.crawl()

    assert outcome.state is SourceState.FAILED
    assert "517 karakter" in (outcome.message or "")
    assert "kurangi 5 karakter" in (outcome.message or "")
    assert server.paths() == []


def test_a_choice_of_words_keeps_its_meaning(x: XDouble, server: Server) -> None:
    searching = Listener(
        "x", "https://x.com/search?q=gerung%20OR%20narmada", root=server.url, key="AAAA-kunci", options=PLENTY
    )
    searching.crawl()
    assert server.got[-1].query["query"] == "(gerung OR narmada) -is:retweet"


def test_what_is_older_than_x_keeps_is_given_up_and_told(searching: Listener, x: XDouble) -> None:
    searching.crawl()
    searching.now = x.now = NOW + timedelta(days=12)
    x.say(x.now - timedelta(hours=3), number=99)
    outcome = searching.crawl()

    assert outcome.report.added == 1
    assert "tujuh hari" in (outcome.message or "")
    assert "dari 2026-11-20" in (outcome.message or "")


def test_a_quiet_fortnight_is_no_gap(searching: Listener, x: XDouble) -> None:
    for day in range(15):
        searching.now = x.now = NOW + timedelta(days=day)
        assert "tujuh hari" not in (searching.crawl().message or "")


def test_a_walk_back_reads_only_what_is_older_than_what_was_read(searching: Listener, x: XDouble) -> None:
    searching.crawl()
    for day in range(2, 6):
        x.say(NOW - timedelta(days=day), number=day)
    paid = x.paid
    outcome = searching.crawl(since=NOW - timedelta(days=30))

    assert outcome.report.added == 4
    assert x.paid == paid + 4
    assert searching.crawl(since=NOW - timedelta(days=30)).report.added == 0


def test_a_walk_back_that_a_pause_keeps_from_beginning_is_made_later(
    searching: Listener, x: XDouble, server: Server
) -> None:
    searching.crawl()
    x.say(NOW - timedelta(days=3), number=3)
    server.first(SEARCH, Reply("", 429, {"Retry-After": "600"}))
    assert searching.crawl(since=NOW - timedelta(days=5)).rest_until is not None
    assert searching.crawl().report.added == 1


def test_a_proof_reads_one_small_page_and_remembers_nothing(searching: Listener, x: XDouble) -> None:
    searching.crawl(limit=3)
    assert len(searching.sink.posts) == 3
    assert x.paid == 6
    assert "newest" not in (searching.memory.cursor or "")


def test_what_was_deleted_is_noticed_where_that_was_asked_for(x: XDouble, server: Server) -> None:
    searching = listening(server, recheck_days=3)
    searching.crawl()
    x.tweets[2].deleted = True
    assert searching.crawl().state is SourceState.UNCHANGED  # looked after once a day
    assert searching.sink.withdrawn == set()
    searching.now = x.now = NOW + timedelta(days=1)
    searching.crawl()

    assert searching.sink.withdrawn == {post_id("x", str(x.tweets[2].id))}
    paid = x.paid
    searching.crawl()
    assert x.paid == paid


def test_nothing_is_looked_after_unless_it_was_asked_for(searching: Listener, server: Server) -> None:
    searching.crawl()
    searching.crawl()
    assert LOOKUP not in server.paths()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.com/search?q=lombok%20barat&src=typed_query&f=live", "https://x.com/search?q=lombok%20barat"),
        ("https://twitter.com/search?q=%23gerung", "https://x.com/search?q=%23gerung"),
        ("https://www.x.com/search/?q=a+b", "https://x.com/search?q=a%20b"),
        ("https://x.com/pemkab", None),
        ("https://x.com/search?q=", None),
        ("https://lombokbarat.go.id/search?q=x.com", None),
    ],
)
def test_an_address_of_a_search_shows_its_platform(url: str, expected: str | None) -> None:
    assert owns(url) == expected


def test_ids_hold_their_time() -> None:
    assert mark_at(datetime(2026, 11, 20, 4, tzinfo=UTC)) >> 22 == 1795147200000 - 1288834974657
