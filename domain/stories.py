"""Near-duplicates: a MinHash signature per post, and when two signatures tell the same story.

Signature: `SIGNATURE_SIZE` minima of keyed 32-bit hashes over word 3-shingles of the exact tokens
(Broder 1997). Two posts are candidates when they share a band, and one story when the estimated
Jaccard similarity is at least `SAME_STORY`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

SIGNATURE_SIZE = 64
BANDS = 16  # of 4 rows: a pair at Jaccard .6 meets in some band with probability .89, at .3 with .12
SAME_STORY = 0.6
LOOK_BACK = timedelta(days=30)
MIN_TOKENS = 6  # shorter posts ("mantap pak") are alike without being one story


def bands(signature: Sequence[int]) -> tuple[str, ...]:
    """Return the band keys of a signature, `<band number>:<hex>`; none for an empty one."""
    rows = SIGNATURE_SIZE // BANDS
    return tuple(
        f"{n}:" + "".join(f"{x:08x}" for x in signature[n * rows : (n + 1) * rows])
        for n in range(len(signature) // rows)
    )


def similarity(a: Sequence[int], b: Sequence[int]) -> float:
    """Estimate the Jaccard similarity of two posts from their signatures; 0 when either is empty."""
    if not a or not b:
        return 0.0
    return sum(x == y for x, y in zip(a, b, strict=True)) / len(a)
