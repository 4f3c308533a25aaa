"""What the API takes and answers about saved searches and alerts."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.v1.answers import Answer, Post
from api.v1.asking import Code, Value
from api.v1.moments import WrittenMoment
from desk.alerts import LONGEST_NAME, WatchWish
from desk.alerts_telling import AlertState, ToldAlert
from domain.labels import Authority, CaseState, Channel, Intent, Language, Sentiment, Urgency
from domain.search import Filters
from domain.watches import WatchKind
from store.watches import KeptWatch

MANY: Final = 20  # values of one filter
Kind = Literal["saved", "each", "digest", "spike"]
Hour = Annotated[int, Field(ge=0, le=23, description="Of the region's day, for a digest.")]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class WatchFilters(BaseModel):
    """Exact conditions, as those of /posts without days and region."""

    model_config = ConfigDict(extra="forbid")

    kecamatan: list[Code] = Field([], max_length=MANY)
    desa: list[Code] = Field([], max_length=MANY)
    topic: list[Code] = Field([], max_length=MANY)
    sentiment: list[Sentiment] = Field([], max_length=MANY)
    intent: list[Intent] = Field([], max_length=MANY)
    urgency: list[Urgency] = Field([], max_length=MANY)
    opd: list[Code] = Field([], max_length=MANY)
    source: list[Value] = Field([], max_length=MANY)
    channel: list[Channel] = Field([], max_length=MANY)
    language: list[Language] = Field([], max_length=MANY)
    state: list[CaseState] = Field([], max_length=MANY)
    urusan: list[Code] = Field([], max_length=MANY)
    authority: list[Authority] = Field([], max_length=MANY)
    story: list[Code] = Field([], max_length=MANY)
    oversight: bool | None = None

    def filters(self) -> Filters:
        """The conditions as a watch holds them."""
        given = self.model_dump()
        return Filters.model_validate({k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})

    @classmethod
    def of(cls, filters: Filters) -> Self:
        """The conditions of a watch."""
        plain = filters.model_dump(include=set(cls.model_fields))
        return cls.model_validate({k: list(v) if isinstance(v, tuple) else v for k, v in plain.items()})


class WatchChange(BaseModel):
    """How a saved search is called and how it speaks."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    kind: Kind = Field("each", description="saved: not at all; each: of each story; digest: daily; spike: of a rise.")
    hour: Hour = 7
    shared: bool = Field(default=False, description="Whether the region's center reads along, each what he may see.")
    paused: bool = False

    def wish(self) -> WatchWish:
        """What is asked of the desk."""
        return WatchWish(self.name, WatchKind(self.kind), self.hour, self.shared, self.paused)


class NewWatch(WatchChange):
    """A search to be saved."""

    region: Code = Field(description="Slug of the region whose posts it finds.")
    q: str = Field("", max_length=2_000, description="As in /posts.")
    filters: WatchFilters = WatchFilters()


class WatchAnswer(Answer):
    """A saved search. `owner` keeps it; others may only read what it finds."""

    id: str
    owner: str
    region: str
    name: str
    q: str
    filters: WatchFilters
    kind: Kind
    hour: int
    shared: bool
    paused: bool
    since: AwareDatetime = Field(description="Posts that came in before are never told.")
    created_at: AwareDatetime

    @classmethod
    def of(cls, kept: KeptWatch) -> Self:
        """A watch as it may leave."""
        watch = kept.watch
        plain = watch.model_dump(include=set(cls.model_fields) - {"filters", "owner"})
        return cls.model_validate(
            {**plain, "owner": kept.owner.name, "filters": WatchFilters.of(watch.filters)}
        )  # fmt: skip


class WatchList(Answer):
    """The caller's saved searches, then those that others share with the center."""

    total: int
    items: tuple[WatchAnswer, ...]
    next: None = None


class AlertAnswer(Answer):
    """An alert: a story (`each`), a day's stories (`digest`) or an hour out of the usual (`spike`), and why.

    All of it, counts included, is of posts that the caller may see at this moment.
    """

    id: str
    watch: str
    name: str = Field(description="Of the saved search.")
    region: str
    kind: Kind
    state: AlertState
    at: AwareDatetime
    until: AwareDatetime | None = Field(description="Snoozed until then.")
    hour: AwareDatetime | None = Field(description="Of a spike: when its hour began.")
    usual: float | None = Field(description="Of a spike: stories that such an hour usually brings.")
    stories: int
    terms: tuple[str, ...]
    sources: tuple[str, ...]
    places: tuple[str, ...] = Field(description="Kemendagri codes.")
    samples: tuple[Post, ...] = Field(description="The newest post of each of its newest stories.")

    @classmethod
    def of(cls, told: ToldAlert) -> Self:
        """An alert as it may leave."""
        alert, why, watch = told.alert, told.why, told.alert.kept.watch
        return cls(
            id=alert.id, watch=watch.id, name=watch.name, region=watch.region, kind=alert.kind.value,
            state=alert.state, at=alert.at, until=alert.until, hour=alert.hour, usual=alert.usual,
            stories=alert.count, terms=why.terms, sources=why.sources, places=why.places,
            samples=tuple(Post.of(document) for document in told.samples),
        )  # fmt: skip


class AlertList(Answer):
    """A page of alerts, newest first."""

    total: int
    items: tuple[AlertAnswer, ...]
    next: str | None = None


class AlertChange(BaseModel):
    """What the caller does with an alert. Saying it again changes nothing."""

    model_config = ConfigDict(extra="forbid")

    state: AlertState
    until: WrittenMoment | None = Field(None, description="Only for `snoozed`, and then it must be there.")
