"""What the lists of sources, regions and topics answer."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from api.v1.answers import Answer
from domain.labels import SourceState


class SourceAnswer(Answer):
    """A source and how it fares."""

    key: str
    name: str
    kind: str
    url: str
    regions: tuple[str, ...]
    enabled: bool
    state: SourceState
    message: str | None
    last_attempt_at: AwareDatetime | None
    last_new_at: AwareDatetime | None
    newest_post_at: AwareDatetime | None
    posts_total: int


class SourceList(Answer):
    """All sources of the visible regions; there is no second page."""

    total: int
    items: tuple[SourceAnswer, ...]
    next: None = None


class AgencyAnswer(Answer):
    """An agency of a region."""

    kode: str
    name: str
    level: str
    verified: bool


class AreaAnswer(Answer):
    """An area of a region."""

    kode: str
    name: str
    level: str
    parent: str


class RegionAnswer(Answer):
    """A region that is served."""

    slug: str
    name: str
    kode: str
    level: str
    zone: str
    version: str
    agencies: tuple[AgencyAnswer, ...]
    areas: tuple[AreaAnswer, ...] = Field(description="Empty unless asked for.")


class RegionList(Answer):
    """All visible regions; there is no second page."""

    total: int
    items: tuple[RegionAnswer, ...]
    next: None = None


class TopicAnswer(Answer):
    """A topic of the taxonomy."""

    code: str
    name: str
    en: str
    main: str
    urusan: str
    sp4n: str
    sla: str
    authority: str
    about: str


class TopicList(Answer):
    """The whole taxonomy; there is no second page."""

    total: int
    items: tuple[TopicAnswer, ...]
    next: None = None
    version: str
