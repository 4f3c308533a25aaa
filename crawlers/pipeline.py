"""The item pipeline: posts go to the sink in batches, off the event loop, so that a slow disk slows no download."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Self, TypeVar

from scrapy.crawler import Crawler

from crawlers.kinds import BATCH, BELT, Found, Gone, Malformed
from crawlers.spider import SourceSpider
from domain.posts import Incoming, IntakeReport

_T = TypeVar("_T")

MAX_WAIT = 5.0  # seconds that an article may wait for its batch to fill: slow sites lose little to a kill


class PostPipeline:
    """Accepts what the spider yields. When the crawl is over, everything it yielded is stored or set aside."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._waiting: list[Incoming] = []
        self._since = 0.0
        self._turn = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    async def process_item(self, item: Found) -> Found:
        """Take one post; write when the batch is full or has waited long enough."""
        try:
            if isinstance(item, Malformed):
                await self._set_aside(item)
            elif isinstance(item, Gone):
                await self._withdraw(item)
            else:
                await self._take(item)
        finally:
            self._spider.taken()
        return item

    async def close_spider(self) -> None:
        """Write what is left."""
        await self._flush()

    @property
    def _spider(self) -> SourceSpider:
        spider = self._crawler.spider
        if not isinstance(spider, SourceSpider):
            raise TypeError("PostPipeline serves SourceSpider only")
        return spider

    async def _take(self, post: Incoming) -> None:
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append(post)
        if len(self._waiting) >= BATCH or time.monotonic() - self._since > MAX_WAIT:
            await self._flush()

    async def _set_aside(self, entry: Malformed) -> None:
        sink = self._spider.sink
        async with self._turn:
            await self._hand_in(
                lambda: sink.set_aside(belt=BELT, key=entry.key, reason=entry.reason, payload=entry.payload)
            )
        self._spider.notes.report += IntakeReport(quarantined=1)

    async def _withdraw(self, gone: Gone) -> None:
        async with self._turn:
            await self._write()  # what was said before it was taken back is stored before it is hidden
            hidden = await self._hand_in(lambda: self._spider.sink.withdraw([gone.post_id], self._spider.job.now))
        self._spider.notes.withdrawn += hidden or 0

    async def _flush(self) -> None:
        """One step at a time: the sink sees them in order, and who closes waits for those before."""
        async with self._turn:
            await self._write()

    async def _write(self) -> None:
        batch, self._waiting = self._waiting, []
        if batch:
            report = await self._hand_in(lambda: self._spider.sink.accept(batch))
            if report is not None:
                self._spider.notes.report += report

    async def _hand_in(self, step: Callable[[], _T]) -> _T | None:
        """Do something with the sink; a failure is noted, ends the crawl, and nothing of it is recorded."""
        notes = self._spider.notes
        if notes.broken is not None:
            return None
        try:
            return await asyncio.to_thread(step)
        except Exception as cause:  # noqa: BLE001  Scrapy would log it and go on without the posts
            notes.broken = cause
            return None
