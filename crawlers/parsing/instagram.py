"""Answers of the Instagram API about an account of one's own: media, comments with their replies."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field, ValidationError

from crawlers.kinds import CrawlJob, Malformed
from crawlers.moments import moment
from crawlers.parsing.social import Said, Top, misshapen
from domain.labels import Channel
from domain.posts import Engagement

MEDIA, COMMENTS = "instagram", "instagram:komentar"  # namespaces
MEDIA_FIELDS = "id,caption,timestamp,permalink,username,comments_count,like_count"
REPLY_FIELDS = "id,text,timestamp,username,like_count"
COMMENT_FIELDS = f"{REPLY_FIELDS},replies.limit(50){{{REPLY_FIELDS}}}"


class _Media(BaseModel):
    id: str = Field(min_length=1, max_length=200)
    timestamp: str
    caption: str = ""
    permalink: str | None = None
    username: str | None = None
    comments_count: int | None = None
    like_count: int | None = None


class _Reply(BaseModel):
    id: str = Field(min_length=1, max_length=200)
    timestamp: str
    text: str = ""
    username: str | None = None
    like_count: int | None = None


class _Replies(BaseModel):
    data: list[Any] = []
    paging: dict[str, Any] = {}


class _Comment(_Reply):
    replies: _Replies = _Replies()


def parse_top(raw: Any, job: CrawlJob) -> Top | Malformed:
    """A picture or film of the account with its caption; or why there is none."""
    try:
        media = _Media.model_validate(raw)
    except ValidationError as cause:
        return misshapen(raw, cause, job)
    said = Said(
        namespace=MEDIA,
        native_id=media.id,
        channel=Channel.INSTAGRAM,
        url=media.permalink,
        text=media.caption,
        author=media.username,
        published_at=moment(media.timestamp),
        engagement=Engagement(likes=media.like_count, replies=media.comments_count),
    )
    return Top(media.id, said, media.comments_count)


def parse_comments(raw: Any, top: Top, job: CrawlJob) -> list[Said | Malformed]:
    """A comment and those replies to it that came along."""
    try:
        comment = _Comment.model_validate(raw)
    except ValidationError as cause:
        return [misshapen(raw, cause, job)]
    found: list[Said | Malformed] = [_said(comment, top)] if comment.text.strip() else []
    for one in comment.replies.data:
        try:
            reply = _Reply.model_validate(one)
        except ValidationError as cause:
            found.append(misshapen(one, cause, job))
            continue
        if reply.text.strip():
            found.append(_said(reply, top))
    return found


def replies_left(raw: Any) -> str | None:
    """The id of a comment that has more replies than came along."""
    try:
        comment = _Comment.model_validate(raw)
    except ValidationError:
        return None
    return comment.id if "next" in comment.replies.paging else None


def _said(reply: _Reply, top: Top) -> Said:
    return Said(
        namespace=COMMENTS,
        native_id=reply.id,
        channel=Channel.INSTAGRAM,
        url=top.said.url,
        text=reply.text,
        author=reply.username,
        published_at=moment(reply.timestamp),
        parent=top.said.id,
        engagement=Engagement(likes=reply.like_count),
    )
