"""How much more a period uses a word than the time before it."""

from __future__ import annotations

from math import log

LEAST_CASES = 3  # a word of fewer cases is chance


def log_likelihood(now: int, cases_now: int, before: int, cases_before: int) -> float:
    """Return Dunning's G2 (1993) of a word held by `now` of `cases_now` and `before` of `cases_before` cases.

    0 where the shares are equal; it grows with the difference and with how much speaks for it.
    """
    table = ((now, cases_now - now), (before, cases_before - before))
    whole = cases_now + cases_before
    columns = (now + before, whole - now - before)
    return 2 * sum(
        seen * log(seen * whole / (sum(row) * column))
        for row in table
        for seen, column in zip(row, columns, strict=True)
        if seen
    )
