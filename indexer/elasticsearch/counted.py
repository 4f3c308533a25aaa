"""What was counted for the first page of a search and holds for its next ones: nothing of it travels with a cursor."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

from domain.scope import Scope

_MOST = 1_000  # searches: more than are gone on with at once


class Counts(NamedTuple):
    """How many cases and stories match."""

    cases: int
    stories: int


class Asker(NamedTuple):
    """Who asked what of which state: another scope sees another number."""

    generation: str
    search: str
    scope: Scope


@dataclass
class Remembered:
    """Counts by who asked; the oldest are forgotten, and are counted again. Safe among threads."""

    _held: OrderedDict[Asker, Counts] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def keep(self, asker: Asker, counts: Counts) -> None:
        """Remember for the next page."""
        with self._lock:
            self._held[asker] = counts
            self._held.move_to_end(asker)
            if len(self._held) > _MOST:
                self._held.popitem(last=False)

    def of(self, asker: Asker) -> Counts | None:
        """Return what was counted, None where that is not known any more."""
        with self._lock:
            return self._held.get(asker)
