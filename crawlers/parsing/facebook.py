"""Answers of the Graph API about a Facebook page: posts of its feed, comments in one stream."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field, ValidationError

from crawlers.kinds import CrawlJob, Malformed
from crawlers.moments import moment
from crawlers.parsing.social import Said, Top, misshapen
from domain.labels import Channel
from domain.posts import Engagement

POSTS, COMMENTS = "facebook", "facebook:komentar"  # namespaces
POST_FIELDS = (
    "id,message,story,created_time,permalink_url,from,shares,"
    "comments.filter(stream).limit(0).summary(true),reactions.limit(0).summary(true)"
)
COMMENT_FIELDS = "id,message,created_time,permalink_url,from,like_count,comment_count"


class _From(BaseModel):
    id: str | None = None
    name: str | None = None


class _Total(BaseModel):
    total_count: int | None = None


class _Edge(BaseModel):
    summary: _Total = _Total()


class _Shares(BaseModel):
    count: int | None = None


class _Entry(BaseModel):
    id: str = Field(min_length=1, max_length=200)
    created_time: str
    message: str = ""
    permalink_url: str | None = None
    who: _From | None = Field(default=None, alias="from")


class _Post(_Entry):
    story: str = ""
    shares: _Shares = _Shares()
    comments: _Edge = _Edge()
    reactions: _Edge = _Edge()


class _Comment(_Entry):
    like_count: int | None = None
    comment_count: int | None = None


def parse_top(raw: Any, job: CrawlJob) -> Top | Malformed:
    """A post of the page, or of somebody on the page; or why there is none."""
    try:
        post = _Post.model_validate(raw)
    except ValidationError as cause:
        return misshapen(raw, cause, job)
    total = post.comments.summary.total_count
    counted = Engagement(likes=post.reactions.summary.total_count, replies=total, shares=post.shares.count)
    return Top(post.id, _said(post, POSTS, post.message or post.story, None, counted), total)


def parse_comments(raw: Any, top: Top, job: CrawlJob) -> list[Said | Malformed]:
    """A comment, or a reply to one; nothing for a picture or a sticker without words."""
    try:
        comment = _Comment.model_validate(raw)
    except ValidationError as cause:
        return [misshapen(raw, cause, job)]
    if not comment.message.strip():
        return []
    counted = Engagement(likes=comment.like_count, replies=comment.comment_count)
    return [_said(comment, COMMENTS, comment.message, top.said.id, counted)]


def _said(entry: _Entry, namespace: str, text: str, parent: str | None, counted: Engagement) -> Said:
    return Said(
        namespace=namespace,
        native_id=entry.id,
        channel=Channel.FACEBOOK,
        url=entry.permalink_url,
        text=text,
        author=(entry.who.id or entry.who.name) if entry.who is not None else None,
        published_at=moment(entry.created_time),
        parent=parent,
        engagement=counted,
    )
