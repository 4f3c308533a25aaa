"""Which tickets a reader asked for, as SQL: his scope, his filters, the order, and where the next page begins.

What a scope hides is left out here, by condition: so no total, no page and no sum can tell of it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final, Literal

import orjson
from sqlalchemy import Boolean, ColumnElement, and_, false, literal, or_, true, tuple_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from domain.errors import Refused
from domain.labels import Intent, Urgency
from domain.scope import Scope
from domain.tickets import Ticket, TicketState
from domain.tickets.labels import OPEN_STATES
from store.tables import tickets
from store.types import micros, moment_of

TicketView = Literal["semua", "terbuka", "terlambat", "hari_ini", "dikembalikan", "usulan", "selesai"]
TicketOrder = Literal["tenggat", "terbaru", "terlama"]

MAX_PAGE: Final = 200
# Deadlines fall into working hours, so any hour of the night parts today's from tomorrow's in all three zones of
# Indonesia: midnight in the middle one does.
_NIGHT: Final = timezone(timedelta(hours=8))
_OPEN: Final = sorted(state.value for state in OPEN_STATES)
_FAR: Final = datetime(9999, 1, 1, tzinfo=_NIGHT)  # sorts a clock that stands still behind all that run
_CODE_LIKE: Final = 2  # dashes in a code: what has them is looked for among codes


class _Like(FunctionElement[bool]):
    """LIKE whatever the case of letters, with "/" before what is meant as it is.

    SQLite's own has no case; to lower every title first, as SQLAlchemy would, takes twice as long.
    """

    inherit_cache = True
    type = Boolean()


@compiles(_Like)
def _ilike(element: _Like, compiler: SQLCompiler, **how: Any) -> str:
    words, pattern = (compiler.process(clause, **how) for clause in element.clauses)
    return f"{words} {'LIKE' if compiler.dialect.name == 'sqlite' else 'ILIKE'} {pattern} ESCAPE '/'"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketQuery:
    """What a reader looks for. Empty tuples and None ask for nothing; `opd` are keys ("lombok-barat/PUTR").

    A key without a code ("lombok-barat/") asks for what is with the region's center.
    """

    view: TicketView = "semua"
    state: tuple[TicketState, ...] = ()
    opd: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    area: str | None = None  # this area and what lies in it
    topic: tuple[str, ...] = ()  # main topics or leaves
    urgency: tuple[Urgency, ...] = ()
    intent: tuple[Intent, ...] = ()
    oversight: bool | None = None
    since: datetime | None = None  # opened then or later
    until: datetime | None = None  # opened before
    q: str = ""  # a code, the beginning of one, or words of the title
    order: TicketOrder = "tenggat"
    after: str | None = None  # `TicketPage.next` of the page before
    size: int = 30


@dataclass(frozen=True, slots=True)
class TicketPage:
    """One page of tickets; `total` counts all pages, `next` is None on the last."""

    total: int
    items: tuple[Ticket, ...]
    next: str | None


def seen_by(scope: Scope) -> ColumnElement[bool]:
    """The tickets that a scope allows: exactly those that `Scope.allows` would let through."""
    conditions: list[ColumnElement[bool]] = [tickets.c.region.in_(sorted(scope.regions))]
    if not scope.may_oversee:
        conditions.append(tickets.c.oversight.is_(False))
    if scope.opds is not None:
        conditions.append(or_(false(), *(_own(scope, slug) for slug in sorted(scope.regions))))
    if scope.areas is not None:
        conditions.append(or_(false(), *(lies_in(area) for area in sorted(scope.areas))))
    return and_(*conditions)


def _own(scope: Scope, region: str) -> ColumnElement[bool]:
    """What a region's bound agencies have, but for what accuses any of them."""
    own = sorted(scope.agencies_in(region))
    accused = or_(false(), *(tickets.c.accused.contains(f'"{code}"', autoescape=True) for code in own))
    return and_(tickets.c.region == region, tickets.c.opd.in_(own), or_(tickets.c.accused.is_(None), ~accused))


def lies_in(area: str) -> ColumnElement[bool]:
    """Whether a ticket lies in an area. A range, not LIKE: an index can answer it."""
    return or_(tickets.c.area == area, and_(tickets.c.area > f"{area}.", tickets.c.area < f"{area}/"))


def asked_for(query: TicketQuery) -> ColumnElement[bool]:
    """The filters of a query, without its view and its states."""
    conditions: list[ColumnElement[bool]] = [true()]
    if query.region:
        conditions.append(tickets.c.region.in_(query.region))
    if query.opd:
        keys = [(slug, code) for slug, _, code in (key.rpartition("/") for key in query.opd)]
        held = tuple_(tickets.c.region, tickets.c.opd).in_([(slug, code) for slug, code in keys if code])
        center = tickets.c.region.in_([slug for slug, code in keys if not code])
        conditions.append(or_(held, and_(center, tickets.c.opd.is_(None))) if not all(c for _, c in keys) else held)
    if query.area is not None:
        conditions.append(lies_in(query.area))
    if query.topic:
        conditions.append(or_(*(_topic(code) for code in query.topic)))
    if query.urgency:
        conditions.append(tickets.c.urgency.in_([value.value for value in query.urgency]))
    if query.intent:
        conditions.append(tickets.c.intent.in_([value.value for value in query.intent]))
    if query.oversight is not None:
        conditions.append(tickets.c.oversight.is_(query.oversight))
    if query.since is not None:
        conditions.append(tickets.c.opened_at >= query.since)
    if query.until is not None:
        conditions.append(tickets.c.opened_at < query.until)
    conditions += [_named(word) for word in query.q.split()]
    return and_(*conditions)


def _topic(code: str) -> ColumnElement[bool]:
    if "." in code:
        return tickets.c.topic == code
    return and_(tickets.c.topic > f"{code}.", tickets.c.topic < f"{code}/")


def _named(word: str) -> ColumnElement[bool]:
    if word.count("-") >= _CODE_LIKE:
        return tickets.c.code.startswith(word.upper(), autoescape=True)
    pattern = "".join(f"/{letter}" if letter in "/%_" else letter for letter in word)
    return _Like(tickets.c.title, literal(f"%{pattern}%"))


def in_view(query: TicketQuery, now: datetime) -> ColumnElement[bool]:
    """The tickets of the query's view and states."""
    view = _views(now)[query.view]
    return and_(view, tickets.c.state.in_([state.value for state in query.state])) if query.state else view


def is_open() -> ColumnElement[bool]:
    """Whether anybody still has to do something."""
    return tickets.c.state.in_(_OPEN)


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Whether the clock that runs has run out."""
    return and_(is_open(), tickets.c.clock_at <= now)


def is_due_today(now: datetime) -> ColumnElement[bool]:
    """Whether the clock that runs will run out before the night."""
    return and_(is_open(), tickets.c.clock_at > now, tickets.c.clock_at < _night_after(now))


def is_returned() -> ColumnElement[bool]:
    """Whether an office gave it back to the center, which has not passed it on yet."""
    return and_(tickets.c.state == TicketState.VERIFIED.value, tickets.c.first_disposed_at.is_not(None))


def _views(now: datetime) -> dict[TicketView, ColumnElement[bool]]:
    return {
        "semua": true(),
        "terbuka": is_open(),
        "terlambat": is_overdue(now),
        "hari_ini": is_due_today(now),
        "dikembalikan": is_returned(),
        "usulan": tickets.c.state == TicketState.NEW.value,
        "selesai": tickets.c.state == TicketState.DONE.value,
    }


def _night_after(now: datetime) -> datetime:
    local = now.astimezone(_NIGHT)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def in_order(query: TicketQuery) -> tuple[ColumnElement[Any], ...]:
    """The order of a query; codes make it whole, so that a page begins where the last one ended."""
    if query.order == "terbaru":
        return tickets.c.opened_at.desc(), tickets.c.code.desc()
    if query.order == "terlama":
        return tickets.c.opened_at, tickets.c.code
    return tickets.c.clock_at.is_(None), tickets.c.clock_at, tickets.c.code


def behind(query: TicketQuery) -> ColumnElement[bool]:
    """What comes after the page before. Refused for a mark that no page gave."""
    if query.after is None:
        return true()
    moment, code = _read_mark(query.after)
    if query.order == "terbaru":
        return tuple_(tickets.c.opened_at, tickets.c.code) < tuple_(_moment(moment), literal(code))
    if query.order == "terlama":
        return tuple_(tickets.c.opened_at, tickets.c.code) > tuple_(_moment(moment), literal(code))
    if moment >= _FAR:
        return and_(tickets.c.clock_at.is_(None), tickets.c.code > code)
    later = tuple_(tickets.c.clock_at, tickets.c.code) > tuple_(_moment(moment), literal(code))
    return or_(tickets.c.clock_at.is_(None), later)


def mark_of(query: TicketQuery, last: Ticket) -> str:
    """The mark of a page's last ticket: the next page begins behind it."""
    moment = (last.clock.at or _FAR) if query.order == "tenggat" else last.opened_at
    return base64.urlsafe_b64encode(orjson.dumps([micros(moment), last.code])).decode().rstrip("=")


def _read_mark(mark: str) -> tuple[datetime, str]:
    try:
        number, code = orjson.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        return moment_of(number), str(code)
    except (binascii.Error, ValueError, TypeError, OverflowError) as cause:
        raise Refused("Penanda halaman tidak dikenal: mulai lagi dari halaman pertama.") from cause


def _moment(value: datetime) -> ColumnElement[datetime]:
    return literal(value, tickets.c.opened_at.type)
