"""What readers do to tickets: who acts for whom, and one door for pages and API to every action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from api.parts import Parts
from api.speech import N_
from api.tickets.forms import MAX_NOTE, SPECS
from api.visitors import Visitor
from desk.actors import Actor
from domain.errors import Forbidden, JaringError, Refused
from domain.tickets import ACTIONS, Action, Ticket

READ_ONLY: Final = N_("Anda dapat membaca tiket, tidak mengubahnya.")
NO_ACTION: Final = N_("Tindakan itu tidak ada.")
MAX_DIGITS: Final = 9  # of a rev, and of a number in an address
MAX_MANY: Final = 200  # tickets of one click: a page of them and then some


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form or a client wants done to a ticket, as the reader saw it (`rev`)."""

    action: Action
    note: str | None = None
    opd: str | None = None
    rev: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One ticket of many: as it is now, or why it was not changed."""

    code: str
    ticket: Ticket | None
    refusal: str | None


def actor_of(visitor: Visitor) -> Actor | None:
    """The reader as one who acts; None for one who only reads."""
    return Actor(visitor.user.name, visitor.scope, visitor.party) if visitor.party is not None else None


def must_act(visitor: Visitor) -> Actor:
    """The reader as one who acts. Forbidden for one who only reads."""
    actor = actor_of(visitor)
    if actor is None:
        raise Forbidden(READ_ONLY)
    return actor


def read_wish(action: str, note: str, opd: str, rev: str) -> Wish:
    """What a form said. Refused for an action that no form has."""
    try:
        known = Action(action)
    except ValueError as cause:
        raise Refused(NO_ACTION) from cause
    if known not in SPECS:
        raise Refused(NO_ACTION)
    plain = note.replace("\r\n", "\n").replace("\x00", "").strip()  # forms send two characters for a line's end
    return Wish(
        known,
        plain or None,
        opd.strip() or None,
        int(rev) if rev.isdecimal() and rev.isascii() and len(rev) <= MAX_DIGITS else None,
    )


def perform(parts: Parts, visitor: Visitor, code: str, wish: Wish) -> Ticket:
    """Do it. NotFound, Forbidden, Conflict and Refused as the desk says; the ticket as it is afterwards."""
    actor = must_act(visitor)
    if wish.note is not None and len(wish.note) > MAX_NOTE:
        raise Refused(f"Catatan terlalu panjang: paling banyak {MAX_NOTE} huruf.")
    asks_office = ACTIONS[wish.action].needs_agency or SPECS[wish.action].agency
    return parts.desk.tickets.act(
        code, wish.action, actor, note=wish.note, opd=wish.opd if asks_office else None, rev=wish.rev
    )


def perform_many(parts: Parts, visitor: Visitor, chosen: Iterable[tuple[str, int | None]], wish: Wish) -> list[Outcome]:
    """Do it to each, each by itself: what is refused for one changes nothing for the others."""
    must_act(visitor)
    outcomes = []
    for code, rev in chosen:
        try:
            ticket = perform(parts, visitor, code, Wish(wish.action, wish.note, wish.opd, rev))
        except JaringError as refused:
            if refused.status >= 500:  # noqa: PLR2004  not this ticket's fault: tell it as what it is
                raise
            outcomes.append(Outcome(code, None, str(refused)))
        else:
            outcomes.append(Outcome(code, ticket, None))
    return outcomes
