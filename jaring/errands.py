"""The crawlers' room does what people asked for on a page: it proves addresses and fills gaps, and says what came."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import structlog

from crawlers.canonical import host_of
from crawlers.kinds import CrawlJob
from crawlers.running import Crawling
from domain.errors import JaringError, NotFound, Refused
from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceSpec
from jaring.crawling import Jobs
from jaring.leasing import LeaseKeeper
from jaring.proving import Proof, Prover, shown_posts
from jaring.suggesting import Suggester, Suggestion
from jaring.wiring import Hall
from store.errands import Errand, ErrandKind, ErrandState

AT_ONCE = 2  # proofs side by side: somebody waits for each of them
DEAD = frozenset({SourceState.FAILED, SourceState.BLOCKED, SourceState.AUTH_EXPIRED})

log = structlog.get_logger("jaring.errands")


class ErrandRunner:
    """Errands under way. Each `turn` writes down what ended and begins what waits, one per host."""

    def __init__(
        self, hall: Hall, crawling: Crawling, jobs: Jobs, keeper: LeaseKeeper, clock: Callable[[], datetime]
    ) -> None:
        self._hall = hall
        self._crawling = crawling
        self._jobs = jobs
        self._keeper = keeper
        self._clock = clock
        self._provers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="prover")
        self._ended = threading.Event()
        self._running: dict[int, tuple[Errand, str, Future[Any]]] = {}

    @property
    def hosts(self) -> Collection[str]:
        """The hosts that errands are at: nothing else is asked of them meanwhile."""
        return {host for _, host, _ in self._running.values()}

    def turn(self, busy: Collection[str]) -> None:
        """Write down what ended and begin what waits on hosts that are not `busy`."""
        for number in [number for number, (_, _, future) in self._running.items() if future.done()]:
            errand, host, future = self._running.pop(number)
            refilled = errand.kind is ErrandKind.REFILL and errand.source is not None
            self._keeper.release(sources=[errand.source or ""] if refilled else [], hosts=[host])
            self._write_down(errand, future)
        for errand in self._hall.store.errands.waiting(self._clock()):
            if errand.id not in self._running:
                self._begin(errand, busy)

    def end(self) -> None:
        """Let nobody wait: what is not finished goes back to the queue."""
        self._ended.set()
        self._provers.shutdown(wait=False, cancel_futures=True)
        for errand, _, future in self._running.values():
            if future.done() and not future.cancelled():
                self._write_down(errand, future)
            else:
                self._hall.store.errands.put_back(errand.id)

    def _begin(self, errand: Errand, busy: Collection[str]) -> None:
        errands, now = self._hall.store.errands, self._clock()
        try:
            spec = self._hall.store.sources.get(errand.source)[0] if errand.source else None
            refills = errand.kind is ErrandKind.REFILL and spec is not None
            if refills and spec is not None:
                self._must_not_wait_for_a_yes(spec)
            host = self._jobs.host(spec) if refills and spec is not None else host_of(errand.url or "")
            if host in busy or host in self.hosts:
                return
            claimed = self._claim(spec.key if refills and spec is not None else None, host, now)
            if claimed is None:
                return
            if not errands.take(errand.id, now):
                self._keeper.release(sources=[job.spec.key for job in claimed], hosts=[host])
                return
            if claimed:
                future: Future[Any] = self._crawling.begin([replace(claimed[0], since=errand.since)])
            elif errand.kind is ErrandKind.SUGGEST:
                future = self._provers.submit(self._search, errand)
            else:
                future = self._provers.submit(self._prove, errand, spec)
            self._running[errand.id] = (errand, host, future)
        except (NotFound, Refused) as cause:
            errands.end(errand.id, ErrandState.FAILED, now, message=str(cause))

    def _must_not_wait_for_a_yes(self, spec: SourceSpec) -> None:
        """Refused for a source that costs and is switched off."""
        facts = self._hall.kinds.get(spec.kind)
        if facts is not None and facts.paid and spec.key in self._hall.store.sources.switched_off():
            raise Refused("Sumber berbayar ini belum menyala: celahnya diisi sesudah harganya disetujui.")

    def _claim(self, key: str | None, host: str, now: datetime) -> list[CrawlJob] | None:
        """Take a host, and the source that is crawled there: the crawl to be made. None while others are there."""
        if key is not None:
            claimed = self._keeper.source(key, host, now, due_only=False)
            return None if claimed is None else [self._jobs.job(*claimed, now)]
        return [] if not host or self._keeper.host(host, now) else None

    def _prove(self, errand: Errand, spec: SourceSpec | None) -> Proof:
        prover = Prover(self._hall, inside=errand.inside)
        if errand.kind is ErrandKind.MOVE and spec is not None:
            return prover.prove_move(spec, errand.url or "")
        proof = prover.prove(errand.url or "", region=errand.region or "", name=errand.name, by=errand.by)
        if proof.spec.key in {one.key for one in self._hall.store.sources.specs()}:
            raise Refused(f"Alamat ini sudah menjadi sumber {proof.spec.key}.")
        return proof

    def _search(self, errand: Errand) -> Suggestion:
        profile = self._hall.profiles.get(errand.region or "")
        if profile is None:
            raise NotFound(f"Wilayah {errand.region} tidak dilayani di sini.")
        return Suggester(self._hall, inside=errand.inside, stop=self._ended).search(profile)

    def _write_down(self, errand: Errand, future: Future[Any]) -> None:
        errands, now = self._hall.store.errands, self._clock()
        try:
            came = future.result()
        except JaringError as cause:
            errands.end(errand.id, ErrandState.FAILED, now, message=str(cause))
        except Exception:
            log.exception("permintaan gagal", errand=errand.id)
            message = "Kesalahan di dalam perayap; pengelola menemukan rinciannya dalam catatan."
            errands.end(errand.id, ErrandState.FAILED, now, message=message)
        else:
            if isinstance(came, Proof):
                errands.end(errand.id, ErrandState.PROVEN, now, found=_proof(came))
            elif isinstance(came, Suggestion):
                errands.end(errand.id, ErrandState.DONE, now, found=came.as_dict())
            elif came:
                self._tell_crawl(errand, came[0], now)
            else:
                errands.put_back(errand.id)

    def _tell_crawl(self, errand: Errand, outcome: CrawlOutcome, now: datetime) -> None:
        state = ErrandState.FAILED if outcome.state in DEAD else ErrandState.DONE
        found = {
            "seen": outcome.seen, "added": outcome.report.added, "revised": outcome.report.revised,
            "unchanged": outcome.report.unchanged, "quarantined": outcome.report.quarantined,
        }  # fmt: skip
        self._hall.store.errands.end(errand.id, state, now, message=outcome.message, found=found)


def _proof(proof: Proof) -> dict[str, Any]:
    """A proof as a page shows it."""
    return {"spec": asdict(proof.spec), "posts": shown_posts(proof.posts)}
