"""Kept answers are read again by a mended parser: what it lost comes back, and nothing else moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawlers.asking import Ask, SourceBlocked
from crawlers.kinds import CrawlJob, CrawlNotes, Found, Gone, Memory, SourceKind, load_kinds
from crawlers.replaying import Replayed, replay
from domain.errors import SourceUnavailable
from domain.labels import Channel, SourceState
from domain.posts import Incoming
from store import KeyRing, Store, open_store
from store.answers import Shelf
from store.tables import posts
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import NewsSite, Reply, Server
from tests.coroutines import run


class Clock:
    """Says what time the listener lives in."""

    listener: Listener | None = None

    def __call__(self) -> datetime:
        return self.listener.now if self.listener else NOW


@pytest.fixture
def store(tmp_path: Path) -> Any:
    clock = Clock()
    keys = KeyRing.open(tmp_path / "keys", create=True)
    store = open_store(f"sqlite:///{tmp_path / 'truth.sqlite'}", keys=keys, create=True, clock=clock)
    store_clock[store.keys] = clock
    yield store
    store.close()


store_clock: dict[KeyRing, Clock] = {}


@pytest.fixture
def blog(store: Store, site: NewsSite, tmp_path: Path) -> Listener:
    """A WordPress site with comments, crawled into a real intake."""
    for number, story in enumerate(site.stories, 1):
        site.remark(number, story, f"Betul, di sini juga berlubang, nomor {number}", story.at + timedelta(hours=2))
    listener = Listener("wordpress", site.url)
    listener.shelf = Shelf(tmp_path / "answers", store.keys, days=14)
    listener.sink = store.intake  # type: ignore[assignment]
    listener.book.knows = store.sources.knows  # type: ignore[method-assign]
    store_clock[store.keys].listener = listener
    return listener


def broken(**swaps: Any) -> dict[str, SourceKind]:
    """Today's kinds, as they were before they were mended."""
    kinds = load_kinds()
    plain = kinds["wordpress"].collect

    async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, memory: Memory) -> AsyncIterator[Found]:
        async for found in plain(ask, job, notes, memory):
            if isinstance(found, Incoming):
                made = swaps["change"](found)
                if made is not None:
                    yield made
            else:
                yield found

    return kinds | {"wordpress": replace(kinds["wordpress"], collect=collect)}


def again(store: Store, listener: Listener, since: datetime | None = None) -> Replayed:
    assert listener.shelf is not None
    shelf: Any = listener.shelf
    return run(replay(load_kinds(), shelf, "uji", since, sink=store.intake, knew=store.sources.knew))


def stored(store: Store) -> dict[str, tuple[str, datetime, int]]:
    with store.database.read() as connection:
        rows = connection.execute(select(posts.c.url, posts.c.text, posts.c.published_at, posts.c.revision))
        return {row.url: (row.text, row.published_at, row.revision) for row in rows}


def test_comments_that_a_parser_lost_come_back_and_a_second_time_changes_nothing(
    store: Store, blog: Listener, server: Server
) -> None:
    blog.kinds = broken(change=lambda post: None if post.channel is Channel.COMMENT else post)
    assert blog.crawl().report.added == 6
    blog.crawl()
    memory = blog.memory
    server.got.clear()
    done = again(store, blog)
    assert (done.crawls, done.report.added, done.report.revised, done.missing, done.faults) == (2, 6, 0, 0, [])
    assert server.got == [], "the source was not asked"
    assert blog.memory == memory
    truth = stored(store)
    second = again(store, blog)
    assert (second.report.added, second.report.revised) == (0, 0)
    assert second.report.unchanged > 0
    assert stored(store) == truth
    assert blog.crawl().state in {SourceState.OK, SourceState.UNCHANGED}


def test_dates_and_words_that_a_parser_misread_are_put_right(store: Store, blog: Listener, site: NewsSite) -> None:
    def misread(post: Incoming) -> Incoming:
        assert post.published_at is not None
        return post.model_copy(update={"published_at": post.published_at - timedelta(days=365), "text": post.text[:20]})

    blog.kinds = broken(change=misread)
    blog.crawl()
    assert all(at < NOW - timedelta(days=300) for _, at, _ in stored(store).values())
    done = again(store, blog)
    assert (done.report.added, done.report.revised) == (0, 12)
    right = {site.url + story.path + "/": (story.at, 2) for story in site.stories}
    found = stored(store)
    assert {url: (found[url][1], found[url][2]) for url in right} == right
    assert again(store, blog).report.revised == 0


def test_what_was_edited_since_is_not_undone(store: Store, blog: Listener, site: NewsSite) -> None:
    blog.crawl()
    blog.crawl()
    site.edit(site.stories[2], "Jalan itu sudah ditambal oleh dinas, kata warga yang ditemui pagi tadi.", blog.now)
    blog.now += timedelta(hours=1)
    assert blog.crawl().report.revised == 1
    truth = stored(store)
    done = again(store, blog)
    assert (done.report.added, done.report.revised) == (0, 0)
    assert stored(store) == truth


def test_what_its_source_deleted_since_is_not_brought_back(store: Store, blog: Listener, site: NewsSite) -> None:
    blog.crawl()
    gone = site.stories[0]
    post = next(one for one in _incoming(blog, site) if one.url and gone.path in one.url)
    store.intake.withdraw([post.id], blog.now)
    blog.now += timedelta(hours=1)
    done = again(store, blog)
    assert (done.report.added, done.report.revised) == (0, 0)
    assert sum(text == "" for text, _, _ in stored(store).values()) == 1


def test_a_list_of_then_hides_nothing_now(store: Store, blog: Listener) -> None:
    blog.crawl()
    kinds = load_kinds()

    async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, memory: Memory) -> AsyncIterator[Found]:
        assert await memory.standing(NOW - timedelta(days=99), NOW) == {}
        for post_id in known:
            yield Gone(post_id)

    known = [one.id for one in store.cases.everything()] or ["a" * 26]
    shelf: Any = blog.shelf
    swapped = kinds | {"wordpress": replace(kinds["wordpress"], collect=collect)}
    done = run(replay(swapped, shelf, "uji", None, sink=store.intake, knew=store.sources.knew))
    assert done.faults == []
    assert all(text for text, _, _ in stored(store).values())


def test_only_crawls_since_a_time_are_read(store: Store, blog: Listener) -> None:
    blog.crawl()
    blog.crawl()
    assert again(store, blog, NOW + timedelta(minutes=30)).crawls == 1
    assert again(store, blog, NOW + timedelta(days=1)).crawls == 0


def test_a_shut_door_and_a_lost_page_are_read_again_as_they_were(store: Store, blog: Listener, server: Server) -> None:
    server.routes.insert(0, lambda got: Reply("rusak", 500) if got.path.startswith("/wp-json") else None)
    server.always("/robots.txt", Reply("User-agent: *\nDisallow: /feed/\n", headers={"Content-Type": "text/plain"}))
    assert blog.crawl().state is SourceState.FAILED
    seen: list[type[Exception]] = []
    kinds = load_kinds()

    async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, memory: Memory) -> AsyncIterator[Found]:
        for path in ("wp-json/wp/v2/posts?per_page=100&orderby=date&order=desc", "feed/", "lain"):
            try:
                await ask(job.spec.url.rstrip("/") + "/" + path)
            except (SourceUnavailable, SourceBlocked) as cause:
                seen.append(type(cause))
        return
        yield

    shelf: Any = blog.shelf
    swapped = kinds | {"wordpress": replace(kinds["wordpress"], collect=collect)}
    done = run(replay(swapped, shelf, "uji", None, sink=store.intake, knew=store.sources.knew))
    assert done.missing >= 1
    assert seen[-1] is SourceUnavailable


def _incoming(blog: Listener, site: NewsSite) -> Sequence[Incoming]:
    other = Listener("wordpress", site.url)
    other.crawl()
    return list(other.sink.posts.values())
