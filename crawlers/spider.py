"""The one spider: carries a kind's questions to its source through Scrapy, and its posts to the pipeline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawlers.asking import MOVED, Answer, Ask, KeyRefused, SourceBlocked, SourceRests
from crawlers.blindness import attach_answer, judge_yield
from crawlers.keeping import KeptAsk, begin
from crawlers.kinds import CrawlJob, CrawlNotes, SourceKind
from domain.answers import AnswerShelf
from domain.errors import SourceUnavailable
from domain.ports import HostTurns, PostSink, SourceBook

SETTLE = 0.01  # seconds until Scrapy has done its own accounts of the last post
FAULTS = {
    "CannotResolveHostError": "nama servernya tidak ditemukan",
    "DownloadConnectionRefusedError": "servernya menolak sambungan",
    "DownloadTimeoutError": "servernya tidak menjawab tepat waktu",
    "DownloadCancelledError": "jawabannya terlalu besar",
    "ResponseDataLossError": "jawabannya terputus",
}  # what Scrapy's errors mean to people
SHORTEST_KEY = 8  # characters: what is shorter may be any word
KNOWS_CHUNK = 500  # ids in one question to the database


class SourceSpider(Spider):
    """One crawl of one source. What happened stands in `notes` when it is over."""

    name = "source"

    def __init__(  # noqa: PLR0913  what a crawl is handed
        self,
        *,
        kind: SourceKind,
        job: CrawlJob,
        notes: CrawlNotes,
        sink: PostSink,
        book: SourceBook,
        turns: HostTurns | None = None,
        shelf: AnswerShelf | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.turns = turns
        self._log = begin(shelf, job) if shelf is not None and job.limit is None else None  # a proof is no crawl
        self.kind, self.job, self.notes, self.sink, self.book = kind, job, notes, sink, book
        self._under_way = 0
        self._idle = asyncio.Event()

    async def start(self) -> AsyncIterator[Any]:
        """Yield the posts that the kind collects, and note how it ended."""
        ask: Ask = self.ask if self._log is None else KeptAsk(self.ask, self._log, self.job, self.notes)
        try:
            async for post in self.kind.collect(ask, self.job, self.notes, StoredPosts(self.job, self.book)):
                if self.notes.broken is not None:
                    break
                self._under_way += 1
                yield post
                self.notes.took(post)
                if self.notes.good == self.job.limit:
                    break
        except SourceBlocked as cause:
            self.notes.blocked = str(cause)
        except KeyRefused as cause:
            self.notes.refused = str(cause)
        except SourceRests as cause:
            self.notes.trouble, self.notes.rest_until = str(cause), cause.until
            self.notes.finished = True
        except SourceUnavailable as cause:
            self.notes.failed = str(cause)
        except Exception as cause:
            # Scrapy would log it and call the crawl a success; one source's fault must not end the others.
            self.logger.exception("source %s", self.job.spec.key)
            self.notes.failed = f"Kesalahan perayap: {_words(cause)}"
        else:
            self.notes.finished = True
        judge_yield(self.job, self.notes)
        attach_answer(self.job, self.notes)
        # Scrapy looks for idle spiders when start() ends, then every five seconds only: end when nothing is under way.
        await self._settled()

    def closed(self, reason: str) -> None:  # noqa: ARG002  Scrapy's name
        """Scrapy's call when all is over."""
        if self._log is not None:
            self._log.close()

    def taken(self) -> None:
        """The pipeline has taken a post."""
        self._under_way -= 1
        if not self._under_way:
            self._idle.set()

    async def _settled(self) -> None:
        while self._under_way:
            self._idle.clear()
            await self._idle.wait()
        await asyncio.sleep(SETTLE)

    async def ask(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        secret: Mapping[str, str] | None = None,
        once: bool = False,
    ) -> Answer:
        """Fetch an address through all of Scrapy's manners. See `crawlers.asking.Ask`."""
        sent = {**(headers or {}), **(secret or {})}
        try:
            keyed = bool(secret)
            meta = {"dont_redirect": keyed, "dont_obey_robotstxt": keyed, "dont_retry": once}
            request = Request(url, headers=sent, dont_filter=True, meta=meta)
        except ValueError as cause:
            raise SourceUnavailable(f"{url} bukan alamat yang dapat dibuka.") from cause
        engine = self.crawler.engine
        if engine is None or engine.spider is None:
            raise SourceUnavailable("Perayapan dihentikan.")
        try:
            response = await engine.download_async(request)
        except IgnoreRequest as cause:
            if "robots" in str(cause):
                raise SourceBlocked(f"robots.txt melarang membaca {url}.") from cause
            raise SourceUnavailable(f"{url} tidak terambil ({cause}).") from cause
        except asyncio.CancelledError:
            raise
        except Exception as cause:
            fault = FAULTS.get(type(cause).__name__) or _words(cause)
            raise SourceUnavailable(f"{url} tidak terbaca: {fault}.") from cause
        return _without(_answer(response), secret or {})


class StoredPosts:
    """`crawlers.kinds.Memory` over a source book: the database is asked in threads."""

    def __init__(self, job: CrawlJob, book: SourceBook) -> None:
        self._job, self._book = job, book

    async def __call__(self, post_ids: Sequence[str], /) -> frozenset[str]:
        """Which of the ids are stored already."""
        known: set[str] = set()
        for start in range(0, len(post_ids), KNOWS_CHUNK):
            known |= await asyncio.to_thread(self._book.knows, post_ids[start : start + KNOWS_CHUNK])
        return frozenset(known)

    async def standing(self, since: datetime, until: datetime, *, parent: str | None = None) -> Mapping[str, str]:
        """Posts of this source, see `SourceBook.standing`."""
        return await asyncio.to_thread(self._book.standing, self._job.spec.key, since, until, parent=parent)


def _answer(response: Response) -> Answer:
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    reasons = response.meta.get("redirect_reasons", [])
    return Answer(
        url=response.url,
        status=response.status,
        body=response.body,
        headers=headers,
        moved_to=response.url if reasons and all(reason in MOVED for reason in reasons) else None,
    )


def _without(answer: Answer, secret: Mapping[str, str]) -> Answer:
    """An answer without the key that asked for it: platforms repeat it in the address of a next page."""
    body = answer.body
    for key in (value.rpartition(" ")[2] for value in secret.values()):
        for written in {key, quote(key, safe="")} if len(key) >= SHORTEST_KEY else ():
            body = body.replace(written.encode(), b"***")
    return answer if body is answer.body else replace(answer, body=body)


def _words(cause: BaseException) -> str:
    said = str(cause).strip().splitlines()
    return f"{type(cause).__name__}: {said[0][:200]}" if said else type(cause).__name__
