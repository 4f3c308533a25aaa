"""Answers that cost too much to be asked on every look, kept for a while: per reader's scope, filter and days."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

from api.trends.panel import Panel
from api.trends.question import Question

KEPT_FOR: Final = timedelta(minutes=5)  # an answer tells when it was made, so nobody takes it for a newer one
MOST: Final = 256  # answers kept; each is some kilobytes


@dataclass(frozen=True, slots=True)
class Made:
    """An answer, and when it was made."""

    at: datetime
    answer: Any


@dataclass(slots=True)
class Keep:
    """Keeps the answers of panels that are `late`; those of others are made anew each time. Shared by threads."""

    _made: dict[Hashable, Made] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def held(self, panel: Panel[Any], question: Question) -> Made | None:
        """The answer that is kept, None where there is none or it is too old."""
        if not panel.late:
            return None
        with self._lock:
            made = self._made.get(_key(panel, question))
        fresh = made is not None and timedelta(0) <= question.now - made.at < KEPT_FOR
        return made if fresh else None

    def answer(self, panel: Panel[Any], question: Question) -> Made:
        """The answer that is kept, or a new one. What a panel's `asks` raises goes through."""
        held = self.held(panel, question)
        if held is not None:
            return held
        made = Made(question.now, panel.asks(question))
        if panel.late:
            with self._lock:
                self._made.pop(_key(panel, question), None)
                self._made[_key(panel, question)] = made
                while len(self._made) > MOST:
                    del self._made[next(iter(self._made))]  # the one made longest ago
        return made


def _key(panel: Panel[Any], question: Question) -> Hashable:
    return panel.key, question.scope, question.asked.href(), question.stretch, question.zone.key
