"""WordPress sites: posts and comments by the REST API; by their feeds where that door is shut."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawlers.asking import OK, SHUT, Answer, Ask, SourceBlocked, must_answer
from crawlers.kinds import CrawlJob, CrawlNotes, Evidence, Knows, Malformed, SourceKind, stored_time
from crawlers.parsing.feeds import FeedPost, parse_feed
from crawlers.parsing.wordpress import RestPage, is_listing, parse_comments, parse_posts
from crawlers.sources.rss import Walk, walk
from domain.errors import SourceUnavailable
from domain.posts import Incoming

PER_PAGE = 100  # the API's own limit
FIRST_PAGES = 10  # of the newest, when a source is crawled for the first time without `since`
POST_OVERLAP = timedelta(minutes=5)  # clocks and caches of the site may lag a little
COMMENT_OVERLAP = timedelta(days=3)  # a comment keeps its date while it waits for a moderator
_REST = ("wp-json/wp/v2/", "?rest_route=/wp/v2/")  # with pretty addresses, and without


@dataclass(frozen=True, slots=True)
class Listing:
    """One of the two things a site lists, by either door."""

    name: str
    since: str  # parameter that asks for what is newer
    again: str  # parameter that asks for what changed since the last crawl
    overlap: timedelta
    feed: str
    parse: Callable[[Answer, CrawlJob], RestPage]


POSTS = Listing("posts", "after", "modified_after", POST_OVERLAP, "feed/", parse_posts)
COMMENTS = Listing("comments", "after", "after", COMMENT_OVERLAP, "comments/feed/", parse_comments)


async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, knows: Knows) -> AsyncIterator[Incoming | Malformed]:
    """Posts that are new or changed, then new comments; each by REST, else by its feed."""
    cursor = dict(job.cursor)
    unfinished = stored_time(cursor, "since")  # a walk back that lost a page goes on
    if unfinished is not None and job.limit is None:
        job = replace(job, since=min(t for t in (job.since, unfinished) if t))
    for listing in (POSTS, COMMENTS):
        if listing is COMMENTS and job.limit is not None:
            break  # a proof shows articles
        try:
            door = await _open_door(ask, job, listing)
            by_door = (
                _by_rest(ask, job, notes, listing, door, cursor)
                if door is not None
                else _by_feed(ask, job, notes, knows, listing, cursor)
            )
            async for post in by_door:
                yield post
        except (SourceUnavailable, SourceBlocked) as cause:
            if listing is POSTS:
                raise
            notes.trouble = notes.trouble or f"Komentar tidak terambil: {cause}"
    if job.limit is None:
        cursor.pop("since", None)
        lost = {"since": job.since.isoformat()} if job.since and notes.trouble else {}
        notes.cursor = cursor | lost


@dataclass(frozen=True, slots=True)
class _Door:
    """A REST door that opened: its address with the query of this crawl, and its first page."""

    url: str
    first: Answer
    full: bool  # whether it lists all that is asked for, or only the newest of a first crawl


async def _open_door(ask: Ask, job: CrawlJob, listing: Listing) -> _Door | None:
    """Ask for the first page. None when the door is shut: 401, 403, 404, robots, a page instead of a list."""
    cursor = stored_time(job.cursor, listing.name)
    query: dict[str, object] = {"per_page": job.limit or PER_PAGE}
    full = job.limit is None and (job.since is not None or cursor is not None)
    if job.since is not None:
        query[listing.since] = _stamp(job.since)
    elif cursor is not None:
        query[listing.again] = _stamp(cursor - listing.overlap)
    # By id nothing moves from page to page while it is read; the newest first are what a first crawl wants.
    query |= {"orderby": "id", "order": "asc"} if full else {"orderby": "date", "order": "desc"}
    for root in _REST:
        url = f"{home(job.spec.url)}{root}{listing.name}"
        url += f"{'&' if '?' in url else '?'}{urlencode(query)}"
        try:
            answer = await ask(url)
        except SourceBlocked:  # robots may shut the API and leave the feeds open
            return None
        if is_listing(answer):
            return _Door(url, answer, full)
        if answer.status not in SHUT and not (answer.status == OK and answer.is_html):
            must_answer(answer)
    return None


async def _by_rest(  # noqa: PLR0913  the listing and its door beside what every collector has
    ask: Ask, job: CrawlJob, notes: CrawlNotes, listing: Listing, door: _Door, cursor: dict[str, object]
) -> AsyncIterator[Incoming | Malformed]:
    """All pages in order. The cursor moves only when none was lost: what is missing is asked for again."""
    notes.answered, notes.moved_to = True, notes.moved_to or door.first.moved_to
    notes.incremental = notes.incremental or door.full
    newest: datetime | None = None
    page = listing.parse(door.first, job)
    if listing is POSTS and not door.full:
        notes.listed(door.first, sum(not isinstance(entry, Malformed) for entry in page.entries))
    total = page.total
    last = page.pages if door.full else min(page.pages, 1 if job.limit else FIRST_PAGES)
    for number in range(2, last + 2):
        for entry in page.entries:
            if not isinstance(entry, Malformed):
                notes.saw(entry.published_at, job.now)
            yield entry
        newest = max((t for t in (newest, page.newest) if t), default=None)
        if number > last:
            break
        try:
            answer = _must_list(await ask(f"{door.url}&page={number}"))
        except (SourceUnavailable, SourceBlocked) as cause:
            notes.trouble = f"Halaman {number} dari {last} tidak terambil: {cause}"
            return
        page = listing.parse(answer, job)
        if page.total < total:  # something was deleted meanwhile: an entry may have slipped past us
            return
    _advance(cursor, listing, newest, door, job)


def _must_list(answer: Answer) -> Answer:
    if is_listing(must_answer(answer)):
        return answer
    raise SourceUnavailable(f"{answer.url} tidak menjawab dengan daftar.")


def _advance(cursor: dict[str, object], listing: Listing, newest: datetime | None, door: _Door, job: CrawlJob) -> None:
    """Remember up to where all was read: never past the site's own clock when reading began."""
    before = stored_time(cursor, listing.name)
    if newest is None or (job.since is not None and before is not None):
        return  # a walk back says nothing about what changed since the last crawl
    reached = min(newest, _clock(door.first) or job.now)
    cursor[listing.name] = max(reached, before).isoformat() if before else reached.isoformat()


async def _by_feed(  # noqa: PLR0913  as above
    ask: Ask, job: CrawlJob, notes: CrawlNotes, knows: Knows, listing: Listing, cursor: dict[str, object]
) -> AsyncIterator[Incoming | Malformed]:
    first = must_answer(await ask(home(job.spec.url) + listing.feed))
    feed = parse_feed(first, job)
    notes.answered = True
    if listing is POSTS:
        notes.listed(first, sum(isinstance(entry, FeedPost) for entry in feed.entries))
    floor_name = f"{listing.name}_floor"
    floor = stored_time(cursor, floor_name)
    way = Walk(first.url, floor)
    async for post in walk(ask, job, notes, knows, first, feed, way, whole_only=True):
        yield post
    cursor.pop(floor_name, None)
    if way.lost:
        notes.trouble = way.lost
        cursor[floor_name] = way.left_at(job).isoformat()


def home(url: str) -> str:
    """The site's address with a slash at its end, without query and fragment."""
    parts = urlsplit(url)
    path = parts.path if parts.path.endswith("/") else parts.path + "/"
    return f"{parts.scheme}://{parts.netloc}{path}"


def detect(evidence: Evidence) -> str | None:
    """The home of a site whose page names a REST API, or whose REST door opens."""
    if evidence.page.status != OK or not evidence.page.is_html:
        return None
    named = LexborHTMLParser(evidence.page.body).css_first('link[rel="https://api.w.org/"][href]')
    if named is not None:
        root = urljoin(evidence.page.url, named.attributes.get("href") or "")
        return home(root.partition("wp-json")[0].partition("index.php")[0].partition("?")[0])
    if evidence.rest is not None and is_listing(evidence.rest):
        return home(evidence.rest.url.partition("wp-json/")[0])
    return None


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _clock(answer: Answer) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return None


KIND = SourceKind(key="wordpress", title="WordPress", rank=10, detect=detect, collect=collect)
