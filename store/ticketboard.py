"""How each office, kecamatan or desa stands: sums over the tickets that a reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any, Final, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    and_,
    case,
    func,
    literal_column,
    null,
    select,
    type_coerce,
)

from domain.scope import Scope
from store.tables import tickets
from store.ticketlists import TicketQuery, asked_for, is_open, is_overdue, seen_by
from store.types import AnyRow, AnySelect

BoardBy = Literal["opd", "kecamatan", "desa"]

EVERY_TICKET: Final = TicketQuery()
_KECAMATAN: Final = 8  # characters of "52.01.06"; a desa's code is longer
_MINUTE: Final = 60
_DIVISION: Final = 8  # binds closer than the minus inside: SQLAlchemy sets its brackets by it


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
    wanted = [seen_by(scope), asked_for(only), *([tickets.c.region == region] if region is not None else [])]
    column = tickets.c.opd if by == "opd" else tickets.c.area
    sums: dict[tuple[str, str], _Sum] = {}
    for row in connection.execute(_of_period(connection, column, wanted, since, until)):
        sums.setdefault((row.region, _key(by, row.spot)), _Sum()).add_period(row)
    for row in connection.execute(_of_now(column, wanted, now)):
        sums.setdefault((row.region, _key(by, row.spot)), _Sum()).add_stock(row)
    rows = (one.row(*place) for place, one in sums.items())
    return sorted(rows, key=lambda row: (-row.overdue, -row.open, -row.opened, row.region, row.key))


def _of_period(
    connection: Connection,
    column: ColumnElement[str | None],
    wanted: Sequence[ColumnElement[bool]],
    since: datetime | None,
    until: datetime | None,
) -> AnySelect:
    """Tickets opened in the period. By the bare column: one index has them in that order, another one the period."""
    answered, done = tickets.c.answered_at.is_not(None), tickets.c.done_at.is_not(None)
    query = select(
        tickets.c.region,
        column.label("spot"),
        func.count().label("opened"),
        _sum(answered).label("answered"),
        _sum(answered, tickets.c.answered_at > tickets.c.response_due).label("answered_late"),
        _sum(done).label("done"),
        _sum(done, tickets.c.done_at > tickets.c.resolve_due).label("done_late"),
        _minutes(connection, answered).label("minutes"),
    ).where(*wanted, *_within(since, until))
    return query.group_by(tickets.c.region, column)


def _of_now(column: ColumnElement[str | None], wanted: Sequence[ColumnElement[bool]], now: datetime) -> AnySelect:
    """Tickets that are open, whenever they were opened.

    Grouped by an expression, so that no index has the order: few are open, and one that begins with states finds them.
    """
    spot = func.coalesce(column, literal_column("''"))
    query = select(
        tickets.c.region,
        spot.label("spot"),
        func.count().label("open"),
        _sum(is_overdue(now)).label("overdue"),
        func.min(tickets.c.clock_at).label("oldest"),
    ).where(*wanted, is_open())
    return query.group_by(tickets.c.region, spot)


@dataclass(slots=True)
class _Sum:
    """What is summed up of one office or area; several desa make a kecamatan."""

    opened: int = 0
    open: int = 0
    overdue: int = 0
    answered: int = 0
    answered_late: int = 0
    done: int = 0
    done_late: int = 0
    minutes: list[float] = field(default_factory=list)
    oldest: datetime | None = None

    def add_period(self, row: AnyRow) -> None:
        """Add tickets that were opened in the period."""
        self.opened += int(row.opened)
        self.answered += int(row.answered)
        self.answered_late += int(row.answered_late)
        self.done += int(row.done)
        self.done_late += int(row.done_late)
        self.minutes += _numbers(row.minutes)

    def add_stock(self, row: AnyRow) -> None:
        """Add tickets that are open now."""
        self.open += int(row.open)
        self.overdue += int(row.overdue)
        self.oldest = min((moment for moment in (self.oldest, row.oldest) if moment is not None), default=None)

    def row(self, region: str, key: str) -> BoardRow:
        """The sums as a row."""
        return BoardRow(
            region=region,
            key=key,
            opened=self.opened,
            open=self.open,
            overdue=self.overdue,
            answered=self.answered,
            answered_late=self.answered_late,
            done=self.done,
            done_late=self.done_late,
            response_median_minutes=round(median(self.minutes)) if self.minutes else None,
            oldest_due=self.oldest,
        )


def _key(by: BoardBy, place: str | None) -> str:
    if place is None or by == "opd":
        return place or ""
    if by == "kecamatan":
        return place[:_KECAMATAN] if len(place) >= _KECAMATAN else ""
    return place if len(place) > _KECAMATAN else ""


def _within(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    start = [tickets.c.opened_at >= since] if since is not None else []
    return [*start, *([tickets.c.opened_at < until] if until is not None else [])]


def _sum(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(*conditions), 1), else_=0))


def _minutes(connection: Connection, answered: ColumnElement[bool]) -> ColumnElement[Any]:
    """The minutes to each answer as one list: SQLite has no median, and a row each is slow to hand over."""
    if connection.dialect.name == "postgresql":
        lasted = func.extract("epoch", tickets.c.answered_at - tickets.c.disposed_at) / _MINUTE
        return func.array_agg(lasted).filter(answered)
    spent = type_coerce(tickets.c.answered_at, BigInteger) - type_coerce(tickets.c.disposed_at, BigInteger)
    return func.group_concat(case((answered, spent.op("/", precedence=_DIVISION)(_MINUTE * 1_000_000)), else_=null()))


def _numbers(minutes: str | Sequence[float] | None) -> list[float]:
    return [float(one) for one in (minutes.split(",") if isinstance(minutes, str) else minutes or ())]
