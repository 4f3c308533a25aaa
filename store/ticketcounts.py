"""How many tickets there are of each kind, for the tabs above a list: a scope and a query's filters narrow them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, case, func, select

from domain.scope import Scope
from domain.tickets import TicketState
from domain.tickets.labels import OPEN_STATES
from store.tables import tickets
from store.ticketlists import TicketQuery, asked_for, is_due_today, is_open, is_overdue, is_returned, seen_by


@dataclass(frozen=True, slots=True)
class TicketCounts:
    """How many there are of each kind, whatever view and states a query names."""

    open: int = 0
    overdue: int = 0
    due_today: int = 0
    returned: int = 0
    proposed: int = 0
    by_state: Mapping[TicketState, int] = field(default_factory=dict)


def counted(connection: Connection, query: TicketQuery, scope: Scope, now: datetime) -> TicketCounts:
    """How many visible tickets of each kind a query's filters leave."""
    wanted = (seen_by(scope), asked_for(query))
    # By region first: an index has them in that order, and nothing needs to be sorted.
    states = select(tickets.c.state, func.count()).where(*wanted).group_by(tickets.c.region, tickets.c.state)
    running = select(
        func.sum(case((is_overdue(now), 1), else_=0)),
        func.sum(case((is_due_today(now), 1), else_=0)),
        func.sum(case((is_returned(), 1), else_=0)),
    ).where(*wanted, is_open())
    by_state = dict.fromkeys(TicketState, 0)
    for state, number in connection.execute(states):
        by_state[TicketState(state)] += int(number)
    overdue, due_today, returned = (int(number or 0) for number in connection.execute(running).one())
    return TicketCounts(
        open=sum(number for state, number in by_state.items() if state in OPEN_STATES),
        overdue=overdue,
        due_today=due_today,
        returned=returned,
        proposed=by_state[TicketState.NEW],
        by_state=by_state,
    )
