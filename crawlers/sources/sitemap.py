"""Sites with a (news) sitemap: the articles it lists that are new or changed, page by page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from crawlers.asking import NOT_MODIFIED, OK, Answer, Ask, SourceBlocked, must_answer
from crawlers.kinds import CrawlJob, CrawlNotes, Evidence, Knows, Malformed, SourceKind, conditional, stored_time
from crawlers.parsing.articles import parse_article
from crawlers.parsing.build import article_id
from crawlers.parsing.sitemaps import Listed, parse_sitemap, robots_sitemaps
from domain.errors import SourceUnavailable
from domain.posts import Incoming

MAX_PAGES = 100  # articles in one ordinary crawl, newest first: the rest is taken in the next
MAX_PAGES_SINCE = 10_000  # in a walk back
PROOF_PAGES = 4  # pages fetched at most for each post of a proof: some are no articles
MAX_SITEMAPS = 20  # in one ordinary crawl, newest first
MAX_SITEMAPS_SINCE = 1_000
MAX_LOST_IN_A_ROW = 5  # then the site is down: what is left is taken in the next crawl
LOOK_BACK = timedelta(days=30)  # how old what a sitemap lists may be in an ordinary crawl
GONE = frozenset({404, 410})
_NO_ARTICLES = re.compile(r"(?:taxonom|categor|author|users|[-_/]tags?[-_.]|image|video)", re.IGNORECASE)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Haul:
    """What became of the pages of one crawl. `barren` are ids whose address made no post by that name."""

    barren: set[str]
    lost: list[str] = field(default_factory=list)
    in_a_row: int = 0
    fetched: int = 0
    empty: int = 0  # pages that answered and held no article
    refusal: SourceUnavailable | SourceBlocked | None = None


async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, knows: Knows) -> AsyncIterator[Incoming | Malformed]:
    """Fetch what the sitemaps list and nobody has, and what changed since; a lost page is asked for next time."""
    listed = await _listing(ask, job, notes)
    if listed is None:
        return
    for one in listed:
        notes.saw(one.changed_at, job.now)
    wanted, backlog = await _wanted(listed, job, knows)
    haul = _Haul(barren=_strings(job, "barren") & {article_id(one.url) for one in listed})
    for one in wanted:
        post = await _fetch(ask, one, job, haul)
        notes.barren = haul.empty
        if post is not None:
            if isinstance(post, Incoming) and one.changed_at is None and post.published_at:
                notes.dates.append(post.published_at)
                notes.newest = max(notes.newest or post.published_at, min(post.published_at, job.now))
            yield post
        if haul.in_a_row >= MAX_LOST_IN_A_ROW:
            haul.lost += [later.url for later in wanted[wanted.index(one) + 1 :]]
            break
    if haul.refusal and not haul.fetched:
        raise haul.refusal
    if haul.refusal:
        notes.trouble = f"{len(haul.lost)} artikel tidak terambil: {haul.refusal}"
    if job.limit is None:
        notes.cursor = _cursor(listed, job, notes, haul, backlog=backlog)


async def _listing(ask: Ask, job: CrawlJob, notes: CrawlNotes) -> list[Listed] | None:
    """All that the sitemaps list; None when the only one says that it did not change."""
    waiting = await _roots(ask, job)
    lone = len(waiting) == 1 and job.since is None and job.limit is None and not job.cursor.get("unfinished")
    found: dict[str, Listed] = {}
    horizon = job.since or job.now - LOOK_BACK
    asked = 0
    while waiting and asked < (MAX_SITEMAPS_SINCE if job.since else MAX_SITEMAPS):
        url = waiting.pop(0)
        asked += 1
        try:
            answer = await ask(url, headers=conditional(job.memory) if lone else {})
            if answer.status == NOT_MODIFIED:
                notes.answered = notes.not_modified = True
                return None
            sitemap = parse_sitemap(must_answer(answer))
        except (SourceUnavailable, SourceBlocked) as cause:
            if not notes.answered and not waiting:
                raise
            notes.trouble = f"Peta situs tidak terambil: {cause}"
            continue
        notes.answered, notes.moved_to = True, notes.moved_to or answer.moved_to
        if lone and not sitemap.is_index:
            notes.keep_validators(answer)
        lone = False
        fresh = [one for one in sitemap.listed if one.changed_at is None or one.changed_at >= horizon]
        if sitemap.is_index:
            inner = sorted(fresh, key=lambda one: ("news" not in one.url, _LONG_AGO - (one.changed_at or _LONG_AGO)))
            waiting += [one.url for one in inner if not _NO_ARTICLES.search(urlsplit(one.url).path)]
        else:
            notes.listed(answer, len(sitemap.listed))
            found |= {one.url: one for one in fresh}
    return list(found.values())


async def _roots(ask: Ask, job: CrawlJob) -> list[str]:
    """The sitemaps to begin with: the source's own address, or what robots.txt names, or the usual place."""
    url = job.spec.url
    return [url] if _is_map(url) else doors(url, await ask(urljoin(url, "/robots.txt")))


def doors(url: str, robots: Answer | None) -> list[str]:
    """The sitemaps that an address stands for, with the robots.txt of its site."""
    if _is_map(url):
        return [url]
    named = robots_sitemaps(robots) if robots is not None and robots.status == OK else ()
    news = [one for one in named if "news" in one.lower()]
    return news or list(named) or [urljoin(url, "/sitemap.xml")]


def _is_map(url: str) -> bool:
    return bool(re.search(r"sitemap|\.xml(?:\.gz)?$", urlsplit(url).path, re.IGNORECASE))


async def _wanted(listed: list[Listed], job: CrawlJob, knows: Knows) -> tuple[list[Listed], bool]:
    """What to fetch, and whether more is left for the next crawl: lost and changed pages first, then new ones."""
    ids = {one.url: article_id(one.url) for one in listed}
    had = await knows(list(ids.values())) | _strings(job, "barren")
    lost, seen_until = _strings(job, "lost"), stored_time(job.cursor, "changed")
    newest_first = sorted(listed, key=lambda one: one.changed_at or _LONG_AGO, reverse=True)
    again = [
        one
        for one in newest_first
        if one.url in lost
        or (ids[one.url] in had and seen_until and one.lastmod and seen_until < one.lastmod <= job.now)
    ]
    new = [one for one in newest_first if ids[one.url] not in had and one.url not in lost]
    if job.limit is not None:
        return newest_first[: job.limit * PROOF_PAGES], False
    limit = MAX_PAGES_SINCE if job.since else MAX_PAGES
    return [*again, *new][:limit], len(again) + len(new) > limit


async def _fetch(ask: Ask, one: Listed, job: CrawlJob, haul: _Haul) -> Incoming | Malformed | None:
    try:
        answer = await ask(one.url)
        if answer.status in GONE:
            haul.barren.add(article_id(one.url))
            return None
        page = must_answer(answer)
    except SourceUnavailable as cause:
        haul.lost.append(one.url)
        haul.in_a_row += 1
        haul.refusal = cause
        return None
    except SourceBlocked as cause:
        haul.refusal = cause
        return None
    haul.in_a_row = 0
    haul.fetched += 1
    post = await asyncio.to_thread(parse_article, page, one, job)
    haul.empty += post is None
    if not isinstance(post, Incoming) or post.id != article_id(one.url):
        haul.barren.add(article_id(one.url))
    return post


def _cursor(listed: list[Listed], job: CrawlJob, notes: CrawlNotes, haul: _Haul, *, backlog: bool) -> dict[str, object]:
    cursor: dict[str, object] = {
        "barren": sorted(haul.barren),
        "lost": haul.lost,
        "unfinished": backlog or haul.lost != [],
    }
    reached = max((one.lastmod for one in listed if one.lastmod and one.lastmod <= job.now), default=None)
    before = stored_time(job.cursor, "changed")
    changed = before if notes.trouble and not haul.lost else max((t for t in (reached, before) if t), default=None)
    return cursor | ({"changed": changed.isoformat()} if changed else {})


def _strings(job: CrawlJob, name: str) -> set[str]:
    said = job.cursor.get(name)
    return {one for one in said if isinstance(one, str)} if isinstance(said, list) else set()


def detect(evidence: Evidence) -> str | None:
    """The address itself when it is a sitemap, else the site's own when its robots.txt names one."""
    if evidence.page.status == OK and re.search(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b", evidence.page.body[:4096]):
        return evidence.page.url
    robots = evidence.robots
    named = robots is not None and robots.status == OK and not robots.is_html and robots_sitemaps(robots)
    if named and evidence.page.is_html and evidence.page.status == OK:  # an error is no door, whatever robots.txt names
        return evidence.url
    return None


KIND = SourceKind(key="sitemap", title="Peta situs", rank=30, detect=detect, collect=collect, doors=doors)
