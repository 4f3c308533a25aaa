"""What Kibana is shown of tickets: where each stands and how long it took, in codes and figures, without any words.

A ticket lives in the index of the year it was opened in, which its code tells. One that is *berkadar pengawasan*, or
accuses somebody, is not shown: a mark stands in its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from domain.search import Tombstone
from domain.tickets import Ticket
from indexer.elasticsearch.shown import hours_between, kecamatan_name, mark
from indexer.moments import microseconds

_CODE = re.compile(r"-(?P<year>\d{4})-\d{2}-\d{4,}$")
_KECAMATAN = 3  # parts of a kecamatan's code: province, regency, kecamatan

_KEYWORD = {"type": "keyword"}
_DATE = {"type": "date"}
_HOURS = {"type": "float"}
_KEPT_WORDS = (
    "code", "region", "rev", "state", "opd", "topic", "intent", "urgency", "sentiment", "origin", "area", "place",
)  # fmt: skip
_MOMENTS = (
    "published_at", "first_disposed_at", "disposed_at", "accepted_at", "answered_at", "done_at", "response_due",
    "resolve_due", "updated_at",
)  # fmt: skip

TICKET_MAPPINGS: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "id": _KEYWORD, "rev": {"type": "long"}, "month": _KEYWORD, "gone": {"type": "boolean"},
        **{name: _KEYWORD for name in _KEPT_WORDS if name != "rev"},
        **dict.fromkeys(("@timestamp", *_MOMENTS, "clock_at"), _DATE),
        "topic_main": _KEYWORD, "kecamatan": _KEYWORD, "kecamatan_name": _KEYWORD, "clock_kind": _KEYWORD,
        "open": {"type": "boolean"}, "cases": {"type": "integer"}, "loc": {"type": "geo_point"},
        "hours_to_dispose": _HOURS, "hours_to_answer": _HOURS, "hours_to_done": _HOURS,
        "answered_in_time": {"type": "byte"}, "done_in_time": {"type": "byte"},
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TicketEntry:
    """A ticket as the writer of bulks takes it: `month` names the index, which is a year's."""

    ticket: Ticket

    @property
    def id(self) -> str:
        """The public code."""
        return self.ticket.code

    @property
    def rev(self) -> int:
        """The external version."""
        return self.ticket.rev

    @property
    def month(self) -> str:
        """The year it was opened in. Raises: ValueError for a code that does not tell it."""
        return year_of(self.ticket.code)


def year_of(code: str) -> str:
    """Return the year that a ticket's code tells. Raises: ValueError."""
    found = _CODE.search(code)
    if found is None:
        raise ValueError(f"kode tiket {code!r} tidak menyebut tahunnya")
    return found["year"]


def ticket_body(item: TicketEntry | Tombstone) -> bytes:
    """Return what is stored. Raises: ValueError for a code without a year."""
    if isinstance(item, Tombstone) or item.ticket.oversight or item.ticket.accused_opd:
        return mark(item.id, item.rev, item.month)
    ticket = item.ticket
    area = ticket.area.split(".") if ticket.area else []
    kecamatan = ".".join(area[:_KECAMATAN]) if len(area) >= _KECAMATAN else None
    body: dict[str, Any] = {
        "id": ticket.code,
        "month": item.month,
        **{name: getattr(ticket, name) for name in (*_KEPT_WORDS, *_MOMENTS)},
        "@timestamp": ticket.opened_at,
        "topic_main": ticket.topic.partition(".")[0],
        "kecamatan": kecamatan,
        "kecamatan_name": kecamatan_name(kecamatan),
        "open": ticket.is_open,
        "cases": ticket.cases,
        "clock_kind": ticket.clock.kind,
        "clock_at": ticket.clock.at if ticket.is_open else None,
        "hours_to_dispose": _hours(ticket.opened_at, ticket.first_disposed_at),
        "hours_to_answer": _hours(ticket.disposed_at, ticket.answered_at),
        "hours_to_done": _hours(ticket.opened_at, ticket.done_at),
        "answered_in_time": _in_time(ticket.answered_at, ticket.response_due),
        "done_in_time": _in_time(ticket.done_at, ticket.resolve_due),
    }
    if ticket.lat is not None and ticket.lon is not None:
        body["loc"] = {"lat": ticket.lat, "lon": ticket.lon}
    return orjson.dumps(body)


def _hours(start: datetime | None, end: datetime | None) -> float | None:
    """Return the hours by the clock between two moments, nights and holidays with them."""
    if start is None or end is None or end < start:
        return None
    return hours_between(microseconds(start), microseconds(end))


def _in_time(done: datetime | None, due: datetime | None) -> int | None:
    """Return 1 for what was done by its deadline and 0 for what was late, so that their mean is a share."""
    return None if done is None or due is None else int(done <= due)
