"""Sitemaps, their indexes and the news extension; robots.txt's `Sitemap:` lines."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urljoin

from lxml import etree  # type: ignore[import-untyped]

from crawlers.asking import Answer
from domain.errors import SourceUnavailable
from domain.labels import DateTrust

MAX_BYTES = 50 * 1024 * 1024  # what the protocol allows a sitemap to be when unpacked
_ROBOTS_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Listed:
    """An address that a sitemap lists. `published_at` is the news extension's, `lastmod` the sitemap's own."""

    url: str
    lastmod: datetime | None = None
    published_at: datetime | None = None
    trust: DateTrust = DateTrust.EXACT
    title: str | None = None

    @property
    def changed_at(self) -> datetime | None:
        """When it last changed, as far as the sitemap says."""
        return max((t for t in (self.lastmod, self.published_at) if t), default=None)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap of pages, or an index of further sitemaps."""

    listed: tuple[Listed, ...]
    is_index: bool


def robots_sitemaps(answer: Answer) -> tuple[str, ...]:
    """Sitemaps that a robots.txt names, those for news first."""
    found = [urljoin(answer.url, url) for url in _ROBOTS_LINE.findall(answer.body.decode("utf-8", "replace"))]
    return tuple(sorted(dict.fromkeys(found), key=lambda url: "news" not in url.lower()))


def parse_sitemap(answer: Answer) -> Sitemap:
    """Read a sitemap, packed or not. SourceUnavailable when the answer is none."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(_unpacked(answer), parser=parser)
    except (etree.XMLSyntaxError, OSError, EOFError, zlib.error) as cause:
        raise SourceUnavailable(f"{answer.url} bukan peta situs.") from cause
    name = _local(root) if root is not None else ""
    if root is None or name not in {"urlset", "sitemapindex"}:
        raise SourceUnavailable(f"{answer.url} bukan peta situs.")
    listed = (_listed(element, answer.url) for element in root if isinstance(element.tag, str))
    return Sitemap(tuple(one for one in listed if one is not None), is_index=name == "sitemapindex")


def parse_w3c(said: str) -> tuple[datetime, DateTrust] | None:
    """A W3C date: a moment, a day, or None. A moment without a zone is taken as UTC."""
    try:
        moment = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    trust = DateTrust.DAY if len(said.strip()) <= len("2026-01-31") else DateTrust.EXACT
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC), trust


def _unpacked(answer: Answer) -> bytes:
    if not answer.body.startswith(_GZIP):
        return answer.body
    with gzip.open(BytesIO(answer.body)) as stream:
        return stream.read(MAX_BYTES)


def _listed(element: etree._Element, base: str) -> Listed | None:
    said = {_local(inner): (inner.text or "").strip() for inner in element.iter() if isinstance(inner.tag, str)}
    if not said.get("loc"):
        return None
    lastmod = parse_w3c(said.get("lastmod", ""))
    published = parse_w3c(said.get("publication_date", ""))
    return Listed(
        url=urljoin(base, said["loc"]),
        lastmod=lastmod[0] if lastmod else None,
        published_at=published[0] if published else None,
        trust=published[1] if published else DateTrust.EXACT,
        title=said.get("title") or None,
    )


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)
