"""Addresses of YouTube: which channel or video they show, and how a source keeps them. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawlers.kinds import Evidence
from crawlers.parsing.youtube.addresses import watch_url

_HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com"})
_CHANNEL = re.compile(r"/channel/(UC[\w-]{10,40})(?:/|$)")
_HANDLE = re.compile(r"/(@[^/\s]{2,60})(?:/|$)")
_SINGLE = re.compile(r"/(?:shorts|live)/([\w-]{6,20})(?:/|$)")
_VIDEO = re.compile(r"[\w-]{6,20}")


def single_video(url: str) -> str | None:
    """The video that an address shows, where it shows one."""
    parts = urlsplit(url)
    if (parts.hostname or "").lower() == "youtu.be":
        found = _VIDEO.fullmatch(parts.path.strip("/"))
        return found[0] if found else None
    if parts.path == "/watch":
        found = _VIDEO.fullmatch(parse_qs(parts.query).get("v", [""])[0])
        return found[0] if found else None
    found = _SINGLE.match(parts.path)
    return found[1] if found else None


def channel_of(url: str) -> str | None:
    """The channel that an address shows: its id, or its handle with the @."""
    path = unquote(urlsplit(url).path)
    channel, handle = _CHANNEL.match(path), _HANDLE.match(path)
    if channel is not None:
        return channel[1]
    return handle[1] if handle is not None else None


def owns(url: str) -> str | None:
    """The address of a channel or video, the way a source keeps it."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if host not in _HOSTS | {"youtu.be"}:
        return None
    video = single_video(url)
    if video is not None:
        return watch_url(video)
    named = channel_of(url)
    if named is None:
        return None
    return f"https://www.youtube.com/{named if named.startswith('@') else f'channel/{named}'}"


def detect(evidence: Evidence) -> str | None:
    """The channel that a page of YouTube says it is of: old addresses (/c/…, /user/…) name none themselves."""
    page = evidence.page
    if owns(page.url):
        return owns(page.url)
    if (urlsplit(page.url).hostname or "").lower() not in _HOSTS or not page.is_html:
        return None
    link = LexborHTMLParser(page.body).css_first("link[rel=canonical][href]")
    return owns(urljoin(page.url, link.attributes.get("href") or "")) if link is not None else None
