"""Tickets: one matter in one place that one office must answer. What they are, and how they may move."""

from __future__ import annotations

from domain.tickets.actions import ACTIONS, Move, allowed, move_of
from domain.tickets.clocks import Clock, Due
from domain.tickets.labels import SYSTEM, Action, ClockKind, Origin, Party, RoutingMode, TicketState
from domain.tickets.tickets import Ticket, TicketEvent, ticket_code

__all__ = [
    "ACTIONS",
    "SYSTEM",
    "Action",
    "Clock",
    "ClockKind",
    "Due",
    "Move",
    "Origin",
    "Party",
    "RoutingMode",
    "Ticket",
    "TicketEvent",
    "TicketState",
    "allowed",
    "move_of",
    "ticket_code",
]
