"""A story is taken up: one at a time works on it, and all that will be touched is locked, in one order.

Locks are taken in the order that `store.labelwork` names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, func, select, true

from domain.documents import PostDocument
from domain.scope import Scope
from domain.tickets import SYSTEM, Ticket, TicketState
from domain.tickets.labels import OPEN_STATES
from store.cases import visible
from store.labelwork import hold_cases
from store.projection import PARTS, UrusanOf, join
from store.tables import cases, ticket_cases, tickets
from store.ticketrows import ticket_from
from store.ticketwork import cases_of
from store.triage_belonging import first_ticket_of
from store.triage_work import StoryWork, comments_on


def take_up(  # noqa: PLR0913  which story, for whom, and what else will be touched
    connection: Connection,
    story: str,
    scope: Scope,
    *,
    by: str,
    now: datetime,
    urusan_of: UrusanOf,
    also: Iterable[str] = (),
    relabel: bool = False,
) -> StoryWork | None:
    """Lock what waits of a story, the cases of the tickets it tells of, and the comments on it.

    None when nothing waits, or all of it belongs to a ticket that people have taken up already: the machine puts it
    there. What accuses somebody in office and what does not are two matters: the first comes first.

    `also` names other tickets that will be touched; with `relabel` the cases will be decided again.
    """
    alone(connection, story)
    mine = [cases.c.story == story, cases.c.waiting == true(), visible(scope, by_region=False)]
    ids = connection.execute(select(cases.c.id).where(*mine)).scalars().all()
    codes = connection.execute(select(ticket_cases.c.ticket).distinct().where(ticket_cases.c.case_id.in_(ids)))
    touched = sorted({*codes.scalars(), *also})
    wider = {*ids, *comments_on(connection, ids), *(one for code in touched for one in cases_of(connection, code))}
    hold_cases(connection, wider, now, relabel=relabel)
    # Read again: whom we waited for may have changed them. What came meanwhile is not locked, and not ours.
    rows = connection.execute(PARTS.where(cases.c.id.in_(ids), *mine)).all()
    parts = {one.case.id: one for one in join(connection, rows)}
    documents = [one.document(urusan_of) for one in parts.values()]
    allowed = sorted((d for d in documents if scope.allows(d)), key=lambda d: (d.published_at, d.id))
    seen = _one_matter(connection, story, allowed) if by != SYSTEM else allowed
    if not seen:
        return None
    return StoryWork(
        connection=connection,
        story=story,
        by=by,
        scope=scope,
        now=now,
        urusan_of=urusan_of,
        cases=tuple(seen),
        statuses={d.id: parts[d.id].status for d in seen},
        proposed=_proposed(connection, seen, scope),
    )


def alone(connection: Connection, story: str) -> None:
    """Let one transaction at a time work on a story; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"jaring meja {story}", 0))))


def _one_matter(connection: Connection, story: str, documents: Sequence[PostDocument]) -> list[PostDocument]:
    """Of a story's cases those that make one ticket and that nobody has taken up: first what accuses, then the rest."""
    taken_up = sorted(state.value for state in OPEN_STATES - {TicketState.NEW})
    for oversight in (True, False):
        found = [document for document in documents if document.oversight is oversight]
        same = and_(cases.c.story == story, tickets.c.oversight.is_(oversight))
        if found and connection.execute(first_ticket_of(same, taken_up)).first() is None:
            return found
    return []


def _proposed(connection: Connection, documents: Iterable[PostDocument], scope: Scope) -> tuple[Ticket, ...]:
    codes = sorted({d.ticket for d in documents if d.ticket is not None and d.ticket_state is TicketState.NEW})
    rows = connection.execute(select(tickets).where(tickets.c.code.in_(codes)).order_by(tickets.c.code))
    return tuple(ticket for ticket in map(ticket_from, rows) if scope.allows(ticket))
