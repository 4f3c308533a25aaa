"""Query parameters of searches and trends, the same names as `domain.search.Filters` has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from api.asked import usual_order
from api.v1.moments import WrittenMoment
from domain.errors import Refused
from domain.labels import Authority, CaseState, Channel, Intent, Language, Sentiment, Urgency
from domain.search import MAX_PAGE, Filters, Interval, Mode, Order, SearchQuery, TrendQuery

OLDEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
NEWEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
MAX_BARS: Final = 5_000  # of one histogram: half a year of hours
USUAL_STRETCH: Final = timedelta(days=30)
WIDTHS: Final = {
    Interval.HOUR: timedelta(hours=1),
    Interval.DAY: timedelta(days=1),
    Interval.WEEK: timedelta(weeks=1),
    Interval.MONTH: timedelta(days=28),
}


def _sensible(moment: datetime) -> datetime:
    """Bring far-off moments to where every zone can still count: no post lies beyond."""
    return min(max(moment, OLDEST), NEWEST)


Moment = Annotated[WrittenMoment, AfterValidator(_sensible)]
Value = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=60)]
Facet = Literal[
    "topic", "topic_main", "kecamatan", "desa", "opd", "sentiment", "intent", "urgency", "source",
    "channel", "language", "state", "region", "urusan", "authority",
]  # fmt: skip


class FilterParams(BaseModel):
    """Conditions: all fields together, any of one field's values. Repeat a parameter for several values."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", max_length=2_000, description='Boolean search: AND OR NOT "frasa" awal* NEAR/5 topic:jalan.')
    since: Moment | None = Field(None, description="Published at or after.")
    until: Moment | None = Field(None, description="Published before.")
    region: list[Code] = Field([], description="Slug of a region.")
    kecamatan: list[Code] = Field([], description="Kemendagri code.")
    desa: list[Code] = Field([], description="Kemendagri code.")
    topic: list[Code] = Field([], description="Main topic or topic; see /api/v1/topics.")
    sentiment: list[Sentiment] = []
    intent: list[Intent] = []
    urgency: list[Urgency] = []
    opd: list[Code] = Field([], description="Short name of an agency, such as PUTR.")
    source: list[Value] = Field([], description="Key of a source; see /api/v1/sources.")
    channel: list[Channel] = []
    language: list[Language] = []
    state: list[CaseState] = []
    urusan: list[Code] = []
    authority: list[Authority] = []
    story: list[Code] = Field([], description="Case id of a story's first case.")
    oversight: bool | None = Field(None, description="Whether someone in office is accused.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since >= self.until:
            raise ValueError("since must lie before until")
        return self

    def filters(self) -> Filters:
        """The conditions as the index takes them."""
        given = self.model_dump(include=set(Filters.model_fields))
        return Filters.model_validate({k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})


class SearchParams(FilterParams):
    """A search of posts."""

    mode: Mode = Field(
        Mode.TEXT,
        description="text: posts that hold the words; meaning: the posts nearest to the words in meaning; hybrid: both "
        "fused. In the latter two words only rank, while fields and NOT stay conditions. Refused without an encoder.",
    )
    order: Order | None = Field(None, description="Without it newest first by text, best first otherwise.")
    fold: bool = Field(default=True, description="One hit per story; `story_size` says how many there are.")
    facets: list[Facet] = Field([], description="Fields whose values are to be counted.")
    size: int = Field(20, ge=1, le=MAX_PAGE)
    after: str | None = Field(None, max_length=2_000, description="`next` of the page before.")

    def query(self, zone: ZoneInfo) -> SearchQuery:
        """What the index is asked."""
        return SearchQuery(
            q=self.q,
            filters=self.filters(),
            order=self.order or usual_order(self.mode),
            fold=self.fold,
            facets=tuple(dict.fromkeys(self.facets)),
            size=self.size,
            after=self.after,
            timezone=zone.key,
            mode=self.mode,
        )


class TrendParams(FilterParams):
    """A histogram over time. Without `since`, the 30 days before `until`; without `until`, up to now."""

    interval: Interval = Interval.DAY
    split: Facet | None = Field(None, description="Split each bar by this field's values.")
    distinct_stories: bool = Field(default=False, description="Count stories instead of cases.")

    def query(self, zone: ZoneInfo, now: datetime) -> TrendQuery:
        """What the index is asked. Refused when it would draw too many bars."""
        until = self.until or now
        since = self.since or until - USUAL_STRETCH
        if (until - since) / WIDTHS[self.interval] > MAX_BARS:
            raise Refused(f"Lebih dari {MAX_BARS} batang: persempit since dan until, atau lebarkan interval.")
        return TrendQuery(
            q=self.q,
            filters=self.filters().model_copy(update={"since": since, "until": until}),
            interval=self.interval,
            timezone=zone.key,
            split=self.split,
            distinct_stories=self.distinct_stories,
        )
