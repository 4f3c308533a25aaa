"""`/api/v1/tickets`: the list, one with its history and cases, making one, and what is done to it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api.parts import Parts, Rooms
from api.problems import responses
from api.tickets.deeds import Wish, must_act, perform
from api.tickets.making import cases_of
from api.v1.answers import Post
from api.v1.bodies import json_body
from api.v1.tickets_answers import ActionWish, EventAnswer, TicketAnswer, TicketDetail, TicketList, TicketWish
from api.v1.tickets_asking import TicketParams
from api.visitors import ApiActor, ApiReader, Visitor
from domain.errors import Forbidden
from domain.tickets import Action, Party, Ticket

router = APIRouter(tags=["tickets"])
TicketCode = Annotated[str, Path(pattern=r"^[A-Z]{2,4}-\d{4}-\d{2}-\d{4,9}$", description="LB-2026-11-0412")]


@router.get("/tickets", responses=responses(401, 403, 422, 503))
def list_tickets(visitor: ApiReader, parts: Rooms, asked: Annotated[TicketParams, Query()]) -> TicketList:
    """The tickets that the caller may see, by deadline unless asked otherwise."""
    now = parts.clock()
    found = parts.store.tickets.list(asked.query(visitor.scope), visitor.scope, now=now)
    return TicketList(
        total=found.total, items=tuple(TicketAnswer.of(ticket, now) for ticket in found.items), next=found.next
    )


@router.get("/tickets/{code}", responses=responses(401, 403, 404, 422, 503))
def read_ticket(visitor: ApiReader, parts: Rooms, code: TicketCode) -> TicketDetail:
    """One ticket with its history and cases. Absent and hidden are told alike."""
    return _detail(parts, visitor, parts.store.tickets.ticket(code, visitor.scope))


@router.post(
    "/tickets",
    status_code=201,
    responses=responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
    dependencies=[Depends(json_body)],
)
def make_ticket(visitor: ApiActor, parts: Rooms, wish: TicketWish) -> TicketDetail:
    """Make a ticket of cases. What accuses someone in office goes to the oversight agency, whatever is asked for."""
    if visitor.party is not Party.CENTER:
        raise Forbidden("Hanya pusat kendali yang membuat tiket.")
    ids = [case.id for case in cases_of(parts, visitor, wish.cases)]
    ticket = parts.desk.tickets.open(ids, must_act(visitor), opd=wish.opd, note=wish.note, title=wish.title)
    return _detail(parts, visitor, ticket)


@router.post(
    "/tickets/{code}/actions",
    responses=responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
    dependencies=[Depends(json_body)],
)
def act_on_ticket(visitor: ApiActor, parts: Rooms, code: TicketCode, wish: ActionWish) -> TicketAnswer:
    """Do something to a ticket; answers the ticket as it is then. 409 where its state or `rev` does not allow it."""
    note = wish.note.strip() if wish.note else None
    done = perform(parts, visitor, code, Wish(Action(wish.action), note or None, wish.opd, wish.rev))
    return TicketAnswer.of(done, parts.clock())


def _detail(parts: Parts, visitor: Visitor, ticket: Ticket) -> TicketDetail:
    return TicketDetail(
        ticket=TicketAnswer.of(ticket, parts.clock()),
        history=tuple(EventAnswer.of(line) for line in parts.store.tickets.history(ticket.code, visitor.scope)),
        cases=tuple(Post.of(case) for case in parts.store.tickets.cases(ticket.code, visitor.scope)),
    )
