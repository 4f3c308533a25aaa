"""Holds a finished crawl against what is usual of its source, and says so where the parser went blind. Pure."""

from __future__ import annotations

from crawlers.kinds import CrawlJob, CrawlNotes
from crawlers.yields import Yield, blindness, learnt, stored_usual


def judge_yield(job: CrawlJob, notes: CrawlNotes) -> None:
    """Fail a crawl that found much less than its answers usually hold: its cursor stays, so all is read again later.

    A walk back, a proof, and a crawl that did not come to its end say nothing of what is usual.
    """
    if job.since is not None or job.limit is not None or notes.failed or notes.blocked or notes.refused:
        return
    found = Yield(notes.listings, notes.good, notes.bad + notes.barren)
    usual = stored_usual(job.cursor)
    blind = blindness(found, usual, failures=job.memory.failures)
    if blind is not None:
        notes.failed = blind.message
        notes.cursor = notes.etag = notes.last_modified = None
        notes.answer = notes.kept.get(blind.url) if blind.url else notes.first_bad
    elif notes.finished and not notes.trouble:
        notes.usual = learnt(found, usual)


def attach_answer(job: CrawlJob, notes: CrawlNotes) -> None:
    """Name the kept answer that a failed crawl ended with, and how to see it."""
    if notes.failed is None:
        return
    notes.answer = notes.answer or notes.last_kept
    if notes.answer is not None:
        notes.failed = f"{notes.failed} Jawabannya: jaring sources answer {job.spec.key}"
