"""One crawl of a search: the newest first, what was left of the past after it, and what was taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from crawlers.asking import Ask, SourceRests
from crawlers.given import chosen_number
from crawlers.kinds import CrawlJob, CrawlNotes, Found, Gone, Malformed, Memory, stored_time
from crawlers.parsing.x import NAMESPACE
from crawlers.spans import Reach, Span
from crawlers.x.addresses import query_of
from crawlers.x.api import PAGE, Api
from crawlers.x.marks import between, mark_at
from domain.errors import SourceUnavailable
from domain.ids import post_id

KEPT = timedelta(days=7) - timedelta(minutes=10)  # how far back a search reaches, with a little room for clocks
FIRST = timedelta(days=1)  # how far the first crawl reads back: the past is paid for, too


class Search:
    """One crawl of one search."""

    def __init__(self, ask: Ask, job: CrawlJob, notes: CrawlNotes) -> None:
        self._job, self._notes = job, notes
        self._api = Api(ask, job, query_of(job.spec))
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
                page = await self._api.page(rest)
                self._notes.answered = True
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
            for native in await self._api.absent(ids[start : start + PAGE]):
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
            words += f" {about} {between(span)} tidak diambil; diambil nanti bila anggaran cukup."
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
            lost = "; ".join(between(span) for span in spans)
            self._notes.trouble = f"Kiriman {lost} tidak terambil: X hanya dapat dicari tujuh hari ke belakang."

    async def _count(self, span: Span) -> int | None:
        many = await self._api.count(span)
        self._notes.answered = self._notes.answered or many is not None
        return many
