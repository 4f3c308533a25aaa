"""Keeps what a crawl is answered while it goes on; whatever becomes of the keeping, the crawl goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from crawlers.asking import Answer, Ask, SourceBlocked
from crawlers.kinds import CrawlJob, CrawlNotes
from domain.answers import AnswerLog, AnswerShelf, KeptAnswer, KeptCrawl
from domain.errors import SourceUnavailable


class KeptAsk:
    """An `Ask` that writes down each answer, and each fault, before it hands it on. Headers that were sent are not."""

    def __init__(self, ask: Ask, log: AnswerLog, job: CrawlJob, notes: CrawlNotes) -> None:
        self._ask, self._log, self._job, self._notes = ask, log, job, notes

    async def __call__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        secret: Mapping[str, str] | None = None,
        once: bool = False,
    ) -> Answer:
        """Ask, and keep what comes of it."""
        try:
            answer = await self._ask(url, headers=headers, secret=secret, once=once)
        except (SourceUnavailable, SourceBlocked) as cause:
            blocked = isinstance(cause, SourceBlocked)
            await self._keep(KeptAnswer(asked=url, at=self._job.clock(), fault=str(cause), blocked=blocked))
            raise
        kept = KeptAnswer(
            asked=url,
            at=self._job.clock(),
            url=answer.url,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            moved_to=answer.moved_to,
        )
        name = await self._keep(kept)
        if name is not None:
            self._notes.kept[answer.url] = name
            self._notes.last_kept = name
        return answer

    async def _keep(self, kept: KeptAnswer) -> str | None:
        name = await asyncio.to_thread(self._log.add, kept)
        self._notes.unkept = self._log.trouble
        return name


def begin(shelf: AnswerShelf, job: CrawlJob) -> AnswerLog:
    """What is kept of a crawl."""
    return shelf.begin(KeptCrawl(job.spec, job.memory, job.now, job.since, job.limit, job.root))
