"""What is asked of the index and what it answers: search and aggregation, the same for every engine."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime, Field

from domain.documents import PostDocument
from domain.posts import Frozen
from domain.reading import Span
from domain.vectors import Vector

FACET_FIELDS = (
    "topic", "topic_main", "kecamatan", "desa", "opd", "sentiment", "intent", "urgency", "source",
    "channel", "language", "state", "region", "urusan", "authority",
)  # fmt: skip
MAX_PAGE = 200


class Order(StrEnum):
    """How hits are ordered."""

    NEWEST = "newest"
    BEST = "best"


class Mode(StrEnum):
    """What a search goes by. By meaning, words keep nothing out: they rank, and only fields and NOT are conditions."""

    TEXT = "text"  # words, as the expression asks for them
    MEANING = "meaning"  # the cases nearest to the words in meaning
    HYBRID = "hybrid"  # those, and the best by the words themselves, fused by their ranks


class Filters(Frozen):
    """Exact conditions, all of them; within one field any of the values. Empty means no condition."""

    since: AwareDatetime | None = None  # published_at >= since
    until: AwareDatetime | None = None  # published_at < until
    region: tuple[str, ...] = ()
    kecamatan: tuple[str, ...] = ()
    desa: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()  # a main code ("jalan") or a leaf ("jalan.rusak")
    sentiment: tuple[str, ...] = ()
    intent: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    opd: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    urusan: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    story: tuple[str, ...] = ()
    oversight: bool | None = None


class SearchQuery(Frozen):
    """One search. `q` is the boolean language of domain.query; empty finds everything."""

    q: str = Field(default="", max_length=2_000)
    filters: Filters = Filters()
    order: Order = Order.NEWEST
    fold: bool = True  # one hit per story, with the number of cases in it that also match
    facets: tuple[str, ...] = ()
    size: int = Field(default=20, ge=1, le=MAX_PAGE)
    after: str | None = None  # cursor of the page before: opaque, signed by nothing, refused when malformed
    timezone: str = "UTC"
    mode: Mode = Mode.TEXT
    vector: Vector | None = None  # of the words of `q`; every mode but text needs one


class Hit(Frozen):
    """One found case. `story_size` counts the matching, visible cases of its story (1 when not folded)."""

    document: PostDocument
    score: float | None = None
    story_size: int = 1
    highlights: tuple[Span, ...] = ()  # in `document.words`


class FacetValue(Frozen):
    """How many matching cases carry a value."""

    value: str
    count: int


class SearchPage(Frozen):
    """A page of hits. `total` counts cases, `stories` counts distinct stories among them.

    By meaning and hybrid both count what the pages lead through: the nearest few hundred, see `indexer.ranking`.
    """

    total: int
    stories: int
    items: tuple[Hit, ...]
    next: str | None = None
    facets: dict[str, tuple[FacetValue, ...]] = Field(default_factory=dict)


class Interval(StrEnum):
    """Width of a histogram's bars, in the asked zone; weeks begin on Monday."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class TrendQuery(Frozen):
    """A histogram over `published_at` in a zone, split by a field's values."""

    q: str = ""
    filters: Filters = Filters()
    interval: Interval = Interval.DAY
    timezone: str = "UTC"
    split: str | None = None  # one of FACET_FIELDS
    distinct_stories: bool = False  # count stories instead of cases: no spikes from reposts


class TrendPoint(Frozen):
    """One bar: `start` is the bar's first local day or hour; `split` is empty when none was asked."""

    start: AwareDatetime
    count: int
    split: dict[str, int] = Field(default_factory=dict)


class TrendSeries(Frozen):
    """Bars without gaps from the first to the last asked moment (or the first and last match)."""

    interval: Interval
    timezone: str
    points: tuple[TrendPoint, ...]
    total: int


class TermsQuery(Frozen):
    """Top values of a field, or words that stand out now against before (emerging)."""

    q: str = ""
    filters: Filters = Filters()
    field: str = "topic"
    size: int = Field(default=20, ge=1, le=1_000)


class EmergingTerm(Frozen):
    """A word that a period uses more than the period before it: `score` is a log-likelihood ratio."""

    term: str
    count: int  # cases in the period
    before: int  # cases in the same length of time before
    score: float


class Tombstone(Frozen):
    """A deletion that must win over older writes."""

    id: str
    rev: int
    month: str


class BulkItem(Frozen):
    """The fate of one write: written | stale (a newer rev stands; a success) | poison (set aside, with the reason)."""

    id: str
    fate: str
    reason: str | None = None


class IndexStatus(Frozen):
    """How an index stands."""

    engine: str
    documents: int
    newest: AwareDatetime | None = None
    size_bytes: int | None = None
    mapping_version: int
    norm_version: int


class DayDigest(Frozen):
    """Count and order-free hash of (id, rev) of one region's cases of one month: what reconcile compares."""

    region: str
    month: str
    count: int
    digest: str


class CaseVersion(Frozen):
    """A case's identity in the index: what reconcile lists when digests differ."""

    id: str
    rev: int
