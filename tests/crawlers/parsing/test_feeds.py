"""Recorded feeds and the posts expected of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.kinds import CrawlJob, Malformed
from crawlers.parsing.feeds import FeedPost, parse_feed
from domain.errors import SourceUnavailable
from domain.ids import post_id
from domain.labels import DateTrust
from domain.posts import Incoming, Media
from tests.crawlers.parsing.conftest import Answers

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Kabar</title>
<item><title>Warga &#8220;Uji&#8221; minta air &amp; jalan</title><link>https://www.kabar.id/2026/11/air/?utm_source=rss</link>
<guid isPermaLink="false">https://kabar.id/?p=9</guid><dc:creator><![CDATA[Redaksi Uji]]></dc:creator>
<pubDate>Thu, 19 Nov 2026 08:30:00 +0800</pubDate><description><![CDATA[Ringkasan [&#8230;]]]></description>
<content:encoded><![CDATA[<p>MATARAM (ANTARA) &#8211; Warga menunggu air.</p><script>x()</script>
<ul><li>Satu</li><li>Dua</li></ul>
<p><img src="/g/1.jpg"></p><iframe src="https://www.youtube.com/embed/abc"></iframe>
<p>The post <a href="#">Warga</a> appeared first on <a href="#">Kabar</a>.</p>]]></content:encoded>
<enclosure url="https://kabar.id/s/1.mp3" type="audio/mpeg" length="1"/></item>
<item><title>Tanpa tanggal</title><link>https://kabar.id/2026/11/lain</link>
<description>Ringkas saja</description></item>
<item><title>Tanpa tautan</title><description>Isi</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Desa</title><link rel="next" href="lama.xml"/>
<entry><title type="html">Gotong &lt;b&gt;royong&lt;/b&gt;</title><link href="https://desa.id/x"/>
<published>2026-11-18T10:00:00Z</published>
<updated>2026-11-19T10:00:00Z</updated>
<content type="html">&lt;p&gt;Warga bersih-bersih.&lt;/p&gt;</content></entry></feed>"""


def posts(answer_posts: tuple[FeedPost | Malformed, ...]) -> list[Incoming]:
    return [entry.post for entry in answer_posts if isinstance(entry, FeedPost)]


def test_an_rss_item_becomes_a_post_with_everything_it_says(answers: Answers, job: CrawlJob) -> None:
    feed = parse_feed(answers(RSS, "https://kabar.id/feed/", "application/rss+xml"), job)
    post, dateless = posts(feed.entries)

    assert post.id == post_id("web", "https://kabar.id/2026/11/air")
    assert post.url == "https://www.kabar.id/2026/11/air/"
    assert post.title == "Warga “Uji” minta air & jalan"
    assert post.text == "MATARAM (ANTARA) – Warga menunggu air.\nSatu\nDua"
    assert (post.published_at, post.date_trust) == (datetime(2026, 11, 19, 0, 30, tzinfo=UTC), DateTrust.EXACT)
    assert post.author == "Redaksi Uji"
    assert post.wire == "antara"
    assert post.media == (
        Media(kind="image", url="https://www.kabar.id/g/1.jpg"),
        Media(kind="video", url="https://www.youtube.com/embed/abc"),
        Media(kind="audio", url="https://kabar.id/s/1.mp3"),
    )
    assert (dateless.published_at, dateless.date_trust) == (None, DateTrust.FETCHED)
    assert [entry.whole for entry in feed.entries if isinstance(entry, FeedPost)] == [True, False]


def test_an_entry_without_a_link_says_why_it_is_set_aside(answers: Answers, job: CrawlJob) -> None:
    (bad,) = (entry for entry in parse_feed(answers(RSS), job).entries if isinstance(entry, Malformed))
    assert "tautan" in bad.reason


def test_atom_gives_the_date_of_publication_not_of_the_last_change(answers: Answers, job: CrawlJob) -> None:
    feed = parse_feed(answers(ATOM, "https://desa.id/atom.xml", "application/atom+xml"), job)
    (post,) = posts(feed.entries)
    assert (post.title, post.text) == ("Gotong royong", "Warga bersih-bersih.")
    assert post.published_at == datetime(2026, 11, 18, 10, tzinfo=UTC)
    assert feed.next_url is not None


def test_a_valid_feed_may_be_empty(answers: Answers, job: CrawlJob) -> None:
    assert parse_feed(answers('<rss version="2.0"><channel></channel></rss>'), job).entries == ()


@pytest.mark.parametrize("body", ["<html><body>Masuk</body></html>", "", "{}", "tidak ada apa-apa"])
def test_what_is_no_feed_is_refused(answers: Answers, job: CrawlJob, body: str) -> None:
    with pytest.raises(SourceUnavailable):
        parse_feed(answers(body), job)
