"""Builds a ticket's own page: where it stands and why, what may be done, who did what, and the cases behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import QueryParams

from api.contexts.ticket import Refusal, TicketView
from api.parts import Parts
from api.speech import Speech
from api.tickets.asked import TicketAsked, read_ticket_asked
from api.tickets.deeds import READ_ONLY, actor_of
from api.tickets.facts import facts_of
from api.tickets.forms import brought_back
from api.tickets.offices import offices
from api.tickets.telling import MAX_SHOWN, kin_view, panel_of
from api.tickets.trail import trail_of
from api.visitors import Visitor
from domain.tickets import Action, Party, Ticket

MAX_BACK: Final = 4_000  # of the list's address that a link brings along


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that changed nothing: why, and what it said. `seen` is the last line its sender had before him."""

    message: str
    action: str = ""
    note: str = ""
    opd: str = ""
    seen: int | None = None


def ticket_view(  # noqa: PLR0913  a ticket, who reads it, and what just happened
    parts: Parts,
    code: str,
    visitor: Visitor,
    says: Speech,
    *,
    back: str = "",
    notice: str = "",
    sent: Sent | None = None,
    every_case: bool = False,
) -> TicketView:
    """The page of a ticket for a reader. NotFound when it is absent or hidden."""
    now, asked = parts.clock(), list_of(back)
    ticket = parts.store.tickets.ticket(code, visitor.scope)
    query = asked.href().partition("?")[2]
    panel = panel_of(parts, ticket, visitor, says, now, back=query, whole=True, shown=None if every_case else MAX_SHOWN)
    actor = actor_of(visitor)
    allowed = parts.desk.tickets.allowed(ticket, actor) if actor else ()
    refusal = None
    if sent is not None:
        forms, there = brought_back(panel.forms, sent.action, note=sent.note, agency=sent.opd)
        panel = replace(panel, forms=forms)
        history = parts.store.tickets.history(code, visitor.scope) if sent.seen is not None else []
        meanwhile = trail_of(parts, ticket, history, says, since=sent.seen) if sent.seen is not None else ()
        refusal = Refusal(says.say(sent.message), meanwhile, "" if there else sent.note)
    is_center = actor is not None and actor.party is Party.CENTER
    return TicketView(
        panel=panel,
        facts=facts_of(parts, ticket, says, now, spots=(spot for case in panel.cases for spot in case.spots)),
        agencies=offices(parts, ticket.region, now) if actor else (),
        kin=kin_view(parts, kin_of(parts, ticket, visitor), says) if is_center and ticket.is_open else (),
        may_join=Action.JOIN in allowed and is_center,
        may_split=Action.SPLIT in allowed and is_center and len(panel.cases) > 1,
        read_only="" if actor else says.say(READ_ONLY),
        refusal=refusal,
        all_href=f"{panel.href}?semua=1#judul-kiriman" if MAX_SHOWN <= len(panel.cases) < ticket.cases else None,
        notice=notice,
        back=asked.href(),
    )


def list_of(back: str) -> TicketAsked:
    """The list of a query string that a link or a form brought along."""
    return read_ticket_asked(QueryParams(parse_qsl(back[:MAX_BACK], keep_blank_values=False)))


def kin_of(parts: Parts, ticket: Ticket, visitor: Visitor) -> list[Ticket]:
    """Other open tickets that may be of the same matter."""
    found = parts.store.tickets.same_issue(
        ticket.region, ticket.topic, ticket.area, ticket.lat, ticket.lon, ticket.published_at, visitor.scope
    )
    return [other for other in found if other.code != ticket.code and other.oversight == ticket.oversight]
