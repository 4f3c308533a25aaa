"""The crawlers' room: what is due is crawled, what people ask for on a page is done, until the process is stopped."""

from __future__ import annotations

import signal
import threading
from concurrent.futures import Future, wait
from datetime import UTC, datetime
from types import FrameType

import structlog

from crawlers.canonical import host_of
from crawlers.kinds import CrawlJob
from crawlers.running import HOSTS_AT_ONCE
from domain.errors import Unavailable
from domain.ports import CrawlOutcome
from jaring.answering import Answering
from jaring.crawling import crawling
from jaring.errands import ErrandRunner
from jaring.wiring import Hall

PAUSE = 2.0  # seconds between two looks at what is due: somebody may be waiting for a proof
STOP = 8.0  # seconds that a crawl may take to hand in what it holds when told to stop
DOWN = 30.0  # seconds to leave a database alone that does not answer

log = structlog.get_logger("jaring.crawling")


def crawl_on_schedule(hall: Hall) -> None:
    """Crawl what is due, again and again, until SIGTERM or SIGINT; then end soon and lose nothing accepted."""
    stop = threading.Event()

    def halt(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, halt)
    signal.signal(signal.SIGINT, halt)
    schedule = Schedule(hall)
    log.info("siap", room="crawlers")
    while not stop.is_set():
        try:
            schedule.turn(datetime.now(UTC))
        except Unavailable as failure:
            log.warning("menunggu", room="crawlers", reason=str(failure))
            stop.wait(DOWN)
            continue
        stop.wait(PAUSE)
    schedule.end()


class Schedule:
    """Crawls under way, one per host: a slow site holds up no other. What people ask for on a page goes first."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._crawling = crawling(hall)
        self._errands = ErrandRunner(hall, self._crawling, lambda: datetime.now(UTC))
        self._answering = Answering(hall, lambda: datetime.now(UTC))
        self._running: dict[str, Future[list[CrawlOutcome]]] = {}
        self._synced: int | None = None

    def turn(self, now: datetime) -> None:
        """Begin what is due on hosts that are free. Raises Unavailable when the store does not answer."""
        version = self._hall.profiles.version
        if version != self._synced:
            self._hall.store.sources.sync(self._hall.source_specs)
            self._synced = version
        for host in [host for host, crawl in self._running.items() if crawl.done()]:
            self._running.pop(host).result()
        self._errands.turn(self._running)
        self._answering.turn()
        sources = self._hall.store.sources
        for spec in sources.due(now):
            host = host_of(spec.url)
            if host not in self._running and host not in self._errands.hosts and len(self._running) < HOSTS_AT_ONCE:
                job = CrawlJob(spec, sources.memory(spec.key), now)
                self._running[host] = self._crawling.begin([job], note)

    def end(self) -> None:
        """Stop what is under way and wait until it has handed in what it holds."""
        self._crawling.stop()
        wait(self._running.values(), timeout=STOP)
        self._errands.end()
        self._answering.end()


def note(outcome: CrawlOutcome) -> None:
    """Log how a source fared."""
    log.info(
        "dirayapi", source=outcome.key, state=outcome.state.value, seen=outcome.seen, added=outcome.report.added,
        revised=outcome.report.revised, message=outcome.message,
    )  # fmt: skip
