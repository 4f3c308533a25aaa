"""What the API answers: typed, and a promise to those who script against it. Authors and contacts are not in it."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.cases import Label, OpdCandidate, ResolvedPlace
from domain.documents import PostDocument
from domain.labels import (
    Authority,
    CaseState,
    Channel,
    DateTrust,
    Intent,
    LabelTask,
    Language,
    Sentiment,
    Urgency,
)
from domain.posts import Engagement
from domain.reading import PlaceMention, Span, TopicScore
from domain.search import FacetValue, Hit, SearchPage


class Answer(BaseModel):
    """Base of all answers."""

    model_config = ConfigDict(frozen=True)


class Post(Answer):
    """A case: a post and what it means for one region. All text is masked."""

    id: str = Field(description="Case id: post id, a dot, the region.")
    post_id: str
    region: str
    rev: int = Field(description="Grows with every change of anything shown here.")
    source: str
    channel: Channel
    url: str | None
    title: str | None
    text: str
    published_at: AwareDatetime
    date_trust: DateTrust
    ingested_at: AwareDatetime
    local_date: date
    language: Language
    intent: Intent
    topic: str
    topic_main: str
    urusan: str
    sentiment: Sentiment
    urgency: Urgency
    oversight: bool
    abuse: bool
    relevance: float
    authority: Authority
    opd: str | None
    opd_p: float
    opds: tuple[OpdCandidate, ...]
    places: tuple[ResolvedPlace, ...]
    kecamatan: str | None
    desa: str | None
    lat: float | None
    lon: float | None
    state: CaseState
    story: str
    parent: str | None
    why: str
    engagement: Engagement
    corrected: tuple[LabelTask, ...] = Field(description="Tasks that a person answered.")
    withdrawn_at: AwareDatetime | None = Field(
        None, description="Since when its source no longer has it: its words are gone here, too."
    )

    @classmethod
    def of(cls, document: PostDocument) -> Self:
        """What of a document may leave."""
        return cls.model_validate(_shown(document))


def _shown(document: PostDocument) -> dict[str, Any]:
    # What stands in no index is in no plain dump of a document.
    return document.model_dump(include=set(Post.model_fields)) | {"withdrawn_at": document.withdrawn_at}


class FoundPost(Post):
    """A hit."""

    score: float | None = None
    story_size: int = Field(1, description="Matching, visible cases of its story.")
    highlights: tuple[Span, ...] = Field((), description="In title, blank line, text; code points.")

    @classmethod
    def of_hit(cls, hit: Hit) -> FoundPost:
        """A hit of the index."""
        return cls.model_validate(
            {**_shown(hit.document), "score": hit.score, "story_size": hit.story_size, "highlights": hit.highlights}
        )


class PostList(Answer):
    """A page of a search. `total` counts cases, `stories` the distinct stories among them."""

    total: int
    stories: int
    items: tuple[FoundPost, ...]
    next: str | None = None
    facets: dict[str, tuple[FacetValue, ...]] = {}

    @classmethod
    def of(cls, page: SearchPage) -> Self:
        """A page of the index."""
        return cls(
            total=page.total,
            stories=page.stories,
            items=tuple(FoundPost.of_hit(hit) for hit in page.items),
            next=page.next,
            facets=page.facets,
        )


class ReadingAnswer(Answer):
    """What the words say, with how sure the machine is. Spans are in title, blank line, text; code points."""

    intent: Intent
    intent_p: float
    sentiment: Sentiment
    sentiment_p: float
    topics: tuple[TopicScore, ...]
    urgency: Urgency
    urgency_cue: Span | None
    places: tuple[PlaceMention, ...]
    decided_by: dict[str, str]


class Revision(Answer):
    """The masked words before an edit."""

    revision: int
    title: str | None
    text: str
    replaced_at: AwareDatetime


class PostDetail(Answer):
    """A case with all that belongs to it."""

    post: Post
    reading: ReadingAnswer
    labels: tuple[Label, ...] = Field(description="What people said, oldest first.")
    story: tuple[Post, ...] = Field(description="Other visible cases of its story.")
    elsewhere: tuple[Post, ...] = Field(description="The same post in other visible regions.")
    revisions: tuple[Revision, ...]


class LabelWish(BaseModel):
    """A correction."""

    model_config = ConfigDict(extra="forbid")

    task: LabelTask
    value: str = Field(
        min_length=1, max_length=200, description="A value of the task; OPD and place by code; relevance 1 or 0."
    )
    note: str | None = Field(None, max_length=500)


class LabelList(Answer):
    """Where a case stands and what people said about it, oldest first."""

    state: CaseState
    labels: tuple[Label, ...]


class Handed(Answer):
    """What became of a post that was handed in."""

    post_id: str
    outcome: Literal["added", "revised", "unchanged"]
