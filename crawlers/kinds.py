"""Kinds of sources: one module of `crawlers.sources` each. What a kind is handed and hands back."""

from __future__ import annotations

import pkgutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from types import ModuleType
from typing import Protocol

import orjson

from crawlers.asking import Answer, Ask
from crawlers.yields import Listing, Usual
from domain.doors import Budget, Credential, KindFacts, Need
from domain.errors import CatalogueError
from domain.ports import Purse, SourceMemory, SourceSpec
from domain.posts import Incoming, IntakeReport

BELT = "crawl"  # name under which malformed entries stand in the quarantine
BATCH = 100  # posts in one transaction

Knows = Callable[[Sequence[str]], Awaitable[frozenset[str]]]  # which post ids are stored already


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """One crawl to be made. `since` walks back to a time; `limit` stops after so many posts (a proof, not a crawl).

    `inside` lets the source's own host lie in a private network; the hosts that it leads to never may.
    """

    spec: SourceSpec
    memory: SourceMemory
    now: datetime
    since: datetime | None = None
    limit: int | None = None
    inside: bool = True
    root: str | None = None  # where the platform's API is asked instead of at its own root: a proxy of the house
    credential: Credential | None = None  # None: none is kept
    purse: Purse | None = None  # None: nothing may be spent
    made: float = field(default_factory=time.monotonic, compare=False)  # when `now` was read, by the machine

    def clock(self) -> datetime:
        """What time it is while the crawl goes on, by the clock that `now` was read from."""
        return self.now + timedelta(seconds=time.monotonic() - self.made)

    @property
    def cursor(self) -> dict[str, object]:
        """The kind's own memory; empty when there is none or it cannot be read."""
        try:
            value = orjson.loads(self.memory.cursor or "{}")
        except orjson.JSONDecodeError:
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Malformed:
    """An entry that could not become a post: set aside with the reason."""

    key: str
    reason: str
    payload: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A post that its source no longer has: its words are to be hidden."""

    post_id: str


Found = Incoming | Malformed | Gone  # what a kind may yield


@dataclass(slots=True)
class CrawlNotes:
    """What happens in a crawl, noted as it happens. Nobody else writes here while it runs."""

    answered: bool = False
    finished: bool = False  # the kind came to its end, well or not so well
    not_modified: bool = False
    incremental: bool = False  # asked for what is new only: no posts then means no news
    seen: int = 0
    dates: list[datetime] = field(default_factory=list)  # of the posts seen, future ones left out
    newest: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    cursor: dict[str, object] | None = None
    moved_to: str | None = None
    trouble: str | None = None  # something went wrong and the rest was still usable
    blocked: str | None = None
    refused: str | None = None  # the key: a person has to give another
    rest_until: datetime | None = None  # the platform or the budget asks for a pause
    failed: str | None = None
    withdrawn: int = 0
    report: IntakeReport = field(default_factory=IntakeReport)
    listings: list[Listing] = field(default_factory=list)
    good: int = 0  # entries that became posts
    bad: int = 0  # entries that could not
    first_bad: str | None = None  # id of the kept answer with the first of these
    barren: int = 0  # pages that were fetched for a post and held none
    usual: Usual | None = None  # what this crawl makes of what is usual
    kept: dict[str, str] = field(default_factory=dict)  # of answers that are kept: their ids by address
    last_kept: str | None = None
    unkept: str | None = None  # why an answer was not kept
    answer: str | None = None  # id of the kept answer that shows what went wrong
    broken: Exception | None = None  # the sink refused: nothing is recorded, nothing is lost

    def saw(self, published_at: datetime | None, now: datetime) -> None:
        """Note a post and its date."""
        self.seen += 1
        if published_at is not None and published_at <= now:
            self.dates.append(published_at)
            self.newest = max(self.newest or published_at, published_at)

    def listed(self, answer: Answer, posts: int) -> None:
        """Note an answer that lists posts, whole and not only what is new, and how many were found in it."""
        self.listings.append(Listing(answer.url, len(answer.body), posts))

    def took(self, found: Found) -> None:
        """Count what the kind yielded."""
        self.good += isinstance(found, Incoming)
        if isinstance(found, Malformed):
            self.bad += 1
            self.first_bad = self.first_bad or self.last_kept

    def keep_validators(self, answer: Answer) -> None:
        """Remember ETag and Last-Modified of a 200 for the next conditional request."""
        self.etag = answer.headers.get("etag")
        self.last_modified = answer.headers.get("last-modified")


class Memory(Protocol):
    """What is stored already, asked off the event loop. Calling it is `SourceBook.knows`."""

    async def __call__(self, post_ids: Sequence[str], /) -> frozenset[str]: ...

    async def standing(self, since: datetime, until: datetime, *, parent: str | None = None) -> Mapping[str, str]:
        """Posts of this source, see `SourceBook.standing`."""
        ...


Collect = Callable[[Ask, CrawlJob, CrawlNotes, Memory], AsyncIterator[Found]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a site showed when it was looked at: the page at the given address and what it led to."""

    url: str
    page: Answer
    rest: Answer | None = None
    robots: Answer | None = None


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of source. `detect` returns the address to crawl when the evidence speaks for this kind."""

    key: str
    title: str
    rank: int  # which kind is taken first when several fit: the one that brings most
    detect: Callable[[Evidence], str | None]
    collect: Collect
    doors: Callable[[str, Answer | None], list[str]] | None = None  # where an address leads, when not to itself alone
    owns: Callable[[str], str | None] | None = None  # the address to crawl for one that shows its platform by itself
    host: str | None = None  # whose patience is used, where it is not the address's own host: the API's
    budget: Callable[[SourceSpec, Credential | None], Budget] | None = None  # what it spends, where asking costs
    need: Need | None = None
    price: str | None = None
    allowed: str | None = None
    options: tuple[tuple[str, str], ...] = ()

    @property
    def facts(self) -> KindFacts:
        """What people are told about it."""
        return KindFacts(self.key, self.title, self.need, self.price, self.allowed, self.options)


def by_address(_evidence: Evidence) -> str | None:
    """Never: for kinds that an address alone shows (`owns`), whatever its page holds."""
    return None


def load_kinds(package: str = "crawlers.sources") -> dict[str, SourceKind]:
    """All kinds by key, best first. CatalogueError when a module fails to import, has no KIND, or repeats a key."""
    folder = import_module(package)
    kinds: dict[str, SourceKind] = {}
    for found in sorted(pkgutil.iter_modules(folder.__path__), key=lambda module: module.name):
        kind = getattr(_load(f"{package}.{found.name}"), "KIND", None)
        if not isinstance(kind, SourceKind):
            raise CatalogueError(f"{package}.{found.name} has no value KIND of type SourceKind")
        if kind.key in kinds:
            raise CatalogueError(f"{package}.{found.name} repeats the kind {kind.key}")
        kinds[kind.key] = kind
    return dict(sorted(kinds.items(), key=lambda pair: pair[1].rank))


def _load(name: str) -> ModuleType:
    try:
        return import_module(name)
    except Exception as cause:
        raise CatalogueError(f"{name} cannot be imported: {cause}") from cause


def conditional(memory: SourceMemory) -> Mapping[str, str]:
    """Headers that let a source answer "nothing changed"."""
    headers: dict[str, str] = {}
    if memory.etag:
        headers["If-None-Match"] = memory.etag
    if memory.last_modified:
        headers["If-Modified-Since"] = memory.last_modified
    return headers


def stored_time(cursor: Mapping[str, object], name: str) -> datetime | None:
    """A moment out of a cursor; None when it is absent or no aware date."""
    said = cursor.get(name)
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
