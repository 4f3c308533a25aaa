"""The list of tickets as a file: one row per ticket, of masked words; what is filtered, for who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from api.exports import Row
from api.parts import Parts
from api.speech import speech
from api.tickets.asked import TicketAsked
from api.tickets.telling import place_words
from api.visitors import Visitor
from domain.errors import Refused
from domain.tickets import Ticket
from store.ticketlists import MAX_PAGE, TicketPage

COLUMNS: Final = (
    "kode", "wilayah", "status", "judul", "opd", "nama_opd", "opd_diusulkan", "maksud", "topik", "nama_topik",
    "urgensi", "sentimen", "berkadar_pengawasan", "kode_tempat", "tempat", "lat", "lon", "kiriman", "asal", "dibuka",
    "kiriman_pertama", "disposisi", "diterima", "dijawab", "selesai", "tenggat", "jenis_tenggat", "terlambat",
    "tenggat_tanggapan", "tenggat_penyelesaian", "alasan_tenggat",
)  # fmt: skip


def ticket_rows(parts: Parts, visitor: Visitor, asked: TicketAsked, suffix: str) -> tuple[Iterator[Row], str]:
    """The rows of a list and the file's name. What is wrong with the list is raised here, before a byte leaves."""
    now, whole = parts.clock(), asked.changed()
    zone = parts.zone(visitor.scope, asked.values.get("region", ()))
    pages = _pages(parts, visitor, whole, zone, now)
    first = next(pages)
    if first.total > parts.settings.export_rows:
        raise Refused(f"Lebih dari {parts.settings.export_rows} baris: persempit waktunya, lalu unduh per bagian.")
    detail = {"search": whole.href(), "rows": str(first.total), "format": suffix}
    parts.store.audit.write(visitor.user.name, "export", "tickets", detail, now)
    tickets = (ticket for page in chain([first], pages) for ticket in page.items)
    rows = (row_of(parts, ticket, now) for ticket in tickets)
    return rows, f"jaring-tiket-{now.astimezone(zone):%Y%m%d-%H%M}.{suffix}"


def row_of(parts: Parts, ticket: Ticket, now: datetime) -> Row:
    """One ticket as a row, in the order of COLUMNS."""
    names, zone = parts.names, parts.zone_of(ticket.region)

    def at(moment: datetime | None) -> str | None:
        return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None

    return (
        ticket.code, ticket.region, ticket.state.value, ticket.title, ticket.opd,
        names.agency(ticket.region, ticket.opd) if ticket.opd else None, ticket.proposed, ticket.intent.value,
        ticket.topic, names.topic(ticket.topic, speech("id")), ticket.urgency.value, ticket.sentiment.value,
        "ya" if ticket.oversight else "tidak", ticket.area, place_words(parts, ticket) or None, ticket.lat, ticket.lon,
        ticket.cases, ticket.origin.value, at(ticket.opened_at), at(ticket.published_at), at(ticket.disposed_at),
        at(ticket.accepted_at), at(ticket.answered_at), at(ticket.done_at), at(ticket.clock.at),
        ticket.clock.kind.value if ticket.clock.kind else None, "ya" if ticket.is_overdue(now) else "tidak",
        at(ticket.response_due), at(ticket.resolve_due), ticket.clock.why or None,
    )  # fmt: skip


def _pages(parts: Parts, visitor: Visitor, asked: TicketAsked, zone: ZoneInfo, now: datetime) -> Iterator[TicketPage]:
    """All pages of a list, one after another."""
    while True:
        page = parts.store.tickets.list(asked.query(zone, size=MAX_PAGE), visitor.scope, now=now)
        yield page
        if page.next is None:
            return
        asked = asked.changed(after=page.next)
