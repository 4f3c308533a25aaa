"""How much there is of everything, in one look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from domain.tickets import TicketState
from domain.tickets.labels import OPEN_STATES
from store.database import Database
from store.tables import cases, posts, quarantine, sources, tickets, vectors
from store.ticketlists import is_overdue
from store.work import BeltDepth, depth


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """Numbers for `jaring status`, /metrics and readiness."""

    posts: int
    cases: int
    vectors: int  # of posts, by any model
    belts: Mapping[str, BeltDepth]
    quarantine: Mapping[str, int]  # by belt
    sources: Mapping[str, int]  # by state
    tickets: Mapping[TicketState, int]
    tickets_overdue: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "posts": self.posts,
            "cases": self.cases,
            "vectors": self.vectors,
            "belts": {
                name: {
                    "waiting": one.waiting,
                    "leased": one.leased,
                    "oldest_at": one.oldest_at.isoformat() if one.oldest_at else None,
                }
                for name, one in self.belts.items()
            },
            "quarantine": sum(self.quarantine.values()),
            "sources": dict(self.sources),
            "tickets": {
                "all": sum(self.tickets.values()),
                "open": sum(number for state, number in self.tickets.items() if state in OPEN_STATES),
                "overdue": self.tickets_overdue,
                "states": {state.value: number for state, number in self.tickets.items()},
            },
        }


def count(database: Database, now: datetime) -> StoreCounts:
    """Count everything at one moment."""
    with database.read() as connection:
        return StoreCounts(
            posts=connection.execute(select(func.count()).select_from(posts)).scalar_one(),
            cases=connection.execute(
                select(func.count()).select_from(cases).where(cases.c.gone_at.is_(None))
            ).scalar_one(),
            vectors=connection.execute(select(func.count()).select_from(vectors)).scalar_one(),
            belts=depth(connection, now),
            quarantine=dict(
                connection.execute(select(quarantine.c.belt, func.count()).group_by(quarantine.c.belt)).all()
            ),
            sources=dict(
                connection.execute(
                    select(sources.c.state, func.count()).where(sources.c.retired.is_(False)).group_by(sources.c.state)
                ).all()
            ),
            tickets=_by_state(connection),
            tickets_overdue=connection.execute(
                select(func.count()).select_from(tickets).where(is_overdue(now))
            ).scalar_one(),
        )


def _by_state(connection: Connection) -> dict[TicketState, int]:
    found = dict.fromkeys(TicketState, 0)
    # By region first, as the index has them: nothing is sorted.
    query = select(tickets.c.state, func.count()).group_by(tickets.c.region, tickets.c.state)
    for state, number in connection.execute(query):
        found[TicketState(state)] += number
    return found
