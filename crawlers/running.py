"""Crawls sources, a Scrapy crawler each, in an event loop of its own thread; outcomes are recorded after posts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

import orjson

from crawlers.canonical import host_of
from crawlers.health import CrawlFacts, judge
from crawlers.kinds import CrawlJob, CrawlNotes, SourceKind
from crawlers.pace import measure_pace, stored_pace
from crawlers.yields import NAME, Usual, stored_usual
from domain.answers import AnswerShelf
from domain.errors import JaringError, StoreUnavailable
from domain.labels import SourceState
from domain.ports import CrawlOutcome, HostTurns, PostSink, SourceBook

HOSTS_AT_ONCE = 8  # hosts crawled side by side; the sources of one host take turns

Tell = Callable[[CrawlOutcome], None]


class CrawlLoop:
    """Twisted's reactor on asyncio, in a thread that lives as long as the process: a reactor cannot start twice."""

    _lock = threading.Lock()
    _loop: asyncio.AbstractEventLoop | None = None

    @classmethod
    def loop(cls) -> asyncio.AbstractEventLoop:
        """The running loop; started when first asked for."""
        with cls._lock:
            if cls._loop is None:
                started: Future[asyncio.AbstractEventLoop] = Future()
                threading.Thread(target=cls._run, args=(started,), name="crawl-loop", daemon=True).start()
                cls._loop = started.result(timeout=30)
            return cls._loop

    @staticmethod
    def _run(started: Future[asyncio.AbstractEventLoop]) -> None:
        from scrapy.utils.reactor import install_reactor  # noqa: PLC0415  a process that crawls nothing loads no Twisted

        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
        from twisted.internet import reactor  # noqa: PLC0415  importing it before would install another

        running: Any = reactor
        running.callWhenRunning(lambda: started.set_result(asyncio.get_event_loop()))
        running.run(installSignalHandlers=False)


class Crawling:
    """A round of crawls under way. `stop` ends it soon: what was accepted stays, unfinished sources record nothing."""

    def __init__(  # noqa: PLR0913  what a crawl is handed
        self,
        kinds: Mapping[str, SourceKind],
        sink: PostSink,
        book: SourceBook,
        agent: str,
        *,
        turns: HostTurns | None = None,
        delay: float | None = None,
        shelf: AnswerShelf | None = None,
    ) -> None:
        """`turns`: the queue before every host, shared by all processes; None: this one is alone.

        `shelf`: where raw answers are kept; None: they are not.

        `delay`: seconds between two questions to a host, in place of what is usual.
        """
        self._kinds = kinds
        self._sink = sink
        self._book = book
        self._agent = agent
        self._turns = turns
        self._shelf = shelf
        self._delay = delay
        self._stopping = threading.Event()
        self._crawlers: set[Any] = set()

    def run(self, jobs: Sequence[CrawlJob], tell: Tell | None = None) -> list[CrawlOutcome]:
        """Crawl the sources and record how each fared. Raises what the store raised; then nothing false is recorded."""
        return self.begin(jobs, tell).result()

    def begin(self, jobs: Sequence[CrawlJob], tell: Tell | None = None) -> Future[list[CrawlOutcome]]:
        """As `run`, without waiting: the future holds the outcomes or what the store raised."""
        return asyncio.run_coroutine_threadsafe(self._all(jobs, tell), CrawlLoop.loop())

    def stop(self) -> None:
        """End the round. May be called from any thread and from a signal handler."""
        self._stopping.set()
        asyncio.run_coroutine_threadsafe(self._stop_all(), CrawlLoop.loop())

    def prove(self, job: CrawlJob) -> CrawlNotes:
        """Crawl one source into the sink without recording anything."""
        return asyncio.run_coroutine_threadsafe(self._crawl(job), CrawlLoop.loop()).result()

    async def _all(self, jobs: Sequence[CrawlJob], tell: Tell | None) -> list[CrawlOutcome]:
        gate = asyncio.Semaphore(HOSTS_AT_ONCE)

        async def one_host(turns: Sequence[CrawlJob]) -> list[CrawlOutcome]:
            outcomes: list[CrawlOutcome] = []
            async with gate:
                for job in turns:
                    outcome = await self._one(job)
                    if outcome is not None:
                        outcomes.append(outcome)
                        if tell:
                            tell(outcome)
            return outcomes

        hosts = by_host(jobs, self._kinds)
        done = await asyncio.gather(*(one_host(turns) for turns in hosts), return_exceptions=True)
        for result in done:
            if isinstance(result, BaseException):
                raise result
        return [outcome for outcomes in done if not isinstance(outcomes, BaseException) for outcome in outcomes]

    async def _one(self, job: CrawlJob) -> CrawlOutcome | None:
        """Crawl a source, then record it; None when the round was stopped before it came to its end."""
        if self._stopping.is_set():
            return None
        if job.spec.kind not in self._kinds:
            notes = CrawlNotes(failed=f"Jenis sumber {job.spec.kind} tidak dikenal.")
        else:
            notes = await self._crawl(job)
        if isinstance(notes.broken, JaringError):
            raise notes.broken
        if notes.broken is not None:
            raise StoreUnavailable(f"Kiriman tidak tersimpan: {notes.broken}") from notes.broken
        if self._stopping.is_set() and not notes.finished:
            return None
        if not (notes.finished or notes.failed or notes.blocked or notes.refused):
            notes.failed = "Perayapan melewati batas waktunya."
        outcome = outcome_of(job, notes)
        await asyncio.to_thread(self._book.record, outcome)
        return outcome

    async def _crawl(self, job: CrawlJob) -> CrawlNotes:
        from scrapy.crawler import AsyncCrawlerRunner  # noqa: PLC0415  see CrawlLoop

        from crawlers.manners import HOST_DELAY, crawl_settings, is_this_machine  # noqa: PLC0415  as above
        from crawlers.spider import SourceSpider  # noqa: PLC0415  as above

        notes = CrawlNotes()
        delay = 0.0 if is_this_machine(job.root or job.spec.url) else HOST_DELAY
        if self._delay is not None:
            delay = self._delay
        runner = AsyncCrawlerRunner(crawl_settings(self._agent, delay=delay))
        crawler = runner.create_crawler(SourceSpider)
        self._crawlers.add(crawler)
        try:
            await runner.crawl(
                crawler, kind=self._kinds[job.spec.kind], job=job, notes=notes, sink=self._sink, book=self._book,
                turns=self._turns, shelf=self._shelf,
            )  # fmt: skip
        finally:
            self._crawlers.discard(crawler)
        return notes

    async def _stop_all(self) -> None:
        await asyncio.gather(*(crawler.stop_async() for crawler in list(self._crawlers)), return_exceptions=True)


def host_asked(url: str, kind: SourceKind | None = None, root: str | None = None) -> str:
    """Whose patience a source uses: the platform's API, the proxy before it, or the site of its address."""
    if root is None and kind is not None and kind.host is not None:
        return host_of(f"https://{kind.host}")
    return host_of(root or url)


def by_host(jobs: Iterable[CrawlJob], kinds: Mapping[str, SourceKind] | None = None) -> list[list[CrawlJob]]:
    """The jobs of each host together, in their order."""
    hosts: dict[str, list[CrawlJob]] = {}
    for job in jobs:
        host = host_asked(job.spec.url, (kinds or {}).get(job.spec.kind), job.root)
        hosts.setdefault(host, []).append(job)
    return list(hosts.values())


def outcome_of(job: CrawlJob, notes: CrawlNotes) -> CrawlOutcome:
    """What is recorded of a crawl."""
    pace = measure_pace(notes.dates, stored_pace(job.cursor), job.now)
    facts = CrawlFacts(
        answered=notes.answered and notes.failed is None,
        not_modified=notes.not_modified,
        incremental=notes.incremental,
        blocked=notes.blocked is not None,
        key_refused=notes.refused is not None,
        resting=notes.rest_until is not None,
        seen=notes.seen,
        new=notes.report.added + notes.report.revised,
        newest_post_at=notes.newest,
    )
    state = judge(job.memory, facts, job.now, pace)
    cursor = job.cursor if notes.cursor is None else notes.cursor
    cursor = {name: value for name, value in cursor.items() if name not in {"pace", NAME}}
    if pace is not None:
        cursor["pace"] = pace.as_cursor()
    usual = notes.usual or stored_usual(job.cursor)
    if usual != Usual():
        cursor[NAME] = usual.as_cursor()
    return CrawlOutcome(
        key=job.spec.key,
        state=state,
        at=job.now,
        seen=notes.seen,
        report=notes.report,
        newest_post_at=notes.newest,
        etag=notes.etag,
        last_modified=notes.last_modified,
        cursor=orjson.dumps(cursor).decode(),
        message=_message(job, notes, state),
        rest_until=notes.rest_until,
        answer=notes.answer,
    )


def _message(job: CrawlJob, notes: CrawlNotes, state: SourceState) -> str | None:
    if said := notes.refused or notes.blocked or notes.failed or notes.trouble:
        return said
    if state is SourceState.STALE:
        newest = max((t for t in (notes.newest, job.memory.newest_post_at) if t), default=None)
        return f"Menjawab, tetapi kiriman terbarunya dari {newest:%Y-%m-%d}: lebih lama diam daripada biasanya."
    if notes.moved_to:
        return f"Alamatnya pindah ke {notes.moved_to}; perbarui sumber ini."
    return notes.unkept
