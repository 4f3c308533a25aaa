"""Kept answers as the command line uses them: read again, and shown to those who run the installation."""

from __future__ import annotations

import asyncio
from datetime import datetime

from crawlers.kinds import load_kinds
from crawlers.replaying import Replayed, replay
from crawlers.running import CrawlLoop
from domain.answers import KeptAnswer
from domain.errors import NotFound, Refused
from jaring.wiring import Hall


def replay_kept(hall: Hall, source: str, since: datetime | None) -> Replayed:
    """Read what is kept of a source again, into the intake. Refused where nothing is kept, or not on this machine."""
    _must_be_there(hall, source)
    store = hall.store
    reading = replay(load_kinds(), hall.shelf, source, since, sink=store.intake, knew=store.sources.knew)
    done = asyncio.run_coroutine_threadsafe(reading, CrawlLoop.loop()).result()
    if not done.crawls:
        raise Refused(
            f"Tidak ada jawaban {source} yang tersimpan di mesin ini untuk waktu itu; "
            "JARING_KEEP_ANSWERS_DAYS menentukan berapa hari disimpan."
        )
    return done


def failed_answer(hall: Hall, source: str, by: str) -> KeptAnswer:
    """The answer that the last crawl of a source failed on, with a line in the audit trail. Refused without one."""
    _must_be_there(hall, source)
    name = hall.store.sources.memory(source).answer
    if name is None:
        raise Refused(f"Perayapan terakhir {source} tidak gagal pada sebuah jawaban yang tersimpan.")
    try:
        kept = hall.shelf.answer(name)
    except NotFound as cause:
        raise Refused(f"{cause} Jawaban disimpan di mesin yang merayapinya.") from cause
    hall.store.audit.write(by, "source.answer", source, {"answer": name}, hall.store.clock())
    return kept


def _must_be_there(hall: Hall, source: str) -> None:
    hall.store.sources.sync(hall.source_specs)
    if source not in {spec.key for spec, _ in hall.store.sources.all()}:
        raise Refused(f"Sumber {source} tidak ada; lihat `jaring sources`.")
