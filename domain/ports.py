"""The seams between rooms. Each port has a contract suite under tests/contracts that every adapter passes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.cases import Case, CaseStatus
from domain.documents import PostDocument
from domain.doors import Budget, Spent
from domain.labels import SourceState
from domain.posts import Incoming, IntakeReport, RawPost
from domain.reading import Reading
from domain.scope import Scope
from domain.search import (
    BulkItem,
    CaseVersion,
    DayDigest,
    EmergingTerm,
    FacetValue,
    IndexStatus,
    SearchPage,
    SearchQuery,
    TermsQuery,
    Tombstone,
    TrendQuery,
    TrendSeries,
)
from domain.vectors import Vector

NOTHING = IntakeReport()


class PostSink(Protocol):
    """Where crawlers, importers and webhooks hand posts in. It masks, seals and stores; once or twice is the same."""

    def accept(self, posts: Sequence[Incoming]) -> IntakeReport:
        """Store a batch in one transaction and queue what is new or revised for reading."""
        ...

    def set_aside(self, *, belt: str, key: str, reason: str, payload: str) -> None:
        """Quarantine something that could not even become a post. `payload` is masked before it is written."""
        ...

    def withdraw(self, post_ids: Sequence[str], at: datetime) -> int:
        """Hide the words of posts that their source has deleted; what they count for stays. Returns how many were.

        Ids that are not stored, or withdrawn already, change nothing.
        """
        ...


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as data: from a region's sources.toml, the site's overlay, or `jaring sources add`."""

    key: str  # unique, [a-z0-9-]
    name: str
    kind: str  # a module of crawlers/sources: rss | wordpress | youtube | ...
    url: str  # the public address of what is listened to, also where an API is asked for it
    regions: tuple[str, ...]
    every_minutes: int = 60
    enabled: bool = True
    added_by: str = "profile"  # profile | overlay | a user name
    options: tuple[tuple[str, str], ...] = ()  # what its kind lets be set, see `KindFacts.options`

    def option(self, name: str) -> str | None:
        """A setting of this source."""
        return dict(self.options).get(name)


@dataclass(frozen=True, slots=True)
class SourceMemory:
    """What a source remembers between two crawls."""

    key: str
    state: SourceState = SourceState.UNPROVEN
    etag: str | None = None
    last_modified: str | None = None
    cursor: str | None = None  # kind-specific JSON: newest seen, modified_after, ...
    last_attempt_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None  # when it last brought a post that was new
    newest_post_at: datetime | None = None
    failures: int = 0  # in a row
    message: str | None = None  # last error, in words for people
    posts_total: int = 0
    next_due_at: datetime | None = None
    answer: str | None = None  # id of the kept answer that the last crawl failed on
    interval_minutes: int | None = None  # how often it is asked by what it has shown; None: as its profile says


@dataclass(frozen=True, slots=True)
class CrawlOutcome:
    """What one crawl of one source came to. Written in one go, after its posts were accepted."""

    key: str
    state: SourceState
    at: datetime
    seen: int = 0
    report: IntakeReport = NOTHING
    newest_post_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    cursor: str | None = None
    message: str | None = None
    rest_until: datetime | None = None  # the source, or its budget, asks to be left alone until then
    answer: str | None = None  # id of the kept answer that it failed on


class SourceBook(Protocol):
    """The database's side of sources: which there are, what they remember, how they fare."""

    def specs(self) -> Sequence[SourceSpec]: ...
    def memory(self, key: str) -> SourceMemory: ...
    def record(self, outcome: CrawlOutcome) -> None: ...
    def knows(self, post_ids: Sequence[str]) -> frozenset[str]:
        """Return those of the given post ids that are stored already."""
        ...

    def standing(
        self, source: str, since: datetime, until: datetime, *, parent: str | None = None
    ) -> Mapping[str, str]:
        """Posts of a source published at `since <= t < until` and not withdrawn: native id by post id.

        With `parent` only those under that post (its id). What is missing from a complete listing was deleted.
        """
        ...


class Purse(Protocol):
    """What may still be spent of platforms' allowances: one account for all processes, kept through restarts."""

    def reserve(self, budget: Budget, units: int, now: datetime) -> bool:
        """Set units aside before they are spent; False, and nothing set aside, when they are not left."""
        ...

    def give_back(self, budget: Budget, units: int, reserved_at: datetime) -> None:
        """Return units that were set aside at that time and not spent after all."""
        ...

    def stands(self, budget: Budget, now: datetime) -> Spent:
        """How an account stands."""
        ...


class HostTurns(Protocol):
    """Whose turn it is at other people's servers: one queue per host, for all processes."""

    def take(self, host: str, delay: timedelta, now: datetime) -> datetime:
        """Queue for one question to a host; returns when it may be asked, `now` at the earliest.

        Between two turns at a host lies the delay of the earlier one.
        """
        ...


class Reader(Protocol):
    """nlp as the wiring sees it: posts in, readings out, same order, one each."""

    def read(self, posts: Iterable[RawPost]) -> Iterator[Reading]: ...


class CaseDecider(Protocol):
    """The desk as the reading belt sees it: which regions a post concerns, and what it means there."""

    def decide(self, post: RawPost, reading: Reading, statuses: dict[str, CaseStatus]) -> Sequence[Case]:
        """Return one case per region concerned. `statuses` holds, by region, what people said so far."""
        ...


class QueryEncoder(Protocol):
    """An encoder as search sees it: words in, their place in the space where posts were put by the same encoder."""

    @property
    def name(self) -> str:
        """Name and version, as in `Vector.model`."""
        ...

    def vector_of(self, words: str) -> Vector:
        """Where words that people search for stand. They hold at least one word."""
        ...


class PostIndex(Protocol):
    """A search engine. The whole contract stands in tests/contracts/index; every engine passes all of it."""

    def upsert(self, documents: Sequence[PostDocument | Tombstone]) -> Sequence[BulkItem]:
        """Write documents whole; an older `rev` than the stored one is `stale`, never an error."""
        ...

    def search(self, query: SearchQuery, scope: Scope) -> SearchPage:
        """Raises: QueryRefused with the position of the fault, IndexUnavailable."""
        ...

    def aggregate(self, query: TrendQuery, scope: Scope) -> TrendSeries: ...
    def top_terms(self, query: TermsQuery, scope: Scope) -> Sequence[FacetValue]: ...
    def emerging(self, query: TermsQuery, scope: Scope) -> Sequence[EmergingTerm]:
        """Words of the exact stream that `filters.since..until` uses more than the equal time before it."""
        ...

    def similar(self, case_id: str, scope: Scope, *, size: int = 10) -> SearchPage:
        """Cases like a case, best first, itself and its own story left out.

        Nearest in meaning where the case has a vector, else those that share its rarest words.
        """
        ...

    def digests(self) -> Sequence[DayDigest]: ...
    def versions(self, region: str, month: str) -> Iterator[CaseVersion]: ...
    def refresh(self) -> None:
        """Make all accepted writes visible to searches."""
        ...

    def clear(self) -> None:
        """Forget everything: the first step of a rebuild."""
        ...

    def status(self) -> IndexStatus: ...
    def close(self) -> None: ...
