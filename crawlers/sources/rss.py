"""RSS and Atom feeds: conditional requests, older pages where the feed has some."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawlers.asking import NOT_MODIFIED, OK, Answer, Ask, SourceBlocked, must_answer
from crawlers.kinds import CrawlJob, CrawlNotes, Evidence, Knows, Malformed, SourceKind, conditional, stored_time
from crawlers.parsing.feeds import Feed, FeedPost, is_feed, parse_feed
from domain.errors import SourceUnavailable
from domain.posts import Incoming

MAX_PAGES = 10  # older pages in an ordinary crawl: closes a gap of a few days on a busy site
MAX_PAGES_SINCE = 500  # in a walk back
NO_OLDER = frozenset({400, 404, 410})  # answers of a feed that has no older page
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")


@dataclass(slots=True)
class Walk:
    """A way back through the pages of a feed: where it began, how far it must go, and whether a page was lost.

    `floor` is how far an earlier walk that lost a page had still to go: until then known posts do not end it.
    """

    url: str
    floor: datetime | None = None
    lost: str | None = None

    def left_at(self, job: CrawlJob) -> datetime:
        """How far the next walk has to go, now that this one lost a page."""
        return min(t for t in (self.floor, job.since, job.memory.newest_post_at or EPOCH) if t)

    def older(self, page: Answer, feed: Feed, number: int) -> str | None:
        """The address of the next older page, where there is one."""
        if feed.next_url:
            return urljoin(page.url, feed.next_url)
        if not feed.wordpress:
            return None
        return f"{self.url}{'&' if urlsplit(self.url).query else '?'}paged={number}"


async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, knows: Knows) -> AsyncIterator[Incoming | Malformed]:
    """Every entry of the feed; older pages until one is known, or older than `since`."""
    floor = stored_time(job.cursor, "floor")
    plain = job.since is not None or job.limit is not None or floor is not None
    first = await ask(job.spec.url, headers={} if plain else conditional(job.memory))
    if first.status == NOT_MODIFIED:
        notes.answered = notes.not_modified = True
        return
    feed = parse_feed(must_answer(first), job)
    notes.answered, notes.moved_to = True, first.moved_to
    notes.listed(first, sum(isinstance(entry, FeedPost) for entry in feed.entries))
    way = Walk(first.url, floor)
    async for post in walk(ask, job, notes, knows, first, feed, way):
        yield post
    notes.trouble = way.lost
    if way.lost:
        notes.cursor = {"floor": way.left_at(job).isoformat()}
    elif job.since is None and job.limit is None:
        notes.cursor = {}
        notes.keep_validators(first)


async def walk(  # noqa: PLR0913  a page, what is in it, the way, and the four things every collector has
    ask: Ask, job: CrawlJob, notes: CrawlNotes, knows: Knows, page: Answer, feed: Feed, way: Walk, *,
    whole_only: bool = False,
) -> AsyncIterator[Incoming | Malformed]:  # fmt: skip
    """The entries of a feed from one page on. `whole_only`: a mere summary never replaces what is stored already."""
    until = job.since or way.floor
    for number in range(2, (MAX_PAGES_SINCE if until else MAX_PAGES) + 2):
        posts = [entry.post for entry in feed.entries if isinstance(entry, FeedPost)]
        known = await knows([post.id for post in posts])
        for entry in feed.entries:
            if isinstance(entry, Malformed):
                yield entry
            elif not (job.since and entry.post.published_at and entry.post.published_at < job.since):
                notes.saw(entry.post.published_at, job.now)
                if entry.whole or not whole_only or entry.post.id not in known:
                    yield entry.post
        oldest = min((post.published_at for post in posts if post.published_at), default=job.now)
        reached = oldest < until if until else bool(known) or job.memory.posts_total == 0
        older = way.older(page, feed, number)
        if not posts or reached or older is None or job.limit is not None:
            return
        try:
            page = await ask(older)
            if page.status in NO_OLDER:
                return
            feed = parse_feed(must_answer(page), job)
        except (SourceUnavailable, SourceBlocked) as cause:
            way.lost = f"Halaman lama tidak terambil: {cause}"
            return


def detect(evidence: Evidence) -> str | None:
    """The address itself when it is a feed, else the first feed that the page names."""
    page = evidence.page
    if page.status != OK:
        return None
    if is_feed(page):
        return page.url
    if not page.is_html:
        return None
    for link in LexborHTMLParser(page.body).css("link[rel~=alternate][href]"):
        href = link.attributes.get("href")
        if link.attributes.get("type") in _FEED_TYPES and href and "comments/feed" not in href:
            return urljoin(page.url, href)
    return None


KIND = SourceKind(key="rss", title="RSS/Atom", rank=20, detect=detect, collect=collect)
