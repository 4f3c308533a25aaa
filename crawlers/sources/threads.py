"""Threads: a search for words or a topic by the official API, within the questions that its account has a day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

from crawlers.asking import Ask, SourceRests
from crawlers.graph import LIMIT, Graph
from crawlers.kinds import CrawlJob, CrawlNotes, Found, Malformed, Memory, SourceKind, by_address
from crawlers.parsing.threads import FIELDS, parse_search
from crawlers.spans import Reach, Span
from crawlers.spending import Spending
from domain.doors import Budget, Credential, Need, Period
from domain.errors import SourceUnavailable
from domain.ports import SourceSpec

ROOT = "https://graph.threads.net"
PATH = "/v1.0/keyword_search"
QUESTIONS = 2_200  # in 24 hours, of one account in all its apps together
FIRST = timedelta(days=7)  # how far the first crawl reads back
OVERLAP = 60 * 60  # seconds that are read again: a post may be found later than it was written
MAX_PAGES = 30  # in one crawl: what is left is read in the next, and other searches have their turn
_TOKEN_LASTS = timedelta(days=60)
_NEED = Need("threads", "token akses Threads", lasts=_TOKEN_LASTS)


async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, _knows: Memory) -> AsyncIterator[Found]:
    """New posts, newest first; then what an earlier crawl left unread."""
    words = words_of(job.spec)
    asked: dict[str, object] = {"q": words, "search_type": "RECENT", "fields": FIELDS, "limit": job.limit or LIMIT}
    if words.startswith("#"):
        asked |= {"q": words[1:], "search_mode": "TAG"}
    graph = Graph(ask, job, platform="Threads", root=ROOT, need=_NEED)
    search = _Search(graph, Spending.of(ask, job, budget_of(job.spec, job.credential)), asked)
    reach = Reach.of(job.cursor)
    notes.incremental = reach.newest is not None
    _owe_past(reach, job, notes)
    try:
        for span in _spans(reach, job):
            async for found in search.read(span, reach, job, notes):
                yield found
            if job.limit is not None:
                return
    except SourceUnavailable as cause:
        if not notes.answered:
            raise
        notes.trouble = f"{cause} Sisanya diambil pada perayapan berikutnya."
    except SourceRests as rests:
        waiting = f" {len(reach.gaps)} selang belum dibaca; dibaca nanti." if reach.gaps else ""
        raise SourceRests(f"{rests}{waiting}", rests.until) from rests
    if not search.left and reach.gaps:
        notes.trouble = "Lebih banyak daripada yang dibaca sekali jalan; sisanya diambil pada perayapan berikutnya."


@dataclass(slots=True)
class _Search:
    """One crawl of one search. `left` are the pages that it may still ask for."""

    graph: Graph
    spending: Spending
    asked: dict[str, object]
    left: int = MAX_PAGES

    async def read(self, span: Span, reach: Reach, job: CrawlJob, notes: CrawlNotes) -> AsyncIterator[Found]:
        """A stretch, newest first. The cursor follows page by page."""
        bounds = {"since": span.after} | ({"until": span.before + 1} if span.before is not None else {})
        rest: Span | None = span
        after: str | None = None
        while rest is not None and self.left:
            answer = await self.graph.page(PATH, self.asked | bounds, after=after, spending=self.spending)
            notes.answered = True
            page = parse_search(answer.items, job)
            for entry in page.entries:
                if not isinstance(entry, Malformed):
                    notes.saw(entry.published_at, job.now)
                yield entry
            if job.limit is not None:
                return
            self.left -= 1
            reach.begin(rest)
            after = answer.after
            rest = reach.took(rest, list(page.marks), last=after is None)
            notes.cursor = reach.as_cursor()


def _spans(reach: Reach, job: CrawlJob) -> list[Span]:
    if job.since is None:
        first = int((job.now - FIRST).timestamp())
        return [Span(reach.newest - OVERLAP if reach.newest is not None else first), *reach.gaps]
    return [*reach.gaps, *([Span(int(job.since.timestamp()))] if reach.oldest is None else [])]


def _owe_past(reach: Reach, job: CrawlJob, notes: CrawlNotes) -> None:
    """Remember what a walk back asks for before the first question: the crawls after it go on with it."""
    start = int(job.since.timestamp()) if job.since is not None else None
    if start is not None and job.limit is None and reach.oldest is not None and start < reach.oldest:
        reach.owe(Span(start, reach.oldest))
        notes.cursor = reach.as_cursor()


def words_of(spec: SourceSpec) -> str:
    """What a source searches for. SourceUnavailable, in words for people, where its address does not say."""
    words = _asked(spec.url)
    if not words:
        raise SourceUnavailable("Alamat ini tidak memuat kata pencarian: https://www.threads.net/search?q=…")
    return words


def budget_of(_spec: SourceSpec, credential: Credential | None) -> Budget:
    """Questions of the account that the key belongs to: all its sources share them, and its next key goes on."""
    name = credential.name if credential is not None else _NEED.name
    return Budget(f"threads:{name}", Period.ROLLING_DAY, QUESTIONS, "pertanyaan")


def owns(url: str) -> str | None:
    """The address of a search on Threads, in one writing; None for everything else."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.")
    words = _asked(url)
    if host not in {"threads.net", "threads.com"} or parts.path.rstrip("/") != "/search" or not words:
        return None
    return f"https://www.threads.net/search?q={quote(words, safe='')}"


def _asked(url: str) -> str:
    return " ".join(parse_qs(urlsplit(url).query).get("q", [""])[0].split())


KIND = SourceKind(
    key="threads",
    title="Threads (pencarian)",
    rank=61,
    detect=by_address,
    collect=collect,
    owns=owns,
    host="graph.threads.net",
    budget=budget_of,
    need=_NEED,
    price=(
        "Gratis menurut dokumentasi Threads per 2026; yang dibatasi jumlahnya: 2.200 pertanyaan per "
        "24 jam untuk satu akun, dipakai bersama oleh semua sumber dan aplikasi akun itu."
    ),
    allowed=(
        "API resmi: pencarian kiriman publik menurut kata atau topik. Aplikasi harus lolos tinjauan untuk izin "
        "threads_keyword_search; sebelum itu hanya kiriman akun sendiri yang ditemukan."
    ),
    options=(("key", "nama kunci lain daripada “threads”"),),
)
