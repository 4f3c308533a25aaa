"""What feeds promise beyond what every kind does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.labels import SourceState
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import FEED, NewsSite, Reply, Server, rss


@pytest.fixture
def feed(site: NewsSite) -> Listener:
    return Listener("rss", site.url + "/feed/")


def an_item(server: Server, number: int) -> str:
    return f"<item><link>{server.url}/b/{number}</link><title>Kabar {number}</title></item>"


def test_a_feed_that_did_not_change_is_not_read_again(feed: Listener, server: Server) -> None:
    tag, date = '"satu"', "Fri, 20 Nov 2026 01:00:00 GMT"
    headers = FEED | {"ETag": tag, "Last-Modified": date}
    server.first("/feed/", Reply(rss(an_item(server, 1)), headers=headers), Reply(status=304))
    feed.crawl()
    outcome = feed.crawl()

    asked = [got.headers for got in server.got if got.path == "/feed/"][-1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == (tag, date)
    assert outcome.state is SourceState.UNCHANGED
    assert feed.memory.etag == tag


def test_a_validator_of_an_error_is_not_kept(feed: Listener, server: Server) -> None:
    server.always("/feed/", Reply("rusak", 500, {"ETag": '"rusak"'}))
    feed.crawl()
    assert feed.memory.etag is None


def test_a_walk_back_asks_without_conditions_and_stops_at_its_day(site: NewsSite, server: Server) -> None:
    site.page = 2
    feed = Listener("rss", site.url + "/feed/")
    server.first("/feed/", Reply(rss(""), headers=FEED | {"ETag": '"satu"'}))
    feed.crawl()
    server.got.clear()
    outcome = feed.crawl(since=NOW - timedelta(days=3, hours=1))

    assert outcome.report.added == 3
    assert not any("if-none-match" in got.headers for got in server.got)
    assert [got.target for got in server.got if got.path == "/feed/"] == ["/feed/", "/feed/?paged=2"]


def test_a_gap_since_the_last_crawl_is_closed_by_older_pages(site: NewsSite) -> None:
    site.page = 3
    feed = Listener("rss", site.url + "/feed/")
    feed.crawl()
    for number in range(7, 14):
        site.tell(number, NOW + timedelta(minutes=number))
    feed.now += timedelta(days=1)

    assert feed.crawl().report.added == 7


def test_an_older_page_that_is_lost_is_fetched_next_time(site: NewsSite, server: Server) -> None:
    site.page = 3
    feed = Listener("rss", site.url + "/feed/")
    feed.crawl()
    for number in range(7, 14):
        site.tell(number, NOW + timedelta(minutes=number))
    feed.now += timedelta(days=1)
    lost = Reply("rusak", 500)
    replies = [lost, lost, lost]
    server.routes.insert(0, lambda got: replies.pop() if replies and got.query.get("paged") == "2" else None)
    first = feed.crawl()
    second = feed.crawl()

    assert first.report.added == 3
    assert "tidak terambil" in (first.message or "")
    assert second.report.added == 4
    assert second.message is None


def test_a_feed_names_its_own_older_page(server: Server) -> None:
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><title>K</title>{}</feed>'
    entry = '<entry><link href="{0}/a/{1}"/><title>Kabar {1}</title><updated>2026-11-1{1}T00:00:00Z</updated></entry>'
    older = f'<link rel="next" href="{server.url}/lama.xml"/>'
    server.always("/atom.xml", Reply(atom.format(older + entry.format(server.url, 9)), headers=FEED))
    server.always("/lama.xml", Reply(atom.format(entry.format(server.url, 1)), headers=FEED))
    feed = Listener("rss", server.url + "/atom.xml")

    assert feed.crawl(since=NOW - timedelta(days=30)).report.added == 2


def test_a_feed_in_an_old_charset_is_read_right(feed: Listener, server: Server) -> None:
    text = f"<item><link>{server.url}/b/1</link><title>Café “rusak” – 5 m²</title></item>"
    body = rss(text).replace('encoding="UTF-8"', 'encoding="windows-1252"').encode("cp1252")
    server.always("/feed/", Reply(body, headers={"Content-Type": "application/rss+xml"}))
    feed.crawl()
    assert feed.sink.texts() == {"Café “rusak” – 5 m²"}


def test_a_feed_that_breaks_off_gives_what_came_before(feed: Listener, server: Server) -> None:
    whole = rss(an_item(server, 1) + an_item(server, 2))
    server.always("/feed/", Reply(whole[: whole.index("Kabar 2")], headers=FEED))
    feed.crawl()
    assert any("Kabar 1" in text for text in feed.sink.texts())


def test_a_feed_that_moved_for_good_says_where_to(feed: Listener, server: Server) -> None:
    server.always("/feed/", Reply("", 301, {"Location": "/baru/"}))
    server.always("/baru/", Reply(rss(an_item(server, 1)), headers=FEED))
    outcome = feed.crawl()

    assert outcome.state is SourceState.OK
    assert f"{server.url}/baru/" in (outcome.message or "")


def test_a_ban_is_not_a_failure(feed: Listener, server: Server) -> None:
    server.always("/feed/", Reply("tidak boleh", 403))
    assert feed.crawl().state is SourceState.BLOCKED


def test_an_answer_larger_than_any_feed_is_not_taken(feed: Listener, server: Server) -> None:
    server.always("/feed/", Reply(b" " * (21 * 1024 * 1024), headers=FEED))
    outcome = feed.crawl()

    assert outcome.state is SourceState.FAILED
    assert feed.sink.posts == {}
