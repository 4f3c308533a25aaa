"""Meta's Graph dialect: listings page by page, the key in a header, the platform's patience watched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from crawlers.asking import OK, Answer, Ask, SourceRests
from crawlers.given import key_of
from crawlers.kinds import CrawlJob
from crawlers.pauses import tired
from crawlers.platform import Absent, listed, said, told
from crawlers.spending import Spending
from domain.doors import Need

LIMIT = 100  # entries of one page, where a platform allows as many


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing. `after` leads to the next; None when there is none."""

    items: tuple[Any, ...]
    after: str | None


class Graph:
    """Asks one platform with one key. Raises what `crawlers.platform.told` raises."""

    def __init__(self, ask: Ask, job: CrawlJob, *, platform: str, root: str, need: Need) -> None:
        self._ask, self._job, self._platform = ask, job, platform
        self._root = job.root or root
        self._secret = {"Authorization": f"Bearer {key_of(job, need)}"}
        self._rests: datetime | None = None

    async def page(
        self,
        path: str,
        asked: Mapping[str, object],
        *,
        after: str | None = None,
        spending: Spending | None = None,
    ) -> Page:
        """A page of a listing. SourceRests before it is asked for when the platform tired of the last one.

        `spending`: each page costs a unit of it, unless nothing was found.
        """
        query = {name: value for name, value in {**asked, "after": after}.items() if value is not None}
        body = await self._told(f"{self._root}{path}?{urlencode(query)}", spending)
        items = listed(body, self._platform)
        full = len(items) >= int(str(asked.get("limit", LIMIT)))
        return Page(tuple(items), _next(body, full=full) if items else None)

    async def has(self, path: str) -> bool:
        """Whether something is there by its own id."""
        try:
            await self._told(f"{self._root}{path}?fields=id", None)
        except Absent:
            return False
        return True

    async def _told(self, url: str, spending: Spending | None) -> dict[str, Any]:
        if self._rests is not None:
            until = f"{self._rests:%Y-%m-%d %H:%M} UTC"
            raise SourceRests(f"Jatah {self._platform} hampir habis; dilanjutkan {until}.", self._rests)
        if spending is None:
            answer = await self._ask(url, secret=self._secret)
        else:
            answer = await spending.ask(url, units=1, secret=self._secret, used=_one_if_found)
        body = told(answer, platform=self._platform, now=self._job.clock())
        self._rests = tired(answer, self._job.clock())
        return body


def _next(body: Mapping[str, Any], *, full: bool) -> str | None:
    """Where the next page begins. An address of the next page is never followed: it may hold the key."""
    paging = body.get("paging")
    cursors = paging.get("cursors") if isinstance(paging, dict) else None
    after = cursors.get("after") if isinstance(cursors, dict) else None
    more = full or (isinstance(paging, dict) and "next" in paging)
    return after if isinstance(after, str) and after and more else None


def _one_if_found(answer: Answer) -> int:
    """A question that finds nothing is not counted by the platform; a refusal may be."""
    return 0 if answer.status == OK and said(answer, "").get("data") == [] else 1
