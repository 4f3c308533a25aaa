"""What X promises: every new post once, for no more than was allowed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.sources.x import KIND, budget_of, mark_at, owns
from domain.doors import Credential
from domain.ids import post_id
from domain.labels import Channel, DateTrust, SourceState
from domain.posts import Engagement
from tests.contracts.sources.direct import crawl_at_once
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import Got, Reply, Server
from tests.contracts.sources.x_double import COUNTS, LOOKUP, SEARCH, XDouble, problem, reply

URL = "https://x.com/search?q=lombok%20barat"
PLENTY = (("posts_per_month", "1000000"),)


@pytest.fixture
def x(server: Server) -> XDouble:
    """Six posts of the last six hours."""
    made = XDouble(server, now=NOW)
    for number in range(1, 7):
        made.say(NOW - timedelta(hours=7 - number), number=number)
    return made


def listening(server: Server, **options: object) -> Listener:
    chosen = dict(PLENTY) | {name: str(value) for name, value in options.items()}
    return Listener("x", URL, root=server.url, key="AAAA-kunci", options=tuple(chosen.items()))


@pytest.fixture
def listener(x: XDouble, server: Server) -> Listener:
    return listening(server)


def lose(server: Server, path: str, *replies: Reply, nth: int = 1) -> None:
    """Answer the nth request of a path, and those after it, with these."""
    left, seen = list(replies), [0]

    def route(got: Got) -> Reply | None:
        if got.path != path:
            return None
        seen[0] += 1
        return left.pop(0) if left and seen[0] >= nth else None

    server.routes.insert(0, route)


def test_the_first_crawl_brings_the_posts_of_the_last_day(listener: Listener, x: XDouble, server: Server) -> None:
    x.say(NOW - timedelta(days=3), "lama")
    outcome = listener.crawl()

    assert outcome.state is SourceState.OK
    assert outcome.report.added == 6
    post = listener.sink.posts[post_id("x", str(x.tweets[0].id))]
    assert post.text == "Jalan rusak di Gerung 1"
    assert (post.published_at, post.date_trust) == (x.tweets[0].at, DateTrust.EXACT)
    assert (post.channel, post.author, post.parent) == (Channel.X, "900", None)
    assert post.url == f"https://x.com/i/web/status/{x.tweets[0].id}"
    assert post.engagement == Engagement(likes=3, replies=2, shares=1, views=40)
    query = server.got[-1].query
    assert query["query"] == "lombok barat -is:retweet"
    assert "expansions" not in query  # people are paid for apart


def test_the_key_goes_by_header_and_stands_in_no_address(listener: Listener, server: Server) -> None:
    listener.crawl()
    assert [got.headers["authorization"] for got in server.got] == ["Bearer AAAA-kunci"]
    assert not any("AAAA" in got.target for got in server.got)


def test_the_words_of_long_posts_and_signs_are_whole_and_an_answer_knows_its_thread(
    listener: Listener, x: XDouble, server: Server
) -> None:
    long = x.say(NOW - timedelta(minutes=5), "Pendek & lain")
    shown = long.shown() | {"text": "Pend…", "note_tweet": {"text": "Panjang &amp; lengkap"}, "conversation_id": "77"}
    server.always(SEARCH, reply({"data": [shown], "meta": {}}))
    listener.crawl()

    post = listener.sink.posts[post_id("x", str(long.id))]
    assert post.text == "Panjang & lengkap"
    assert post.parent == post_id("x", "77")


def test_twice_the_same_is_asked_for_from_where_it_ended_and_costs_nothing(listener: Listener, x: XDouble) -> None:
    listener.crawl()
    before = x.paid
    outcome = listener.crawl()

    assert outcome.state is SourceState.UNCHANGED
    assert (outcome.report.added, outcome.report.unchanged) == (0, 0)
    assert x.paid == before == 6
    assert listener.purse.spent(budget_of(listener.spec, listener.credential), NOW) == 6


def test_an_edit_is_a_revision_of_the_same_post(listener: Listener, x: XDouble) -> None:
    listener.crawl()
    x.now += timedelta(hours=1)
    x.edit(x.tweets[-1], "Ralat: sudah ditambal", NOW + timedelta(minutes=20))
    outcome = listener.crawl()

    assert (outcome.report.added, outcome.report.revised) == (0, 1)


def test_a_page_lost_in_the_middle_is_read_next_time_and_nothing_is_read_twice(x: XDouble, server: Server) -> None:
    for number in range(10, 260):
        x.say(NOW - timedelta(hours=5, seconds=-number), number=number)
    listener = listening(server)
    lose(server, SEARCH, Reply("rusak", 502), nth=2)
    first = listener.crawl()
    x.now += timedelta(hours=1)
    x.say(NOW + timedelta(minutes=30), number=900)
    second = listener.crawl()

    assert first.report.added == 100
    assert "502" in (first.message or "")
    assert second.report.added == 157
    assert second.message is None
    assert x.paid == len(x.tweets) == len(listener.sink.posts) == 257


def test_a_server_error_is_a_failure_that_costs_nothing(listener: Listener, server: Server) -> None:
    server.first(SEARCH, Reply("rusak", 503))
    outcome = listener.crawl()

    assert outcome.state is SourceState.FAILED
    assert "503" in (outcome.message or "")
    assert listener.purse.spent(budget_of(listener.spec, listener.credential), NOW) == 0
    assert [got.path for got in server.got].count(SEARCH) == 1  # what costs is not repeated by itself
    assert listener.crawl().report.added == 6


@pytest.mark.parametrize("body", ["<html>Masuk</html>", '{"data": [', '{"data": {"id": 1}}', "[]"])
def test_an_answer_that_is_something_else_is_a_failure(listener: Listener, server: Server, body: str) -> None:
    server.first(SEARCH, Reply(body))
    assert listener.crawl().state is SourceState.FAILED
    assert listener.crawl().report.added == 6


def test_a_malformed_post_is_set_aside_and_the_rest_goes_in(listener: Listener, x: XDouble, server: Server) -> None:
    good = x.tweets[0].shown()
    server.first(SEARCH, reply({"data": [{"id": "12"}, good, "bukan", {"text": "tanpa id"}], "meta": {}}))
    outcome = listener.crawl()

    assert outcome.report.added == 1
    assert outcome.report.quarantined == 3


def test_a_pause_that_x_asks_for_is_kept_whatever_its_clock(listener: Listener, server: Server) -> None:
    theirs = NOW + timedelta(hours=7)
    headers = {"x-rate-limit-reset": str(int((theirs + timedelta(minutes=9)).timestamp()))}
    limited = reply({"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, 429, **headers)
    server.first(SEARCH, replace(limited, headers={**limited.headers, "Date": "Fri, 20 Nov 2026 11:00:00 GMT"}))
    outcome = crawl_at_once(listener, server)

    assert outcome.rest_until is not None
    assert timedelta(minutes=9) <= outcome.rest_until - NOW < timedelta(minutes=10)
    assert listener.memory.state is SourceState.UNPROVEN
    assert listener.crawl().report.added == 6


def test_a_refused_key_waits_for_a_new_one_and_the_gap_is_read_then(
    listener: Listener, x: XDouble, server: Server
) -> None:
    listener.crawl()
    x.key = "BBBB-kunci"
    for hour in range(1, 49):
        x.now = NOW + timedelta(hours=hour)
        x.say(x.now - timedelta(minutes=10), number=hour)
    listener.now = x.now
    refused = listener.crawl()
    assert refused.state is SourceState.AUTH_EXPIRED
    assert "401" in (refused.message or "")

    listener.credential = Credential("x", "BBBB-kunci", mark="2e")
    x.now += timedelta(hours=1)
    outcome = listener.crawl()
    assert outcome.state is SourceState.OK
    assert outcome.report.added == 48
    assert len(listener.sink.posts) == 54


def test_without_a_key_nothing_is_asked(x: XDouble, server: Server) -> None:
    listener = Listener("x", URL, root=server.url, options=PLENTY)
    outcome = listener.crawl()
    assert outcome.state is SourceState.AUTH_EXPIRED
    assert "belum ada" in (outcome.message or "")
    assert server.paths() == []


def test_without_a_budget_nothing_is_spent_and_the_price_is_told(x: XDouble, server: Server) -> None:
    listener = Listener("x", URL, root=server.url, key="AAAA-kunci")
    outcome = listener.crawl()

    assert outcome.state is SourceState.UNPROVEN
    assert "posts_per_month" in (outcome.message or "")
    assert "US$0,005" in (outcome.message or "")
    assert (x.paid, server.paths()) == (0, [])


@pytest.mark.parametrize("wrong", ["banyak", "-5", "9000000", "1.5"])
def test_a_budget_that_is_no_number_is_told(x: XDouble, server: Server, wrong: str) -> None:
    listener = listening(server, posts_per_month=wrong)
    assert "posts_per_month" in (listener.crawl().message or "")
    assert x.paid == 0


def test_a_search_that_x_would_not_take_is_refused_with_how_much_is_too_much(x: XDouble, server: Server) -> None:
    url = f"https://x.com/search?q={'a' * 505}"
    listener = Listener("x", url, root=server.url, key="AAAA-kunci", options=PLENTY)
    outcome = listener.crawl()

    assert outcome.state is SourceState.FAILED
    assert "517 karakter" in (outcome.message or "")
    assert "kurangi 5 karakter" in (outcome.message or "")
    assert server.paths() == []


def test_a_choice_of_words_keeps_its_meaning(x: XDouble, server: Server) -> None:
    listener = Listener(
        "x", "https://x.com/search?q=gerung%20OR%20narmada", root=server.url, key="AAAA-kunci", options=PLENTY
    )
    listener.crawl()
    assert server.got[-1].query["query"] == "(gerung OR narmada) -is:retweet"


def test_a_spike_is_read_newest_first_within_the_pace_and_what_is_left_is_told_and_read_later(
    x: XDouble, server: Server
) -> None:
    listener = listening(server, posts_per_month=300)  # 270 of them; on the 20th at 04:00, 173 may have been spent
    for number in range(10, 410):
        x.say(NOW - timedelta(hours=6, seconds=-number), number=number)
    outcome = listener.crawl()

    newest = sorted((one.id for one in x.tweets), reverse=True)[: outcome.report.added]
    assert {post.native_id for post in listener.sink.posts.values()} == {str(one) for one in newest}
    assert outcome.state is SourceState.OK
    assert "tidak diambil" in (outcome.message or "")
    assert "2026-11-19" in (outcome.message or "")
    assert x.paid <= 173
    assert outcome.rest_until is not None
    before = len(listener.sink.posts)
    listener.now = x.now = NOW + timedelta(days=2)
    listener.crawl()
    assert before < len(listener.sink.posts)
    assert x.paid >= len(listener.sink.posts)
    assert len(json.loads(listener.memory.cursor or "{}")["gaps"]) == 1


def test_what_is_older_than_x_keeps_is_given_up_and_told(listener: Listener, x: XDouble) -> None:
    listener.crawl()
    listener.now = x.now = NOW + timedelta(days=12)
    x.say(x.now - timedelta(hours=3), number=99)
    outcome = listener.crawl()

    assert outcome.report.added == 1
    assert "tujuh hari" in (outcome.message or "")
    assert "dari 2026-11-20" in (outcome.message or "")


def test_a_quiet_fortnight_is_no_gap(listener: Listener, x: XDouble) -> None:
    for day in range(15):
        listener.now = x.now = NOW + timedelta(days=day)
        assert "tujuh hari" not in (listener.crawl().message or "")


def test_the_budget_stops_at_its_share_and_goes_on_in_the_next_month(x: XDouble, server: Server) -> None:
    x.now = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)
    for number in range(100):
        x.say(x.now - timedelta(hours=2, seconds=-number), number=number)
    listener = listening(server, posts_per_month=60)
    listener.now = x.now
    stopped = listener.crawl()
    assert x.paid == len(listener.sink.posts) == 53  # of 54: one is the last hour's
    assert stopped.rest_until == datetime(2026, 12, 1, tzinfo=UTC)
    assert "54 kiriman" in (stopped.message or "")
    assert listener.crawl().report.added == 0
    assert x.paid <= 54

    listener.now = x.now = datetime(2026, 12, 6, tzinfo=UTC)  # by then, 9 may be spent: not a page yet
    assert listener.crawl().report.added == 0
    listener.now = x.now = datetime(2026, 12, 7, tzinfo=UTC)
    assert listener.crawl().report.added == 10


def test_a_new_key_in_mid_month_is_no_second_budget(x: XDouble, server: Server) -> None:
    for number in range(10, 200):
        x.say(NOW - timedelta(hours=6, seconds=-number), number=number)
    listener = listening(server, posts_per_month=60)
    listener.crawl()
    x.key = "BBBB-kunci"
    listener.credential = Credential("x", "BBBB-kunci", mark="2e")
    listener.crawl()
    assert x.paid <= budget_of(listener.spec, None).due(NOW + timedelta(hours=1))


def test_a_month_of_a_flood_leaves_something_for_its_last_day(x: XDouble, server: Server) -> None:
    """Ten posts an hour, a tenth of which is paid for."""
    listener = listening(server, posts_per_month=800)
    budget = budget_of(listener.spec, listener.credential)
    start, end = budget.window(NOW)
    x.tweets.clear()
    days: set[int] = set()
    at, number = start, 0
    while at < end:
        for minute in range(0, 180, 6):
            number += 1
            x.say(at - timedelta(minutes=minute + 1), number=number)
        listener.now = x.now = at
        before = x.paid
        crawl_at_once(listener, server)
        days |= {at.day} if x.paid > before else set()
        assert x.paid <= budget.due(at)
        at += timedelta(hours=3)

    assert x.paid <= budget.usable
    assert x.paid > budget.usable * 0.97
    assert set(range(1, 31)) <= days


def test_a_process_that_is_killed_reads_the_same_again_and_overspends_nothing(x: XDouble, server: Server) -> None:
    for number in range(10, 300):
        x.say(NOW - timedelta(hours=6, seconds=-number), number=number)
    listener = listening(server)
    for killed_after in (1, 50, 150, 230):
        crawl_at_once(listener, server, killed_after=killed_after)
    crawl_at_once(listener, server)

    assert len(listener.sink.posts) == len(x.tweets)
    assert x.paid <= listener.purse.spent(budget_of(listener.spec, listener.credential), NOW)


def test_where_counting_is_free_nothing_is_searched_while_nothing_is_new(x: XDouble, server: Server) -> None:
    listener = listening(server, count_first="ya")
    listener.crawl()
    server.got.clear()
    x.now += timedelta(hours=1)
    listener.crawl()

    assert server.paths() == [COUNTS]


def test_a_walk_back_reads_only_what_is_older_than_what_was_read(listener: Listener, x: XDouble) -> None:
    listener.crawl()
    for day in range(2, 6):
        x.say(NOW - timedelta(days=day), number=day)
    paid = x.paid
    outcome = listener.crawl(since=NOW - timedelta(days=30))

    assert outcome.report.added == 4
    assert x.paid == paid + 4
    assert listener.crawl(since=NOW - timedelta(days=30)).report.added == 0


def test_a_proof_reads_one_small_page_and_remembers_nothing(listener: Listener, x: XDouble) -> None:
    listener.crawl(limit=3)
    assert len(listener.sink.posts) == 3
    assert x.paid == 6
    assert "newest" not in (listener.memory.cursor or "")


def test_what_was_deleted_is_noticed_where_that_was_asked_for(x: XDouble, server: Server) -> None:
    listener = listening(server, recheck_days=3)
    listener.crawl()
    x.tweets[2].deleted = True
    assert listener.crawl().state is SourceState.UNCHANGED  # looked after once a day
    assert listener.sink.withdrawn == set()
    listener.now = x.now = NOW + timedelta(days=1)
    listener.crawl()

    assert listener.sink.withdrawn == {post_id("x", str(x.tweets[2].id))}
    paid = x.paid
    listener.crawl()
    assert x.paid == paid


def test_nothing_is_looked_after_unless_it_was_asked_for(listener: Listener, server: Server) -> None:
    listener.crawl()
    listener.crawl()
    assert LOOKUP not in server.paths()


def test_an_exhausted_credit_waits_for_a_person(listener: Listener, server: Server) -> None:
    server.first(SEARCH, problem(402, "Your account does not have enough credits", "credits-depleted"))
    outcome = listener.crawl()
    assert outcome.state is SourceState.AUTH_EXPIRED
    assert "credits" in (outcome.message or "")


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


def test_people_are_told_what_it_costs_and_allows_before_it_is_switched_on() -> None:
    facts = KIND.facts
    assert facts.need is not None
    assert facts.need.name == "x"
    assert "US$" in (facts.price or "")
    assert facts.paid
    assert "tujuh hari" in (facts.allowed or "")
    assert {name for name, _ in facts.options} >= {"posts_per_month", "recheck_days"}


def test_ids_hold_their_time() -> None:
    assert mark_at(datetime(2026, 11, 20, 4, tzinfo=UTC)) >> 22 == 1795147200000 - 1288834974657
