"""X: a search of the last seven days by API v2. Every post read is paid for, so nothing is read without a budget."""

from __future__ import annotations

from collections.abc import AsyncIterator

from crawlers.asking import Ask, SourceRests
from crawlers.kinds import CrawlJob, CrawlNotes, Found, Memory, SourceKind, by_address
from crawlers.spending import SpentUp
from crawlers.x.addresses import owns
from crawlers.x.api import NEED, PRICE, budget_of
from crawlers.x.search import Search
from domain.errors import SourceUnavailable


async def collect(ask: Ask, job: CrawlJob, notes: CrawlNotes, knows: Memory) -> AsyncIterator[Found]:
    """New posts, newest first, as many as the pace of the budget allows; what is left of the past after them."""
    search = Search(ask, job, notes)
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


KIND = SourceKind(
    key="x",
    title="X (pencarian)",
    rank=60,
    detect=by_address,
    collect=collect,
    owns=owns,
    host="api.x.com",
    budget=budget_of,
    need=NEED,
    price=PRICE,
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
