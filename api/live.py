"""What an open page is told: the counts of the reader's own lists, in his scope, whenever they change."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from api.alerts.page import alert_desk
from api.parts import Parts
from api.visitors import Visitor
from desk.alerts import Reader
from domain.errors import Unavailable
from domain.scope import Scope
from domain.tickets import Party
from store.ticketlists import TicketQuery

EVERY_SECONDS: Final = 4.0  # how often a page learns of a change; counting takes some milliseconds
ROUNDS: Final = 75  # five minutes: then the browser calls again, and a server that stops waits for nobody


@dataclass(slots=True)
class Shared:
    """Counts that several readers ask for at once, counted once: those with one scope see one number."""

    _kept: dict[tuple[str, Scope], tuple[float, Any]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, kind: str, scope: Scope, count: Callable[[], Any]) -> Any:
        """What was counted in this round for this scope, or what `count` says now."""
        now = time.monotonic()
        with self._lock:
            at, known = self._kept.get((kind, scope), (0.0, None))
            if now - at < EVERY_SECONDS / 2:
                return known
        counted = count()
        with self._lock:
            self._kept = {key: kept for key, kept in self._kept.items() if now - kept[0] < EVERY_SECONDS}
            self._kept[kind, scope] = (now, counted)
        return counted


def pulse(parts: Parts, visitor: Visitor, shared: Shared) -> dict[str, Any]:
    """The counts of the reader's lists now, `terbaru` the newest post's time; {} while truth is away."""
    now, scope = parts.clock(), visitor.scope
    try:
        tickets = shared.get("tiket", scope, lambda: parts.store.tickets.counts(TicketQuery(), scope, now=now))
        told: dict[str, Any] = {
            "tiket": {
                "terbuka": tickets.open,
                "terlambat": tickets.overdue,
                "hari_ini": tickets.due_today,
                "dikembalikan": tickets.returned,
                "usulan": tickets.proposed,
            }
        }
        if visitor.party is Party.CENTER:
            told["meja"] = dict(parts.store.triage.counts(scope, visitor.user.name, now))
        mine = Reader(visitor.user, scope)
        fresh = shared.get(f"peringatan {visitor.user.name}", scope, lambda: alert_desk(parts).count_new(mine))
        told["peringatan"] = {"baru": fresh}
    except Unavailable:
        return {}
    return told | _newest(parts)


def _newest(parts: Parts) -> dict[str, str]:
    try:
        newest = parts.index.status().newest
    except Unavailable:
        return {}
    return {"terbaru": newest.isoformat()} if newest else {}
