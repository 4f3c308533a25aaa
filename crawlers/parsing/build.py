"""How articles and comments become posts, the same for every door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from crawlers.canonical import canonical_url, host_of, plain_url
from crawlers.kinds import CrawlJob, Malformed
from crawlers.markup import cut
from crawlers.wires import wire_credit
from domain.ids import post_id
from domain.labels import Channel, DateTrust
from domain.posts import Incoming, Media

WEB = "web"
PAYLOAD = 2_000  # characters of a malformed entry that are kept


@dataclass(frozen=True, slots=True)
class Article:
    """An article as a door gave it, its words already plain."""

    url: str
    title: str | None
    text: str
    published_at: datetime | None
    trust: DateTrust = DateTrust.EXACT
    author: str | None = None
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as a door gave it. `article_url` is what it stands under."""

    url: str
    native_id: str
    article_url: str
    text: str
    published_at: datetime | None
    author: str | None = None


def article_id(url: str) -> str:
    """The post id of the article at an address."""
    return post_id(WEB, canonical_url(url))


def article_post(article: Article, job: CrawlJob) -> Incoming | Malformed:
    """The post of an article, or why there is none."""
    identity = canonical_url(article.url)
    if not identity:
        return malformed(job, article.url, "tidak beralamat http(s)", article.title or article.text)
    title, text = (article.title, article.text) if article.text else (None, article.title)
    if not text:
        return malformed(job, identity, "tanpa teks", article.url)
    try:
        return Incoming(
            namespace=WEB,
            native_id=identity,
            source=job.spec.key,
            regions=job.spec.regions,
            channel=Channel.WEB,
            url=plain_url(article.url),
            author=article.author,
            title=title,
            text=cut(text),
            published_at=article.published_at,
            date_trust=article.trust if article.published_at else DateTrust.FETCHED,
            fetched_at=job.now,
            media=article.media,
            wire=wire_credit(text, article.author),
        )
    except ValidationError as cause:
        return malformed(job, identity, _reason(cause), text)


def comment_post(comment: Comment, job: CrawlJob) -> Incoming | Malformed:
    """The post of a comment, or why there is none."""
    if not comment.text:
        return malformed(job, comment.url, "komentar tanpa teks", comment.url)
    try:
        return Incoming(
            namespace=f"comment:{host_of(comment.url)}",
            native_id=comment.native_id,
            source=job.spec.key,
            regions=job.spec.regions,
            channel=Channel.COMMENT,
            url=comment.url,
            author=comment.author,
            text=cut(comment.text),
            published_at=comment.published_at,
            date_trust=DateTrust.EXACT if comment.published_at else DateTrust.FETCHED,
            fetched_at=job.now,
            parent=article_id(comment.article_url),
        )
    except ValidationError as cause:
        return malformed(job, comment.url, _reason(cause), comment.text)


def malformed(job: CrawlJob, key: str, reason: str, payload: str) -> Malformed:
    """An entry that is set aside. Its key is the source's and the entry's own: the same fault again is one line."""
    return Malformed(key=f"{job.spec.key} {key}"[:500], reason=reason, payload=payload[:PAYLOAD])


def _reason(cause: ValidationError) -> str:
    first = cause.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
