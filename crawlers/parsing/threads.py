"""Answers of the Threads API: posts that a search found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from crawlers.kinds import CrawlJob, Malformed
from crawlers.moments import moment
from crawlers.parsing.social import Said, misshapen, social_post
from domain.ids import post_id
from domain.labels import Channel
from domain.posts import Incoming, Media

NAMESPACE = "threads"
FIELDS = "id,text,permalink,timestamp,username,is_reply,root_post,media_type,media_url"
_MEDIA = {"IMAGE": "image", "VIDEO": "video"}


class _Root(BaseModel):
    id: str


class _Post(BaseModel):
    id: str = Field(min_length=1, max_length=100)
    timestamp: str
    text: str = ""
    permalink: str | None = None
    username: str | None = None
    is_reply: bool = False
    root_post: _Root | None = None
    media_type: str | None = None
    media_url: str | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What a page of a search holds. `marks` are the seconds since 1970 of all of it, pictures without words too."""

    entries: tuple[Incoming | Malformed, ...]
    marks: tuple[int, ...]


def parse_search(items: Iterable[Any], job: CrawlJob) -> SearchPage:
    """Posts of a search; one that is not shaped as documented says why, one without words is left out."""
    entries: list[Incoming | Malformed] = []
    marks: list[int] = []
    for raw in items:
        try:
            post = _Post.model_validate(raw)
        except ValidationError as cause:
            entries.append(misshapen(raw, cause, job))
            continue
        at = moment(post.timestamp)
        if at is not None:
            marks.append(int(at.timestamp()))
        if not post.text.strip():
            continue
        root = post.root_post.id if post.root_post is not None and post.is_reply else None
        kind = _MEDIA.get(post.media_type or "")
        entries.append(
            social_post(
                Said(
                    namespace=NAMESPACE,
                    native_id=post.id,
                    channel=Channel.THREADS,
                    url=post.permalink,
                    text=post.text,
                    author=post.username,
                    published_at=at,
                    parent=post_id(NAMESPACE, root) if root else None,
                    media=(Media(kind=kind, url=post.media_url),) if kind and post.media_url else (),
                ),
                job,
            )
        )
    return SearchPage(tuple(entries), tuple(marks))
