"""Reads kept answers again with today's parser, as if it were then; the source is not asked and its memory stays.

The newest crawl comes first, and a post is taken from the newest answer that shows it: what was edited since is not
undone. What a source deleted is neither hidden nor brought back here, since a list of then says nothing of now.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crawlers.asking import Answer, KeyRefused, SourceBlocked, SourceRests
from crawlers.kinds import BATCH, BELT, CrawlJob, CrawlNotes, Gone, Malformed, SourceKind
from domain.answers import AnswerShelves, KeptAnswer, KeptCrawl
from domain.doors import Budget, Credential, Spent
from domain.errors import NotFound, SourceUnavailable
from domain.ports import PostSink
from domain.posts import Incoming, IntakeReport

Knew = Callable[[Sequence[str], datetime], frozenset[str]]  # which post ids were stored before a time


@dataclass(slots=True)
class Replayed:
    """What came of reading kept crawls again. `missing` are answers that today's parser asked for and nobody kept."""

    crawls: int = 0
    answers: int = 0
    missing: int = 0
    report: IntakeReport = field(default_factory=IntakeReport)
    faults: list[str] = field(default_factory=list)  # of crawls that the parser did not come through


async def replay(  # noqa: PLR0913  what is read again, by whom, and where it goes
    kinds: Mapping[str, SourceKind],
    shelf: AnswerShelves,
    source: str,
    since: datetime | None,
    *,
    sink: PostSink,
    knew: Knew,
) -> Replayed:
    """Read the kept crawls of a source again, those that began at `since` or later, into the intake."""
    done = Replayed()
    seen: set[str] = set()
    for name in shelf.crawls(source, since):
        try:
            crawl, answers = shelf.read(name)
        except NotFound:  # swept away, or cut off before anything was kept
            continue
        kind = kinds.get(crawl.spec.kind)
        if kind is None:
            done.faults.append(f"{crawl.at:%Y-%m-%d %H:%M}: jenis sumber {crawl.spec.kind} tidak dikenal.")
            continue
        kept = KeptAnswers(answers)
        done.crawls += 1
        done.answers += kept.count
        await _again(kind, crawl, kept, sink, knew, seen, done)
        done.missing += kept.missing
    return done


async def _again(  # noqa: PLR0913  as `replay`, of one crawl
    kind: SourceKind,
    crawl: KeptCrawl,
    kept: KeptAnswers,
    sink: PostSink,
    knew: Knew,
    seen: set[str],
    done: Replayed,
) -> None:
    job = CrawlJob(
        crawl.spec, crawl.memory, crawl.at, crawl.since, crawl.limit,
        root=crawl.root, credential=Credential(crawl.spec.kind, ""), purse=OpenPurse(),
    )  # fmt: skip
    waiting: list[Incoming] = []
    fresh: set[str] = set()
    try:
        async for found in kind.collect(kept, job, CrawlNotes(), KnownThen(knew, crawl.at)):
            if isinstance(found, Malformed):
                sink.set_aside(belt=BELT, key=found.key, reason=found.reason, payload=found.payload)
                done.report += IntakeReport(quarantined=1)
            elif not isinstance(found, Gone) and found.id not in seen:
                waiting.append(found)
                fresh.add(found.id)
                if len(waiting) == BATCH:
                    done.report += sink.accept(waiting)
                    waiting = []
    except (SourceBlocked, SourceUnavailable, KeyRefused, SourceRests):
        pass  # it ended so then, too, or went on to what was not kept, which is counted
    except Exception as cause:  # noqa: BLE001  a parser that fails on one crawl must not keep the others away
        done.faults.append(f"{crawl.at:%Y-%m-%d %H:%M}: {type(cause).__name__}: {str(cause)[:200]}")
    if waiting:
        done.report += sink.accept(waiting)
    seen |= fresh


class KeptAnswers:
    """An `Ask` out of a kept crawl: the same addresses get the same answers, in the order they came then."""

    def __init__(self, answers: Iterable[KeptAnswer]) -> None:
        self._by_address: dict[str, deque[KeptAnswer]] = {}
        self.count = 0
        self.missing = 0
        for one in answers:
            self.count += 1
            self._by_address.setdefault(one.asked, deque()).append(one)

    async def __call__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,  # noqa: ARG002  what was sent is not kept
        secret: Mapping[str, str] | None = None,  # noqa: ARG002  as above
        once: bool = False,  # noqa: ARG002  nothing is asked here
    ) -> Answer:
        """The next answer of an address. SourceUnavailable where none was kept."""
        waiting = self._by_address.get(url)
        kept = waiting.popleft() if waiting else None
        if kept is None or kept.too_long:
            self.missing += 1
            raise SourceUnavailable(f"{url} tidak tersimpan.")
        if kept.fault is not None:
            raise SourceBlocked(kept.fault) if kept.blocked else SourceUnavailable(kept.fault)
        return Answer(kept.url, kept.status, kept.body, kept.headers, kept.moved_to)


class KnownThen:
    """`crawlers.kinds.Memory` as it was then. What stands of the source now says nothing of a list of then."""

    def __init__(self, knew: Knew, at: datetime) -> None:
        self._knew, self._at = knew, at

    async def __call__(self, post_ids: Sequence[str], /) -> frozenset[str]:
        """Which of the ids were stored before the crawl began."""
        return self._knew(post_ids, self._at)

    async def standing(
        self,
        since: datetime,  # noqa: ARG002  the port's names
        until: datetime,  # noqa: ARG002  as above
        *,
        parent: str | None = None,  # noqa: ARG002  as above
    ) -> Mapping[str, str]:
        """Nothing: so nothing is missing."""
        return {}


class OpenPurse:
    """A `Purse` for questions that nobody is asked: they cost nothing, and nothing is written down."""

    def reserve(self, budget: Budget, units: int, now: datetime) -> bool:  # noqa: ARG002  the port's names
        """Always."""
        return True

    def give_back(self, budget: Budget, units: int, reserved_at: datetime) -> None:
        """Nothing was taken."""

    def stands(self, budget: Budget, now: datetime) -> Spent:
        """All is left."""
        return Spent(budget, 0, budget.usable, budget.window(now)[1])
