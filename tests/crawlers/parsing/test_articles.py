"""Recorded article pages and the posts expected of them: words, address, date and how far it can be believed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.kinds import CrawlJob
from crawlers.parsing.articles import parse_article
from crawlers.parsing.sitemaps import Listed
from domain.labels import DateTrust
from domain.posts import Incoming
from tests.crawlers.parsing.conftest import Answers

WORDS = (
    "Warga Dusun Uji mengeluhkan jalan menuju pasar yang berlubang sejak musim hujan. Menurut kepala dusun, "
    "lubang itu sudah tiga kali dilaporkan dan belum juga ditambal oleh dinas terkait."
)
URL = "https://kabar.id/berita/jalan-uji"


def page(head: str = "", tail: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>Jalan Uji Rusak - Kabar</title>{head}</head><body><nav>Beranda</nav>"
        f"<article><h1>Jalan Uji Rusak</h1><p>{WORDS}</p><p>{WORDS.replace('Warga', 'Penduduk')}</p>{tail}</article>"
        "<footer>Hak cipta</footer></body></html>"
    )


def parsed(answers: Answers, job: CrawlJob, html: str | bytes, listed: Listed | None = None) -> Incoming:
    post = parse_article(answers(html, URL, "text/html"), listed or Listed(URL), job)
    assert isinstance(post, Incoming)
    return post


def test_the_words_are_the_articles_alone(answers: Answers, job: CrawlJob) -> None:
    post = parsed(answers, job, page('<meta property="og:title" content="Jalan Uji &amp; Pasar Rusak">'))
    assert post.title == "Jalan Uji & Pasar Rusak"
    assert WORDS in post.text
    assert "Hak cipta" not in post.text
    assert "Beranda" not in post.text


@pytest.mark.parametrize(
    ("head", "native_id"),
    [
        (
            '<link rel="canonical" href="https://www.kabar.id/berita/jalan-uji-2/">',
            "https://kabar.id/berita/jalan-uji-2",
        ),
        ('<link rel="canonical" href="/berita/jalan-uji/amp">', "https://kabar.id/berita/jalan-uji"),
        ('<link rel="canonical" href="https://kabar.id/">', "https://kabar.id/berita/jalan-uji"),
        ('<link rel="canonical" href="https://penjiplak.com/x">', "https://kabar.id/berita/jalan-uji"),
        ("", "https://kabar.id/berita/jalan-uji"),
    ],
)
def test_the_pages_own_address_counts_when_it_can_be_believed(
    answers: Answers, job: CrawlJob, head: str, native_id: str
) -> None:
    assert parsed(answers, job, page(head)).native_id == native_id


def day(number: int, hour: int = 0) -> datetime:
    return datetime(2026, 11, number, hour, tzinfo=UTC)


LD = (
    '<script type="application/ld+json">'
    '{"@graph":[{"@type":"NewsArticle","datePublished":"2026-11-18T09:00:00+08:00"}]}</script>'
)
META = '<meta property="article:published_time" content="2026-11-17T09:00:00+08:00">'


@pytest.mark.parametrize(
    ("head", "listed", "moment", "trust"),
    [
        (META, Listed(URL, published_at=day(19, 1)), day(19, 1), DateTrust.EXACT),
        (LD + META, Listed(URL), day(18, 1), DateTrust.EXACT),
        (META, Listed(URL), day(17, 1), DateTrust.EXACT),
        ('<meta name="pubdate" content="2026-11-16">', Listed(URL), day(16), DateTrust.DAY),
        ("", Listed(URL, published_at=day(15), trust=DateTrust.DAY), day(15), DateTrust.DAY),
    ],
)
def test_the_surest_date_is_taken_and_says_how_sure(
    answers: Answers, job: CrawlJob, head: str, listed: Listed, moment: datetime, trust: DateTrust
) -> None:
    post = parsed(answers, job, page(head), listed)
    assert (post.published_at, post.date_trust) == (moment, trust)


def test_a_date_in_the_words_alone_is_inferred(answers: Answers, job: CrawlJob) -> None:
    post = parsed(answers, job, page(tail="<p>Diterbitkan: 14 November 2026</p>"))
    assert post.date_trust in {DateTrust.INFERRED, DateTrust.FETCHED}


def test_without_any_date_the_sitemaps_change_is_inferred(answers: Answers, job: CrawlJob) -> None:
    post = parsed(answers, job, page(), Listed(URL, lastmod=datetime(2026, 11, 12, tzinfo=UTC)))
    assert post.published_at is not None
    assert post.date_trust is DateTrust.INFERRED


def test_a_page_in_an_old_charset_is_read_right(answers: Answers, job: CrawlJob) -> None:
    html = page('<meta charset="windows-1252">', "<p>Menurut warga, “lubang” itu selebar 2 m² dan dalam.</p>")
    assert "“lubang” itu selebar 2 m²" in parsed(answers, job, html.encode("cp1252")).text


def test_a_wire_copy_names_its_agency_and_its_picture_is_kept(answers: Answers, job: CrawlJob) -> None:
    head = '<meta property="og:image" content="/g/1.jpg">'
    post = parsed(answers, job, page(head, "<p>Pewarta: Uji. COPYRIGHT © ANTARA 2026, semua hak dilindungi.</p>"))
    assert post.wire == "antara"
    assert [media.url for media in post.media] == ["https://kabar.id/g/1.jpg"]


def test_a_page_without_an_article_is_none(answers: Answers, job: CrawlJob) -> None:
    assert parse_article(answers("<html><body></body></html>"), Listed(URL), job) is None
