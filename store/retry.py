"""When failed work is tried again, and when it is tried no more."""

from __future__ import annotations

from datetime import timedelta

MAX_FAILURES = 5  # a post that failed so often will fail again: people must look
MAX_LOST = 10  # more than failures: a lost holder is mostly a stopped machine, not the post's fault
ALONE_AFTER_LOST = 2  # from then on a post is worked by itself, so that it can take nobody with it

_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(minutes=10)
_MAX_DOUBLINGS = 30  # far beyond the longest wait, short of an overflow


def backoff(tries: int, *, jitter: float) -> timedelta:
    """Return how long to wait after the `tries`-th try in a row (from 1): doubling, capped, spread.

    `jitter` is a number in 0..1 that the caller drew; the wait lies between half and all of the full step.
    """
    step = min(_FIRST * (1 << min(tries - 1, _MAX_DOUBLINGS)), _LONGEST)
    return step * (0.5 + jitter / 2)
