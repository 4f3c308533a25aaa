"""A crawl hands its posts in before it is recorded; what the store refuses is not recorded; a stop loses nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from crawlers.asking import Ask
from crawlers.kinds import CrawlJob, CrawlNotes, Evidence, Gone, Knows, SourceKind, load_kinds
from crawlers.parsing.build import Article, article_post
from crawlers.pipeline import PostPipeline
from crawlers.running import Crawling, by_host
from crawlers.spider import SourceSpider
from domain.errors import StoreUnavailable
from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceMemory, SourceSpec
from domain.posts import Incoming, IntakeReport
from tests.contracts.sources.ports import NOW, MemoryBook, MemorySink
from tests.contracts.sources.site import NewsSite, Reply, Server, serving
from tests.coroutines import run


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def site(server: Server) -> NewsSite:
    made = NewsSite(server, page=100)
    for number in range(250):
        made.tell(number, NOW - timedelta(minutes=number))
    return made


def a_job(url: str, kind: str = "rss", key: str = "uji") -> CrawlJob:
    spec = SourceSpec(key=key, name=key, kind=kind, url=url, regions=("lombok-barat",))
    return CrawlJob(spec, SourceMemory(key=key), NOW)


def test_posts_are_written_in_batches_and_recorded_after(site: NewsSite) -> None:
    order: list[str] = []

    class Watched(MemorySink):
        def accept(self, posts: Sequence[Incoming]) -> IntakeReport:
            order.append(f"accept {len(posts)} on {threading.current_thread().name.partition('_')[0]}")
            return super().accept(posts)

    class Recording(MemoryBook):
        def record(self, outcome: CrawlOutcome) -> None:
            order.append("record")
            super().record(outcome)

    sink = Watched()
    Crawling(load_kinds(), sink, Recording(sink), "Jaring/uji").run([a_job(site.url, "wordpress")])

    assert [step.partition(" on ")[0] for step in order] == ["accept 100", "accept 100", "accept 50", "record"]
    assert not any("crawl-loop" in step for step in order)


def test_a_store_that_does_not_answer_is_told_and_nothing_is_recorded(site: NewsSite) -> None:
    class Down(MemorySink):
        def accept(self, posts: Sequence[Incoming]) -> IntakeReport:  # noqa: ARG002
            raise StoreUnavailable("terkunci")

    sink = Down()
    book = MemoryBook(sink)
    with pytest.raises(StoreUnavailable, match="terkunci"):
        Crawling(load_kinds(), sink, book, "Jaring/uji").run([a_job(site.url, "wordpress")])
    assert book.outcomes == []


def test_a_fault_in_one_kind_fails_its_source_and_no_other(site: NewsSite) -> None:
    async def broken(ask: Ask, job: CrawlJob, notes: CrawlNotes, knows: Knows) -> object:
        await ask(job.spec.url)
        raise ZeroDivisionError("nol")
        yield

    def never(_: Evidence) -> str | None:
        return None

    kinds = load_kinds() | {"rusak": SourceKind("rusak", "Rusak", 99, never, broken)}  # type: ignore[arg-type]
    sink = MemorySink()
    jobs = [a_job(site.url, "rusak", "a"), a_job(site.url + "/feed/", "rss", "b"), a_job(site.url, "tak-ada", "c")]
    outcomes = {one.key: one for one in Crawling(kinds, sink, MemoryBook(sink), "Jaring/uji").run(jobs)}

    assert outcomes["a"].state is SourceState.FAILED
    assert "ZeroDivisionError" in (outcomes["a"].message or "")
    assert outcomes["b"].state is SourceState.OK
    assert "tak-ada" in (outcomes["c"].message or "")


def test_a_stop_keeps_what_was_yielded_and_records_nothing(site: NewsSite, server: Server) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def hold(_: object) -> Reply:
        reached.set()
        go_on.wait(10)
        return Reply("terlambat", 500)

    server.routes.insert(0, lambda got: hold(got) if got.path == "/tahan" else None)

    async def slow(ask: Ask, job: CrawlJob, notes: CrawlNotes, knows: Knows) -> object:
        yield article_post(Article("https://kabar.id/a", "Judul", "Teks", NOW), job)
        await ask(site.url + "/tahan")

    kind = SourceKind("lambat", "Lambat", 1, lambda _: None, slow)  # type: ignore[arg-type]
    sink = MemorySink()
    book = MemoryBook(sink)
    crawling = Crawling({"lambat": kind}, sink, book, "Jaring/uji")
    future = crawling.begin([a_job(site.url, "lambat")])
    assert reached.wait(10)
    crawling.stop()
    go_on.set()

    assert future.result(20) == []
    assert sink.texts() == {"Teks"}
    assert book.outcomes == []


def test_who_closes_waits_until_the_last_deletion_is_written() -> None:
    """A crawl that runs out of time ends beside its last items; what it records then says that they are stored."""
    reached, go_on = threading.Event(), threading.Event()

    class Slow(MemorySink):
        def withdraw(self, post_ids: Sequence[str], at: datetime) -> int:
            reached.set()
            assert go_on.wait(10)
            return super().withdraw(post_ids, at)

    sink = Slow()
    job = a_job("https://a.id/")
    spider = SourceSpider(
        kind=load_kinds()["rss"], job=job, notes=CrawlNotes(), sink=sink, book=MemoryBook(sink), turns=None
    )
    pipeline = PostPipeline(SimpleNamespace(spider=spider))  # type: ignore[arg-type]  all that it asks of a crawler
    post = article_post(Article(url="https://a.id/1", title="Judul", text="Teks", published_at=NOW), job)
    assert isinstance(post, Incoming)

    async def close() -> None:
        await pipeline.process_item(post)
        deleting = asyncio.create_task(pipeline.process_item(Gone(post.id)))
        assert await asyncio.to_thread(reached.wait, 10)
        closing = asyncio.create_task(pipeline.close_spider())
        done, _ = await asyncio.wait({closing}, timeout=0.2)
        go_on.set()
        await closing
        assert not done
        assert sink.withdrawn == {post.id}
        await deleting

    run(close())


def test_the_sources_of_one_host_take_turns() -> None:
    jobs = [a_job("https://a.id/1", key="1"), a_job("https://b.id/", key="2"), a_job("https://A.id/2", key="3")]
    assert [[job.spec.key for job in turns] for turns in by_host(jobs)] == [["1", "3"], ["2"]]


def test_a_public_source_cannot_lead_into_a_private_network(server: Server) -> None:
    """The sitemap lies on the source's host; what it lists lies inside, on another."""
    inside = server.url.replace("127.0.0.1", "localhost")
    head = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    server.always("/sitemap.xml", Reply(f"<urlset {head}><url><loc>{inside}/rahasia</loc></url></urlset>"))
    sink = MemorySink()
    job = a_job(server.url + "/sitemap.xml", "sitemap")
    (outcome,) = Crawling(load_kinds(), sink, MemoryBook(sink), "Jaring/uji").run([job])

    assert outcome.state is SourceState.FAILED
    assert "jaringan dalam" in (outcome.message or "")
    assert "/rahasia" not in server.paths()
