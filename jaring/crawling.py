"""Crawling as the command line and the process of the crawlers do it: which sources, when, with which ports."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from datetime import UTC, datetime
from importlib.metadata import version

import structlog

from crawlers.kinds import CrawlJob, SourceKind, load_kinds
from crawlers.manners import user_agent
from crawlers.running import HOSTS_AT_ONCE, Crawling, by_host, host_asked
from domain.doors import Credential
from domain.errors import Conflict, JaringError, NotFound, Refused
from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceMemory, SourceSpec
from domain.sourcekeys import key_name
from jaring.leasing import LeaseKeeper
from jaring.wiring import Hall

LOOK = 1.0  # seconds between two looks whether another process has left a host

log = structlog.get_logger("jaring.crawling")


class Jobs:
    """Makes crawls of sources: with the key, the purse and the root that their kind needs."""

    def __init__(self, hall: Hall, kinds: Mapping[str, SourceKind]) -> None:
        self._hall = hall
        self._kinds = kinds

    def host(self, spec: SourceSpec) -> str:
        """Whose patience a source uses."""
        return host_asked(spec.url, self._kinds.get(spec.kind), self._hall.settings.api_roots.get(spec.kind))

    def job(self, spec: SourceSpec, memory: SourceMemory, now: datetime, since: datetime | None = None) -> CrawlJob:
        """One crawl of a source."""
        return CrawlJob(
            spec,
            memory,
            now,
            since,
            root=self._hall.settings.api_roots.get(spec.kind),
            credential=self._credential(spec),
            purse=self._hall.store.purse,
        )

    def _credential(self, spec: SourceSpec) -> Credential | None:
        """The key of a source; one that does not open is as if there were none, and the doctor says why."""
        name = key_name(spec, self._hall.kinds.get(spec.kind))
        try:
            return self._hall.store.credentials.open(name) if name else None
        except Conflict as cause:
            log.error("kunci tidak terbuka", source=spec.key, name=name, reason=str(cause))  # noqa: TRY400  no trace
            return None


class HeldBook:
    """A `SourceBook` for who holds the sources: a crawl that was taken over meanwhile is not recorded.

    What a platform says of a key while it is crawled is noted beside the key.
    """

    def __init__(self, hall: Hall, owner: str) -> None:
        self._hall = hall
        self._sources = hall.store.sources
        self._owner = owner

    def specs(self) -> Sequence[SourceSpec]:
        """All sources."""
        return self._sources.specs()

    def memory(self, key: str) -> SourceMemory:
        """What a source remembers."""
        return self._sources.memory(key)

    def knows(self, post_ids: Sequence[str]) -> frozenset[str]:
        """See `SourceBook.knows`."""
        return self._sources.knows(post_ids)

    def standing(
        self, source: str, since: datetime, until: datetime, *, parent: str | None = None
    ) -> Mapping[str, str]:
        """See `SourceBook.standing`."""
        return self._sources.standing(source, since, until, parent=parent)

    def record(self, outcome: CrawlOutcome) -> None:
        """Write down how a crawl went, and how its key fared."""
        try:
            self._hall.store.source_leases.record(outcome, self._owner)
        except Conflict as cause:
            log.warning("tidak dicatat", source=outcome.key, reason=str(cause))
            return
        try:
            spec, _ = self._sources.get(outcome.key)
        except NotFound:  # its profile let go of it while it was crawled
            return
        name = key_name(spec, self._hall.kinds.get(spec.kind))
        if name is None:
            return
        if outcome.state is SourceState.AUTH_EXPIRED:
            self._hall.store.credentials.refused(name, outcome.at)
        elif outcome.state is SourceState.OK:
            self._hall.store.credentials.accepted(name)


def crawling(hall: Hall, keeper: LeaseKeeper, kinds: Mapping[str, SourceKind] | None = None) -> Crawling:
    """A round of crawls with this installation's ports and name."""
    book = HeldBook(hall, keeper.owner)
    shelf = hall.shelf if hall.settings.keep_answers_days else None
    return Crawling(kinds or load_kinds(), hall.store.intake, book, agent(hall), turns=hall.store.turns, shelf=shelf)


def agent(hall: Hall) -> str:
    """The user agent of this installation."""
    return user_agent(version("jaring"), hall.settings.contact)


def crawl_once(
    hall: Hall,
    keys: Sequence[str],
    since: datetime | None = None,
    tell: Callable[[CrawlOutcome], None] | None = None,
) -> list[CrawlOutcome]:
    """Crawl the sources named, or all that are enabled, now. Refused names a key that is none.

    Where another process is at a host, this one waits until it has left.
    """
    hall.store.sources.sync(hall.source_specs)
    jobs = jobs_for(hall, keys, since)
    kinds = load_kinds()
    with LeaseKeeper(hall.store) as keeper:
        outcomes = _in_turns(crawling(hall, keeper, kinds), Jobs(hall, kinds), keeper, by_host(jobs, kinds), tell)
    order = {job.spec.key: number for number, job in enumerate(jobs)}
    return sorted(outcomes, key=lambda outcome: order[outcome.key])


def jobs_for(hall: Hall, keys: Sequence[str], since: datetime | None = None) -> list[CrawlJob]:
    """The jobs of the sources named, or of all that are enabled."""
    book = {spec.key: (spec, memory) for spec, memory in hall.store.sources.all()}
    if unknown := [key for key in keys if key not in book]:
        raise Refused(f"Sumber {unknown[0]} tidak ada; lihat `jaring sources`.")
    now = datetime.now(UTC)
    chosen = [book[key] for key in keys] if keys else [pair for pair in book.values() if pair[0].enabled]
    jobs = Jobs(hall, load_kinds())
    return [jobs.job(spec, memory, now, since) for spec, memory in chosen]


def _in_turns(
    crawls: Crawling,
    jobs: Jobs,
    keeper: LeaseKeeper,
    waiting: list[list[CrawlJob]],
    tell: Callable[[CrawlOutcome], None] | None,
) -> list[CrawlOutcome]:
    """Crawl host by host, several side by side. Raises the first fault when the others have come to their end."""
    running: dict[Future[list[CrawlOutcome]], list[CrawlJob]] = {}
    outcomes: list[CrawlOutcome] = []
    fault: JaringError | None = None
    while waiting or running:
        for group in list(waiting):
            if len(running) < HOSTS_AT_ONCE and (fresh := _claimed(jobs, keeper, group)):
                waiting.remove(group)
                running[crawls.begin(fresh, tell)] = fresh
        if not running:
            time.sleep(LOOK)  # others are at all hosts that are left
        for future in wait(running, timeout=LOOK, return_when=FIRST_COMPLETED).done:
            group = running.pop(future)
            keeper.release(sources=[job.spec.key for job in group], hosts={jobs.host(job.spec) for job in group})
            try:
                outcomes += future.result()
            except JaringError as cause:
                fault = fault or cause
    if fault is not None:
        raise fault
    return outcomes


def _claimed(jobs: Jobs, keeper: LeaseKeeper, group: Sequence[CrawlJob]) -> list[CrawlJob]:
    """The crawls of a host as they stand when it is ours; none, and nothing held, when it is another's."""
    now = datetime.now(UTC)
    keeper.taken(now)
    host = jobs.host(group[0].spec)
    fresh: list[CrawlJob] = []
    for job in group:
        claimed = keeper.source(job.spec.key, host, now, due_only=False)
        if claimed is None:
            keeper.release(sources=[one.spec.key for one in fresh], hosts=[host] if fresh else [])
            return []
        fresh.append(jobs.job(*claimed, now, job.since))
    return fresh
