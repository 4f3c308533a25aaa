"""Crawling as the command line and the process of the crawlers do it: which sources, when, with which ports."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from types import FrameType

import structlog

from crawlers.detection import Look, detect, source_key
from crawlers.kinds import CrawlJob, CrawlNotes, SourceKind, load_kinds
from crawlers.manners import user_agent
from crawlers.running import Crawling
from domain.errors import Conflict, Refused, Unavailable
from domain.ports import CrawlOutcome, SourceMemory, SourceSpec
from domain.posts import Incoming, IntakeReport
from jaring.wiring import Hall

PROOF = 5  # posts shown before a source is saved
PAUSE = 15.0  # seconds between two looks at what is due
DOWN = 30.0  # seconds to leave a database alone that does not answer

log = structlog.get_logger("jaring.crawling")


def crawling(hall: Hall) -> Crawling:
    """A round of crawls with this installation's ports and name."""
    return Crawling(load_kinds(), hall.store.intake, hall.store.sources, agent(hall))


def agent(hall: Hall) -> str:
    """The user agent of this installation."""
    return user_agent(version("jaring"), hall.settings.contact)


def crawl_once(
    hall: Hall,
    keys: Sequence[str],
    since: datetime | None = None,
    tell: Callable[[CrawlOutcome], None] | None = None,
) -> list[CrawlOutcome]:
    """Crawl the sources named, or all that are enabled, now. Refused names a key that is none."""
    hall.store.sources.sync(hall.source_specs)
    return crawling(hall).run(jobs_for(hall, keys, since), tell)


def jobs_for(hall: Hall, keys: Sequence[str], since: datetime | None = None) -> list[CrawlJob]:
    """The jobs of the sources named, or of all that are enabled."""
    book = {spec.key: (spec, memory) for spec, memory in hall.store.sources.all()}
    if unknown := [key for key in keys if key not in book]:
        raise Refused(f"Sumber {unknown[0]} tidak ada; lihat `jaring sources`.")
    now = datetime.now(UTC)
    chosen = [book[key] for key in keys] if keys else [pair for pair in book.values() if pair[0].enabled]
    return [CrawlJob(spec, memory, now, since) for spec, memory in chosen]


def crawl_on_schedule(hall: Hall) -> None:
    """Crawl what is due, again and again, until SIGTERM or SIGINT; then end soon and lose nothing accepted."""
    stop = threading.Event()
    rounds: list[Crawling] = []

    def halt(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        for one in rounds:
            one.stop()

    signal.signal(signal.SIGTERM, halt)
    signal.signal(signal.SIGINT, halt)
    hall.store.sources.sync(hall.source_specs)
    log.info("siap", room="crawlers")
    while not stop.is_set():
        try:
            now = datetime.now(UTC)
            jobs = [CrawlJob(spec, hall.store.sources.memory(spec.key), now) for spec in hall.store.sources.due(now)]
            if jobs:
                rounds[:] = [crawling(hall)]
                if stop.is_set():
                    return
                rounds[0].run(jobs, note)
        except Unavailable as failure:
            log.warning("menunggu", room="crawlers", reason=str(failure))
            stop.wait(DOWN)
            continue
        stop.wait(PAUSE)


def note(outcome: CrawlOutcome) -> None:
    """Log how a source fared."""
    log.info(
        "dirayapi", source=outcome.key, state=outcome.state.value, seen=outcome.seen, added=outcome.report.added,
        revised=outcome.report.revised, message=outcome.message,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proof:
    """A source that was looked at and answered, and the first posts it gave."""

    spec: SourceSpec
    posts: tuple[Incoming, ...]


class _Shown:
    """A PostSink that keeps the posts of a proof in memory."""

    def __init__(self) -> None:
        self.posts: list[Incoming] = []
        self.faults: list[str] = []

    def accept(self, posts: Sequence[Incoming]) -> IntakeReport:
        self.posts += posts
        return IntakeReport(added=len(posts))

    def set_aside(self, *, belt: str, key: str, reason: str, payload: str) -> None:  # noqa: ARG002  the port's names
        self.faults.append(reason)


def prove_source(hall: Hall, url: str, *, region: str, kind: str | None, name: str | None, by: str) -> Proof:  # noqa: PLR0913
    """Look at an address, find its kind, fetch a few posts. Refused in one sentence when it gives none.

    A source that is there already with that address is proven again under its own key.
    """
    kinds = load_kinds()
    if kind is not None and kind not in kinds:
        raise Refused(f"Jenis {kind} tidak dikenal; yang ada: {', '.join(kinds)}.")
    address = url.strip() if "://" in url else f"https://{url.strip()}"
    found, address = (kind, address) if kind else look_at(hall, kinds, address)
    specs = hall.store.sources.specs()
    same = next((spec for spec in specs if spec.url == address and spec.kind == found), None)
    if same is not None and region not in same.regions:
        raise Conflict(f"Alamat ini sudah menjadi sumber {same.key} untuk {', '.join(same.regions)}.")
    key = same.key if same else source_key(address, frozenset(spec.key for spec in specs))
    spec = same or SourceSpec(key=key, name=name or key, kind=found, url=address, regions=(region,), added_by=by)
    shown = _Shown()
    notes = Crawling(kinds, shown, hall.store.sources, agent(hall)).prove(_trial(spec))
    if notes.failed or notes.blocked:
        raise Refused(f"Sumber tidak dapat dibaca: {notes.failed or notes.blocked}")
    if not shown.posts:
        why = f" ({shown.faults[0]})" if shown.faults else ""
        raise Refused(f"Tidak ada kiriman yang dapat dibaca dari {address}{why}.")
    return Proof(spec, tuple(shown.posts[:PROOF]))


def look_at(hall: Hall, kinds: dict[str, SourceKind], url: str) -> tuple[str, str]:
    """The kind of an address and where to crawl it. Refused when it does not answer or no kind knows it."""
    look = Look()
    spec = SourceSpec(key="look", name="", kind="look", url=url, regions=())
    one = {"look": look.as_kind()}
    notes: CrawlNotes = Crawling(one, _Shown(), hall.store.sources, agent(hall)).prove(_trial(spec))
    if look.evidence is None:
        raise Refused(f"Sumber tidak dapat dibaca: {notes.failed or notes.blocked or url}")
    found = detect(kinds, look.evidence)
    if found is None:
        raise Refused(
            f"{url} bukan umpan, WordPress, atau situs berpeta; tunjuk umpannya, atau sebut --kind {'|'.join(kinds)}."
        )
    return found


def _trial(spec: SourceSpec) -> CrawlJob:
    return CrawlJob(spec, SourceMemory(key=spec.key), datetime.now(UTC), limit=PROOF)
