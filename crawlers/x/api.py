"""The X API v2: every post read is paid for, so nothing is asked that the budget does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from crawlers.asking import OK, Answer, Ask, SourceRests
from crawlers.given import chosen_number, key_of
from crawlers.kinds import CrawlJob
from crawlers.parsing.x import FIELDS, SearchPage, absent_of, parse_search, total_of
from crawlers.platform import listed, said, told
from crawlers.spans import Span
from crawlers.spending import Spending
from domain.doors import Budget, Credential, Need, Period
from domain.ports import SourceSpec

ROOT = "https://api.x.com"
PAGE, FEWEST = 100, 10  # posts of one page, by the platform's own bounds
COUNT = 1  # units of a count: it costs as much as a post
MOST_POSTS = 3_000_000  # a month, by the platform's own cap
ASK_AGAIN = timedelta(hours=1)  # a source without a budget looks so often whether it was given one
NEED = Need("x", "bearer token X")
PRICE = (
    "Berbayar per pemakaian, dengan kredit yang dibeli di muka. Menurut daftar harga X per 2026: US$0,005 tiap kiriman "
    "yang dibaca (1.000 kiriman = US$5) dan US$0,005 tiap hitungan. Harga yang berlaku ada di console.x.com. "
    "Tanpa setelan posts_per_month tidak ada yang dibaca dan tidak ada yang dibayar."
)


class Api:
    """Asks for one search with the key and the budget of one crawl. SourceRests where no budget was set.

    Its questions raise what `crawlers.platform.told` raises, and SpentUp where they cannot be paid.
    """

    def __init__(self, ask: Ask, job: CrawlJob, query: str) -> None:
        self._job, self._query = job, query
        budget = budget_of(job.spec, job.credential)
        if not budget.usable:
            raise SourceRests(f"Belum ada anggaran: isi posts_per_month. {PRICE}", job.now + ASK_AGAIN)
        self._secret = {"Authorization": f"Bearer {key_of(job, NEED)}"}
        self._spending = Spending.of(ask, job, budget)

    async def page(self, span: Span) -> SearchPage:
        """The newest posts of a span: as many as may be paid now, at least a page of the smallest size."""
        allowed = (await self._spending.stands()).left
        size = max(FEWEST, min(PAGE, allowed, max(FEWEST, self._job.limit or PAGE)))
        asked = {"max_results": size, "tweet.fields": FIELDS, **self._bounds(span)}
        return parse_search(await self._ask("/2/tweets/search/recent", asked, units=size), self._job)

    async def count(self, span: Span) -> int | None:
        """How many posts a span holds; None where the answer does not say."""
        asked = {"granularity": "day", **self._bounds(span)}
        return total_of(await self._ask("/2/tweets/counts/recent", asked, units=COUNT))

    async def absent(self, ids: Sequence[str]) -> list[str]:
        """Those of at most `PAGE` posts that are there no longer."""
        body = await self._ask("/2/tweets", {"ids": ",".join(ids), "tweet.fields": "id"}, units=len(ids))
        return list(absent_of(body))

    def _bounds(self, span: Span) -> dict[str, object]:
        until = {} if span.before is None else {"until_id": span.before}
        return {"query": self._query, "since_id": span.after, **until}

    async def _ask(self, path: str, asked: dict[str, object], *, units: int) -> dict[str, Any]:
        url = f"{self._job.root or ROOT}{path}?{urlencode(asked)}"
        answer = await self._spending.ask(url, units=units, secret=self._secret, used=_cost)
        return told(answer, platform="X", now=self._job.clock())


def budget_of(spec: SourceSpec, _credential: Credential | None) -> Budget:
    """What a source may spend: nothing, until somebody says how much. A new key in mid-month is no second budget."""
    posts = chosen_number(spec, "posts_per_month", most=MOST_POSTS) or 0
    return Budget(f"x:{spec.key}", Period.MONTH, posts, "kiriman", paced=True)


def _cost(answer: Answer) -> int:
    """Posts are paid when they are given; a count costs as much as a post; a refusal costs nothing."""
    if answer.status != OK:
        return 0
    body = said(answer, "X")
    return COUNT if total_of(body) is not None else len(listed(body, "X"))
