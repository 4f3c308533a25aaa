"""YouTube by its Data API: a channel's uploads, and what people say under them; or one video alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

from crawlers.asking import Ask
from crawlers.kinds import CrawlJob, CrawlNotes, Found, Memory, SourceKind
from crawlers.youtube.addresses import detect, owns
from crawlers.youtube.api import NEED, budget
from crawlers.youtube.listening import Listening


async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, memory: Memory) -> AsyncIterator[Found]:
    """What is new in a channel or under a video, and what is not there any more."""
    async for found in Listening(ask, job, notes, memory).collect():
        yield found


KIND = SourceKind(
    key="youtube",
    title="YouTube",
    rank=30,
    detect=detect,
    collect=collect,
    owns=owns,
    host="www.googleapis.com",
    budget=budget,
    need=NEED,
    price="Gratis: 10.000 unit sehari untuk satu proyek Google; satu halaman berisi 100 komentar memakai 1 unit.",
    allowed="Kanal dan video umum dengan komentarnya, lewat YouTube Data API. "
    "Yang dihapus di sana harus disembunyikan di sini.",
    options=(
        ("budget", "paling banyak unit sehari untuk kunci ini, bawaan 10.000; 90% darinya dipakai"),
        ("key", "nama kunci lain daripada “youtube”"),
    ),
)
