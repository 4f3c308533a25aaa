"""Answers of the WordPress REST API: posts and comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from crawlers.asking import OK, Answer
from crawlers.kinds import CrawlJob, Malformed
from crawlers.markup import html_media, html_text, html_title
from crawlers.parsing.build import Article, Comment, article_post, comment_post, malformed
from domain.posts import Incoming

_FRAGMENT = re.compile(r"#.*$")


class _Rendered(BaseModel):
    rendered: str
    protected: bool = False


class _Post(BaseModel):
    id: int
    link: str
    date_gmt: str | None = None
    modified_gmt: str | None = None
    title: _Rendered | None = None
    content: _Rendered


class _Comment(BaseModel):
    id: int
    post: int
    link: str
    date_gmt: str | None = None
    author_name: str = ""
    content: _Rendered


@dataclass(frozen=True, slots=True)
class RestPage:
    """One page of a REST listing. `newest` is the last change (posts) or date (comments) on it."""

    entries: tuple[Incoming | Malformed, ...]
    newest: datetime | None
    pages: int
    total: int


def is_listing(answer: Answer) -> bool:
    """Whether the REST door answered with a list; a page, an error object or a login wall is none."""
    if answer.status != OK or answer.is_html:
        return False
    try:
        return isinstance(answer.json(), list)
    except ValueError:
        return False


def parse_posts(answer: Answer, job: CrawlJob) -> RestPage:
    """Posts of a listing; a password-protected one is left out, a malformed one says why."""
    entries: list[Incoming | Malformed] = []
    newest: datetime | None = None
    for raw in _items(answer):
        try:
            post = _Post.model_validate(raw)
        except ValidationError as cause:
            entries.append(_bad(raw, cause, job))
            continue
        newest = _later(newest, gmt(post.modified_gmt) or gmt(post.date_gmt))
        if not post.content.protected:
            entries.append(_article(post, job))
    return _page(answer, entries, newest)


def parse_comments(answer: Answer, job: CrawlJob) -> RestPage:
    """Comments of a listing, each under its article."""
    entries: list[Incoming | Malformed] = []
    newest: datetime | None = None
    for raw in _items(answer):
        try:
            said = _Comment.model_validate(raw)
        except ValidationError as cause:
            entries.append(_bad(raw, cause, job))
            continue
        published = gmt(said.date_gmt)
        newest = _later(newest, published)
        comment = Comment(
            url=said.link,
            native_id=str(said.id),
            article_url=_FRAGMENT.sub("", said.link),
            text=html_text(said.content.rendered),
            published_at=published,
            author=html_title(said.author_name),
        )
        entries.append(comment_post(comment, job))
    return _page(answer, entries, newest)


def gmt(said: str | None) -> datetime | None:
    """A moment that WordPress gives without its zone, which is UTC; None for its empty date (year 0)."""
    try:
        return datetime.fromisoformat(said).replace(tzinfo=UTC) if said else None
    except ValueError:
        return None


def _article(post: _Post, job: CrawlJob) -> Incoming | Malformed:
    return article_post(
        Article(
            url=post.link,
            title=html_title(post.title.rendered) if post.title else None,
            text=html_text(post.content.rendered),
            published_at=gmt(post.date_gmt),
            media=html_media(post.content.rendered, post.link),
        ),
        job,
    )


def _items(answer: Answer) -> list[Any]:
    listed = answer.json()
    return listed if isinstance(listed, list) else []


def _page(answer: Answer, entries: list[Incoming | Malformed], newest: datetime | None) -> RestPage:
    return RestPage(
        entries=tuple(entries),
        newest=newest,
        pages=answer.number("x-wp-totalpages") or 1,
        total=answer.number("x-wp-total") or len(entries),
    )


def _bad(raw: Any, cause: ValidationError, job: CrawlJob) -> Malformed:
    first = cause.errors()[0]
    key = str(raw.get("link") or raw.get("id") or "?") if isinstance(raw, dict) else "?"
    return malformed(job, key, f"{'.'.join(map(str, first['loc']))}: {first['msg']}", str(raw))


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other
