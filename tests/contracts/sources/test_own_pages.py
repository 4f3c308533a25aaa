"""What pages of one's own promise on every Graph platform: each comment once, edits, and what was taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from crawlers.kinds import load_kinds
from domain.doors import Credential
from domain.ids import post_id
from domain.labels import DateTrust, SourceState
from tests.contracts.sources.direct import crawl_at_once
from tests.contracts.sources.graph_double import GraphDouble, refusal
from tests.contracts.sources.instagram_double import InstagramDouble
from tests.contracts.sources.own_pages_scene import PLATFORMS, Platform, comments_of, lose
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import JSON, Got, Reply, Server


@pytest.fixture
def listener(own_page: Listener) -> Listener:
    return own_page


def test_the_first_crawl_brings_posts_and_comments_with_their_dates(
    listener: Listener, page: GraphDouble, platform: Platform, server: Server
) -> None:
    page.tell(NOW - timedelta(days=40))
    outcome = listener.crawl()

    assert outcome.state is SourceState.OK
    assert outcome.report.added == 9
    top, said = page.posts[0], page.posts[0].remarks[0]
    post = listener.sink.posts[post_id(platform.kind, top.id)]
    comment = listener.sink.posts[post_id(f"{platform.kind}:komentar", said.id)]
    assert (post.text, post.published_at, post.date_trust) == (top.text, top.at, DateTrust.EXACT)
    assert (post.engagement.likes, post.engagement.replies) == (9, 2)
    assert (comment.text, comment.published_at, comment.parent) == (said.text, said.at, post.id)
    assert {one.channel for one in listener.sink.posts.values()} == {platform.channel}
    assert {got.headers["authorization"] for got in server.got} == {"Bearer EAAB-kunci"}
    assert not any("EAAB" in got.target for got in server.got)


def test_twice_the_same_adds_nothing_and_reads_no_talk_again(
    listener: Listener, server: Server, platform: Platform
) -> None:
    listener.crawl()
    server.got.clear()
    outcome = listener.crawl()

    assert outcome.state is SourceState.UNCHANGED
    assert (outcome.report.added, outcome.report.revised) == (0, 0)
    assert server.paths() == [platform.posts]


def test_only_the_talk_that_grew_is_read_again(
    listener: Listener, page: GraphDouble, server: Server, platform: Platform
) -> None:
    listener.crawl()
    server.got.clear()
    page.remark(page.posts[0], NOW + timedelta(minutes=5), under=page.posts[0].remarks[0])
    outcome = listener.crawl()

    assert outcome.report.added == 1
    assert server.paths() == [platform.posts, comments_of(page.posts[0])]


def test_pages_are_followed_by_their_cursors_and_no_address_with_a_key_is_opened(
    listener: Listener, page: GraphDouble, server: Server
) -> None:
    page.page = 2
    for number in range(9):
        page.tell(NOW - timedelta(hours=20 - number))
        comment = page.remark(page.posts[1], NOW - timedelta(minutes=90 - number))
        for more in range(number):
            page.remark(page.posts[1], NOW - timedelta(minutes=80 - more), under=comment)
    listener.crawl()

    assert len(listener.sink.posts) == 12 + 6 + 9 + 36
    assert not any("access_token" in got.target for got in server.got)


def test_an_edit_is_a_revision_and_found_within_a_day(listener: Listener, page: GraphDouble) -> None:
    listener.crawl()
    page.posts[1].text = "Ralat dari kabupaten"
    page.posts[1].remarks[1].text = "Sudah diperbaiki, terima kasih"
    assert listener.crawl().report.revised == 1  # a changed comment changes no number
    listener.now = NOW + timedelta(days=1)
    assert listener.crawl().report.revised == 1
    assert "Sudah diperbaiki, terima kasih" in listener.sink.texts()


def test_a_comment_that_was_taken_back_is_hidden(listener: Listener, page: GraphDouble, platform: Platform) -> None:
    listener.crawl()
    gone = page.posts[1].remarks.pop(0)
    listener.crawl()

    assert listener.sink.withdrawn == {post_id(f"{platform.kind}:komentar", gone.id)}


def test_a_deletion_that_an_addition_covers_is_found_within_a_day(
    listener: Listener, page: GraphDouble, platform: Platform
) -> None:
    listener.crawl()
    gone = page.posts[1].remarks.pop(0)
    page.remark(page.posts[1], NOW + timedelta(minutes=9))
    listener.now = NOW + timedelta(days=1)
    assert listener.crawl().report.added == 1
    assert listener.sink.withdrawn == {post_id(f"{platform.kind}:komentar", gone.id)}


def test_with_a_post_goes_what_was_said_under_it(listener: Listener, page: GraphDouble, platform: Platform) -> None:
    listener.crawl()
    gone = page.posts.pop(1)
    listener.crawl()

    expected = {post_id(platform.kind, gone.id)} | {
        post_id(f"{platform.kind}:komentar", one.id) for one in gone.remarks
    }
    assert listener.sink.withdrawn == expected


def test_what_a_listing_merely_leaves_out_is_not_hidden(listener: Listener, page: GraphDouble, server: Server) -> None:
    listener.crawl()
    page.remark(page.posts[0], NOW + timedelta(minutes=5))
    server.first(comments_of(page.posts[0]), Reply(json.dumps({"data": []}), headers=JSON))
    listener.crawl()
    assert listener.sink.withdrawn == set()

    listener.now = NOW + timedelta(days=1)
    first = page.posts[0].remarks[0]
    left_out = [one for one in page.posts[0].remarks if one is not first]
    page.posts[0].remarks = left_out
    found = page.remark_of
    page.remark_of = lambda name: first if name == first.id else found(name)  # type: ignore[method-assign]
    listener.crawl()
    assert listener.sink.withdrawn == set()


def test_a_source_that_is_given_another_page_hides_nothing_of_the_first(
    listener: Listener, page: GraphDouble, platform: Platform, server: Server
) -> None:
    listener.crawl()
    page.posts = [page.tell(NOW - timedelta(minutes=30))]
    listener.spec = replace(listener.spec, options=(("id", "1784"),))
    if platform.kind == "facebook":
        server.routes.insert(0, lambda got: _renamed(server, got, "/v25.0/1784/feed", platform.posts))
    assert listener.crawl().report.added == 1
    assert listener.sink.withdrawn == set()


def _renamed(server: Server, got: Got, path: str, real: str) -> Reply | None:
    return server.answer(Got(got.target.replace(path, real), got.headers)) if got.path == path else None


def test_a_page_of_comments_that_is_lost_is_read_next_time(
    listener: Listener, page: GraphDouble, server: Server
) -> None:
    page.page = 2
    for number in range(6):
        page.remark(page.posts[2], NOW - timedelta(minutes=90 - number))
    lose(server, comments_of(page.posts[2]), *[Reply("rusak", 502)] * 3, nth=2)
    first = listener.crawl()
    second = listener.crawl()

    assert first.state is SourceState.OK
    assert "Komentar tidak terambil" in (first.message or "")
    assert second.message is None
    assert len(listener.sink.posts) == 15


def test_a_page_of_posts_that_is_lost_is_read_next_time(
    listener: Listener, page: GraphDouble, server: Server, platform: Platform
) -> None:
    page.page = 2
    lose(server, platform.posts, *[Reply("rusak", 500)] * 3, nth=2)
    first = listener.crawl()
    assert first.report.added == 6
    assert "Sisanya" in (first.message or "")
    assert listener.crawl().report.added == 3
    assert listener.sink.withdrawn == set()


def test_a_server_error_is_a_failure_and_the_next_crawl_makes_up_for_it(
    listener: Listener, server: Server, platform: Platform
) -> None:
    server.first(platform.posts, *[refusal(2, "Service temporarily unavailable", status=500)] * 3)
    outcome = listener.crawl()
    assert outcome.state is SourceState.FAILED
    assert "(2)" in (outcome.message or "")
    assert listener.crawl().report.added == 9


@pytest.mark.parametrize("body", ["<html>Masuk</html>", '{"data": [', '{"data": {"id": 1}}', "[]"])
def test_an_answer_that_is_something_else_is_a_failure(
    listener: Listener, server: Server, platform: Platform, body: str
) -> None:
    server.first(platform.posts, Reply(body))
    assert listener.crawl().state is SourceState.FAILED
    assert listener.crawl().report.added == 9


def test_a_malformed_entry_is_set_aside_and_the_rest_goes_in(
    listener: Listener, page: GraphDouble, server: Server, platform: Platform
) -> None:
    whole = server.answer(Got(f"{platform.posts}?limit=100", {"authorization": "Bearer EAAB-kunci"}))
    posts = json.loads(whole.body)["data"]
    server.first(platform.posts, Reply(json.dumps({"data": [{"id": "9"}, posts[0], "bukan"]}), headers=JSON))
    server.first(comments_of(page.posts[2]), Reply(json.dumps({"data": [{"id": "1"}, 7]}), headers=JSON))
    outcome = listener.crawl()

    assert outcome.report.added == 1
    assert outcome.report.quarantined == 4


def test_a_pause_that_is_asked_for_is_kept_and_what_was_read_is_not_read_again(
    listener: Listener, page: GraphDouble, server: Server
) -> None:
    usage = {"77": [{"type": "pages", "call_count": 101, "estimated_time_to_regain_access": 25}]}
    headers = {"X-Business-Use-Case-Usage": json.dumps(usage)}
    server.first(comments_of(page.posts[1]), refusal(32, "Page request limit reached", status=403, **headers))
    notes = crawl_at_once(listener, server)

    assert notes.rest_until is not None
    assert timedelta(minutes=25) <= notes.rest_until - NOW < timedelta(minutes=26)
    assert listener.memory.state is SourceState.OK  # it answered: a pause says nothing else
    assert len(listener.sink.posts) == 5
    server.got.clear()
    listener.crawl()
    assert len(listener.sink.posts) == 9
    assert comments_of(page.posts[2]) not in server.paths()


def test_a_429_with_a_reset_is_a_pause_whatever_the_clock(
    listener: Listener, server: Server, platform: Platform
) -> None:
    headers = {"Retry-After": "600", "Date": "Mon, 01 Jan 2035 00:00:00 GMT"}
    server.first(platform.posts, Reply("", 429, headers))
    notes = crawl_at_once(listener, server)
    assert notes.rest_until is not None
    assert timedelta(minutes=10) <= notes.rest_until - NOW < timedelta(minutes=11)
    assert listener.memory.state is SourceState.UNPROVEN


def test_a_refused_key_waits_for_a_new_one_and_the_gap_is_read_then(listener: Listener, page: GraphDouble) -> None:
    listener.crawl()
    page.key = "EAAC-kunci"
    for day in range(1, 60):
        post = page.tell(NOW + timedelta(days=day))
        page.remark(post, NOW + timedelta(days=day, minutes=5))
    listener.now = NOW + timedelta(days=60)
    refused = listener.crawl()
    assert refused.state is SourceState.AUTH_EXPIRED
    assert "190" in (refused.message or "")

    listener.credential = Credential("uji", "EAAC-kunci", mark="2e")
    assert listener.crawl().report.added == 118
    assert len(listener.sink.posts) == 127


def test_without_a_key_nothing_is_asked(platform: Platform, page: GraphDouble, server: Server) -> None:
    outcome = Listener(platform.kind, platform.url, root=server.url).crawl()
    assert outcome.state is SourceState.AUTH_EXPIRED
    assert server.paths() == []


def test_a_proof_shows_posts_and_remembers_nothing(listener: Listener, page: GraphDouble) -> None:
    listener.crawl(limit=2)
    assert len(listener.sink.posts) == 2
    assert "talks" not in (listener.memory.cursor or "")


def test_people_are_told_what_it_allows_before_it_is_switched_on(platform: Platform) -> None:
    facts = load_kinds()[platform.kind].facts
    assert facts.need is not None
    assert facts.need.lasts == timedelta(days=60)
    assert not facts.paid
    assert "sendiri" in (facts.allowed or "")
    assert "per 2026" in (facts.price or "")


@pytest.mark.parametrize(
    ("kind", "url", "expected"),
    [
        ("facebook", "https://m.facebook.com/pemkab.lombokbarat/?ref=x", "https://www.facebook.com/pemkab.lombokbarat"),
        ("facebook", "https://www.facebook.com/profile.php?id=1000123", "https://www.facebook.com/1000123"),
        ("facebook", "https://www.facebook.com/people/Pemkab/1000123/", "https://www.facebook.com/1000123"),
        ("facebook", "https://www.facebook.com/groups/wargagerung", None),
        ("facebook", "https://www.facebook.com/pemkab/posts/12", None),
        ("facebook", "https://facebook.contoh.id/pemkab", None),
        ("instagram", "https://www.instagram.com/Pemkab.Lobar?igsh=x", "https://www.instagram.com/pemkab.lobar/"),
        ("instagram", "https://www.instagram.com/p/Cx1/", None),
        ("instagram", "https://www.instagram.com/explore/", None),
    ],
)
def test_an_address_of_a_page_shows_its_platform(kind: str, url: str, expected: str | None) -> None:
    owns = load_kinds()[kind].owns
    assert owns is not None
    assert owns(url) == expected


def test_a_number_that_the_api_wants_may_be_set(server: Server) -> None:
    double = InstagramDouble(server)
    double.tell(NOW - timedelta(hours=3))
    options = (("id", "1784"), ("login", "facebook"))
    listener = Listener("instagram", PLATFORMS["instagram"].url, root=server.url, key="EAAB-kunci", options=options)
    assert listener.crawl().report.added == 1
    assert server.paths() == ["/v25.0/1784/media"]


@pytest.mark.parametrize("options", [(("login", "facebook"),), (("id", "pemkab"),)])
def test_a_number_that_is_missing_is_told(server: Server, options: tuple[tuple[str, str], ...]) -> None:
    listener = Listener("instagram", PLATFORMS["instagram"].url, root=server.url, key="EAAB-kunci", options=options)
    assert "setelan id" in (listener.crawl().message or "").lower()
    assert server.paths() == []
