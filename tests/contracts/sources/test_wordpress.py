"""What WordPress sites promise beyond what every kind does."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from crawlers.parsing.build import article_id
from domain.ids import post_id
from domain.labels import Channel, SourceState
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import FEED, JSON, TEXT, Got, NewsSite, Reply, Server, rss

POSTS, COMMENTS = "/wp-json/wp/v2/posts", "/wp-json/wp/v2/comments"
SHUT = {
    "401": Reply('{"code":"rest_login_required"}', 401, JSON),
    "403": Reply("Forbidden", 403),
    "404": Reply("tidak ada", 404),
    "a page": Reply("<!DOCTYPE html><html><body>Beranda</body></html>"),
}


@pytest.fixture
def blog(site: NewsSite) -> Listener:
    site.remark(1, site.stories[0], "Lampu jalan di sini juga mati, Pak", NOW - timedelta(days=5))
    site.remark(2, site.stories[1], "Terima kasih sudah ditambal", NOW - timedelta(days=4))
    return Listener("wordpress", site.url)


def place(blog: Listener) -> dict[str, object]:
    """How far the source has been read."""
    cursor = json.loads(blog.memory.cursor or "{}")
    return {name: value for name, value in cursor.items() if name not in {"pace", "yield"}}


def shut_rest(server: Server, reply: Reply) -> None:
    server.routes.insert(0, lambda got: reply if got.path.startswith("/wp-json") or "rest_route" in got.query else None)


def test_comments_come_with_their_article(blog: Listener, site: NewsSite) -> None:
    assert blog.crawl().report.added == 8
    comment = blog.sink.posts[post_id(f"comment:{site.url.removeprefix('http://')}", "1")]
    assert comment.channel is Channel.COMMENT
    assert comment.author == "Warga"
    assert comment.text == "Lampu jalan di sini juga mati, Pak"
    assert comment.parent == article_id(site.url + site.stories[0].path)
    assert comment.parent in blog.sink.posts


def test_only_what_is_new_is_asked_for(blog: Listener, site: NewsSite, server: Server) -> None:
    blog.crawl()
    server.got.clear()
    site.remark(3, site.stories[5], "Di tempat kami juga", NOW + timedelta(minutes=3))
    outcome = blog.crawl()

    assert outcome.report.added == 1
    queries = {got.path: got.query for got in server.got}
    assert queries[POSTS]["modified_after"] < "2026-11-19T04:00:00Z"
    assert queries[COMMENTS]["after"] > "2026-11-10"


def test_a_comment_that_waited_for_a_moderator_is_still_found(blog: Listener, site: NewsSite) -> None:
    blog.crawl()
    site.remark(3, site.stories[2], "Baru disetujui", NOW - timedelta(days=5))
    assert blog.crawl().report.added == 1


@pytest.mark.parametrize("reply", SHUT.values(), ids=SHUT)
def test_a_shut_rest_door_is_passed_by_the_feeds_with_the_same_posts(
    blog: Listener, site: NewsSite, server: Server, reply: Reply
) -> None:
    open_door = Listener("wordpress", site.url)
    open_door.crawl()
    shut_rest(server, reply)
    outcome = blog.crawl()

    assert outcome.state is SourceState.OK
    assert blog.sink.posts.keys() == open_door.sink.posts.keys()
    assert blog.sink.texts() == open_door.sink.texts()


def test_robots_that_shut_the_rest_door_leave_the_feeds(blog: Listener, server: Server) -> None:
    server.always("/robots.txt", Reply("User-agent: *\nDisallow: /wp-json/\nDisallow: /*rest_route\n", headers=TEXT))
    assert blog.crawl().report.added == 8
    assert POSTS not in server.paths()


def test_a_site_without_pretty_addresses_is_asked_the_other_way(blog: Listener, site: NewsSite, server: Server) -> None:
    def plain(got: Got) -> Reply | None:
        if got.path.startswith("/wp-json"):
            return Reply("tidak ada", 404)
        route = got.query.get("rest_route")
        return site._rest(Got(route + "?" + got.target.split("&", 1)[1], got.headers)) if route else None

    server.routes.insert(0, plain)
    assert blog.crawl().report.added == 8


def test_a_summary_never_replaces_the_words_that_are_stored(blog: Listener, site: NewsSite, server: Server) -> None:
    blog.crawl()
    before = blog.sink.texts()
    shut_rest(server, SHUT["401"])
    item = (
        f"<item><link>{site.url}{site.stories[0].path}/</link><title>J</title><description>Ringkas</description></item>"
    )

    server.always("/feed/", Reply(rss(item), headers=FEED))
    assert blog.crawl().report.revised == 0
    assert blog.sink.texts() == before


def test_a_page_lost_in_the_middle_is_fetched_next_time(site: NewsSite, server: Server) -> None:
    site.page = 2
    blog = Listener("wordpress", site.url)
    lost = [Reply("rusak", 500)] * 3
    server.routes.insert(
        0, lambda got: lost.pop() if lost and got.path == POSTS and got.query.get("page") == "2" else None
    )
    first = blog.crawl()
    second = blog.crawl()

    assert first.report.added == 2
    assert "Halaman 2 dari 3" in (first.message or "")
    assert second.report.added == 4


def test_a_page_lost_in_a_later_crawl_is_fetched_next_time(site: NewsSite, server: Server) -> None:
    blog = Listener("wordpress", site.url)
    blog.crawl()
    site.page = 2
    for number in range(7, 13):
        site.tell(number, NOW + timedelta(minutes=number))
    lost = [Reply("rusak", 500)] * 3
    server.routes.insert(
        0, lambda got: lost.pop() if lost and got.path == POSTS and got.query.get("page") == "2" else None
    )
    assert blog.crawl().report.added < 6
    blog.crawl()
    assert len(blog.sink.posts) == 12


def test_comments_that_fail_do_not_hold_up_the_articles(blog: Listener, server: Server) -> None:
    server.always(COMMENTS, Reply("rusak", 500))
    outcome = blog.crawl()

    assert outcome.state is SourceState.OK
    assert outcome.report.added == 6
    assert "Komentar tidak terambil" in (outcome.message or "")
    server.routes.pop(0)
    assert blog.crawl().report.added == 2


def test_a_walk_back_brings_what_is_older_and_keeps_the_place(blog: Listener, site: NewsSite) -> None:
    blog.crawl()
    for number in range(20, 23):
        site.tell(number, NOW - timedelta(days=60 + number))
    before = place(blog)
    outcome = blog.crawl(since=NOW - timedelta(days=90))

    assert outcome.report.added == 3
    assert place(blog) == before


def test_a_walk_back_that_lost_a_page_goes_on_next_time(site: NewsSite, server: Server) -> None:
    site.page = 2
    blog = Listener("wordpress", site.url)
    blog.crawl()
    for number in range(20, 24):
        site.tell(number, NOW - timedelta(days=60 + number))
    lost = [Reply("rusak", 500)] * 3
    server.routes.insert(0, lambda got: lost.pop() if lost and got.query.get("page") == "2" else None)

    assert blog.crawl(since=NOW - timedelta(days=90)).message is not None
    assert blog.crawl().message is None
    assert len(blog.sink.posts) == 10
    assert "since" not in place(blog)


def test_a_protected_article_is_left_alone(blog: Listener, site: NewsSite, server: Server) -> None:
    post = (
        f'[{{"id":1,"link":"{site.url}/x","date_gmt":"2026-11-19T00:00:00",'
        '"content":{"rendered":"","protected":true}}]'
    )
    server.always(POSTS, Reply(post, headers=JSON))
    outcome = blog.crawl()
    assert outcome.report.quarantined == 0
    assert not any(post.channel is Channel.WEB for post in blog.sink.posts.values())
