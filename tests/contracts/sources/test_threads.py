"""What Threads promises: every post that a search finds, within the questions of a day."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from crawlers.sources.threads import KIND, QUESTIONS, budget_of, owns
from domain.doors import Credential
from domain.ids import post_id
from domain.labels import Channel, DateTrust, SourceState
from domain.posts import Media
from tests.contracts.sources.direct import crawl_at_once
from tests.contracts.sources.graph_double import refusal
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import JSON, Got, Reply, Server
from tests.contracts.sources.threads_double import SEARCH, ThreadsDouble

URL = "https://www.threads.net/search?q=lombok%20barat"


@pytest.fixture
def threads(server: Server) -> ThreadsDouble:
    """Six posts of the last six hours."""
    made = ThreadsDouble(server)
    for number in range(6):
        made.say(NOW - timedelta(hours=6 - number))
    return made


@pytest.fixture
def listener(threads: ThreadsDouble, server: Server) -> Listener:
    return Listener("threads", URL, root=server.url, key="THAA-kunci")


def lose(server: Server, *replies: Reply, nth: int = 1) -> None:
    """Answer the nth question, and those after it, with these."""
    left, seen = list(replies), [0]

    def route(got: Got) -> Reply | None:
        if got.path != SEARCH:
            return None
        seen[0] += 1
        return left.pop(0) if left and seen[0] >= nth else None

    server.routes.insert(0, route)


def test_the_first_crawl_brings_the_posts_of_the_last_week(
    listener: Listener, threads: ThreadsDouble, server: Server
) -> None:
    threads.say(NOW - timedelta(days=20), "lama")
    outcome = listener.crawl()

    assert outcome.state is SourceState.OK
    assert outcome.report.added == 6
    post = listener.sink.posts[post_id("threads", "1700")]
    assert (post.text, post.author, post.parent) == ("Jalan rusak di Gerung 0", "warga", None)
    assert (post.published_at, post.date_trust) == (threads.posts[0].at, DateTrust.EXACT)
    assert post.channel is Channel.THREADS
    assert post.url == "https://www.threads.net/@warga/post/1700"
    asked = server.got[-1]
    assert (asked.query["q"], asked.query["search_type"], asked.query["limit"]) == ("lombok barat", "RECENT", "100")
    assert asked.headers["authorization"] == "Bearer THAA-kunci"
    assert "THAA" not in asked.target


def test_an_answer_knows_its_thread_and_a_picture_is_kept_as_a_link(listener: Listener, threads: ThreadsDouble) -> None:
    reply = threads.say(NOW - timedelta(minutes=9), "Setuju", root="1700")
    shown = threads.say(NOW - timedelta(minutes=8), "Lihat foto")
    shown.picture = "https://cdn.example.org/f.jpg"
    silent = threads.say(NOW - timedelta(minutes=7))
    silent.text = ""
    listener.crawl()

    assert listener.sink.posts[post_id("threads", reply.id)].parent == post_id("threads", "1700")
    assert listener.sink.posts[post_id("threads", shown.id)].media == (Media(kind="image", url=shown.picture),)
    assert post_id("threads", silent.id) not in listener.sink.posts
    assert listener.sink.aside == {}


def test_twice_the_same_adds_nothing_and_what_appears_late_is_still_found(
    listener: Listener, threads: ThreadsDouble
) -> None:
    listener.crawl()
    assert listener.crawl().report.added == 0
    threads.say(threads.posts[5].at - timedelta(minutes=20), "terlambat muncul")
    assert listener.crawl().report.added == 1


def test_pages_are_followed_by_their_cursors_and_no_address_with_a_key_is_opened(
    threads: ThreadsDouble, server: Server
) -> None:
    threads.page = 4
    for number in range(20):
        threads.say(NOW - timedelta(minutes=300 - number))
    listener = Listener("threads", URL, root=server.url, key="THAA-kunci")
    assert listener.crawl().report.added == 26
    assert not any("access_token" in got.target for got in server.got)


def test_a_page_lost_in_the_middle_is_read_next_time(threads: ThreadsDouble, server: Server) -> None:
    threads.page = 4
    for number in range(20):
        threads.say(NOW - timedelta(minutes=300 - number))
    listener = Listener("threads", URL, root=server.url, key="THAA-kunci")
    lose(server, Reply("rusak", 502), nth=3)
    first = listener.crawl()
    threads.say(NOW + timedelta(minutes=20))
    second = listener.crawl()

    assert first.report.added == 8
    assert "502" in (first.message or "")
    assert second.message is None
    assert len(listener.sink.posts) == len(threads.posts) == 27


def test_a_server_error_is_a_failure_and_a_question_that_may_have_been_counted(
    listener: Listener, server: Server
) -> None:
    server.first(SEARCH, refusal(2, "Service temporarily unavailable", status=500))
    outcome = listener.crawl()

    assert outcome.state is SourceState.FAILED
    assert listener.purse.spent(budget_of(listener.spec, listener.credential), NOW) == 1
    assert server.paths() == [SEARCH]
    assert listener.crawl().report.added == 6


@pytest.mark.parametrize("body", ["<html>Masuk</html>", '{"data": [', '{"data": {"id": 1}}', "[]"])
def test_an_answer_that_is_something_else_is_a_failure(listener: Listener, server: Server, body: str) -> None:
    server.first(SEARCH, Reply(body))
    assert listener.crawl().state is SourceState.FAILED
    assert listener.crawl().report.added == 6


def test_a_malformed_post_is_set_aside_and_the_rest_goes_in(
    listener: Listener, threads: ThreadsDouble, server: Server
) -> None:
    data = [{"id": "1"}, threads.posts[0].shown(), 7]
    server.first(SEARCH, Reply(json.dumps({"data": data}), headers=JSON))
    outcome = listener.crawl()
    assert (outcome.report.added, outcome.report.quarantined) == (1, 2)


def test_a_pause_that_threads_asks_for_is_kept(listener: Listener, server: Server) -> None:
    usage = {"1789": [{"type": "threads", "call_count": 100, "estimated_time_to_regain_access": 40}]}
    headers = {"X-Business-Use-Case-Usage": json.dumps(usage)}
    server.first(SEARCH, refusal(613, "Calls to this api have exceeded the rate limit", status=403, **headers))
    notes = crawl_at_once(listener, server)

    assert notes.rest_until is not None
    assert timedelta(minutes=40) <= notes.rest_until - NOW < timedelta(minutes=41)
    assert listener.memory.state is SourceState.UNPROVEN
    assert listener.crawl().report.added == 6


def test_a_429_whose_clock_is_off_is_a_pause_of_the_length_it_names(listener: Listener, server: Server) -> None:
    headers = {"Retry-After": "Fri, 20 Nov 2026 21:30:00 GMT", "Date": "Fri, 20 Nov 2026 21:00:00 GMT"}
    server.first(SEARCH, Reply("", 429, headers))
    notes = crawl_at_once(listener, server)
    assert notes.rest_until is not None
    assert timedelta(minutes=30) <= notes.rest_until - NOW < timedelta(minutes=31)


def test_a_platform_that_tires_is_left_alone_before_it_refuses(threads: ThreadsDouble, server: Server) -> None:
    threads.page = 2
    listener = Listener("threads", URL, root=server.url, key="THAA-kunci")
    first = [one.shown() for one in reversed(threads.posts[4:])]
    body = {"data": first, "paging": {"cursors": {"after": "2"}, "next": "https://x.test/"}}
    server.first(SEARCH, Reply(json.dumps(body), headers=JSON | {"X-App-Usage": '{"call_count": 96}'}))
    notes = crawl_at_once(listener, server)

    assert "hampir habis" in (notes.trouble or "")
    assert len(listener.sink.posts) == 2
    assert server.paths() == [SEARCH]
    listener.crawl()
    assert len(listener.sink.posts) == 6


def test_a_refused_key_waits_for_a_new_one_and_the_gap_is_read_then(listener: Listener, threads: ThreadsDouble) -> None:
    listener.crawl()
    threads.key = "THBB-kunci"
    for hour in range(1, 24 * 20):
        threads.say(NOW + timedelta(hours=hour))
    listener.now = NOW + timedelta(days=20)
    refused = listener.crawl()
    assert refused.state is SourceState.AUTH_EXPIRED
    assert "190" in (refused.message or "")

    listener.credential = Credential("threads", "THBB-kunci", mark="2e")
    listener.crawl()
    assert len(listener.sink.posts) == len(threads.posts) == 485


def test_questions_stop_at_the_share_and_go_on_when_the_day_has_passed(
    listener: Listener, threads: ThreadsDouble, server: Server
) -> None:
    budget = budget_of(listener.spec, listener.credential)
    assert budget.limit == QUESTIONS
    listener.purse.reserve(budget, budget.usable - 1, NOW)
    threads.page = 2
    stopped = crawl_at_once(listener, server)

    assert server.paths() == [SEARCH]
    assert stopped.rest_until is not None
    assert "1980 dari 1980 pertanyaan" in (stopped.trouble or "")
    assert "belum dibaca" in (stopped.trouble or "")
    listener.now = max(stopped.rest_until, NOW + timedelta(hours=26))
    crawl_at_once(listener, server)
    assert len(listener.sink.posts) == 6


def test_a_question_that_finds_nothing_is_not_counted(listener: Listener, threads: ThreadsDouble) -> None:
    threads.posts.clear()
    listener.crawl()
    assert listener.purse.spent(budget_of(listener.spec, listener.credential), NOW) == 0


def test_a_process_that_is_killed_reads_the_same_again(threads: ThreadsDouble, server: Server) -> None:
    threads.page = 5
    for number in range(60):
        threads.say(NOW - timedelta(minutes=300 - number))
    listener = Listener("threads", URL, root=server.url, key="THAA-kunci")
    for killed_after in (1, 7, 30, 55):
        crawl_at_once(listener, server, killed_after=killed_after)
    crawl_at_once(listener, server)

    assert len(listener.sink.posts) == 66
    assert len(threads.counted) <= listener.purse.spent(budget_of(listener.spec, listener.credential), NOW)


def test_more_than_a_crawl_reads_is_read_by_the_next(threads: ThreadsDouble, server: Server) -> None:
    threads.page = 2
    for number in range(80):
        threads.say(NOW - timedelta(minutes=300 - number))
    listener = Listener("threads", URL, root=server.url, key="THAA-kunci")
    assert "sisanya" in (crawl_at_once(listener, server).trouble or "")
    listener.now += timedelta(hours=1)
    crawl_at_once(listener, server)
    assert len(listener.sink.posts) == 86


def test_a_walk_back_brings_what_is_older(listener: Listener, threads: ThreadsDouble) -> None:
    listener.crawl()
    threads.say(NOW - timedelta(days=40), "lama")
    assert listener.crawl(since=NOW - timedelta(days=60)).report.added == 1
    assert listener.crawl(since=NOW - timedelta(days=60)).report.added == 0


def test_a_walk_back_that_a_pause_keeps_from_beginning_is_made_later(
    listener: Listener, threads: ThreadsDouble, server: Server
) -> None:
    listener.crawl()
    threads.say(NOW - timedelta(days=40), "lama")
    server.first(SEARCH, refusal(4, "Application request limit reached", status=403))
    assert listener.crawl(since=NOW - timedelta(days=60)).rest_until is not None
    assert listener.crawl().report.added == 1


def test_a_topic_is_searched_as_one(threads: ThreadsDouble, server: Server) -> None:
    listener = Listener("threads", "https://www.threads.net/search?q=%23gerung", root=server.url, key="THAA-kunci")
    listener.crawl()
    assert (server.got[-1].query["q"], server.got[-1].query["search_mode"]) == ("gerung", "TAG")


def test_a_proof_remembers_nothing(listener: Listener) -> None:
    listener.crawl(limit=3)
    assert len(listener.sink.posts) == 3
    assert "newest" not in (listener.memory.cursor or "")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.threads.net/search?q=lombok%20barat&serp_type=default", URL),
        ("https://threads.com/search?q=lombok+barat", URL),
        ("https://www.threads.net/@warga", None),
        ("https://www.threads.net/search", None),
    ],
)
def test_an_address_of_a_search_shows_its_platform(url: str, expected: str | None) -> None:
    assert owns(url) == expected


def test_people_are_told_what_it_allows_before_it_is_switched_on() -> None:
    facts = KIND.facts
    assert facts.need is not None
    assert facts.need.lasts == timedelta(days=60)
    assert not facts.paid
    assert "2.200" in (facts.price or "")
    assert "threads_keyword_search" in (facts.allowed or "")
