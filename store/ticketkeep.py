"""Sums over tickets, kept until a ticket changes: many readers look at the same boards all day."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, func, select

from store.tables import ticket_events

Answer = TypeVar("Answer")

MOST: Final = 256  # answers kept, of some kilobytes each


@dataclass(slots=True)
class Kept:
    """Answers of one state of all tickets. Safe to share between threads.

    Every change of a ticket is a line of history, so the newest line's number names the state. What runs out by the
    clock alone, and on PostgreSQL a line numbered before another and committed after it, shows within a minute.
    """

    _state: Hashable = None
    _answers: dict[Hashable, Any] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, connection: Connection, question: Hashable, now: datetime, answer: Callable[[], Answer]) -> Answer:
        """What was answered for this state of tickets and this minute, or what `answer` says now."""
        newest = connection.execute(select(func.max(ticket_events.c.id))).scalar()
        state = (newest, now.replace(second=0, microsecond=0))
        with self._lock:
            if self._state == state and question in self._answers:
                kept: Answer = self._answers[question]
                return kept
        made = answer()
        with self._lock:
            if self._state != state or len(self._answers) >= MOST:
                self._state, self._answers = state, {}
            self._answers[question] = made
        return made
