"""What people say under a video: threads of comments, and the replies to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawlers.kinds import CrawlJob, Malformed
from crawlers.parsing.build import malformed
from crawlers.parsing.youtube.addresses import video_id, watch_url
from crawlers.parsing.youtube.posts import post_from
from crawlers.parsing.youtube.shapes import CommentEntry, ThreadEntry, key_in, shaped
from domain.posts import Engagement, Incoming


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and those of its replies that came along; `total` is how many replies the platform counts."""

    top: Incoming
    at: datetime
    shown: tuple[Incoming | Malformed, ...]
    total: int


def threads(items: Sequence[Any], video: str, job: CrawlJob) -> list[Thread | Malformed]:
    """A page of threads under a video, in the platform's order."""
    return [_thread(item, video, job) for item in items]


def replies(items: Sequence[Any], video: str, top: str, job: CrawlJob) -> list[Incoming | Malformed]:
    """Replies to a comment. `top` is the comment's post id."""
    return [_reply(item, video, top, job) for item in items]


def _thread(item: Any, video: str, job: CrawlJob) -> Thread | Malformed:
    shape = shaped(ThreadEntry, item)
    if isinstance(shape, str):
        return malformed(job, key_in(item), shape, str(item))
    said = shape.snippet
    top = _comment(said.top, video, video_id(video), job, replies=said.replies)
    if isinstance(top, Malformed):
        return top
    shown = shape.replies.comments if shape.replies else []
    return Thread(top, said.top.snippet.published, tuple(replies(shown, video, top.id, job)), said.replies)


def _reply(item: Any, video: str, top: str, job: CrawlJob) -> Incoming | Malformed:
    shape = shaped(CommentEntry, item)
    if isinstance(shape, str):
        return malformed(job, key_in(item), shape, str(item))
    return _comment(shape, video, top, job)


def _comment(
    comment: CommentEntry, video: str, parent: str, job: CrawlJob, *, replies: int | None = None
) -> Incoming | Malformed:
    said = comment.snippet
    return post_from(
        job,
        native=comment.id,
        url=watch_url(video, comment.id),
        author=said.channel.value if said.channel else said.name,
        text=said.words.strip(),
        published=said.published,
        parent=parent,
        engagement=Engagement(likes=said.likes, replies=replies),
    )
