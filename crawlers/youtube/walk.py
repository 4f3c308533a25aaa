"""A walk through a video's comments, newest first: down to what is known to be read, or to the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crawlers.kinds import CrawlJob, CrawlNotes, Found, Gone, Malformed, Memory
from crawlers.parsing.youtube.addresses import video_id
from crawlers.parsing.youtube.comments import Thread, replies, threads
from crawlers.platform import Absent
from crawlers.youtube.api import PAGE, Api, CommentsShut, Listing, PageExpired
from crawlers.youtube.watch import Walk, Watched, newest
from domain.posts import Incoming

QUIET_PAGES = 10  # pages without news, below what is read, after which an unexplained number is left for the refresh
EPOCH = datetime(2005, 1, 1, tzinfo=UTC)  # no video is older


@dataclass(slots=True)
class _Reach:
    """What one run of a walk has covered: between these times every comment that is still there was met."""

    from_top: bool
    to_end: bool = False
    newest: datetime | None = None
    oldest: datetime | None = None
    tops: set[str] = field(default_factory=set)
    quiet: int = 0  # pages in a row that brought nothing unknown

    def cover(self, found: Sequence[Thread]) -> None:
        self.tops.update(thread.top.id for thread in found)
        self.newest = newest(self.newest, *(thread.at for thread in found))
        self.oldest = min((t for t in (self.oldest, *(thread.at for thread in found)) if t), default=None)


@dataclass(frozen=True, slots=True)
class _Met:
    """A comment that was met in this crawl. `likeness` is the same as long as it says and counts the same."""

    native: str
    at: datetime | None
    likeness: int


class Recall:
    """What is stored, and what this crawl has met already: that may still be on its way to the store."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._met: dict[str, dict[str, _Met]] = {}  # by parent, by post id

    def add(self, post: Incoming) -> bool:
        """Note a comment that was met; returns whether it was met before, and is the same."""
        siblings = self._met.setdefault(post.parent or "", {})
        met = _Met(post.native_id, post.published_at, hash((post.text, post.engagement.likes, post.engagement.replies)))
        before = siblings.get(post.id)
        siblings[post.id] = met
        return before == met

    async def known(self, posts: Sequence[Incoming]) -> set[str]:
        """Which of these comments are no news, by their post ids."""
        met = {post.id for post in posts if post.id in self._met.get(post.parent or "", ())}
        return {*await self._memory([post.id for post in posts if post.id not in met]), *met}

    async def under(self, parent: str, since: datetime, until: datetime) -> dict[str, str]:
        """Comments under a post of that time: native ids by post id."""
        met = self._met.get(parent, {})
        new = {post: one.native for post, one in met.items() if one.at is not None and since <= one.at < until}
        return {**await self._memory.standing(since, until, parent=parent), **new}


class CommentWalk:
    """Reads the comments of one video. Where it stands is in `video.walk`, and told by `save`, page by page."""

    def __init__(  # noqa: PLR0913  the video and its number beside what every collector has
        self, api: Api, job: CrawlJob, notes: CrawlNotes, recall: Recall, video: Watched, comments: int,
        save: Callable[[], None],
    ) -> None:  # fmt: skip
        self._api, self._job, self._notes, self._recall = api, job, notes, recall
        self._video = video
        self._comments = comments
        self._save = save
        self._walk = video.walk or Walk(count=comments)
        self._missing: dict[str, str] = {}  # native id by post id: stored, and in no listing that should have had it
        self._until = job.clock() + timedelta(days=1)

    async def read(self) -> AsyncIterator[Found]:
        """Every comment that was met, and what is gone. Raises as `Api.page` does; then the walk goes on from there."""
        self._video.walk = self._walk
        reach = _Reach(from_top=self._walk.page is None)
        started_over = False
        while not reach.to_end:
            try:
                listing = await self._ask("commentThreads", self._walk.page, videoId=self._video.id, order="time")
            except PageExpired:
                if started_over or self._walk.page is None:
                    raise
                started_over, reach = True, _Reach(from_top=True)
                self._video.walk = self._walk = Walk(count=self._comments)
                continue
            page = threads(listing.items, self._video.id, self._job)
            fresh = self._walk.fresh
            async for post in self._page(page):
                yield post
            self._turn(page, reach, quiet=self._walk.fresh == fresh)
            reach.to_end = listing.next is None
            self._walk.page = listing.next
            self._save()
            if self._reached(page, reach):
                break
            self._walk.several = self._walk.several or listing.next is not None
        async for gone in self._gone(reach):
            yield gone
        self._finish(reach)
        self._save()

    def _turn(self, page: Sequence[Thread | Malformed], reach: _Reach, *, quiet: bool) -> None:
        """Note what a page says of how far the walk has come."""
        found = [thread for thread in page if isinstance(thread, Thread)]
        at = newest(*(thread.at for thread in found))
        if self._walk.page is None:  # the first page: no later one holds anything newer
            self._walk.top = newest(self._walk.top, min(at, self._job.clock()) if at else None)
        elif at and self._video.top and at > self._video.top:
            self._walk.spread = True
        reach.cover(found)
        reach.quiet = reach.quiet + 1 if quiet else 0

    def _reached(self, page: Sequence[Thread | Malformed], reach: _Reach) -> bool:
        """Whether all below is read, and the number of comments needs no other explanation than what was met."""
        floor = self._video.floor
        if floor is None or reach.oldest is None or self._video.wants_whole(self._job.now):
            return False
        explained = self._walk.fresh == self._walk.count - (self._video.count or 0)
        below = any(isinstance(thread, Thread) for thread in page) and reach.oldest < floor
        return below and (explained or reach.quiet >= QUIET_PAGES)

    async def _page(self, page: Sequence[Thread | Malformed]) -> AsyncIterator[Found]:
        threads_here = [thread for thread in page if isinstance(thread, Thread)]
        known = await self._recall.known([post for one in threads_here for post in (one.top, *_posts(one.shown))])
        for thread in page:
            if isinstance(thread, Malformed):
                yield thread
                continue
            if self._is_news(thread.top, known):
                yield thread.top
            found, known_too = await self._replies(thread, known)
            for reply in found:
                if isinstance(reply, Malformed) or self._is_news(reply, known_too):
                    yield reply

    def _is_news(self, post: Incoming, known: set[str]) -> bool:
        """Take note of a comment. Returns whether it is to be handed on: an earlier walk of this crawl may have."""
        at = post.published_at
        if at is not None and at <= self._job.clock():
            self._video.last = newest(self._video.last, at)
        if post.id not in known:
            self._walk.fresh += 1
            was_read = self._video.top if self._video.count is not None else None
            self._walk.late = self._walk.late or (at is not None and was_read is not None and at <= was_read)
        if self._recall.add(post):
            return False
        self._notes.saw(at, self._job.now)
        return True

    async def _replies(self, thread: Thread, known: set[str]) -> tuple[Sequence[Incoming | Malformed], set[str]]:
        """All replies of a thread, and which of them are known: those that came along, or if there are more, a list."""
        all_shown = thread.total <= len(thread.shown)
        is_new = thread.top.id not in known
        again = self._video.whole is not None and self._video.wants_whole(self._job.now)
        if all_shown and (is_new or not (thread.total or again)):
            return thread.shown, known
        stored = {} if is_new else await self._recall.under(thread.top.id, EPOCH, self._until)
        found: Sequence[Incoming | Malformed] = thread.shown
        if not all_shown:
            if len(stored) == thread.total and all(post.id in known for post in _posts(thread.shown)):
                return thread.shown, known
            try:
                found = await self._list_replies(thread)
            except (Absent, CommentsShut, PageExpired):  # it went meanwhile: the next walk tells
                return thread.shown, known
            known = await self._recall.known(_posts(found))
        here = {post.id for post in _posts(found)}
        self._missing |= {post: native for post, native in stored.items() if post not in here}
        return found, known

    async def _list_replies(self, thread: Thread) -> Sequence[Incoming | Malformed]:
        found: dict[str, Incoming | Malformed] = {}
        token: str | None = None
        while True:
            listing = await self._ask("comments", token, parentId=thread.top.native_id)
            for reply in (*replies(listing.items, self._video.id, thread.top.id, self._job), *thread.shown):
                found.setdefault(reply.key if isinstance(reply, Malformed) else reply.id, reply)
            if listing.next is None:
                return list(found.values())
            token, self._walk.several = listing.next, True

    async def _gone(self, reach: _Reach) -> AsyncIterator[Gone]:
        """What is stored, was in no listing that covers its time, and is not there by its own id either."""
        since = EPOCH if reach.to_end else reach.oldest
        until = self._until if reach.from_top else reach.newest
        if since is not None and until is not None:
            stored = await self._recall.under(video_id(self._video.id), since, until)
            self._missing |= {post: native for post, native in stored.items() if post not in reach.tops}
        gone = await self._absent(self._missing)
        under: dict[str, str] = {}
        for post in gone:  # with a comment go the replies to it
            under |= await self._recall.under(post, EPOCH, self._until)
        gone += await self._absent({post: native for post, native in under.items() if post not in self._missing})
        for post in gone:
            yield Gone(post)

    async def _absent(self, asked: Mapping[str, str]) -> list[str]:
        if not asked:
            return []
        present = await self._api.present(list(asked.values()))
        return [post for post, native in asked.items() if native not in present]

    def _finish(self, reach: _Reach) -> None:
        """Note how far the comments are known to be read, see `Watched`."""
        video, walk = self._video, self._walk
        if not walk.several:
            video.floor = walk.top
        elif video.count is not None and not walk.late:
            video.floor = video.top if walk.spread else walk.top
        video.top, video.count, video.shut, video.walk = walk.top, walk.count, False, None
        if reach.to_end:
            video.whole = self._job.now

    async def _ask(self, method: str, token: str | None, **query: object) -> Listing:
        part = "snippet,replies" if method == "commentThreads" else "snippet"
        return await self._api.page(method, token, part=part, maxResults=PAGE, textFormat="plainText", **query)


def _posts(found: Iterable[Incoming | Malformed]) -> list[Incoming]:
    return [one for one in found if isinstance(one, Incoming)]
