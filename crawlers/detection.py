"""What kind of source an address is: the site is looked at once, and the kinds say whether it is theirs."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawlers.asking import Answer, Ask, SourceBlocked, must_answer
from crawlers.canonical import canonical_url, host_of
from crawlers.kinds import CrawlJob, CrawlNotes, Evidence, Knows, Malformed, SourceKind
from crawlers.parsing.feeds import feed_title
from domain.errors import SourceUnavailable
from domain.ports import SourceSpec
from domain.posts import Incoming

MAX_NAME = 120
_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(slots=True)
class Look:
    """A look at a site, made as if it were a crawl: with the same manners, and no posts."""

    evidence: Evidence | None = None

    async def collect(
        self, ask: Ask, job: CrawlJob, notes: CrawlNotes, _knows: Knows
    ) -> AsyncIterator[Incoming | Malformed]:
        """Fetch the address, and what tells its kind; raises when the address itself cannot be had or has failed."""
        page = must_answer(await ask(job.spec.url))
        notes.answered = True
        robots = await _optional(ask, urljoin(page.url, "/robots.txt"))
        rest = await _optional(ask, urljoin(page.url, "wp-json/wp/v2/posts?per_page=1")) if page.is_html else None
        self.evidence = Evidence(job.spec.url, page, rest, robots)
        return
        yield  # an async generator that yields nothing

    def as_kind(self) -> SourceKind:
        """As what the crawler runs."""
        return SourceKind(key="look", title="", rank=0, detect=lambda _: None, collect=self.collect)


def detect(kinds: Mapping[str, SourceKind], evidence: Evidence) -> tuple[str, str] | None:
    """The kind and the address to crawl, or None when no kind knows the site. An address that is a feed stays one."""
    found = {key: url for key, kind in kinds.items() if (url := kind.detect(evidence))}
    best = next(iter(found), None)
    return (best, found[best]) if best else None


def site_title(evidence: Evidence) -> str | None:
    """What a site calls itself, where its page or its feed says so."""
    if not evidence.page.is_html:
        return feed_title(evidence.page)[:MAX_NAME] or None
    tree = LexborHTMLParser(evidence.page.body)
    name = tree.css_first('meta[property="og:site_name"][content]')
    title = tree.css_first("head > title")
    said = name.attributes.get("content") if name is not None else title.text() if title is not None else None
    return " ".join((said or "").split())[:MAX_NAME] or None


def same_source(kinds: Mapping[str, SourceKind], spec: SourceSpec, other: SourceSpec, evidence: Evidence) -> bool:
    """Whether two sources of one kind listen at the same doors, however their addresses are written."""
    if spec.kind != other.kind:
        return False
    if canonical_url(spec.url) == canonical_url(other.url):
        return True
    doors = kinds[spec.kind].doors
    if doors is None or host_of(spec.url) != host_of(other.url):
        return False
    opened = [{canonical_url(door) for door in doors(one.url, evidence.robots)} for one in (spec, other)]
    return not opened[0].isdisjoint(opened[1])


def owned(kinds: Mapping[str, SourceKind], url: str) -> tuple[str, str] | None:
    """The kind and the address to crawl where the address alone shows the platform: nothing is looked at."""
    return next(((key, found) for key, kind in kinds.items() if kind.owns and (found := kind.owns(url))), None)


def source_key(url: str, taken: frozenset[str], *, platform: str | None = None) -> str:
    """A key for a source: its host in letters and digits, with a number where that is taken.

    On a `platform` many sources share one host: there the platform and the end of the address make the key.
    """
    parts = urlsplit(url)
    end = unquote(f"{parts.path.rstrip('/').rsplit('/', 1)[-1]} {parts.query}")
    said = f"{platform}-{end}" if platform else host_of(url) or parts.netloc
    base = _KEY.sub("-", said.lower())[:60].strip("-") or "sumber"
    number, key = 2, base
    while key in taken:
        key = f"{base}-{number}"
        number += 1
    return key


async def _optional(ask: Ask, url: str) -> Answer | None:
    try:
        return await ask(url)
    except (SourceUnavailable, SourceBlocked):
        return None
