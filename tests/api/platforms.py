"""Invented platforms: one that is free and counts by the day, one that is paid by the month."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from domain.doors import Budget, KindFacts, Need, Period
from domain.errors import SourceUnavailable
from domain.ports import SourceSpec

KINDS: Final = {
    "rss": KindFacts("rss", "RSS/Atom"),
    "tabung": KindFacts(
        "tabung", "Tabung (uji)", Need("tabung", "kunci API"), "Gratis: 10.000 unit sehari untuk satu proyek.",
        "Kanal dan video umum dengan komentarnya.",
        (("budget", "paling banyak unit sehari"), ("key", "nama kunci lain")),
    ),
    "burung": KindFacts(
        "burung", "Burung (uji)", Need("burung", "bearer token", timedelta(days=60)),
        "Berbayar: US$5 tiap 1.000 kiriman yang dibaca.", "Pencarian tujuh hari terakhir.",
        (("posts_per_month", "paling banyak kiriman yang boleh dibayar sebulan"),),
    ),
}  # fmt: skip


def budget_of(spec: SourceSpec) -> Budget | None:
    """What a source may spend there."""
    if spec.kind == "tabung":
        return Budget("tabung:1", Period.DAY, 10_000, "unit")
    if spec.kind != "burung":
        return None
    posts = spec.option("posts_per_month") or "0"
    if not posts.isdecimal():
        raise SourceUnavailable(f"Setelan posts_per_month harus bilangan bulat, bukan “{posts}”.")
    return Budget(f"burung:{spec.key}", Period.MONTH, int(posts), "kiriman", paced=True)
