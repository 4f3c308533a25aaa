"""RSS and Atom, by feedparser: articles, and comments where a feed carries those."""

from __future__ import annotations

import re
from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime
from time import struct_time
from typing import Any
from urllib.parse import urlsplit

import feedparser

from crawlers.asking import Answer
from crawlers.kinds import CrawlJob, Malformed
from crawlers.markup import html_media, html_text, html_title
from crawlers.parsing.build import Article, Comment, article_post, comment_post, malformed
from domain.errors import SourceUnavailable
from domain.labels import DateTrust
from domain.posts import Incoming, Media

_COMMENT = re.compile(r"#comment-(\d+)$")


@dataclass(frozen=True, slots=True)
class FeedPost:
    """One entry. `whole` says whether the feed gave the words themselves or a summary of them."""

    post: Incoming
    whole: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that could be read; it may be empty."""

    entries: tuple[FeedPost | Malformed, ...]
    next_url: str | None  # the page of older entries, where the feed says so (RFC 5005)
    wordpress: bool


def parse_feed(answer: Answer, job: CrawlJob) -> Feed:
    """Read a feed in any dialect and charset. SourceUnavailable when the answer is none."""
    headers = {"content-type": answer.headers.get("content-type", ""), "content-location": answer.url}
    # Not sanitised and not resolved: the words are taken out here, and films stand in what a sanitiser removes.
    read: Any = feedparser.parse(
        answer.body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not read.get("version") and not read.entries:
        raise SourceUnavailable(f"{answer.url} bukan umpan RSS atau Atom.")
    links = read.feed.get("links", [])
    return Feed(
        entries=tuple(_entry(entry, job) for entry in read.entries),
        next_url=next((link.href for link in links if link.get("rel") == "next" and link.get("href")), None),
        wordpress="wordpress" in str(read.feed.get("generator", "")).lower(),
    )


def is_feed(answer: Answer) -> bool:
    """Whether an answer is a feed at all."""
    return not answer.is_html and bool(feedparser.parse(answer.body).get("version"))


def feed_title(answer: Answer) -> str:
    """What a feed calls itself; empty for what is none, or says nothing."""
    return " ".join((html_title(feedparser.parse(answer.body).feed.get("title", "")) or "").split())


def _entry(entry: Any, job: CrawlJob) -> FeedPost | Malformed:
    link = _link(entry)
    title = html_title(entry.get("title", ""))
    markup = next((part.value for part in entry.get("content", []) if part.get("value")), "")
    summary = entry.get("summary", "")
    text = html_text(markup) or html_text(summary)
    if link is None:
        return malformed(job, entry.get("id") or title or text[:80] or "?", "entri tanpa tautan", title or text)
    published = _moment(entry, "published_parsed") or _moment(entry, "updated_parsed")
    author = entry.get("author") or None
    comment = _COMMENT.search(link)
    if comment:
        made = comment_post(Comment(link, comment[1], link.partition("#")[0], text, published, author), job)
    else:
        media = (*html_media(markup or summary, link), *_enclosures(entry))
        unique = tuple({one.url: one for one in media}.values())
        made = article_post(Article(link, title, text, published, DateTrust.EXACT, author, unique), job)
    return made if isinstance(made, Malformed) else FeedPost(made, whole=bool(markup))


def _link(entry: Any) -> str | None:
    said = (entry.get("feedburner_origlink"), entry.get("link"), entry.get("id"))
    return next((link.strip() for link in said if link and urlsplit(link.strip()).scheme in {"http", "https"}), None)


def _moment(entry: Any, name: str) -> datetime | None:
    parsed: struct_time | None = entry.get(name)
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(timegm(parsed), tz=UTC)
    except (ValueError, OverflowError):
        return None


def _enclosures(entry: Any) -> tuple[Media, ...]:
    found: list[Media] = []
    for one in (*entry.get("enclosures", []), *entry.get("media_content", []), *entry.get("media_thumbnail", [])):
        url = one.get("href") or one.get("url")
        if url and url.startswith(("http://", "https://")):
            kind = (one.get("type") or one.get("medium") or "image").partition("/")[0]
            found.append(Media(kind=kind if kind in {"image", "video", "audio"} else "document", url=url))
    return tuple(found)
