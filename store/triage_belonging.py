"""Where a story's cases belong that tell of no ticket yet: to their parents' ticket, to the story's, or to none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, true

from domain.ids import case_id
from domain.tickets.labels import OPEN_STATES
from store.tables import cases, ticket_cases, tickets
from store.triage_work import StoryWork


def tickets_for(work: StoryWork) -> dict[str, str]:
    """The open ticket that each free case belongs to, by case: its parent's for a comment, else its story's."""
    states = sorted(state.value for state in OPEN_STATES)
    own = work.connection.execute(first_ticket_of(cases.c.story == work.story, states)).scalar()
    found: dict[str, str] = {}
    for document in work.free:
        code = own
        if document.parent is not None:
            above = case_id(document.parent, document.region)
            code = work.connection.execute(first_ticket_of(cases.c.id == above, states)).scalar() or own
        if code is not None:
            found[document.id] = code
    return found


def replies(work: StoryWork) -> frozenset[str]:
    """The free cases whose parents still wait: where those go, these follow."""
    above = {one.id: case_id(one.parent, one.region) for one in work.free if one.parent is not None}
    waits = select(cases.c.id).where(
        cases.c.id.in_(above.values()), cases.c.waiting == true(), cases.c.gone_at.is_(None)
    )
    parents = set(work.connection.execute(waits).scalars())
    return frozenset(one for one, parent in above.items() if parent in parents)


def first_ticket_of(which: Any, states: Sequence[str]) -> Any:
    """The first opened ticket in one of these states that living cases tell of; `which` says which cases."""
    return (
        select(tickets.c.code)
        .join_from(cases, ticket_cases, ticket_cases.c.case_id == cases.c.id)
        .join(tickets, tickets.c.code == ticket_cases.c.ticket)
        .where(which, cases.c.gone_at.is_(None), tickets.c.state.in_(states))
        .order_by(tickets.c.opened_at, tickets.c.code)
        .limit(1)
    )
