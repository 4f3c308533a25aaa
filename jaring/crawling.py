"""Crawling as the command line and the process of the crawlers do it: which sources, when, with which ports."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from types import FrameType

import structlog

from crawlers.canonical import host_of
from crawlers.detection import Look, detect, site_title, source_key
from crawlers.kinds import CrawlJob, CrawlNotes, SourceKind, load_kinds
from crawlers.manners import user_agent
from crawlers.running import HOSTS_AT_ONCE, Crawling
from domain.errors import Conflict, Refused, Unavailable
from domain.ports import CrawlOutcome, SourceMemory, SourceSpec
from domain.posts import Incoming, IntakeReport
from jaring.wiring import Hall

PROOF = 5  # posts shown before a source is saved
PAUSE = 15.0  # seconds between two looks at what is due
STOP = 8.0  # seconds that a crawl may take to hand in what it holds when told to stop
DOWN = 30.0  # seconds to leave a database alone that does not answer

ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)

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

    def halt(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, halt)
    signal.signal(signal.SIGINT, halt)
    hall.store.sources.sync(hall.source_specs)
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
    """Crawls under way, one per host: a slow site holds up no other."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._crawling = crawling(hall)
        self._running: dict[str, Future[list[CrawlOutcome]]] = {}

    def turn(self, now: datetime) -> None:
        """Begin what is due on hosts that are free. Raises Unavailable when the store does not answer."""
        for host in [host for host, crawl in self._running.items() if crawl.done()]:
            self._running.pop(host).result()
        sources = self._hall.store.sources
        for spec in sources.due(now):
            host = host_of(spec.url)
            if host not in self._running and len(self._running) < HOSTS_AT_ONCE:
                job = CrawlJob(spec, sources.memory(spec.key), now)
                self._running[host] = self._crawling.begin([job], note)

    def end(self) -> None:
        """Stop what is under way and wait until it has handed in what it holds."""
        self._crawling.stop()
        wait(self._running.values(), timeout=STOP)


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
    if not ADDRESS.fullmatch(address):
        raise Refused(f"{url or '(kosong)'} bukan alamat situs; tulis seperti https://situs.example.")
    found, address, title = look_at(hall, kinds, address, kind)
    specs = hall.store.sources.specs()
    same = next((spec for spec in specs if spec.url == address and spec.kind == found), None)
    if same is not None and region not in same.regions:
        raise Conflict(f"Alamat ini sudah menjadi sumber {same.key} untuk {', '.join(same.regions)}.")
    key = same.key if same else source_key(address, frozenset(spec.key for spec in specs))
    spec = same or SourceSpec(
        key=key, name=name or title or key, kind=found, url=address, regions=(region,), added_by=by
    )
    shown = _Shown()
    notes = Crawling(kinds, shown, hall.store.sources, agent(hall)).prove(_trial(spec))
    if notes.failed or notes.blocked:
        raise Refused(f"Sumber tidak dapat dibaca: {notes.failed or notes.blocked}")
    if not shown.posts:
        why = f" ({shown.faults[0]})" if shown.faults else ""
        raise Refused(f"Tidak ada kiriman yang dapat dibaca dari {address}{why}.")
    return Proof(spec, tuple(shown.posts[:PROOF]))


def look_at(hall: Hall, kinds: dict[str, SourceKind], url: str, kind: str | None) -> tuple[str, str, str | None]:
    """The kind of an address, where to crawl it, and what the site calls itself.

    Refused when it does not answer or no kind knows it; a kind that is given is believed.
    """
    look = Look()
    spec = SourceSpec(key="look", name="", kind="look", url=url, regions=())
    one = {"look": look.as_kind()}
    notes: CrawlNotes = Crawling(one, _Shown(), hall.store.sources, agent(hall)).prove(_trial(spec))
    if look.evidence is None:
        raise Refused(f"Sumber tidak dapat dibaca: {notes.failed or notes.blocked or url}")
    title = site_title(look.evidence)
    if kind is not None:
        return kind, kinds[kind].detect(look.evidence) or url, title
    found = detect(kinds, look.evidence)
    if found is None:
        raise Refused(
            f"{url} bukan umpan, WordPress, atau situs berpeta; tunjuk umpannya, atau sebut --kind {'|'.join(kinds)}."
        )
    return *found, title


def _trial(spec: SourceSpec) -> CrawlJob:
    return CrawlJob(spec, SourceMemory(key=spec.key), datetime.now(UTC), limit=PROOF)
