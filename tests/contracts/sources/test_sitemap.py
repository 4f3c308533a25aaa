"""What sites with a sitemap promise beyond what every kind does."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest

from crawlers.parsing.build import article_id
from domain.labels import SourceState
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import TEXT, XML, NewsSite, Reply, Server

HEAD = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
MAP = "/sitemap-news.xml"


@pytest.fixture
def paper(site: NewsSite) -> Listener:
    return Listener("sitemap", site.url)


def test_known_articles_are_not_fetched_again(paper: Listener, site: NewsSite, server: Server) -> None:
    paper.crawl()
    server.paths()
    paper.crawl()
    assert server.paths() == [MAP]

    new = site.tell(7, NOW + timedelta(minutes=1))
    paper.crawl()
    assert server.paths() == [MAP, new.path]


def test_a_changed_article_is_fetched_again(paper: Listener, site: NewsSite, server: Server) -> None:
    paper.crawl()
    server.paths()
    site.edit(site.stories[2], site.stories[2].text + " Diperbarui.", NOW + timedelta(minutes=1))
    paper.crawl()
    assert server.paths() == [MAP, site.stories[2].path]


def test_a_lost_article_is_fetched_next_time(paper: Listener, site: NewsSite, server: Server) -> None:
    broken = Reply("rusak", 500)
    server.first(site.stories[3].path, broken, broken, broken)
    first = paper.crawl()
    second = paper.crawl()

    assert first.report.added == 5
    assert "1 artikel tidak terambil" in (first.message or "")
    assert second.report.added == 1
    assert second.message is None


def test_a_lost_change_is_fetched_next_time(paper: Listener, site: NewsSite, server: Server) -> None:
    paper.crawl()
    broken = Reply("rusak", 500)
    server.first(site.stories[3].path, broken, broken, broken)
    site.edit(site.stories[3], site.stories[3].text + " Diperbarui.", NOW + timedelta(minutes=1))
    paper.crawl()
    assert paper.crawl().report.revised == 1


def test_a_site_that_goes_down_is_left_alone_until_next_time(site: NewsSite, server: Server) -> None:
    for number in range(7, 20):
        site.tell(number, NOW - timedelta(hours=number))
    paper = Listener("sitemap", site.url)
    server.routes.insert(0, lambda got: Reply("rusak", 500) if got.path.startswith("/berita/") else None)
    outcome = paper.crawl()

    assert outcome.state is SourceState.FAILED
    assert len({path for path in server.paths() if path.startswith("/berita/")}) == 5
    server.routes.pop(0)
    assert paper.crawl().report.added == 19


def test_an_article_that_is_gone_is_not_asked_for_twice(paper: Listener, site: NewsSite, server: Server) -> None:
    server.always(site.stories[0].path, Reply("hilang", 410))
    paper.crawl()
    server.paths()
    paper.crawl()
    assert server.paths() == [MAP]


def test_an_index_leads_to_its_newest_sitemaps(site: NewsSite, server: Server) -> None:
    index = (
        f"<sitemapindex {HEAD}>"
        f"<sitemap><loc>{site.url}/sitemap-category.xml</loc></sitemap>"
        f"<sitemap><loc>{site.url}/lama.xml</loc><lastmod>2019-01-01</lastmod></sitemap>"
        f"<sitemap><loc>{site.url}{MAP}</loc><lastmod>2026-11-20</lastmod></sitemap></sitemapindex>"
    )
    server.always("/sitemap.xml", Reply(index, headers=XML))
    paper = Listener("sitemap", site.url + "/sitemap.xml")

    assert paper.crawl().report.added == 6
    assert {"/sitemap-category.xml", "/lama.xml"}.isdisjoint(server.paths())


def test_a_packed_sitemap_is_unpacked(site: NewsSite, server: Server) -> None:
    server.always(
        "/sitemap.xml.gz", Reply(gzip.compress(site._sitemap().encode()), headers={"Content-Type": "application/gzip"})
    )
    assert Listener("sitemap", site.url + "/sitemap.xml.gz").crawl().report.added == 6


def test_a_page_known_by_another_address_is_one_post(paper: Listener, site: NewsSite, server: Server) -> None:
    story = site.stories[0]
    locs = "".join(f"<url><loc>{site.url}{path}</loc></url>" for path in (story.path, "/amp-kembar"))
    server.always(MAP, Reply(f"<urlset {HEAD}>{locs}</urlset>", headers=XML))
    server.always("/amp-kembar", Reply(site._page(story)))
    paper.crawl()
    server.paths()
    paper.crawl()

    assert set(paper.sink.posts) == {article_id(site.url + story.path)}
    assert server.paths() == [MAP]


def test_an_unchanged_sitemap_is_not_read_again(site: NewsSite, server: Server) -> None:
    server.first(MAP, Reply(site._sitemap(), headers=XML | {"ETag": '"satu"'}), Reply(status=304))
    paper = Listener("sitemap", site.url + MAP)
    paper.crawl()
    outcome = paper.crawl()

    assert outcome.state is SourceState.UNCHANGED
    assert [got.headers.get("if-none-match") for got in server.got if got.path == MAP] == [None, '"satu"']


def test_more_articles_than_one_crawl_takes_are_taken_in_the_next(
    site: NewsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawlers.sources.sitemap.MAX_PAGES", 4)
    paper = Listener("sitemap", site.url)
    assert [paper.crawl().report.added for _ in range(3)] == [4, 2, 0]


def test_a_page_that_robots_forbid_is_not_fetched(paper: Listener, site: NewsSite, server: Server) -> None:
    rules = f"User-agent: *\nDisallow: {site.stories[0].path}\nSitemap: {site.url}{MAP}\n"
    server.always("/robots.txt", Reply(rules, headers=TEXT))
    assert paper.crawl().report.added == 5
    assert site.stories[0].path not in server.paths()


def test_old_articles_come_only_when_asked_back_to(paper: Listener, site: NewsSite) -> None:
    site.tell(30, NOW - timedelta(days=200))
    assert paper.crawl().report.added == 6
    assert paper.crawl(since=NOW - timedelta(days=365)).report.added == 1
