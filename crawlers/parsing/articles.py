"""Article pages: words by trafilatura, date with how far it can be believed, canonical address, wire credit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urljoin

import orjson
from htmldate import find_date
from selectolax.lexbor import LexborHTMLParser
from trafilatura import bare_extraction

from crawlers.asking import Answer
from crawlers.canonical import canonical_url, host_of
from crawlers.kinds import CrawlJob, Malformed
from crawlers.markup import html_title
from crawlers.parsing.build import Article, article_post
from crawlers.parsing.sitemaps import Listed, parse_w3c
from domain.labels import DateTrust
from domain.posts import Incoming, Media

_META_DATES = (
    'meta[property="article:published_time"]', 'meta[name="article:published_time"]', 'meta[itemprop="datePublished"]',
    'meta[name="content_PublishedDate"]', 'meta[name="publishdate"]', 'meta[name="pubdate"]',
    'meta[property="og:article:published_time"]',
)  # fmt: skip
_META_IMAGES = ('meta[property="og:image"]', 'meta[name="twitter:image"]')
_META_VIDEOS = ('meta[property="og:video"]', 'meta[property="og:video:url"]')
_CHARSET = re.compile(r"charset=[\"']?([\w-]+)", re.IGNORECASE)


def parse_article(answer: Answer, listed: Listed, job: CrawlJob) -> Incoming | Malformed | None:
    """The post of an article page; None for a page that is no article (a section, a gallery)."""
    html = decoded(answer)
    tree = LexborHTMLParser(html)
    found = bare_extraction(html, url=answer.url, include_comments=False, with_metadata=True, include_tables=False)
    text = (getattr(found, "text", None) or "").strip()
    if not text:
        return None
    published, trust = _published(tree, html, listed, answer.url)
    return article_post(
        Article(
            url=page_address(tree, answer.url),
            title=html_title(_meta(tree, ('meta[property="og:title"]',)) or getattr(found, "title", None) or "")
            or listed.title,
            text=text,
            published_at=published,
            trust=trust,
            author=getattr(found, "author", None),
            media=_media(tree, answer.url),
        ),
        job,
    )


def page_address(tree: LexborHTMLParser, url: str) -> str:
    """The address that a page calls its own, when it lies on the same host; else where it was found."""
    node = tree.css_first('link[rel="canonical"][href]')
    said = urljoin(url, (node.attributes.get("href") or "").strip()) if node is not None else ""
    identity = canonical_url(said)
    # A template that names the home page as canonical of every article would make them one.
    is_home = identity == canonical_url(urljoin(url, "/"))
    return said if identity and host_of(said) == host_of(url) and not is_home else url


def decoded(answer: Answer) -> str:
    """The page as text, in the charset of its header, else of its markup, else UTF-8."""
    said = _CHARSET.search(answer.headers.get("content-type", "")) or _CHARSET.search(
        answer.body[:2048].decode("ascii", "ignore")
    )
    for charset in (said[1] if said else "utf-8", "utf-8", "cp1252"):
        try:
            return answer.body.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return answer.body.decode("utf-8", "replace")


def _published(tree: LexborHTMLParser, html: str, listed: Listed, url: str) -> tuple[datetime | None, DateTrust]:
    """The first date that stands: news sitemap, structured data, meta tags; then what htmldate can guess."""
    if listed.published_at is not None and listed.trust is DateTrust.EXACT:
        return listed.published_at, DateTrust.EXACT
    for said in (*_linked_dates(tree), _meta(tree, _META_DATES) or ""):
        if (found := parse_w3c(said)) and found[0].year > 2000:  # noqa: PLR2004  an epoch of zero is no date
            return found
    if listed.published_at is not None:
        return listed.published_at, listed.trust
    guessed = find_date(html, original_date=True, url=url)
    if guessed:
        return datetime.fromisoformat(guessed).replace(tzinfo=UTC), DateTrust.INFERRED
    return listed.lastmod, DateTrust.INFERRED


def _linked_dates(tree: LexborHTMLParser) -> Iterator[str]:
    """`datePublished` of the page's JSON-LD, wherever it is nested."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            waiting: list[object] = [orjson.loads(node.text())]
        except orjson.JSONDecodeError:
            continue
        while waiting:
            value = waiting.pop()
            if isinstance(value, list):
                waiting.extend(value)
            elif isinstance(value, dict):
                if isinstance(said := value.get("datePublished"), str):
                    yield said
                waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))


def _meta(tree: LexborHTMLParser, selectors: tuple[str, ...]) -> str | None:
    for selector in selectors:
        node = tree.css_first(selector)
        if node is not None and (said := (node.attributes.get("content") or "").strip()):
            return said
    return None


def _media(tree: LexborHTMLParser, url: str) -> tuple[Media, ...]:
    found = [("image", _meta(tree, _META_IMAGES)), ("video", _meta(tree, _META_VIDEOS))]
    links = [(kind, urljoin(url, said)) for kind, said in found if said]
    return tuple(Media(kind=kind, url=link) for kind, link in links if link.startswith(("http://", "https://")))
