"""Scrapy with our manners and pipeline into the real store, against Scrapy bare, as `scrapy bench` measures it.

Both follow every link of the same local site. Bare is `scrapy bench`'s own spider: pages in, links out, nothing kept.
Ours makes a post of each page besides, under the settings of a real crawl; only the politeness that is meant to make
a crawl slow (delay, one request at a time) is as in the bare one.

Then one, two and four processes share two such sites by their leases, into one truth.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benches.figures import Figure
from crawlers.kinds import CrawlJob, CrawlNotes, SourceKind
from crawlers.manners import crawl_settings
from crawlers.markup import html_text
from crawlers.parsing.build import Article, article_post
from crawlers.running import CrawlLoop
from domain.ports import SourceMemory, SourceSpec
from store import KeyRing, Store, open_store

PAGES = 1_000
LINKS = 20  # on a page, as `scrapy bench` shows
ROUNDS = 3  # of each, in turns, so that both meet the same disturbances
AT_ONCE = 8  # Scrapy's own default for one host
SHARE = 0.7
TWICE = 1.7
WORKERS = (1, 2, 4)
_WORDS = "Warga mengeluhkan jalan menuju pasar yang berlubang sejak musim hujan dan belum juga ditambal. " * 3


def main(pages: int = PAGES) -> list[Figure]:
    """Measure pages a second."""
    bare: list[float] = []
    ours: list[float] = []
    with tempfile.TemporaryDirectory() as folder, site(pages) as url:
        keys = KeyRing.open(Path(folder) / "keys", create=True)
        for number in range(ROUNDS + 1):  # the first warms up and does not count
            store = open_store(f"sqlite:///{folder}/{number}.sqlite", keys=keys, create=True)
            bare.append(pages / timed(crawl_bare(url)))
            ours.append(pages / timed(crawl_ours(url, store, pages)))
            store.close()
    limit, value = median(bare[1:]), median(ours[1:])
    ratio = value / limit
    name = "Merayapi: halaman menjadi kiriman tersimpan"
    figures = [Figure(name, value, "halaman/dtk", limit, ratio, f"≥ {SHARE} × scrapy bench", ratio >= SHARE)]
    return [*figures, *shared(pages)]


def shared(pages: int) -> list[Figure]:
    """Pages a second of several processes on two sites; each with truth of its own, taken in turns."""
    rates: dict[int, list[float]] = {number: [] for number in WORKERS}
    with site(pages) as first, site(pages) as second:
        for number in WORKERS * ROUNDS:
            with tempfile.TemporaryDirectory() as folder:
                rates[number].append(2 * pages / together(number, (first, second), Path(folder), pages))
    one = median(rates[1])
    figures = [Figure("Merayapi dua situs: 1 proses", one, "halaman/dtk", None, None, "", met=True)]
    for number in WORKERS[1:]:
        rate = median(rates[number])
        aim, met = (
            (f"≥ {TWICE} × satu proses", rate / one >= TWICE) if number == WORKERS[1] else ("satu per situs", True)
        )
        name = f"Merayapi dua situs: {number} proses"
        figures.append(Figure(name, rate, "halaman/dtk", one, rate / one, aim, met))
    return figures


def together(number: int, urls: tuple[str, ...], folder: Path, pages: int) -> float:
    """Seconds from the first claim to the last page, however long processes take to start."""
    store = open_store(f"sqlite:///{folder}/truth.sqlite", keys=KeyRing.open(folder / "keys", create=True), create=True)
    for place, url in enumerate(urls):
        store.sources.add(SourceSpec(f"s{place}", "bench", "bench", url, ("lombok-barat",)))
    command = [sys.executable, "-m", "benches.crawlwork", str(folder)]
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(number)
    ]
    pipes = [(worker.stdin, worker.stdout) for worker in workers]
    for _, out in pipes:
        if out is None or out.readline() != "siap\n":
            raise RuntimeError("a worker did not start")
    started = perf_counter()
    for into, _ in pipes:
        if into is not None:
            into.write("\n")
            into.close()
    done = [out.readline() for _, out in pipes if out is not None]
    spent = perf_counter() - started
    for worker in workers:
        worker.wait()
    posts = store.counts().posts
    store.close()
    if posts != len(urls) * pages or len(done) != number:
        raise RuntimeError(f"{posts} of {len(urls) * pages} pages became posts")
    return spent


def timed(crawl: Any) -> float:
    """Seconds that a crawl takes in the crawlers' own loop."""
    started = perf_counter()
    asyncio.run_coroutine_threadsafe(crawl, CrawlLoop.loop()).result()
    return perf_counter() - started


async def crawl_bare(url: str) -> None:
    """As `scrapy bench`: its spider, its settings."""
    from scrapy.commands.bench import _BenchSpider  # noqa: PLC0415  Twisted is loaded in the loop's thread
    from scrapy.crawler import AsyncCrawlerRunner  # noqa: PLC0415  as above

    class Bare(_BenchSpider):
        async def start(self) -> AsyncIterator[Any]:
            from scrapy import Request  # noqa: PLC0415  as above

            yield Request(url, dont_filter=True)

    await AsyncCrawlerRunner({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False}).crawl(Bare)


async def crawl_ours(url: str, store: Store, pages: int) -> None:
    """The same walk; each page becomes a post in the store by the pipeline of every crawl."""
    spec = SourceSpec(key="bench", name="bench", kind="bench", url=url, regions=("lombok-barat",))
    store.sources.add(spec)
    notes = await follow(spec, SourceMemory(key="bench"), store)
    if notes.report.added != pages:
        raise RuntimeError(f"{notes.report.added} of {pages} pages became posts")


async def follow(spec: SourceSpec, memory: SourceMemory, store: Store) -> CrawlNotes:
    """Crawl one site by its links."""
    from scrapy import Request  # noqa: PLC0415  as above
    from scrapy.commands.bench import _BenchSpider  # noqa: PLC0415  as above
    from scrapy.crawler import AsyncCrawlerRunner  # noqa: PLC0415  as above

    from crawlers.spider import SourceSpider  # noqa: PLC0415  as above

    class Ours(SourceSpider):
        async def start(self) -> AsyncIterator[Any]:
            yield Request(spec.url, dont_filter=True)

        def parse(self, response: Any) -> Iterator[Any]:
            title, text = response.css("title::text").get(), html_text(response.css("article").get(""))
            yield article_post(Article(response.url, title, text, self.job.now), self.job)
            yield from _BenchSpider.parse(self, response)  # type: ignore[arg-type]

        link_extractor = _BenchSpider.link_extractor

    settings = crawl_settings("Jaring/bench", delay=0) | {"CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE}
    notes = CrawlNotes()
    kind = SourceKind("bench", "", 0, lambda _: None, _no_posts)
    job = CrawlJob(spec, memory, datetime.now(UTC))
    runner = AsyncCrawlerRunner(settings)
    await runner.crawl(Ours, kind=kind, job=job, notes=notes, sink=store.intake, book=store.sources, turns=store.turns)
    return notes


async def _no_posts(*_: object) -> AsyncIterator[Any]:
    return
    yield


@contextmanager
def site(pages: int) -> Iterator[str]:
    """A site in a process of its own, so that serving takes nothing from crawling."""
    command = [sys.executable, "-m", "benches.crawl", str(pages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("no pipe")
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


async def serve(pages: int) -> None:
    """Answer every request with its page; page n links to the next ones and to its multiples."""
    cache = [_page(number, pages) for number in range(pages)]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                path = request.split(b" ", 2)[1].strip(b"/")
                writer.write(cache[int(path or 0)] if not path or path.isdigit() else _reply(b"", 404))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/\n")
    sys.stdout.flush()
    await server.serve_forever()


def _page(number: int, pages: int) -> bytes:
    targets = [(number * LINKS + step + 1) % pages for step in range(LINKS)]
    links = "".join(f"<a href='/{target}'>berita {target}</a><br>" for target in targets if target)
    html = f"<html><head><title>Berita {number}</title></head><body><article><p>{number}. {_WORDS}</p></article>{links}"
    return _reply(html.encode(), 200)


def _reply(body: bytes, status: int) -> bytes:
    head = f"HTTP/1.1 {status} OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
