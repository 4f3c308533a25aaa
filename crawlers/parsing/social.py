"""How what people said on a platform becomes a post, the same for every platform."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pydantic import ValidationError

from crawlers.kinds import CrawlJob, Malformed
from crawlers.markup import cut
from crawlers.parsing.build import malformed
from domain.ids import post_id
from domain.labels import Channel, DateTrust
from domain.posts import Engagement, Incoming, Media


@dataclass(frozen=True, slots=True)
class Said:
    """What a platform's API gave of one post or comment. `parent` is the post id of what it stands under."""

    namespace: str
    native_id: str
    channel: Channel
    url: str | None
    text: str
    author: str | None
    published_at: datetime | None
    parent: str | None = None
    engagement: Engagement = field(default_factory=Engagement)
    media: tuple[Media, ...] = ()

    @property
    def id(self) -> str:
        """The post id that this will have."""
        return post_id(self.namespace, self.native_id)


@dataclass(frozen=True, slots=True)
class Top:
    """A post of the page. `count`: what is said under it, as the platform counts."""

    native: str
    said: Said
    count: int | None


def social_post(said: Said, job: CrawlJob) -> Incoming | Malformed:
    """The post of what was said, or why there is none."""
    try:
        return Incoming(
            namespace=said.namespace,
            native_id=said.native_id,
            source=job.spec.key,
            regions=job.spec.regions,
            channel=said.channel,
            url=said.url,
            author=said.author,
            text=cut(said.text.strip()),
            published_at=said.published_at,
            date_trust=DateTrust.EXACT if said.published_at else DateTrust.FETCHED,
            fetched_at=job.now,
            parent=said.parent,
            engagement=said.engagement,
            media=said.media,
        )
    except ValidationError as cause:
        return malformed(job, said.native_id, _reason(cause), said.text)


def misshapen(raw: object, cause: ValidationError, job: CrawlJob) -> Malformed:
    """An entry that has not the shape its platform documents."""
    key = str(raw.get("id") or "?") if isinstance(raw, dict) else "?"
    return malformed(job, key, _reason(cause), str(raw))


def _reason(cause: ValidationError) -> str:
    first = cause.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
