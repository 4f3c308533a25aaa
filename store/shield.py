"""A ticket whose case turns out to accuse somebody is hidden from the accused in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from domain.tickets import Action
from store.ticketwork import Change, hold_ticket, write_ticket

_MACHINE: Final = "sistem"


def shield(connection: Connection, accusing: Mapping[str, Collection[str]], now: datetime) -> None:
    """Make tickets *berkadar pengawasan*, by code with the agencies accused; those that know it already stay.

    State, office and clocks stay as well: the center sees it and passes the ticket on, to those who oversee.
    """
    for code in sorted(accusing):
        ticket = hold_ticket(connection, code, None)
        accused = tuple(dict.fromkeys((*ticket.accused_opd, *sorted(accusing[code]))))
        if ticket.oversight and accused == ticket.accused_opd:
            continue
        hidden = ticket.model_copy(update={"oversight": True, "accused_opd": accused})
        told = Change(ticket=hidden, action=Action.CORRECT, by=_MACHINE, detail={"pengawasan": "ya"})
        write_ticket(connection, ticket, told, now)
