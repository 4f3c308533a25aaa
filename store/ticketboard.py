"""How each office, kecamatan or desa stands: one pass over the tickets that a reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any, Final, Literal

from sqlalchemy import BigInteger, ColumnElement, Connection, and_, case, func, null, select, true, type_coerce

from domain.scope import Scope
from store.tables import tickets
from store.ticketlists import TicketQuery, asked_for, is_open, is_overdue, seen_by
from store.types import AnyRow

BoardBy = Literal["opd", "kecamatan", "desa"]

EVERY_TICKET: Final = TicketQuery()
_KECAMATAN: Final = 8  # characters of "52.01.06"; a desa's code is longer
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One office or area. `key` is empty for what is with the center, or has no such place.

    `open`, `overdue` and `oldest_due` are of now, whenever the tickets were opened; all others are of the tickets
    opened in the period. Answers count for the office that has the ticket now, in minutes of the wall clock.
    """

    region: str
    key: str
    opened: int
    open: int
    overdue: int
    answered: int
    answered_late: int
    done: int
    done_late: int
    response_median_minutes: int | None
    oldest_due: datetime | None


def board(  # noqa: PLR0913  what is asked, for whom, of when
    connection: Connection,
    by: BoardBy,
    scope: Scope,
    *,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
    region: str | None = None,
    only: TicketQuery = EVERY_TICKET,
) -> list[BoardRow]:
    """Sum up the visible tickets, most overdue first. Of `only` the filters hold, not its view, states and paging."""
    key = _key(by)
    within = _within(since, until)
    answered, done = tickets.c.answered_at.is_not(None), tickets.c.done_at.is_not(None)
    query = select(
        tickets.c.region,
        key.label("key"),
        _sum(within).label("opened"),
        _sum(is_open()).label("open"),
        _sum(is_overdue(now)).label("overdue"),
        _sum(within, answered).label("answered"),
        _sum(within, answered, tickets.c.answered_at > tickets.c.response_due).label("answered_late"),
        _sum(within, done).label("done"),
        _sum(within, done, tickets.c.done_at > tickets.c.resolve_due).label("done_late"),
        _minutes(connection, and_(within, answered)).label("minutes"),
        func.min(case((is_open(), tickets.c.clock_at), else_=null()), type_=tickets.c.clock_at.type).label("oldest"),
    ).where(seen_by(scope), asked_for(only), *([tickets.c.region == region] if region is not None else []))
    rows = connection.execute(query.group_by(tickets.c.region, "key")).all()
    return sorted(
        (_row(row) for row in rows if row.opened or row.open),
        key=lambda row: (-row.overdue, -row.open, -row.opened, row.region, row.key),
    )


def _row(row: AnyRow) -> BoardRow:
    return BoardRow(
        region=row.region,
        key=row.key,
        opened=int(row.opened),
        open=int(row.open),
        overdue=int(row.overdue),
        answered=int(row.answered),
        answered_late=int(row.answered_late),
        done=int(row.done),
        done_late=int(row.done_late),
        response_median_minutes=_median(row.minutes),
        oldest_due=row.oldest,
    )


def _key(by: BoardBy) -> ColumnElement[str]:
    if by == "opd":
        return func.coalesce(tickets.c.opd, "")
    length = func.length(tickets.c.area)
    if by == "kecamatan":
        return case((length >= _KECAMATAN, func.substr(tickets.c.area, 1, _KECAMATAN)), else_="")
    return case((length > _KECAMATAN, tickets.c.area), else_="")


def _within(since: datetime | None, until: datetime | None) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if since is not None:
        conditions.append(tickets.c.opened_at >= since)
    if until is not None:
        conditions.append(tickets.c.opened_at < until)
    return and_(*conditions)


def _sum(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(*conditions), 1), else_=0))


def _minutes(connection: Connection, answered: ColumnElement[bool]) -> ColumnElement[Any]:
    """The minutes to each answer as one list: SQLite has no median, and a row each is slow to hand over."""
    if connection.dialect.name == "postgresql":
        lasted = func.extract("epoch", tickets.c.answered_at - tickets.c.disposed_at) / _MINUTE
        return func.array_agg(lasted).filter(answered)
    spent = type_coerce(tickets.c.answered_at, BigInteger) - type_coerce(tickets.c.disposed_at, BigInteger)
    return func.group_concat(case((answered, spent.op("/")(_MINUTE * 1_000_000)), else_=null()))


def _median(minutes: str | Sequence[float] | None) -> int | None:
    found = [float(m) for m in (minutes.split(",") if isinstance(minutes, str) else minutes or ()) if m is not None]
    return round(median(found)) if found else None
