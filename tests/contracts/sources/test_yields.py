"""A site that changes how it writes its posts is noticed at the first crawl, and nothing of it is passed over."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from crawlers.yields import CRAWLS
from domain.labels import SourceState
from domain.ports import CrawlOutcome
from store.answers import Shelf
from store.keys import KeyRing
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import Got, NewsSite, Reply, Server

Change = Callable[[str], str]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "answers", KeyRing.open(tmp_path / "keys", create=True), days=14)


def changed(server: Server, change: Change, *paths: str) -> None:
    """From now on the site writes these answers otherwise."""
    plain = list(server.routes)

    def route(got: Got) -> Reply | None:
        if not any(got.path.startswith(path) for path in paths):
            return None
        reply = next((one for route in plain if (one := route(got)) is not None), None)
        return Reply(change(str(reply.body)), reply.status, reply.headers) if reply else None

    server.routes.insert(0, route)


def settle(listener: Listener, site: NewsSite) -> None:
    """Crawl until what is usual is known, with news in between."""
    for number in range(CRAWLS + 1):
        site.tell(20 + number, listener.now - timedelta(minutes=30))
        assert listener.crawl().state is SourceState.OK


def cursor(listener: Listener) -> dict[str, object]:
    said: dict[str, object] = json.loads(listener.memory.cursor or "{}")
    return said


def blind(outcome: CrawlOutcome, shelf: Shelf, shown: str) -> None:
    """It failed, and the answer that shows why is at hand."""
    assert outcome.state is SourceState.FAILED
    assert "jaring sources answer uji" in (outcome.message or "")
    assert outcome.answer is not None
    assert shown in shelf.answer(outcome.answer).body.decode()


@pytest.mark.parametrize(
    ("kind", "path", "words", "change"),
    [
        ("rss", "/feed/", ("<link>http", "<tautan>http"), ("<guid isPermaLink='false'>http", "<kode>http")),
        ("rss", "/feed/", ("<item>", "<kabar>"), ("</item>", "</kabar>")),
        ("sitemap", "/sitemap-news.xml", ("<loc>", "<alamat>"), ("</loc>", "</alamat>")),
    ],
)
def test_a_listing_that_is_written_otherwise_fails_its_source_and_is_attached(
    kind: str, path: str, words: tuple[str, str], change: tuple[str, str], site: NewsSite, server: Server, shelf: Shelf
) -> None:
    listener = Listener(kind, site.url + ("/feed/" if kind == "rss" else "/"))
    listener.shelf = shelf
    settle(listener, site)
    before = listener.memory
    site.tell(50, listener.now - timedelta(minutes=30))
    plain = list(server.routes)
    changed(server, lambda body: body.replace(*words).replace(*change), path)
    outcome = listener.crawl()
    blind(outcome, shelf, words[1])
    after = listener.memory
    assert (after.cursor, after.etag, after.last_modified) == (before.cursor, before.etag, before.last_modified)
    assert after.failures == 1
    listener.crawl()
    assert listener.memory.failures == 2
    server.routes[:] = plain  # the parser is mended, or the site is
    mended = listener.crawl()
    assert (mended.state, mended.report.added, mended.answer) == (SourceState.OK, 1, None)


def test_renamed_fields_of_a_rest_door_fail_its_source(site: NewsSite, server: Server, shelf: Shelf) -> None:
    listener = Listener("wordpress", site.url)
    listener.shelf = shelf
    settle(listener, site)
    before = cursor(listener)
    for number in (51, 52, 53):
        site.tell(number, listener.now - timedelta(minutes=30))
    plain = list(server.routes)
    changed(server, lambda body: body.replace('"content"', '"isi"'), "/wp-json/")
    blind(listener.crawl(), shelf, '"isi"')
    assert cursor(listener) == before
    server.routes[:] = plain
    assert listener.crawl().report.added == 3


def test_pages_that_hold_no_words_any_more_fail_their_source_and_are_fetched_again(
    site: NewsSite, server: Server, shelf: Shelf
) -> None:
    listener = Listener("sitemap", site.url)
    listener.shelf = shelf
    settle(listener, site)
    for number in (51, 52, 53, 54):
        site.tell(number, listener.now - timedelta(minutes=30))
    plain = list(server.routes)
    changed(
        server,
        lambda _: "<!doctype html><html><body><div id=app></div><script>mulai()</script></body></html>",
        "/berita/",
    )
    assert listener.crawl().state is SourceState.FAILED
    server.routes[:] = plain
    assert listener.crawl().report.added == 4, "they are not taken for pages without words"


def test_quiet_sources_first_crawls_walks_back_and_proofs_are_never_taken_for_blind(
    listener: Listener, site: NewsSite, server: Server
) -> None:
    settle(listener, site)
    for _ in range(3):
        assert listener.crawl().state in {SourceState.UNCHANGED, SourceState.OK}
    listener.crawl(since=NOW - timedelta(days=1))
    listener.crawl(limit=2)
    assert listener.memory.failures == 0
    site.stories[:] = []
    outcome = listener.crawl()
    assert outcome.state is not SourceState.FAILED, "a list that was emptied is shorter by that"
    assert server.got


def test_what_a_failed_crawl_read_is_stored_all_the_same(site: NewsSite, server: Server) -> None:
    listener = Listener("rss", site.url + "/feed/")
    settle(listener, site)
    site.tell(60, listener.now - timedelta(minutes=30))
    changed(server, lambda body: body.replace("<item>", "<kabar>", 8).replace("</item>", "</kabar>", 8), "/feed/")
    outcome = listener.crawl()
    assert outcome.state is SourceState.FAILED
    assert outcome.seen >= 1
