"""Public Telegram channels by the pages that Telegram shows of them to everybody: no account, no key."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawlers.asking import Answer, Ask, SourceBlocked, SourceRests, must_answer
from crawlers.kinds import CrawlJob, CrawlNotes, Evidence, Found, Gone, Malformed, Memory, SourceKind, stored_time
from crawlers.parsing.telegram import Page, message_id, number_of, parse_page
from crawlers.pauses import TOO_MANY, rests_until
from domain.errors import SourceUnavailable

ROOT = "https://t.me"
AGAIN = 3  # of the newest pages are read in every crawl: edits and deletions are not told otherwise
FIRST_PAGES = 10  # of the newest, when a channel is read for the first time without `since`
MAX_PAGES = 100  # in one crawl; the next one goes on

_HOSTS = frozenset({"t.me", "www.t.me", "telegram.me", "www.telegram.me", "telegram.dog"})
_NAME = re.compile(r"/(?:s/)?([A-Za-z]\w{3,31})(?:/\d+)?/?")
_NO_CHANNELS = frozenset({"joinchat", "addstickers", "addemoji", "addlist", "share", "proxy", "socks", "login",
                          "setlanguage", "invoice", "boost"})  # fmt: skip


@dataclass(slots=True)
class Place:
    """How far a channel has been read, in numbers of messages: those only grow, and never move."""

    upto: int | None = None  # everything up to here is read, as far back as the channel was asked for
    before: int | None = None  # a walk back that has not come to its end goes on before this one,
    since: datetime | None = None  # to this time,
    pages: int | None = None  # or for so many pages
    asked: datetime | None = None  # how far back somebody wants to read, where that has not begun yet

    @classmethod
    def of(cls, job: CrawlJob) -> Place:
        """Out of a job's cursor."""
        said = job.cursor
        times = [stored_time(said, "asked"), job.since]
        return cls(
            _whole(said, "upto"), _whole(said, "before"), stored_time(said, "since"), _whole(said, "pages"),
            asked=min((at for at in times if at is not None), default=None),
        )  # fmt: skip

    def begin_back(self, lowest: int) -> None:
        """Let a walk back begin at the oldest of the newest messages, where one is asked for."""
        since, self.asked = self.asked, None
        if since is not None and (self.since is None or since < self.since):
            self.before, self.since, self.pages = lowest, since, None
        elif self.upto is None and self.before is None:
            self.before, self.pages = lowest, FIRST_PAGES - AGAIN

    def as_cursor(self) -> dict[str, object]:
        """As it is remembered."""
        times = {"since": self.since, "asked": self.asked}
        said: dict[str, object] = {"upto": self.upto, "before": self.before, "pages": self.pages}
        said |= {name: at.isoformat() for name, at in times.items() if at is not None}
        return {name: value for name, value in said.items() if value is not None}


class Listening:
    """One crawl of one channel."""

    def __init__(self, ask: Ask, job: CrawlJob, notes: CrawlNotes, memory: Memory) -> None:
        name = channel_of(job.spec.url)
        if name is None:
            raise SourceUnavailable(f"{job.spec.url} bukan alamat kanal Telegram.")
        self._ask, self._job, self._notes, self._memory = ask, job, notes, memory
        self._channel = name
        self._place = Place.of(job)
        self._left = MAX_PAGES
        self._times: dict[int, datetime] = {}  # of the newest pages, which join without a gap
        if self._place.asked is not None and job.limit is None:
            self._save()  # whatever ends this crawl, the next one begins the walk back

    async def collect(self) -> AsyncIterator[Found]:
        """The newest pages, then what was said between them and what is read, then what lies further back."""
        job, place = self._job, self._place
        self._notes.incremental = place.upto is not None
        async for found in self._newest():
            yield found
        if job.limit is not None:
            return
        lowest, highest = min(self._times, default=0), max(self._times, default=0)
        async for gone in self._gone():
            yield gone
        if lowest:
            place.begin_back(lowest)
        try:
            if place.upto is not None and place.upto < lowest:
                async for found in self._between(lowest):
                    yield found
            if highest and (place.upto is None or place.upto >= lowest - 1):
                place.upto = max(highest, place.upto or 0)
            self._save()
            async for found in self._back():
                yield found
        except SourceUnavailable as cause:
            self._notes.trouble = f"Halaman lama tidak terambil: {cause}"
        self._save()

    def _save(self) -> None:
        self._notes.cursor = self._place.as_cursor()

    async def _page(self, query: str = "") -> Page:
        self._left -= 1
        url = f"{self._job.root or ROOT}/s/{self._channel}{query}"
        answer = await self._ask(url)
        if answer.status == TOO_MANY:
            until = rests_until(answer, self._job.clock())
            raise SourceRests(f"Telegram minta jeda sampai {until:%Y-%m-%d %H:%M} UTC.", until)
        page = parse_page(_shown(must_answer(answer), self._channel), self._channel, self._job)
        self._notes.answered = True
        if not query:
            self._notes.listed(answer, sum(not isinstance(entry, Malformed) for entry in page.entries))
        return page

    def _read(self, page: Page) -> list[Found]:
        """What a page brings."""
        found: list[Found] = []
        for entry in page.entries:
            if not isinstance(entry, Malformed):
                self._notes.saw(entry.published_at, self._job.now)
            found.append(entry)
        return found

    async def _newest(self) -> AsyncIterator[Found]:
        """The newest pages. What is lost of them, but for the first, is made up for afterwards."""
        query = ""
        for number in range(1 if self._job.limit is not None else AGAIN):
            try:
                page = await self._page(query)
            except SourceUnavailable as cause:
                if not number:
                    raise
                self._notes.trouble = f"Halaman {number + 1} tidak terambil: {cause}"
                return
            if self._times and page.times and min(page.times) >= min(self._times):
                return  # a page that leads no further back
            for found in self._read(page):
                yield found
            if not page.times:
                return
            self._times |= page.times
            query = f"?before={min(page.times)}"

    async def _between(self, lowest: int) -> AsyncIterator[Found]:
        """From what is read up to the newest pages, in the order in which it was said: each page is a step."""
        place = self._place
        while place.upto is not None and place.upto < lowest - 1 and self._left > 0:
            page = await self._page(f"?after={place.upto}")
            for found in self._read(page):
                yield found
            # Where all that was said in between is deleted, nothing is left to be read.
            place.upto = max(page.times) if page.times and max(page.times) > place.upto else lowest - 1
            self._save()

    async def _back(self) -> AsyncIterator[Found]:
        """Further back, to a time or for some pages."""
        place = self._place
        while place.before is not None and self._left > 0:
            page = await self._page(f"?before={place.before}")
            ended = not page.times or min(page.times) >= place.before
            for found in self._read(page) if not ended else ():
                yield found
            place.pages = place.pages - 1 if place.pages is not None else None
            reached = place.since is not None and bool(page.times) and min(page.times.values()) < place.since
            if ended or reached or place.pages == 0:
                place.before = place.since = place.pages = None
            else:
                place.before = min(page.times)
            self._save()

    async def _gone(self) -> AsyncIterator[Gone]:
        """What is stored, lies between messages of the newest pages, and is not on them."""
        if not self._times:
            return
        oldest = min(self._times.values())
        stored = await self._memory.standing(oldest - timedelta(seconds=1), self._job.clock() + timedelta(days=1))
        numbers = {number for native in stored.values() if (number := number_of(self._channel, native)) is not None}
        missing = numbers - self._times.keys()
        lowest, highest = min(self._times), max(self._times)
        gone = {number for number in missing if lowest < number < highest}
        newer = {number for number in missing if number > highest}
        if newer:  # the newest of all: no neighbour vouches for it, so its own place is looked at
            gone |= newer - (await self._page(f"?before={max(newer) + 1}")).times.keys()
        for number in sorted(gone):
            yield Gone(message_id(self._channel, number))


async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, memory: Memory) -> AsyncIterator[Found]:
    """What is new in a channel, what was changed and what was taken back among its newest messages."""
    async for found in Listening(ask, job, notes, memory).collect():
        yield found


def channel_of(url: str) -> str | None:
    """The name of the public channel that an address shows."""
    parts = urlsplit(url)
    name = _NAME.fullmatch(parts.path) if (parts.hostname or "").lower() in _HOSTS else None
    return name[1] if name is not None and name[1].lower() not in _NO_CHANNELS else None


def owns(url: str) -> str | None:
    """The address of a channel, the way a source keeps it."""
    name = channel_of(url)
    return f"{ROOT}/s/{name}" if name is not None else None


def detect(evidence: Evidence) -> str | None:
    """The channel that an address shows."""
    return owns(evidence.url)


def _shown(answer: Answer, channel: str) -> Answer:
    """The answer, unless it led away from the pages that everybody may see."""
    if urlsplit(answer.url).path.lower().startswith(f"/s/{channel.lower()}"):
        return answer
    raise SourceBlocked(
        f"Kanal @{channel} tidak punya pratinjau publik. Minta pengelolanya menjadikannya kanal publik dengan "
        "pratinjau, atau memasukkan bot Telegram instansi, atau mengirim ekspor kanal untuk diimpor."
    )


def _whole(said: Mapping[str, object], name: str) -> int | None:
    value = said.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


KIND = SourceKind(
    key="telegram",
    title="Kanal Telegram",
    rank=40,
    detect=detect,
    collect=collect,
    owns=owns,
    price="Gratis, tanpa akun dan tanpa kunci.",
    allowed="Hanya kanal publik yang pratinjaunya terbuka untuk semua orang; grup dan kanal tertutup tidak.",
)
