"""What people said: as it reached us (`Incoming`, unmasked, never stored) and as it is kept (`RawPost`, masked)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.ids import post_id
from domain.labels import Channel, DateTrust, PiiKind

MAX_TEXT = 50_000  # code points; longer articles are cut by the door that brings them, with a note
MAX_TITLE = 1_000
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # nothing public is older; a clock that says so was never set

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Frozen(BaseModel):
    """Base of every value that crosses a process: frozen, and strict about unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Media(Frozen):
    """A picture, film or sound that a post carries: kept as a link, not fetched."""

    kind: str  # image | video | audio | document
    url: str


class Engagement(Frozen):
    """What the platform counted, None where it does not tell."""

    likes: int | None = None
    replies: int | None = None
    shares: int | None = None
    views: int | None = None


class Hints(Frozen):
    """What the door already knows about a post: evidence for the desk; what a person chose there is decided."""

    place: str | None = None  # an address or place name in words
    agency: str | None = None  # the agency that the sender or an export names
    topic: str | None = None
    spot: str | None = None  # what a person chose from the gazetteer, as `PlaceEntry.kode`: an area, a road, a point
    same: str | None = None  # id of a post that, a person says, tells of the same


class Incoming(Frozen):
    """A post as its source gave it. It may hold personal data: it lives in memory only, until intake seals it."""

    namespace: str = Field(min_length=1, max_length=200)
    native_id: str = Field(min_length=1, max_length=2_000)
    source: str = Field(min_length=1, max_length=120)  # the source's key
    regions: tuple[str, ...] = ()  # regions the source listens for
    channel: Channel = Channel.WEB
    url: str | None = None
    author: str | None = None  # handle or name; stored only as a keyed hash
    contact: str | None = None  # the reporter's phone or e-mail; stored only encrypted
    title: str | None = Field(default=None, max_length=MAX_TITLE)
    text: str = Field(max_length=MAX_TEXT)
    published_at: AwareDatetime | None = None
    date_trust: DateTrust = DateTrust.EXACT
    fetched_at: AwareDatetime
    parent: str | None = None  # post id
    media: tuple[Media, ...] = ()
    lat: Latitude | None = None
    lon: Longitude | None = None
    engagement: Engagement = Engagement()
    wire: str | None = None  # news agency credited for the text ("antara")
    hints: Hints = Hints()

    @property
    def id(self) -> str:
        """The post id this will have."""
        return post_id(self.namespace, self.native_id)


class PiiSpan(Frozen):
    """Where personal data stood, in code points of the masked text (the mask keeps no length of the original)."""

    kind: PiiKind
    start: int
    end: int


class RawPost(Frozen):
    """The source's words as truth keeps them: personal data masked, author hashed, times in UTC."""

    id: str
    namespace: str
    native_id: str
    source: str
    regions: tuple[str, ...] = ()
    channel: Channel
    url: str | None = None
    author: str | None = None  # keyed hash, 16 hex characters
    title: str | None = None
    text: str
    pii: tuple[PiiSpan, ...] = ()  # offsets in `words`
    published_at: AwareDatetime
    date_trust: DateTrust
    fetched_at: AwareDatetime
    parent: str | None = None
    media: tuple[Media, ...] = ()
    lat: float | None = None
    lon: float | None = None
    engagement: Engagement = Engagement()
    wire: str | None = None
    hints: Hints = Hints()
    revision: int = 1
    withdrawn_at: AwareDatetime | None = None  # its source deleted it: the words are gone here, too

    @property
    def words(self) -> str:
        """Title and text as one string: what is read, tokenised, searched and pointed into by offsets."""
        return words(self.title, self.text)


def words(title: str | None, text: str) -> str:
    """Join a title and a text the one way every room does (a blank line between them)."""
    return f"{title}\n\n{text}" if title else text


class IntakeReport(Frozen):
    """What became of a batch of incoming posts: the four numbers add up to what was handed in."""

    added: int = 0
    revised: int = 0
    unchanged: int = 0
    quarantined: int = 0

    def __add__(self, other: IntakeReport) -> IntakeReport:
        return IntakeReport(
            added=self.added + other.added,
            revised=self.revised + other.revised,
            unchanged=self.unchanged + other.unchanged,
            quarantined=self.quarantined + other.quarantined,
        )


def clamp_published(
    published_at: datetime | None, trust: DateTrust, fetched_at: datetime
) -> tuple[datetime, DateTrust]:
    """Return a usable publication time: absent, future and senselessly old dates become the fetch time, marked so."""
    if published_at is None or not EARLIEST <= published_at <= fetched_at:
        return fetched_at, DateTrust.FETCHED
    return published_at, trust
