"""X: a search of the last seven days by API v2. Every post read is paid for, so nothing is read without a budget."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from crawlers.asking import OK, Answer, Ask, SourceRests
from crawlers.kinds import CrawlJob, CrawlNotes, Found, Gone, Malformed, Memory, SourceKind, by_address, stored_time
from crawlers.parsing.x import FIELDS, NAMESPACE, SearchPage, absent_of, parse_search, total_of
from crawlers.platform import chosen_number, key_of, listed, said, told
from crawlers.spans import Reach, Span
from crawlers.spending import Spending, SpentUp
from domain.doors import Budget, Credential, Need, Period
from domain.errors import SourceUnavailable
from domain.ids import post_id
from domain.ports import SourceSpec

ROOT = "https://api.x.com"
LONGEST_QUERY = 512  # characters, as the platform counts them
PAGE, FEWEST = 100, 10  # posts of one page, by the platform's own bounds
KEPT = timedelta(days=7) - timedelta(minutes=10)  # how far back a search reaches, with a little room for clocks
FIRST = timedelta(days=1)  # how far the first crawl reads back: the past is paid for, too
COUNT = 1  # units of a count: it costs as much as a post
MOST_POSTS = 3_000_000  # a month, by the platform's own cap
ASK_AGAIN = timedelta(hours=1)  # a source without a budget looks so often whether it was given one
_EPOCH_MS = 1_288_834_974_657  # ids hold their time, in milliseconds since then
_NEED = Need("x", "bearer token X")
_PRICE = (
    "Berbayar per pemakaian, dengan kredit yang dibeli di muka. Menurut daftar harga X per 2026: US$0,005 tiap kiriman "
    "yang dibaca (1.000 kiriman = US$5) dan US$0,005 tiap hitungan. Harga yang berlaku ada di console.x.com. "
    "Tanpa setelan posts_per_month tidak ada yang dibaca dan tidak ada yang dibayar."
)


def mark_at(moment: datetime) -> int:
    """The id that a post of this moment would have at least."""
    return max(0, int(moment.timestamp() * 1000) - _EPOCH_MS) << 22


def moment_of(mark: int) -> datetime:
    """When the post of an id was written."""
    return datetime.fromtimestamp(((mark >> 22) + _EPOCH_MS) / 1000, tz=UTC)


async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, knows: Memory) -> AsyncIterator[Found]:
    """New posts, newest first, as many as the pace of the budget allows; what is left of the past after them."""
    search = _Search(ask, job, notes)
    try:
        async for found in search.read():
            yield found
        async for gone in search.recheck(knows):
            yield gone
    except SourceRests as rest:
        left_out = await search.left_out(count=isinstance(rest, SpentUp))
        raise SourceRests(f"{rest}{left_out}", rest.until) from rest
    except SourceUnavailable as cause:
        if not notes.answered:
            raise
        notes.trouble = f"{cause} Sisanya diambil pada perayapan berikutnya."


class _Search:
    """One crawl of one search."""

    def __init__(self, ask: Ask, job: CrawlJob, notes: CrawlNotes) -> None:
        self._job, self._notes = job, notes
        self._query = query_of(job.spec)
        budget = budget_of(job.spec, job.credential)
        if not budget.usable:
            raise SourceRests(f"Belum ada anggaran: isi posts_per_month. {_PRICE}", job.now + ASK_AGAIN)
        self._secret = {"Authorization": f"Bearer {key_of(job, _NEED)}"}
        self._spending = Spending.of(ask, job, budget)
        self._reach = Reach.of(job.cursor)
        self._checked = stored_time(job.cursor, "checked")
        self._read_at = stored_time(job.cursor, "read_at")
        self._left: set[Span] = set()

    async def read(self) -> AsyncIterator[Found]:
        """Every stretch that is still to be read, newest first. The cursor follows page by page."""
        reach, horizon = self._reach, mark_at(self._job.now - KEPT)
        self._notes.incremental = reach.newest is not None
        self._note_lost(reach.forget(horizon))
        for span in self._spans(horizon):
            rest: Span | None = span
            if span.before is None and self._job.spec.option("count_first") == "ya" and await self._count(span) == 0:
                reach.begin(span)
                rest = reach.took(span, [], last=True)
            while rest is not None:
                page = await self._page(rest)
                for entry in page.entries:
                    if not isinstance(entry, Malformed):
                        self._notes.saw(entry.published_at, self._job.now)
                    yield entry
                if self._job.limit is not None:
                    return
                reach.begin(rest)
                rest = self._follow(rest, reach.took(rest, list(page.ids), last=page.last))
            if span.before is None:
                self._read_at = self._job.now
            self._remember()

    async def recheck(self, memory: Memory) -> AsyncIterator[Gone]:
        """Once a day, where that was asked for: posts of the last days that are there no longer."""
        days, now = chosen_number(self._job.spec, "recheck_days", most=30), self._job.now
        if not days or self._job.limit is not None or (self._checked and self._checked.date() == now.date()):
            return
        stored = await memory.standing(now - timedelta(days=days), now)
        ids = sorted(native for native in stored.values() if native.isdecimal())
        for start in range(0, len(ids), PAGE):
            some = ids[start : start + PAGE]
            body = await self._ask("/2/tweets", {"ids": ",".join(some), "tweet.fields": "id"}, units=len(some))
            for native in absent_of(body):
                yield Gone(post_id(NAMESPACE, native))
        self._checked = now
        self._remember()

    async def left_out(self, *, count: bool) -> str:
        """What was begun and not read to its end, in words; how many it is, where counting can be paid."""
        words = ""
        for span in sorted(self._left & set(self._reach.gaps), key=lambda one: one.after):
            try:
                many = await self._count(span) if count else None
            except (SourceRests, SourceUnavailable):
                many = None
            about = f"Sekitar {many} kiriman" if many is not None else "Kiriman"
            words += f" {about} {_between(span)} tidak diambil; diambil nanti bila anggaran cukup."
        return words

    def _spans(self, horizon: int) -> list[Span]:
        reach, job = self._reach, self._job
        if job.since is None:
            start = reach.newest if reach.newest is not None else mark_at(job.now - FIRST)
            reached = max(start, mark_at(self._read_at) if self._read_at else 0)
            if reached < horizon:
                self._note_lost([Span(reached, horizon)])
            return [Span(max(start, horizon)), *reach.gaps]
        start = max(mark_at(job.since), horizon)
        if reach.oldest is None:
            return [Span(start)]
        if start < reach.oldest and job.limit is None:
            reach.owe(Span(start, reach.oldest))
            self._remember()
        return list(reach.gaps)

    def _follow(self, span: Span, rest: Span | None) -> Span | None:
        self._left.discard(span)
        if rest is not None:
            self._left.add(rest)
        self._remember()
        return rest

    def _remember(self) -> None:
        if self._job.limit is not None:
            return
        times = {"checked": self._checked, "read_at": self._read_at}
        cursor = self._reach.as_cursor()
        self._notes.cursor = cursor | {name: at.isoformat() for name, at in times.items() if at is not None}

    def _note_lost(self, spans: list[Span]) -> None:
        if spans:
            lost = "; ".join(_between(span) for span in spans)
            self._notes.trouble = f"Kiriman {lost} tidak terambil: X hanya dapat dicari tujuh hari ke belakang."

    async def _page(self, span: Span) -> SearchPage:
        """As many as may be paid now, at least a page of the smallest size."""
        allowed = (await self._spending.stands()).left
        size = max(FEWEST, min(PAGE, allowed, max(FEWEST, self._job.limit or PAGE)))
        asked = {"max_results": size, "tweet.fields": FIELDS, **self._bounds(span)}
        page = parse_search(await self._ask("/2/tweets/search/recent", asked, units=size), self._job)
        self._notes.answered = True
        return page

    async def _count(self, span: Span) -> int | None:
        body = await self._ask("/2/tweets/counts/recent", {"granularity": "day", **self._bounds(span)}, units=COUNT)
        self._notes.answered = self._notes.answered or total_of(body) is not None
        return total_of(body)

    def _bounds(self, span: Span) -> dict[str, object]:
        until = {} if span.before is None else {"until_id": span.before}
        return {"query": self._query, "since_id": span.after, **until}

    async def _ask(self, path: str, asked: dict[str, object], *, units: int) -> dict[str, Any]:
        url = f"{self._job.root or ROOT}{path}?{urlencode(asked)}"
        answer = await self._spending.ask(url, units=units, secret=self._secret, used=_cost)
        return told(answer, platform="X", now=self._job.clock())


def query_of(spec: SourceSpec) -> str:
    """What a source searches for. SourceUnavailable, in words for people, when X would not take it."""
    query = " ".join(parse_qs(urlsplit(spec.url).query).get("q", [""])[0].split())
    if not query:
        raise SourceUnavailable("Alamat ini tidak memuat kata pencarian: https://x.com/search?q=…")
    if "is:retweet" not in query:
        query = f"({query}) -is:retweet" if " OR " in query else f"{query} -is:retweet"
    if len(query) > LONGEST_QUERY:
        over = len(query) - LONGEST_QUERY
        raise SourceUnavailable(
            f"Pencarian ini {len(query)} karakter (dengan -is:retweet), X menerima paling banyak {LONGEST_QUERY}: "
            f"kurangi {over} karakter, atau bagi menjadi dua sumber."
        )
    return query


def budget_of(spec: SourceSpec, _credential: Credential | None) -> Budget:
    """What a source may spend: nothing, until somebody says how much. A new key in mid-month is no second budget."""
    posts = chosen_number(spec, "posts_per_month", most=MOST_POSTS) or 0
    return Budget(f"x:{spec.key}", Period.MONTH, posts, "kiriman", paced=True)


def owns(url: str) -> str | None:
    """The address of a search on X, in one writing; None for everything else."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.").removeprefix("mobile.")
    query = " ".join(parse_qs(parts.query).get("q", [""])[0].split())
    if host not in {"x.com", "twitter.com"} or parts.path.rstrip("/") != "/search" or not query:
        return None
    return f"https://x.com/search?q={quote(query, safe='')}"


def _cost(answer: Answer) -> int:
    """Posts are paid when they are given; a count costs as much as a post; a refusal costs nothing."""
    if answer.status != OK:
        return 0
    body = said(answer, "X")
    return COUNT if total_of(body) is not None else len(listed(body, "X"))


def _between(span: Span) -> str:
    ends = [moment_of(span.after)] + ([moment_of(span.before)] if span.before is not None else [])
    return "dari " + " sampai ".join(f"{end:%Y-%m-%d %H:%M}" for end in ends) + " UTC"


KIND = SourceKind(
    key="x",
    title="X (pencarian)",
    rank=60,
    detect=by_address,
    collect=collect,
    owns=owns,
    host="api.x.com",
    budget=budget_of,
    need=_NEED,
    price=_PRICE,
    allowed=(
        "API v2 resmi: pencarian kiriman publik tujuh hari terakhir, paling banyak 512 karakter per pencarian dan "
        "450 pertanyaan per 15 menit. Yang dihapus di X harus dihapus juga di sini (lihat recheck_days)."
    ),
    options=(
        (
            "posts_per_month",
            "paling banyak kiriman yang boleh dibayar sebulan; 90% dipakai, dibagi rata sepanjang bulan",
        ),
        (
            "recheck_days",
            "sekali sehari periksa kiriman sekian hari terakhir: yang dihapus di X disembunyikan (berbayar)",
        ),
        (
            "count_first",
            "“ya” untuk kunci yang hitungannya gratis: menghitung dahulu, membaca hanya bila ada yang baru",
        ),
        ("key", "nama kunci lain daripada “x”"),
    ),
)
