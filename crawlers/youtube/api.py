"""The YouTube Data API: each call is a unit that is set aside before it is asked, each refusal has its fate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from crawlers.asking import OK, Answer, Ask, SourceRests
from crawlers.faults import fault_of
from crawlers.given import chosen_number, key_of, mark_of
from crawlers.kinds import CrawlJob
from crawlers.platform import Absent, listed, told
from crawlers.spending import Spending
from domain.doors import Budget, Credential, Need, Period
from domain.errors import SourceUnavailable
from domain.ports import SourceSpec

PLATFORM = "YouTube"
NEED = Need("youtube", "kunci API")
ROOT = "https://www.googleapis.com/youtube/v3"
UNITS = 10_000  # a project's allowance for a day
ZONE = "America/Los_Angeles"  # where the platform's day begins
TRIES = 3  # of one question: a server that stumbles is asked again, each time for a unit more
MANY = 50  # ids in one question, by the API's own limit
PAGE = 100  # comments in one answer, likewise

_SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_OF_ONE_VIDEO = frozenset({"forbidden", "processingFailure"})  # what may be wrong with one video's comments alone


class PageExpired(SourceUnavailable):
    """Fate: begin the list again. The platform no longer knows the page that was to come next."""


class CommentsShut(SourceUnavailable):
    """Fate: leave this video's comments alone. They are switched off, or not for everybody."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list. `next` names the page after it."""

    items: list[Any]
    next: str | None


class Api:
    """Asks the API with the key of one crawl."""

    def __init__(self, ask: Ask, job: CrawlJob) -> None:
        self._job = job
        self._root = (job.root or ROOT).rstrip("/")
        self._secret = {"X-Goog-Api-Key": key_of(job, NEED)}
        self._spending = Spending.of(ask, job, budget(job.spec, job.credential))

    async def page(self, method: str, token: str | None = None, **query: object) -> Listing:
        """One page. Besides the fates of `crawlers.platform.told`: PageExpired, CommentsShut, Absent."""
        asked = {**query, "pageToken": token} if token else query
        url = f"{self._root}/{method}?{urlencode(asked)}"
        for left in reversed(range(TRIES)):
            try:
                return self._listing(await self._spending.ask(url, units=1, secret=self._secret), method)
            except (PageExpired, CommentsShut, Absent):
                raise
            except SourceUnavailable:
                if not left:
                    raise
        raise AssertionError

    async def present(self, comments: list[str]) -> set[str]:
        """Which of these comments are still there, by their ids."""
        found: set[str] = set()
        for start in range(0, len(comments), MANY):
            ids = ",".join(comments[start : start + MANY])
            try:
                page = await self.page("comments", part="id", id=ids)
            except Absent:  # none of them
                continue
            found.update(str(item.get("id")) for item in page.items if isinstance(item, dict))
        return found

    def _listing(self, answer: Answer, method: str) -> Listing:
        fault = fault_of(answer)
        code = fault.code if fault is not None else ""
        if code in _SPENT:
            until = self._spending.budget.window(self._job.clock())[1]
            raise SourceRests("Jatah harian kunci YouTube habis. Dilanjutkan sendiri pada hari berikutnya.", until)
        if code == "invalidPageToken":
            raise PageExpired(f"{PLATFORM} tidak mengenal lagi halaman berikutnya.")
        if code == "commentsDisabled" or (method in {"commentThreads", "comments"} and code in _OF_ONE_VIDEO):
            raise CommentsShut(f"Komentar video tidak terbuka ({code}).")
        body = told(answer, platform=PLATFORM, now=self._job.clock())
        if answer.status == OK and not str(body.get("kind", "")).startswith("youtube#"):
            raise SourceUnavailable(f"Jawaban {PLATFORM} tidak berbentuk seperti yang didokumentasikan.")
        token = body.get("nextPageToken")
        return Listing(listed(body, PLATFORM, "items"), token if isinstance(token, str) and token else None)


def budget(spec: SourceSpec, credential: Credential | None) -> Budget:
    """What a key may spend on a day. A source's option `budget` lowers it."""
    limit = chosen_number(spec, "budget", most=UNITS)
    return Budget(f"youtube:{mark_of(credential)}", Period.DAY, UNITS if limit is None else limit, "unit", zone=ZONE)
