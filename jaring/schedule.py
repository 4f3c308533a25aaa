"""The crawlers' room: what is due is crawled, what people ask for on a page is done, until the process is stopped."""

from __future__ import annotations

import signal
import threading
from concurrent.futures import Future, wait
from datetime import UTC, datetime
from types import FrameType

import structlog

from crawlers.kinds import load_kinds
from crawlers.running import HOSTS_AT_ONCE
from domain.errors import JaringError, Unavailable
from domain.ports import CrawlOutcome
from jaring.answering import Answering
from jaring.crawling import Jobs, crawling
from jaring.errands import ErrandRunner
from jaring.leasing import LeaseKeeper
from jaring.wiring import Hall
from store.sourceleases import CRAWLER, HOST, SOURCE

PAUSE = 2.0  # seconds between two looks at what is due: somebody may be waiting for a proof
STOP = 8.0  # seconds that a crawl may take to hand in what it holds when told to stop
DOWN = 30.0  # seconds to leave a database alone that does not answer

log = structlog.get_logger("jaring.crawling")


def crawl_on_schedule(hall: Hall) -> None:
    """Crawl what is due, again and again, until SIGTERM or SIGINT; then end soon and lose nothing accepted."""
    stop, look = threading.Event(), threading.Event()

    def halt(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        look.set()

    signal.signal(signal.SIGTERM, halt)
    signal.signal(signal.SIGINT, halt)
    schedule = Schedule(hall, look)
    log.info("siap", room="crawlers")
    while not stop.is_set():
        look.clear()
        try:
            schedule.turn(datetime.now(UTC))
        except Unavailable as failure:
            log.warning("menunggu", room="crawlers", reason=str(failure))
            stop.wait(DOWN)
            continue
        look.wait(PAUSE)
    schedule.end()


class Schedule:
    """Crawls under way, one per host: a slow site holds up no other. What people ask for on a page goes first.

    Other processes may do the same: who has leased a source and its host crawls it.
    """

    def __init__(self, hall: Hall, look: threading.Event | None = None) -> None:
        """`look` is set when a crawl has ended: its place is free before the next look."""
        self._hall = hall
        self._look = look or threading.Event()
        self._keeper = LeaseKeeper(hall.store)
        kinds = load_kinds()
        self._jobs = Jobs(hall, kinds)
        self._crawling = crawling(hall, self._keeper, kinds)
        self._errands = ErrandRunner(hall, self._crawling, self._jobs, self._keeper, lambda: datetime.now(UTC))
        self._answering = Answering(hall, lambda: datetime.now(UTC))
        self._running: dict[str, tuple[str, Future[list[CrawlOutcome]]]] = {}
        self._synced: int | None = None
        self._enlisted = False

    def turn(self, now: datetime) -> None:
        """Begin what is due on hosts that are free. Raises Unavailable when the store does not answer."""
        version = self._hall.profiles.version
        if version != self._synced:
            self._hall.store.sources.sync(self._hall.source_specs)
            self._synced = version
        for host, (key, crawl) in list(self._running.items()):
            if crawl.done():
                del self._running[host]
                self._keeper.release(sources=[key], hosts=[host])
                _told(key, crawl)
        self._errands.turn(self._running)
        self._answering.turn()
        if not self._enlisted:
            self._keeper.enlist(now)
            self._enlisted = True
        taken = self._keeper.taken(now)
        # Beside others one at a look: who looks first must not take all, and leave the others idle.
        left = HOSTS_AT_ONCE if not any(name.startswith(CRAWLER) for name in taken) else 1
        for spec in self._hall.store.sources.due(now):
            if len(self._running) >= HOSTS_AT_ONCE or not left:
                return
            host = self._jobs.host(spec)
            ours = host in self._running or host in self._errands.hosts
            if not ours and not {f"{SOURCE}{spec.key}", f"{HOST}{host}"} & taken:
                left -= self._begin(spec.key, host, now)

    def end(self) -> None:
        """Stop what is under way and wait until it has handed in what it holds."""
        self._crawling.stop()
        wait([crawl for _, crawl in self._running.values()], timeout=STOP)
        self._errands.end()
        self._answering.end()
        self._keeper.close()

    def _begin(self, key: str, host: str, now: datetime) -> bool:
        claimed = self._keeper.source(key, host, now)
        if claimed is None:
            return False
        crawl = self._crawling.begin([self._jobs.job(*claimed, now)], note)
        self._running[host] = (key, crawl)
        crawl.add_done_callback(lambda _: self._look.set())
        return True


def _told(key: str, crawl: Future[list[CrawlOutcome]]) -> None:
    """Raise Unavailable as it is; any other fault of ours is one source's, and ends no room."""
    try:
        crawl.result()
    except Unavailable:
        raise
    except JaringError as cause:
        log.error("perayapan tidak tercatat", source=key, reason=str(cause))  # noqa: TRY400  its words say it all


def note(outcome: CrawlOutcome) -> None:
    """Log how a source fared."""
    log.info(
        "dirayapi", source=outcome.key, state=outcome.state.value, seen=outcome.seen, added=outcome.report.added,
        revised=outcome.report.revised, message=outcome.message,
    )  # fmt: skip
