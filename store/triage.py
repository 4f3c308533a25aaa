"""What waits at the desk, by story, and who works on it. A story leaves only by a verdict or a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, case, func, select, true

from domain.documents import PostDocument
from domain.errors import NotFound
from domain.scope import Scope
from domain.tickets import Ticket, TicketState
from store.cases import visible
from store.database import Database
from store.projection import PARTS, UrusanOf, join
from store.tables import cases, claims, looks, posts, region_modes, ticket_cases, tickets
from store.ticketnear import in_these_desas, same_issue
from store.ticketrows import ticket_from
from store.triage_shift import PAGE, Shift
from store.triage_stories import (
    Seat,
    count_of,
    cursor_of,
    heads_of,
    page_of,
)
from store.triage_values import VIEWS, Handover, StoryClaim, StoryItem, TriagePage, TriageQuery, View
from store.verdicts import Verdict, verdict_of

__all__ = ["VIEWS", "Handover", "Stack", "StoryClaim", "StoryItem", "TriagePage", "TriageQuery", "View"]

MAX_PAGE: Final = 200
_HOUR: Final = timedelta(hours=1)


class Stack(Shift):
    """The queue of stories and what people at the desk tell each other about it."""

    def __init__(self, database: Database, *, urusan_of: UrusanOf) -> None:
        super().__init__(database)
        self._urusan_of = urusan_of

    def queue(self, query: TriageQuery, scope: Scope, *, me: str, now: datetime) -> TriagePage:
        """One page of a view. Refused for a view or a cursor that does not exist."""
        size = max(1, min(query.size, MAX_PAGE))
        with self._database.read() as connection:
            seat = _seat(connection, me, now)
            rows = connection.execute(page_of(query, scope, seat, size)).all()
            items = self._items(connection, [row.story for row in rows], scope, seat)
            total = count_of(connection, query, scope, seat)
        return TriagePage(total, tuple(items), cursor_of(rows[-1]) if len(rows) == size else None)

    def story(self, story: str, scope: Scope, *, me: str, now: datetime) -> StoryItem:
        """One story that waits. NotFound when nothing of it waits within the scope."""
        with self._database.read() as connection:
            items = self._items(connection, [story], scope, _seat(connection, me, now))
        if not items:
            raise NotFound("Cerita ini tidak (lagi) menunggu di meja.")
        return items[0]

    def verdict(self, number: int, by: str) -> Verdict:
        """One of a person's own verdicts. NotFound for another's."""
        with self._database.read() as connection:
            return verdict_of(connection, number, by)

    def counts(self, scope: Scope, me: str, now: datetime) -> dict[str, int]:
        """How many stories each view has."""
        with self._database.read() as connection:
            seat = _seat(connection, me, now)
            return {view: count_of(connection, TriageQuery(view), scope, seat) for view in VIEWS}

    def _items(self, connection: Connection, names: Sequence[str], scope: Scope, seat: Seat) -> list[StoryItem]:
        if not names:
            return []
        heads = self._heads(connection, names, scope)
        sizes = {row.story: row for row in connection.execute(_sizes(names, scope))}
        held = _claimed(connection, names, seat.now)
        offered = _proposed(connection, names, scope)
        near = _near(connection, heads, scope)
        return [
            StoryItem(
                story=name,
                region=heads[name].region,
                head=heads[name],
                cases=sizes[name].cases,
                sources=sizes[name].sources,
                first_at=sizes[name].first,
                last_at=sizes[name].last,
                is_new=seat.looked_at is None or sizes[name].born > seat.looked_at,
                claimed_by=held.get(name),
                proposed=offered.get(name),
                same=near[name],
                waiting_hours=max(0.0, (seat.now - sizes[name].born) / _HOUR),
            )
            for name in names
            if name in heads
        ]

    def _heads(self, connection: Connection, names: Sequence[str], scope: Scope) -> dict[str, PostDocument]:
        query = PARTS.where(cases.c.id.in_(heads_of(names, scope)))
        found = (p.document(self._urusan_of) for p in join(connection, connection.execute(query).all()))
        return {document.story: document for document in found if scope.allows(document)}


def _near(connection: Connection, heads: Mapping[str, PostDocument], scope: Scope) -> dict[str, tuple[Ticket, ...]]:
    """The open tickets that may be of the same issue as each story, but for its own."""
    around = in_these_desas(connection, [head for head in heads.values() if head.lat is None], scope)
    found: dict[str, tuple[Ticket, ...]] = {}
    for name, head in heads.items():
        area = head.places[0].kode if head.places else None
        same = (
            around.get(head.id, ())
            if head.lat is None
            else same_issue(connection, head.region, head.topic, area, head.lat, head.lon, head.published_at, scope)
        )
        found[name] = tuple(ticket for ticket in same if ticket.code != head.ticket)
    return found


def _seat(connection: Connection, me: str, now: datetime) -> Seat:
    looked = connection.execute(select(looks.c.at).where(looks.c.account == me, looks.c.page == PAGE)).scalar()
    mine = connection.execute(select(claims.c.story).where(claims.c.by == me, claims.c.until > now)).scalars().all()
    sure = connection.execute(select(region_modes.c.region, region_modes.c.sure)).all()
    return Seat(now, looked, tuple(mine), dict(sure))


def _sizes(names: Iterable[str], scope: Scope) -> Any:
    """How large each story is, in what the reader may see of it, judged or not."""
    return (
        select(
            cases.c.story,
            func.count().label("cases"),
            func.count(posts.c.source.distinct()).label("sources"),
            func.min(cases.c.published_at).label("first"),
            func.max(cases.c.published_at).label("last"),
            func.min(case((cases.c.waiting == true(), cases.c.born_at)), type_=cases.c.born_at.type).label("born"),
        )
        .join_from(cases, posts, posts.c.id == cases.c.post_id)
        .where(cases.c.story.in_(list(names)), visible(scope, by_region=False))
        .group_by(cases.c.story)
    )


def _claimed(connection: Connection, names: Sequence[str], now: datetime) -> dict[str, str]:
    query = select(claims.c.story, claims.c.by).where(claims.c.story.in_(names), claims.c.until > now)
    return {row.story: row.by for row in connection.execute(query)}


def _proposed(connection: Connection, names: Sequence[str], scope: Scope) -> Mapping[str, Ticket]:
    """The ticket that waits for one click, by story."""
    query = (
        select(cases.c.story, *tickets.c)
        .join_from(cases, ticket_cases, ticket_cases.c.case_id == cases.c.id)
        .join(tickets, tickets.c.code == ticket_cases.c.ticket)
        .where(
            cases.c.story.in_(names),
            tickets.c.state == TicketState.NEW.value,
            visible(scope, by_region=False),
        )
        .order_by(tickets.c.code)
    )
    found: dict[str, Ticket] = {}
    for row in connection.execute(query):
        if row.story not in found and scope.allows(ticket := ticket_from(row)):
            found[row.story] = ticket
    return found
