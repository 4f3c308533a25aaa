"""The two ports that a crawl is handed, in memory: small, and as strict as the real ones about what they promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock

from crawlers.kinds import CrawlJob, load_kinds
from crawlers.running import Crawling
from domain.answers import AnswerShelf
from domain.doors import Budget, Credential, Spent
from domain.ports import CrawlOutcome, SourceMemory, SourceSpec
from domain.posts import Incoming, IntakeReport
from store.pacing import remembered

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


class MemorySink:
    """A PostSink: the newest words by id, and what was set aside."""

    def __init__(self) -> None:
        self.posts: dict[str, Incoming] = {}
        self.aside: dict[str, str] = {}
        self.withdrawn: set[str] = set()
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

    def withdraw(self, post_ids: Sequence[str], at: datetime) -> int:  # noqa: ARG002  the port's names
        gone = [post_id for post_id in post_ids if post_id in self.posts and post_id not in self.withdrawn]
        self.withdrawn.update(gone)
        return len(gone)

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

    def standing(
        self, source: str, since: datetime, until: datetime, *, parent: str | None = None
    ) -> Mapping[str, str]:
        return {
            post.id: post.native_id
            for post in self._sink.posts.values()
            if post.source == source
            and post.id not in self._sink.withdrawn
            and (parent is None or post.parent == parent)
            and since <= (post.published_at or post.fetched_at) < until
        }


class Listener:
    """Crawls one source again and again, an hour apart."""

    def __init__(
        self,
        kind: str,
        url: str,
        *,
        root: str | None = None,
        key: str | None = None,
        options: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """`root`: where the platform's API is asked; `key`: the credential that a crawl is given."""
        self.spec = SourceSpec(key="uji", name="Uji", kind=kind, url=url, regions=("lombok-barat",), options=options)
        self.root = root
        self.credential = Credential("uji", key, mark="1f") if key else None
        self.purse = MemoryPurse()
        self.shelf: AnswerShelf | None = None
        self.kinds = load_kinds()
        self.sink = MemorySink()
        self.book = MemoryBook(self.sink)
        self.now = NOW

    @property
    def memory(self) -> SourceMemory:
        return self.book.memory(self.spec.key)

    def crawl(self, *, since: datetime | None = None, limit: int | None = None) -> CrawlOutcome:
        job = CrawlJob(
            self.spec, self.memory, self.now, since, limit,
            root=self.root, credential=self.credential, purse=self.purse,
        )  # fmt: skip
        self.now += timedelta(hours=1)
        crawling = Crawling(self.kinds, self.sink, self.book, "Jaring/uji (+uji@example.org)", shelf=self.shelf)
        return crawling.run([job])[0]


class MemoryPurse:
    """A Purse: what was spent by account and hour, and whether more was ever asked for than was left."""

    def __init__(self) -> None:
        self.hours: dict[tuple[str, datetime], int] = {}
        self._lock = Lock()

    def reserve(self, budget: Budget, units: int, now: datetime) -> bool:
        with self._lock:
            if units > self._left(budget, now):
                return False
            hour = (budget.account, _hour(now))
            self.hours[hour] = self.hours.get(hour, 0) + units
            return True

    def give_back(self, budget: Budget, units: int, reserved_at: datetime) -> None:
        with self._lock:
            self.hours[budget.account, _hour(reserved_at)] -= units

    def stands(self, budget: Budget, now: datetime) -> Spent:
        spent = self.spent(budget, now)
        return Spent(budget, spent, self._left(budget, now), budget.more_at(now, spent))

    def spent(self, budget: Budget, now: datetime) -> int:
        since, until = budget.window(now)
        return sum(
            n for (account, hour), n in self.hours.items() if account == budget.account and since <= hour < until
        )

    def _left(self, budget: Budget, now: datetime) -> int:
        return max(0, budget.due(now) - self.spent(budget, now))


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
