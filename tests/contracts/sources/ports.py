"""The two ports that a crawl is handed, in memory: small, and as strict as the real ones about what they promise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock

from crawlers.kinds import CrawlJob, load_kinds
from crawlers.running import Crawling
from domain.ports import CrawlOutcome, SourceMemory, SourceSpec
from domain.posts import Incoming, IntakeReport
from store.sources import remembered

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


class MemorySink:
    """A PostSink: the newest words by id, and what was set aside."""

    def __init__(self) -> None:
        self.posts: dict[str, Incoming] = {}
        self.aside: dict[str, str] = {}
        self.batches: list[int] = []
        self._lock = Lock()

    def accept(self, posts: Sequence[Incoming]) -> IntakeReport:
        added = revised = unchanged = 0
        with self._lock:
            self.batches.append(len(posts))
            for post in posts:
                before = self.posts.get(post.id)
                added += before is None
                revised += before is not None and (before.title, before.text) != (post.title, post.text)
                unchanged += before is not None and (before.title, before.text) == (post.title, post.text)
                self.posts[post.id] = post
        return IntakeReport(added=added, revised=revised, unchanged=unchanged)

    def set_aside(self, *, belt: str, key: str, reason: str, payload: str) -> None:  # noqa: ARG002  the port's names
        self.aside[key] = reason

    def texts(self) -> set[str]:
        return {post.text for post in self.posts.values()}


class MemoryBook:
    """A SourceBook over what a sink holds; remembers by the same rule as the real one."""

    def __init__(self, sink: MemorySink) -> None:
        self.outcomes: list[CrawlOutcome] = []
        self._sink = sink
        self._memories: dict[str, SourceMemory] = {}

    def specs(self) -> Sequence[SourceSpec]:
        return []

    def memory(self, key: str) -> SourceMemory:
        return self._memories.get(key, SourceMemory(key=key))

    def record(self, outcome: CrawlOutcome) -> None:
        self.outcomes.append(outcome)
        self._memories[outcome.key] = remembered(self.memory(outcome.key), outcome, every=timedelta(hours=1))

    def knows(self, post_ids: Sequence[str]) -> frozenset[str]:
        return frozenset(post_ids) & frozenset(self._sink.posts)


class Listener:
    """Crawls one source again and again, an hour apart."""

    def __init__(self, kind: str, url: str) -> None:
        self.spec = SourceSpec(key="uji", name="Uji", kind=kind, url=url, regions=("lombok-barat",))
        self.sink = MemorySink()
        self.book = MemoryBook(self.sink)
        self.now = NOW

    @property
    def memory(self) -> SourceMemory:
        return self.book.memory(self.spec.key)

    def crawl(self, *, since: datetime | None = None, limit: int | None = None) -> CrawlOutcome:
        job = CrawlJob(self.spec, self.memory, self.now, since, limit)
        self.now += timedelta(hours=1)
        crawling = Crawling(load_kinds(), self.sink, self.book, "Jaring/uji (+uji@example.org)")
        return crawling.run([job])[0]
