"""How a report stands for whoever has its code: from its post, its case and its ticket, and nothing of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from domain.ids import case_id
from domain.labels import CaseState
from domain.tickets import Action, TicketState
from store.tables import cases, door_talks, posts, readings, ticket_cases, ticket_events, tickets
from store.talks_values import Spoken, Standing, Step
from store.types import AnyRow

# What an office writes for the reporter, and what the center gives as the reason of a refusal. Notes, reasons of a
# return or of a pause are said within the house.
_ANSWERS: Final = frozenset({Action.ANSWER, Action.SUBMIT})
_REASONS: Final = frozenset({Action.REFUSE, Action.FORWARD})
REACHES_REPORTER: Final = _ANSWERS | _REASONS  # whose words are read with the report's code, if it is not guarded


def standing(connection: Connection, code: str) -> Standing | None:
    """How the report of a code stands; None for a code that was never given."""
    talk = connection.execute(select(door_talks).where(door_talks.c.code == code)).first()
    if talk is None:
        return None
    plain = Standing(code=code, region=talk.region, opened_at=talk.opened_at, messages=talk.messages)
    query = select(posts.c.withdrawn_at, readings.c.read_at).where(posts.c.id == talk.post_id)
    post = connection.execute(query.join_from(posts, readings, isouter=True)).first()
    if post is None or post.withdrawn_at is not None:
        return replace(plain, withdrawn=True)
    read = replace(plain, read_at=post.read_at)
    case = _case(connection, talk)
    if case is None:
        return read
    inside = select(ticket_cases.c.ticket).where(ticket_cases.c.case_id == case.id)
    ticket = connection.execute(select(tickets).where(tickets.c.code == inside.scalar_subquery())).first()
    guarded = bool(case.oversight or (ticket is not None and ticket.oversight))
    if ticket is None:
        return replace(read, guarded=guarded, set_aside=case.state == CaseState.NOT_A_COMPLAINT.value)
    events = connection.execute(
        select(ticket_events).where(ticket_events.c.code == ticket.code).order_by(ticket_events.c.id)
    ).all()
    steps = tuple(Step(max(e.at, talk.opened_at), TicketState(e.after)) for e in events if e.before != e.after)
    state = TicketState(ticket.state)
    if guarded:
        return replace(read, guarded=True, state=state)
    return replace(
        read,
        state=state,
        opd=ticket.opd,
        steps=steps,
        answer=_spoken(events, _ANSWERS, talk.opened_at),
        reason=_spoken(events, _REASONS, talk.opened_at),
    )


def _case(connection: Connection, talk: AnyRow) -> AnyRow | None:
    """The post's case where it was sent to, else the one it turned out to be about."""
    query = select(cases.c.id, cases.c.oversight, cases.c.state)
    mine = query.where(cases.c.post_id == talk.post_id, cases.c.gone_at.is_(None)).order_by(cases.c.id)
    found = connection.execute(mine).all()
    here = case_id(talk.post_id, talk.region)
    return next((one for one in found if one.id == here), found[0] if found else None)


def _spoken(events: Sequence[AnyRow], by: frozenset[Action], since: datetime) -> Spoken | None:
    """The last words of that kind."""
    said = [one for one in events if one.action in by and one.note]
    return Spoken(max(said[-1].at, since), said[-1].note) if said else None
