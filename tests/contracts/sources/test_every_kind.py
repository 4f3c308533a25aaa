"""What every kind of source promises, whatever door it comes by."""

from __future__ import annotations

import json
from datetime import timedelta

from crawlers.kinds import load_kinds
from crawlers.parsing.build import article_id
from domain.labels import Channel, DateTrust, SourceState
from tests.contracts.sources.conftest import DOORS
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import FEED, JSON, TEXT, XML, NewsSite, Reply, rss

LISTS = {"rss": "/feed/", "wordpress": "/wp-json/wp/v2/posts", "sitemap": "/sitemap-news.xml"}


def test_every_kind_of_site_stands_in_this_suite() -> None:
    """Platforms have doors of their own, and suites of their own."""
    sites = {key for key, kind in load_kinds().items() if kind.owns is None and kind.need is None}
    assert sites == set(DOORS) == set(LISTS)


def test_the_first_crawl_brings_every_article_with_its_words_date_and_picture(
    listener: Listener, site: NewsSite
) -> None:
    outcome = listener.crawl()

    assert outcome.state is SourceState.OK
    assert outcome.report.added == 6
    story = site.stories[0]
    post = listener.sink.posts[article_id(site.url + story.path)]
    assert (post.title, post.published_at, post.date_trust) == (story.title, story.at, DateTrust.EXACT)
    assert story.text in post.text
    assert post.namespace == "web"
    assert post.channel is Channel.WEB
    assert post.source == "uji"
    assert post.regions == ("lombok-barat",)
    assert post.url is not None
    assert post.url.startswith(site.url + story.path)
    assert "utm_source" not in post.url


def test_a_second_crawl_adds_nothing(listener: Listener) -> None:
    listener.crawl()
    outcome = listener.crawl()

    assert outcome.state is SourceState.UNCHANGED
    assert (outcome.report.added, outcome.report.revised) == (0, 0)


def test_a_new_article_is_the_only_one_added(listener: Listener, site: NewsSite) -> None:
    listener.crawl()
    site.tell(7, NOW + timedelta(minutes=10))
    outcome = listener.crawl()

    assert outcome.state is SourceState.OK
    assert outcome.report.added == 1
    assert outcome.newest_post_at == NOW + timedelta(minutes=10)


def test_an_edited_article_is_a_revision_of_the_same_post(listener: Listener, site: NewsSite) -> None:
    listener.crawl()
    corrected = "Ralat: jalan itu sudah ditambal Dinas PUPR pada hari Jumat, kata warga Desa Uji di depan pasar."
    site.edit(site.stories[4], corrected, NOW + timedelta(minutes=5))
    outcome = listener.crawl()

    assert outcome.report.revised == 1
    assert outcome.report.added == 0
    assert any(corrected in text for text in listener.sink.texts())


def test_a_server_error_is_a_failure_and_the_next_crawl_makes_up_for_it(listener: Listener, site: NewsSite) -> None:
    listener.crawl()
    site_list = LISTS[listener.spec.kind]
    server = site.server
    broken = Reply("rusak", 502)
    server.first(site_list, broken, broken, broken)
    outcome = listener.crawl()

    assert outcome.state is SourceState.FAILED
    assert outcome.message is not None
    assert "502" in outcome.message
    assert listener.memory.failures == 1
    assert listener.crawl().state is SourceState.UNCHANGED
    assert listener.memory.failures == 0


def test_a_short_pause_that_is_asked_for_is_kept(listener: Listener, site: NewsSite) -> None:
    site.server.first(LISTS[listener.spec.kind], Reply("pelan", 429, {"Retry-After": "1"}))
    assert listener.crawl().report.added == 6


def test_a_long_pause_that_is_asked_for_ends_the_crawl_at_once(listener: Listener, site: NewsSite) -> None:
    server = site.server
    server.always(LISTS[listener.spec.kind], Reply("pelan", 429, {"Retry-After": "3600"}))
    outcome = listener.crawl()

    assert outcome.state is SourceState.FAILED
    assert "3600" in (outcome.message or "")
    assert server.paths().count(LISTS[listener.spec.kind]) == 1


def test_robots_are_obeyed_and_the_source_is_blocked(listener: Listener, site: NewsSite) -> None:
    server = site.server
    server.always("/robots.txt", Reply("User-agent: *\nDisallow: /\n", headers=TEXT))
    outcome = listener.crawl()

    assert outcome.state is SourceState.BLOCKED
    assert server.paths() == []


def test_a_rule_for_jaring_alone_is_obeyed(listener: Listener, site: NewsSite) -> None:
    server = site.server
    server.always("/robots.txt", Reply("User-agent: jaring\nDisallow: /\n\nUser-agent: *\nAllow: /\n", headers=TEXT))
    assert listener.crawl().state is SourceState.BLOCKED


def test_an_article_dated_in_the_future_does_not_hide_silence(listener: Listener, site: NewsSite) -> None:
    site.tell(7, NOW + timedelta(days=400))
    outcome = listener.crawl()

    assert outcome.report.added == 7
    assert outcome.newest_post_at == NOW - timedelta(days=1)


def test_an_answer_that_is_something_else_is_a_failure_not_an_empty_source(listener: Listener, site: NewsSite) -> None:
    server = site.server
    for path in ("/feed/", "/comments/feed/", "/sitemap-news.xml"):
        server.always(path, Reply("<html><body>Masuk dahulu</body></html>"))
    server.routes.insert(0, lambda got: Reply("<html></html>") if got.path.startswith("/wp-json") else None)

    assert listener.crawl().state is SourceState.FAILED


def test_a_source_without_posts_is_empty(listener: Listener, site: NewsSite) -> None:
    site.stories.clear()
    assert listener.crawl().state is SourceState.EMPTY


def test_the_crawler_says_who_it_is_and_keeps_no_cookies(listener: Listener, site: NewsSite) -> None:
    server = site.server
    server.first("/robots.txt", Reply("", headers={"Set-Cookie": "sesi=1; Path=/"} | TEXT))
    listener.crawl()
    listener.crawl()

    assert {got.headers["user-agent"] for got in server.got} == {"Jaring/uji (+uji@example.org)"}
    assert not any("cookie" in got.headers for got in server.got)


def test_a_source_that_falls_silent_is_stale_though_it_answers(listener: Listener) -> None:
    listener.crawl()
    listener.now += timedelta(days=60)
    outcome = listener.crawl()

    assert outcome.state is SourceState.STALE
    assert "2026-11-19" in (outcome.message or "")


def test_a_proof_stops_after_the_posts_it_wants(listener: Listener) -> None:
    listener.crawl(limit=3)
    assert len(listener.sink.posts) == 3


def test_an_empty_entry_is_set_aside_and_the_rest_goes_in(listener: Listener, site: NewsSite) -> None:
    kind, server = listener.spec.kind, site.server
    if kind == "rss":
        items = f"<item><title>tanpa tautan</title></item><item><link>{site.url}/a</link><title>Ada</title></item>"
        server.always("/feed/", Reply(rss(items), headers=FEED))
    elif kind == "wordpress":
        good = {"id": 1, "link": f"{site.url}/a", "date_gmt": "2026-11-19T00:00:00", "content": {"rendered": "Ada"}}
        server.always(LISTS[kind], Reply(json.dumps([{"id": 2}, good, "bukan"]), headers=JSON))
    else:
        loc = f"<url><loc>{site.url}/kosong</loc></url><url><loc>{site.url}{site.stories[0].path}</loc></url>"
        head = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        server.always("/sitemap-news.xml", Reply(f"{head}{loc}</urlset>", headers=XML))
        server.always("/kosong", Reply("<html><body></body></html>"))
    outcome = listener.crawl()

    assert outcome.report.added == 1
    if kind == "sitemap":  # a page without an article is no malformed post; it is not asked for again
        server.paths()
        listener.crawl()
        assert "/kosong" not in server.paths()
    else:
        assert outcome.report.quarantined == len(listener.sink.aside) > 0


def test_the_same_article_has_one_id_by_every_door(site: NewsSite) -> None:
    seen = []
    for kind, door in DOORS.items():
        one = Listener(kind, site.url + door)
        one.crawl()
        seen.append({post.id for post in one.sink.posts.values() if post.channel is Channel.WEB})
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) == 6
