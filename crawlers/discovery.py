"""Where a site leads: feeds, sitemaps, WordPress doors and channels on platforms, and sites beside it. Pure.

What is found is a lead, not a source: whether it answers is looked at afterwards, and a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.canonical import canonical_url, host_of
from crawlers.detection import detect, site_title
from crawlers.kinds import Evidence, SourceKind

MOST_FEEDS: Final = 3  # further feeds of one page: portals name one for every tag
_FRAME = (
    "header, footer, nav, aside, [role=contentinfo], [class*=footer], [class*=header], [class*=social], "
    "[class*=sosmed], [class*=medsos], [id*=footer], [id*=header]"
)
_NO_CHANNEL = re.compile(
    r"/(?:sharer?(?:\.php)?|share|intent|dialog|plugins|hashtag|watch|p|reel|status|tr|login|policies|privacy)\b"
    r"|^https?://(?:youtu\.be|wa\.me)/",
    re.IGNORECASE,
)
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml"})
_COMMENTS = re.compile(r"comments?/feed|komentar|/(?:oembed|wp-json)\b", re.IGNORECASE)
_PLATFORMS: Final = frozenset(
    "x.com twitter.com facebook.com fb.com instagram.com tiktok.com threads.net threads.com youtube.com youtu.be t.me"
    " telegram.me wa.me whatsapp.com google.com play.google.com maps.google.com bit.ly linkedin.com bsky.app".split()
)
_OFFICIAL = (".go.id", ".desa.id")  # of governments and villages


@dataclass(frozen=True, slots=True)
class Lead:
    """An address that may be worth listening to. `named` is by what its own address or page calls it."""

    kind: str
    url: str
    why: str
    named: str | None = None


def leads_of(kinds: Mapping[str, SourceKind], evidence: Evidence, *, about: str, heard: str | None) -> Iterator[Lead]:
    """What a page offers. `heard` is the kind by which this host is listened to already, None where it is not.

    `about` says whose page it is. One address comes once.
    """
    seen: set[str] = set()
    for lead in (*_doors(kinds, evidence, about, heard), *_channels(kinds, evidence, about)):
        identity = canonical_url(lead.url) or lead.url
        if identity not in seen:
            seen.add(identity)
            yield lead


def neighbours(evidence: Evidence, official: frozenset[str]) -> Iterator[str]:
    """Homes of other sites that a page leads to: those of the region's own government and villages.

    `official` are the domains of the region's agencies. A site comes once.
    """
    here, seen = host_of(evidence.page.url), set[str]()
    for url in _links(evidence, "a[href]"):
        host = host_of(url)
        ours = host.endswith(".desa.id") or any(host == one or host.endswith(f".{one}") for one in official)
        if ours and host != here and host not in seen:
            seen.add(host)
            yield home_of(url)


def official_domain(url: str) -> str | None:
    """The government's own domain that an agency's address lies in, such as "lombokbaratkab.go.id"."""
    host = (urlsplit(url).hostname or "").lower()
    ending = next((one for one in _OFFICIAL if host.endswith(one)), None)
    return ".".join(host.split(".")[-3:]) if ending else None


def is_platform(host: str) -> bool:
    """Whether a host is everybody's: what stands there is no site of its own."""
    return any(host == one or host.endswith(f".{one}") for one in _PLATFORMS)


def home_of(url: str) -> str:
    """The front page of the site that an address stands on."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _doors(kinds: Mapping[str, SourceKind], evidence: Evidence, about: str, heard: str | None) -> Iterator[Lead]:
    """The site's own doors: the best one where nothing of it is heard, further feeds where it is heard by a feed."""
    title = site_title(evidence)
    best = detect(kinds, evidence) if heard is None else None
    if best is not None:
        yield Lead(best[0], best[1], f"situs {about}", title)
    if "rss" not in kinds or (best[0] if best else heard) != "rss":
        return
    further = [url for url in _alternates(evidence) if best is None or canonical_url(url) != canonical_url(best[1])]
    for url in further[:MOST_FEEDS]:
        yield Lead("rss", url, f"umpan lain di situs {about}", title)


def _channels(kinds: Mapping[str, SourceKind], evidence: Evidence, about: str) -> Iterator[Lead]:
    """Channels on platforms that the page's frame leads to; what stands in an article is somebody else's."""
    for url in _links(evidence, *_framed(evidence)):
        if _NO_CHANNEL.search(url):
            continue
        for key, kind in kinds.items():
            if kind.owns is not None and (address := kind.owns(url)):
                yield Lead(key, address, f"tautan di halaman {about}", channel_name(address))
                break


def channel_name(address: str) -> str | None:
    """What a channel calls itself in its address."""
    parts = [part for part in urlsplit(address).path.split("/") if part]
    return parts[-1] if parts else None


def _framed(evidence: Evidence) -> tuple[str, ...]:
    if not evidence.page.is_html:
        return ()
    framed = LexborHTMLParser(evidence.page.body).css_first("header, footer") is not None
    return tuple(f"{part.strip()} a[href]" for part in _FRAME.split(",")) if framed else ("a[href]",)


def _alternates(evidence: Evidence) -> Iterator[str]:
    if not evidence.page.is_html:
        return
    for node in LexborHTMLParser(evidence.page.body).css("link[rel=alternate][href]"):
        if (node.attributes.get("type") or "").lower() in _FEED_TYPES:
            url = urljoin(evidence.page.url, node.attributes.get("href") or "")
            if not _COMMENTS.search(url) and host_of(url):
                yield url


def _links(evidence: Evidence, *selectors: str) -> Iterator[str]:
    if not selectors or not evidence.page.is_html:
        return
    nodes: list[LexborNode] = LexborHTMLParser(evidence.page.body).css(", ".join(selectors))
    for node in nodes:
        url = urljoin(evidence.page.url, (node.attributes.get("href") or "").strip())
        if urlsplit(url).scheme in {"http", "https"}:
            yield url
