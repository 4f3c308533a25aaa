"""Tickets, their history, and the cases that tell of each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Named, Table, Text, TypedColumns

from store.tables.base import metadata
from store.types import Key, Serial, UtcTime


class TicketColumns(TypedColumns):
    """A `domain.tickets.Ticket`. `clock_at` is the deadline that runs now, NULL while none does."""

    code: Named[str] = Column(Key, primary_key=True)
    region: Named[str] = Column(Key)
    state: Named[str] = Column(Key)
    title: Named[str] = Column(Text)
    opd: Named[str | None] = Column(Key)
    proposed: Named[str | None] = Column(Key)
    topic: Named[str] = Column(Key)
    intent: Named[str] = Column(Key)
    urgency: Named[str] = Column(Key)
    sentiment: Named[str] = Column(Key)
    oversight: Named[bool]
    accused: Named[str | None] = Column(Text)  # JSON list of agency codes
    area: Named[str | None] = Column(Key)
    place: Named[str | None] = Column(Text)
    lat: Named[float | None]
    lon: Named[float | None]
    cases: Named[int]
    origin: Named[str] = Column(Key)
    opened_at: Named[datetime] = Column(UtcTime())
    opened_by: Named[str] = Column(Key)
    published_at: Named[datetime] = Column(UtcTime())
    disposed_at: Named[datetime | None] = Column(UtcTime())
    first_disposed_at: Named[datetime | None] = Column(UtcTime())
    accepted_at: Named[datetime | None] = Column(UtcTime())
    answered_at: Named[datetime | None] = Column(UtcTime())
    done_at: Named[datetime | None] = Column(UtcTime())
    response_due: Named[datetime | None] = Column(UtcTime())
    resolve_due: Named[datetime | None] = Column(UtcTime())
    resolve_why: Named[str] = Column(Text)
    clock_kind: Named[str | None] = Column(Key)
    clock_at: Named[datetime | None] = Column(UtcTime())
    clock_why: Named[str] = Column(Text)
    clock_left: Named[int | None]  # minutes of working time left when it was postponed
    paused_from: Named[str | None] = Column(Key)
    updated_at: Named[datetime] = Column(UtcTime())
    rev: Named[int]


tickets = Table(
    "tickets",
    metadata,
    TicketColumns,
    # Lists and counts are made from the first alone, boards from all: rows are long, for the reasons they tell.
    Index(
        "ix_tickets_shown",
        "region", "state", "clock_at", "code", "opd", "oversight", "accused", "area", "topic", "urgency", "intent",
        "opened_at", "first_disposed_at", "title",
    ),
    Index(
        "ix_tickets_opened",
        "region", "opened_at", "code", "state", "opd", "oversight", "accused", "area", "topic", "urgency", "intent",
        "disposed_at", "answered_at", "response_due", "done_at", "resolve_due",
    ),
    Index(
        "ix_tickets_offices",
        "region", "opd", "opened_at", "state", "clock_at", "code", "oversight", "accused", "area", "topic", "urgency",
        "intent", "first_disposed_at", "disposed_at", "answered_at", "response_due", "done_at", "resolve_due",
    ),
    Index(
        "ix_tickets_areas",
        "region", "area", "opened_at", "state", "clock_at", "opd", "oversight", "accused", "topic", "urgency", "intent",
        "disposed_at", "answered_at", "response_due", "done_at", "resolve_due",
    ),
    Index(None, "region", "topic", "area", "opened_at"),
)  # fmt: skip


class TicketEventColumns(TypedColumns):
    """A `domain.tickets.TicketEvent`. Rows are only ever added. `detail` is a JSON object of texts."""

    id: Named[int] = Column(Serial, primary_key=True)
    code: Named[str] = Column(Key, ForeignKey("tickets.code", ondelete="CASCADE"), index=True)
    at: Named[datetime] = Column(UtcTime())
    by: Named[str] = Column(Key)
    action: Named[str] = Column(Key)
    before: Named[str | None] = Column(Key)
    after: Named[str] = Column(Key)
    opd: Named[str | None] = Column(Key)
    note: Named[str | None] = Column(Text)
    detail: Named[str | None] = Column(Text)


ticket_events = Table("ticket_events", metadata, TicketEventColumns, Index(None, "at"))


class TicketCaseColumns(TypedColumns):
    """A case and the one ticket that it tells of."""

    case_id: Named[str] = Column(Key, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    ticket: Named[str] = Column(Key, ForeignKey("tickets.code", ondelete="CASCADE"), index=True)
    by: Named[str] = Column(Key)
    at: Named[datetime] = Column(UtcTime())


ticket_cases = Table("ticket_cases", metadata, TicketCaseColumns)


class TicketNumberColumns(TypedColumns):
    """The last number that a region gave in a month, and how many tickets the machine opened on a day."""

    region: Named[str] = Column(Key, primary_key=True)
    period: Named[str] = Column(Key, primary_key=True)  # "2026-11" for numbers, "2026-11-22" for the daily cap
    last: Named[int]


ticket_numbers = Table("ticket_numbers", metadata, TicketNumberColumns)
