"""What every detector gives."""

from __future__ import annotations

from dataclasses import dataclass

from domain.labels import PiiKind


@dataclass(frozen=True, slots=True)
class PiiFound:
    """Personal data in a text, in code points, half-open.

    `value` is its one normal spelling ("+62 819-1" and "08191" are the same number), so that equal things
    compare equal.
    """

    kind: PiiKind
    start: int
    end: int
    value: str
