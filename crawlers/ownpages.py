"""Pages of one's own on a Graph platform: posts and what is said under them, edits, and what was taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from crawlers.asking import SourceRests
from crawlers.given import chosen_number
from crawlers.graph import Graph
from crawlers.kinds import CrawlJob, CrawlNotes, Found, Gone, Malformed, Memory
from crawlers.parsing.social import Said, Top, social_post
from crawlers.platform import Absent
from crawlers.talked import WATCH_DAYS, Talk, Talked
from domain.errors import SourceUnavailable
from domain.ids import post_id
from domain.posts import Incoming

MAX_PAGES = 60  # of posts, in one crawl
MAX_PAGES_SINCE = 2_000  # in a walk back
MAX_LOST_IN_A_ROW = 3  # talks that could not be read: then the platform is down
MAX_LOOKUPS = 100  # missing ones asked for by their id in one crawl: the rest in the next
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one platform lists its posts and what is said under them."""

    namespace: str
    posts: str  # the path of the listing of posts
    post_query: Mapping[str, object]
    comments: Callable[[str], str]  # the path of the listing under a post
    comment_query: Mapping[str, object]
    top: Callable[[Any, CrawlJob], Top | Malformed]
    under: Callable[[Any, Top, CrawlJob], Sequence[Said | Malformed]]
    more: Callable[[Any], str | None]  # the path of replies that did not come along; None: they all did
    more_query: Mapping[str, object]
    lookup: Callable[[str], str]
    newest_first: bool  # whether a new reply stands at the top, too: then reading may stop at what is known


@dataclass(slots=True)
class _Heard:
    """What one reading of a talk met."""

    ids: set[str] = field(default_factory=set)
    fresh: int = 0
    whole: bool = False


class OwnPage:
    """One crawl of one page. The cursor follows post by post."""

    def __init__(self, graph: Graph, job: CrawlJob, notes: CrawlNotes, memory: Memory, dialect: Dialect) -> None:
        self._graph, self._job, self._notes, self._memory, self._dialect = graph, job, notes, memory, dialect
        days = chosen_number(job.spec, "watch_days", most=365)
        self._watch = timedelta(days=WATCH_DAYS if days is None else max(1, days))
        self._talked = Talked.of(job.cursor, dialect.posts)
        self._lookups = MAX_LOOKUPS
        self._lost = self._advanced = False  # a talk could not be read; one of long ago was
        notes.incremental = self._talked.read_until is not None

    async def read(self) -> AsyncIterator[Found]:
        """The posts, newest first, then what is new or due to be read again under each."""
        now = self._job.now
        deep = self._talked.goes_deep(now) and self._talked.read_until is not None
        horizon = self._talked.horizon(now, watch=self._watch, since=self._job.since)
        self._look_back(horizon)
        tops: dict[str, Top] = {}
        try:
            async for found in self._posts(horizon, tops):
                yield found
        except SourceUnavailable as cause:
            if not self._notes.answered:
                raise
            self._lost = self._advanced = True
            self._notes.trouble = f"{cause} Sisanya diambil pada perayapan berikutnya."
        else:
            if self._job.limit is not None:
                return
            async for gone in self._gone_posts(horizon, tops):
                yield gone
            self._talked.read_until = now
            self._talked.deep_at = now if deep or self._talked.deep_at is None else self._talked.deep_at
        async for found in self._talks(tops):
            yield found
        if not (self._lost and self._advanced):  # one that can never be read holds up no look back for ever
            self._talked.back = self._talked.walked = None
        self._remember()

    def _look_back(self, horizon: datetime) -> None:
        """Remember a look further back than usual before it begins: whatever ends it, the next crawl goes on."""
        if self._job.limit is None and horizon < self._job.now - self._watch:
            self._talked.back = horizon
            self._remember()

    async def _posts(self, horizon: datetime, tops: dict[str, Top]) -> AsyncIterator[Found]:
        after: str | None = None
        for _ in range(MAX_PAGES_SINCE if self._talked.back else MAX_PAGES):
            page = await self._graph.page(self._dialect.posts, self._dialect.post_query, after=after)
            self._notes.answered = True
            within = False
            for raw in page.items:
                top = self._dialect.top(raw, self._job)
                if isinstance(top, Malformed):
                    yield top
                    continue
                at = top.said.published_at
                within = within or at is None or at >= horizon
                if at is not None and at < horizon:
                    continue
                tops[top.native] = top
                self._notes.saw(at, self._job.now)
                if top.said.text.strip():
                    yield social_post(top.said, self._job)
            after = page.after
            if after is None or not within or self._job.limit is not None:
                return
        raise SourceUnavailable("Lebih banyak kiriman daripada yang dibaca sekali jalan.")

    async def _talks(self, tops: Mapping[str, Top]) -> AsyncIterator[Found]:
        lost = 0
        for at, top in self._newest_first(tops):
            watched = at >= self._job.now - self._watch
            if not watched and self._talked.was_walked(top.native, at):
                continue
            if not self._talked.wants_reading(top.native, top.count, watched=watched, now=self._job.now):
                self._talked.talks.setdefault(top.native, Talk(top.count, self._job.now, at))
                continue
            heard = _Heard()
            try:
                async for found in self._talk(top, heard):
                    yield found
            except Absent:
                continue  # it went while we read: the next listing tells
            except SourceRests:
                self._remember()
                raise
            except SourceUnavailable as cause:
                lost, self._lost = lost + 1, True
                self._notes.trouble = f"Komentar tidak terambil: {cause} Diambil pada perayapan berikutnya."
                if lost >= MAX_LOST_IN_A_ROW:
                    self._advanced = True  # it is not this talk that cannot be read
                    return
                continue
            lost = 0
            before = self._talked.talks.get(top.native)
            whole = self._job.now if heard.whole else before.whole if before is not None else None
            self._talked.talks[top.native] = Talk(top.count, whole, at)
            self._advanced = self._advanced or not watched
            if not watched and not self._lost:
                self._talked.walked = min(at, self._talked.walked or at)
            self._remember()

    def _newest_first(self, tops: Mapping[str, Top]) -> list[tuple[datetime, Top]]:
        dated = [(top.said.published_at or self._job.now, top) for top in tops.values()]
        return sorted(dated, key=lambda pair: pair[0], reverse=True)

    async def _talk(self, top: Top, heard: _Heard) -> AsyncIterator[Found]:
        """What is said under a post; to its end, or where that is enough, down to what is known."""
        path, before = self._dialect.comments(top.native), self._talked.talks.get(top.native)
        due = self._talked.wants_whole(top.native, self._job.now)
        more = (top.count or 0) - ((before.count if before is not None else None) or 0)
        after: str | None = None
        while True:
            page = await self._graph.page(path, self._dialect.comment_query, after=after)
            said = [one for raw in page.items for one in self._dialect.under(raw, top, self._job)]
            said += [one for raw in page.items async for one in self._more(raw, top)]
            ids = [one.id for one in said if isinstance(one, Said)]
            known = await self._memory(ids)
            heard.ids.update(ids)
            heard.fresh += len(set(ids) - known)
            for one in said:
                found = one if isinstance(one, Malformed) else social_post(one, self._job)
                if isinstance(found, Incoming):
                    self._notes.saw(found.published_at, self._job.now)
                yield found
            after = page.after
            if after is None:
                break
            enough = self._dialect.newest_first and not due and 0 < more <= heard.fresh
            if enough and set(ids) <= known:
                return
        heard.whole = True
        async for gone in self._gone_comments(top, heard):
            yield gone

    async def _more(self, raw: Any, top: Top) -> AsyncIterator[Said | Malformed]:
        """Replies that did not come along with their comment."""
        path = self._dialect.more(raw)
        after: str | None = None
        while path is not None:
            page = await self._graph.page(path, self._dialect.more_query, after=after)
            for one in page.items:
                for said in self._dialect.under(one, top, self._job):
                    yield said
            after = page.after
            path = path if after is not None else None

    async def _gone_comments(self, top: Top, heard: _Heard) -> AsyncIterator[Gone]:
        if not heard.ids and top.count:
            return  # a talk that is hidden from us is not a talk that was taken back
        stored = await self._memory.standing(EPOCH, self._job.now, parent=top.said.id)
        async for gone in self._gone({name: native for name, native in stored.items() if name not in heard.ids}):
            yield gone

    async def _gone_posts(self, horizon: datetime, tops: Mapping[str, Top]) -> AsyncIterator[Gone]:
        """Posts that a listing which covers their time does not have; with a post goes what was said under it."""
        stored = await self._memory.standing(horizon, self._job.now)
        missing = {
            name: native
            for name, native in stored.items()
            if native in self._talked.talks and native not in tops and name == post_id(self._dialect.namespace, native)
        }
        async for gone in self._gone(missing):
            for under in await self._memory.standing(EPOCH, self._job.now, parent=gone.post_id):
                yield Gone(under)
            self._talked.talks.pop(missing[gone.post_id], None)
            yield gone

    async def _gone(self, missing: Mapping[str, str]) -> AsyncIterator[Gone]:
        """Those that are not there by their own id either: a listing alone may have slipped past one."""
        for name, native in missing.items():
            if not self._lookups:
                return
            self._lookups -= 1
            if not await self._graph.has(self._dialect.lookup(native)):
                yield Gone(name)

    def _remember(self) -> None:
        self._notes.cursor = self._talked.as_cursor()
