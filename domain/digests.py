"""Digests by which truth and index compare what they hold, without listing it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from domain.search import DayDigest

_ROUND = 1 << 64  # sums wrap, so that the order of cases does not matter and none cancels another


def digests_of(cases: Iterable[tuple[str, str, str, int]]) -> list[DayDigest]:
    """Return one digest per region and month of (region, month, case id, rev), sorted. Streams its input."""
    counts: dict[tuple[str, str], int] = {}
    sums: dict[tuple[str, str], int] = {}
    for region, month, case, rev in cases:
        key = (region, month)
        counts[key] = counts.get(key, 0) + 1
        sums[key] = (sums.get(key, 0) + mark_of(case, rev)) % _ROUND
    return [digest_of(region, month, counts[region, month], sums[region, month]) for region, month in sorted(counts)]


def digest_of(region: str, month: str, count: int, marks: int) -> DayDigest:
    """Return the digest of `count` cases whose marks have this sum."""
    return DayDigest(region=region, month=month, count=count, digest=f"{marks % _ROUND:016x}")


def mark_of(case: str, rev: int) -> int:
    """Return the 64 bits that stand for a case in one state."""
    return int.from_bytes(hashlib.blake2b(f"{case}\0{rev}".encode(), digest_size=8).digest(), "big")
