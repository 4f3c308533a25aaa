"""Open tickets that may be of the same issue: same topic, same time, and the same spot. Without a spot, none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select

from domain.documents import PostDocument
from domain.scope import Scope
from domain.tickets import Ticket
from domain.tickets.labels import OPEN_STATES
from store.tables import tickets
from store.ticketlists import is_open, seen_by
from store.ticketrows import ticket_from

SAME_WEEK: Final = timedelta(days=7)
SAME_SPOT: Final = 50.0  # metres
_DESA: Final = 9  # characters: a shorter code names a kecamatan or more, which is no spot
_OPEN: Final = sorted(state.value for state in OPEN_STATES)
_EARTH: Final = 6_371_000.0  # metres, mean radius
_DEGREE: Final = 111_000.0  # metres of latitude, at least
_MOST: Final = 5  # more than a person would compare


def same_issue(  # noqa: PLR0913  what the issue is, where and when
    connection: Connection,
    region: str,
    topic: str,
    area: str | None,
    lat: float | None,
    lon: float | None,
    published_at: datetime,
    scope: Scope,
) -> list[Ticket]:
    """The visible open tickets within 7 days and 50 m (same desa where not both have a point), newest first."""
    place: list[ColumnElement[bool]] = [false()]
    desa = area if area and len(area) >= _DESA else None
    if desa:
        place.append(tickets.c.area == desa)
    if lat is not None and lon is not None:
        high, wide = SAME_SPOT / _DEGREE, SAME_SPOT / (_DEGREE * max(cos(radians(lat)), 0.01))
        place.append(and_(tickets.c.lat.between(lat - high, lat + high), tickets.c.lon.between(lon - wide, lon + wide)))
    start, end = published_at - SAME_WEEK, published_at + SAME_WEEK
    query = (
        select(tickets)
        .where(
            seen_by(scope),
            tickets.c.region == region,
            tickets.c.topic == topic,
            is_open(),
            or_(tickets.c.published_at.between(start, end), tickets.c.opened_at.between(start, end)),
            or_(*place),
        )
        .order_by(tickets.c.opened_at.desc(), tickets.c.code)
    )
    found = (ticket_from(row) for row in connection.execute(query))
    return [ticket for ticket in found if _is_there(ticket, desa, lat, lon)][:_MOST]


def in_these_desas(connection: Connection, documents: Sequence[PostDocument], scope: Scope) -> dict[str, list[Ticket]]:
    """What `same_issue` finds for cases without a point, by case id, in one question for all of them."""
    desas = {one.id: one.places[0].kode for one in documents if one.places and len(one.places[0].kode) >= _DESA}
    asked = [one for one in documents if one.id in desas]
    wanted = sorted({(one.region, one.topic, desas[one.id]) for one in asked})
    if not wanted:
        return {}
    matters = (and_(tickets.c.region == r, tickets.c.topic == t, tickets.c.area == a) for r, t, a in wanted)
    # Neither scope nor order here: with them SQLite would rather walk through all tickets of the region.
    rows = connection.execute(select(tickets).where(or_(*matters), tickets.c.state.in_(_OPEN)))
    seen = (ticket for ticket in map(ticket_from, rows) if scope.allows(ticket))
    found = sorted(sorted(seen, key=lambda one: one.code), key=lambda one: one.opened_at, reverse=True)
    return {
        one.id: [
            ticket
            for ticket in found
            if (ticket.region, ticket.topic, ticket.area) == (one.region, one.topic, desas[one.id])
            and any(abs(told - one.published_at) <= SAME_WEEK for told in (ticket.published_at, ticket.opened_at))
        ][:_MOST]
        for one in asked
    }


def _is_there(ticket: Ticket, desa: str | None, lat: float | None, lon: float | None) -> bool:
    if lat is None or lon is None or ticket.lat is None or ticket.lon is None:
        return desa is not None and ticket.area == desa
    return metres(lat, lon, ticket.lat, ticket.lon) <= SAME_SPOT


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the distance of two points on the earth (haversine)."""
    north, east = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    chord = sin(north) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east) ** 2
    return 2 * _EARTH * asin(sqrt(min(1.0, chord)))
