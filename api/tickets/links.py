"""From cases to tickets: the address of one, and what a post's page and panel say of it."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from api.contexts.post import TicketLink
from api.parts import Parts
from api.speech import Speech
from api.tickets.asked import PATH
from api.tickets.words import STATES
from api.visitors import Visitor
from domain.documents import PostDocument
from domain.errors import NotFound
from domain.tickets import Party


def ticket_href(code: str) -> str:
    """The address of a ticket's own page."""
    return f"{PATH}/{quote(code)}"


def ticket_link(
    parts: Parts, case: PostDocument, visitor: Visitor, says: Speech, *, is_sure: bool
) -> TicketLink | None:
    """The ticket that a case tells of, or how to make one; None where neither is this reader's.

    `is_sure` says that its office can be taken without asking.
    """
    if case.ticket is not None:
        try:
            ticket = parts.store.tickets.ticket(case.ticket, visitor.scope)
        except NotFound:  # another office has it
            return None
        return TicketLink(code=ticket.code, state=says.say(STATES[ticket.state]), href=ticket_href(ticket.code))
    if visitor.party is not Party.CENTER:
        return None
    office = case.opd if case.opd and is_sure and not case.oversight else ""
    return TicketLink(
        make_href=f"{PATH}/baru?{urlencode({'kasus': case.id})}",
        opd=office,
        opd_name=parts.names.agency(case.region, office) if office else "",
    )
