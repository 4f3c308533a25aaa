"""The clocks of a ticket as values: which one runs, until when, and why in words. The desk reckons them."""

from __future__ import annotations

from pydantic import AwareDatetime

from domain.posts import Frozen
from domain.tickets.labels import ClockKind


class Due(Frozen):
    """A deadline on the region's working calendar. `why` is one Indonesian sentence for people."""

    at: AwareDatetime
    why: str


class Clock(Frozen):
    """What runs on a ticket now. `left_minutes` is the working time that was left when it was postponed."""

    kind: ClockKind | None = None  # None: nothing runs (closed)
    at: AwareDatetime | None = None  # None while it is postponed or closed
    why: str = ""
    left_minutes: int | None = None
