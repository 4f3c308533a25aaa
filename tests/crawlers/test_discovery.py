"""Where a page leads: the site's own doors, channels in its frame, sites of government and villages beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from crawlers.asking import Answer, Ask
from crawlers.detection import owned, source_key
from crawlers.discovery import channel_name, home_of, is_platform, leads_of, neighbours, official_domain
from crawlers.kinds import CrawlJob, CrawlNotes, Evidence, Found, Memory, SourceKind, load_kinds
from domain.doors import KindFacts

HOME = "https://dishub.lobar.go.id/"
FEED = '<link rel="alternate" type="application/rss+xml" href="{}">'


async def silent(_ask: Ask, _job: CrawlJob, _notes: CrawlNotes, _knows: Memory) -> AsyncIterator[Found]:
    return
    yield


def of_tube(url: str) -> str | None:
    parts = urlsplit(url)
    return f"https://tube.example{parts.path}" if parts.hostname == "tube.example" and len(parts.path) > 1 else None


SHIPPED = load_kinds()
KINDS = {
    **{key: SHIPPED[key] for key in ("wordpress", "rss", "sitemap")},
    "tube": SourceKind(key="tube", title="Tube", rank=50, detect=lambda _: None, collect=silent, owns=of_tube),
}


def page(html: str, robots: str | None = None, rest: str | None = None) -> Evidence:
    def answer(url: str, body: str, kind: str) -> Answer:
        return Answer(url, 200, body.encode(), {"content-type": kind})

    return Evidence(
        HOME,
        answer(HOME, f"<html><head><title>Dishub</title>{html}</html>", "text/html"),
        answer(HOME + "wp-json/wp/v2/posts?per_page=1", rest, "application/json") if rest else None,
        answer(HOME + "robots.txt", robots, "text/plain") if robots else None,
    )


def found(evidence: Evidence, heard: str | None = None) -> list[tuple[str, str]]:
    return [(lead.kind, lead.url) for lead in leads_of(KINDS, evidence, about="Dinas Uji", heard=heard)]


def test_a_site_that_nobody_hears_is_offered_by_its_best_door() -> None:
    assert found(page(FEED.format("/feed/"), rest="[]")) == [("wordpress", HOME)]
    assert found(page(FEED.format("/umpan"))) == [("rss", HOME + "umpan")]
    assert found(page("", robots="Sitemap: /berita.xml")) == [("sitemap", HOME)]
    assert found(page("<p>tanpa pintu</p>")) == []


def test_a_lead_says_where_it_was_found_and_what_it_calls_itself() -> None:
    (lead,) = leads_of(KINDS, page(FEED.format("/umpan")), about="Dinas Uji", heard=None)
    assert (lead.why, lead.named) == ("situs Dinas Uji", "Dishub")


def test_a_site_that_is_heard_offers_only_its_further_feeds() -> None:
    feeds = "".join(
        FEED.format(url) for url in ("/umpan", "/rss/desa", "/comments/feed/", "/rss/a", "/rss/b", "/rss/c")
    )
    assert found(page(feeds), heard="wordpress") == []
    assert found(page(feeds), heard="rss") == [("rss", HOME + path) for path in ("umpan", "rss/desa", "rss/a")]


def test_channels_stand_in_the_frame_and_not_in_articles() -> None:
    html = (
        '<body><header><a href="https://tube.example/@dishub">Tube</a></header>'
        '<article><a href="https://tube.example/@orang-lain">video</a></article>'
        '<footer><a href="https://tube.example/@dishub">lagi</a><a href="https://tube.example/share?u=x">bagikan</a>'
        '<a href="https://tube.example/watch?v=1">satu video</a><a href="mailto:a@b.id">surel</a></footer>'
    )
    assert found(page(html), heard="wordpress") == [("tube", "https://tube.example/@dishub")]


def test_a_page_without_a_frame_is_looked_at_whole() -> None:
    assert found(page('<body><a href="https://tube.example/@dishub">Tube</a>')) == [
        ("tube", "https://tube.example/@dishub")
    ]


def test_neighbours_are_of_the_regions_own_government_or_of_villages() -> None:
    html = "".join(
        f'<a href="https://{host}/x?y=1">x</a>'
        for host in ("dinsos.lobar.go.id", "dinsos.lobar.go.id", "labuapi.desa.id", "kemendagri.go.id", "kabar.example")
    )
    official = frozenset({"lobar.go.id"})
    assert list(neighbours(page(html), official)) == ["https://dinsos.lobar.go.id/", "https://labuapi.desa.id/"]


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://dishub.lobar.go.id/", "lobar.go.id"),
        ("https://www.dputr.lobar.go.id/x", "lobar.go.id"),
        ("https://gerung.desa.id", "gerung.desa.id"),
        ("https://pdam.example/", None),
    ],
)
def test_an_agencys_address_tells_the_governments_domain(url: str, domain: str | None) -> None:
    assert official_domain(url) == domain


def test_platforms_are_nobodys_own_site() -> None:
    assert is_platform("m.facebook.com")
    assert not is_platform("kabarx.com")
    assert home_of("https://kabar.example:8443/a?b") == "https://kabar.example:8443/"


def test_an_owned_address_needs_no_look_and_makes_a_key_of_its_own() -> None:
    assert owned(KINDS, "https://tube.example/@dishub") == ("tube", "https://tube.example/@dishub")
    assert owned(KINDS, HOME) is None
    assert source_key("https://tube.example/@Dishub_Lobar", frozenset(), platform="tube") == "tube-dishub-lobar"
    assert source_key("https://tube.example/search?q=banjir%20lobar", frozenset(), platform="tube") == (
        "tube-search-q-banjir-lobar"
    )
    assert channel_name("https://tube.example/@dishub") == "@dishub"


@pytest.mark.parametrize(("price", "paid"), [(None, False), ("Gratis: 10.000 unit", False), ("US$5 per 1.000", True)])
def test_a_price_that_is_not_free_is_paid(price: str | None, paid: bool) -> None:
    assert KindFacts("x", "X", price=price).paid is paid
