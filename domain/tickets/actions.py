"""The state table: which action leads from where to where, and whose it is. Nothing else decides about states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.errors import Conflict
from domain.tickets.labels import OPEN_STATES, Action, Party, TicketState

_NEW, _VERIFIED, _DISPOSED = TicketState.NEW, TicketState.VERIFIED, TicketState.DISPOSED
_WORKING, _REVIEW, _DONE = TicketState.IN_PROGRESS, TicketState.AWAITING_REVIEW, TicketState.DONE
_POSTPONED, _REFUSED = TicketState.POSTPONED, TicketState.REFUSED
_ARCHIVED, _FORWARDED = TicketState.ARCHIVED, TicketState.FORWARDED
_ALL = frozenset(TicketState)


@dataclass(frozen=True, slots=True)
class Move:
    """One action: the states it starts from, where it leads (None: stays; a postponed one returns where it was)."""

    action: Action
    parties: frozenset[Party]
    start: frozenset[TicketState]
    end: TicketState | None
    needs_reason: bool = False  # a note in words
    needs_agency: bool = False


_CENTER = frozenset({Party.CENTER})
_AGENCY = frozenset({Party.AGENCY})
_BOTH = frozenset({Party.CENTER, Party.AGENCY})
_ROUTERS = frozenset({Party.CENTER, Party.SYSTEM})
_SYSTEM = frozenset({Party.SYSTEM})

ACTIONS: Mapping[Action, Move] = MappingProxyType(
    {
        move.action: move
        for move in (
            Move(Action.VERIFY, _CENTER, frozenset({_NEW}), _VERIFIED),
            Move(
                Action.DISPOSE,
                _ROUTERS,
                frozenset({_NEW, _VERIFIED, _DISPOSED, _WORKING, _POSTPONED}),
                _DISPOSED,
                needs_agency=True,
            ),
            Move(Action.ACCEPT, _AGENCY, frozenset({_DISPOSED}), _WORKING),
            Move(Action.ANSWER, _AGENCY, frozenset({_DISPOSED, _WORKING}), _WORKING, needs_reason=True),
            Move(Action.SUBMIT, _AGENCY, frozenset({_DISPOSED, _WORKING}), _REVIEW, needs_reason=True),
            Move(Action.APPROVE, _CENTER, frozenset({_REVIEW}), _DONE),
            Move(Action.SEND_BACK, _CENTER, frozenset({_REVIEW}), _WORKING, needs_reason=True),
            Move(Action.NOT_OURS, _AGENCY, frozenset({_DISPOSED, _WORKING}), _VERIFIED, needs_reason=True),
            Move(Action.POSTPONE, _BOTH, frozenset({_VERIFIED, _DISPOSED, _WORKING}), _POSTPONED, needs_reason=True),
            Move(Action.RESUME, _BOTH, frozenset({_POSTPONED}), None),
            Move(Action.REFUSE, _CENTER, frozenset({_NEW, _VERIFIED}), _REFUSED, needs_reason=True),
            Move(Action.ARCHIVE, _ROUTERS, frozenset({_NEW, _VERIFIED, _DONE, _REFUSED, _FORWARDED}), _ARCHIVED),
            Move(Action.FORWARD, _CENTER, frozenset({_NEW, _VERIFIED, _DISPOSED}), _FORWARDED, needs_reason=True),
            Move(
                Action.REOPEN,
                _CENTER,
                frozenset({_DONE, _REFUSED, _ARCHIVED, _FORWARDED}),
                _VERIFIED,
                needs_reason=True,
            ),
            Move(Action.NOTE, _BOTH, _ALL, None, needs_reason=True),
            Move(Action.JOIN, _ROUTERS, OPEN_STATES, None),
            Move(Action.SPLIT, _CENTER, OPEN_STATES, None),
            Move(Action.SUCCEED, _SYSTEM, OPEN_STATES, None, needs_agency=True),
            Move(Action.CORRECT, _CENTER, OPEN_STATES, None),
            Move(Action.WITHDRAWN, _SYSTEM, _ALL, None),
            Move(Action.SHOWN_AGAIN, _SYSTEM, _ALL, None),
        )
    }
)


def move_of(action: Action, state: TicketState, party: Party, *, code: str) -> Move:
    """Return the move that an action is from a state. Conflict, naming ticket, state and wish, where there is none."""
    move = ACTIONS.get(action)
    if move is None or state not in move.start:
        raise Conflict(f"Tiket {code} berstatus {state}: tidak dapat di-{action}.")
    if party not in move.parties:
        raise Conflict(f"Tiket {code}: {action} bukan tindakan {party}.")
    return move


def allowed(state: TicketState, party: Party) -> tuple[Action, ...]:
    """The actions that a party may take in a state, in the table's order."""
    return tuple(move.action for move in ACTIONS.values() if party in move.parties and state in move.start)
