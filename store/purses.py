"""What platforms let an account be asked, and what of it is spent: kept by the hour, through restarts, for everyone.

Units are set aside before they are spent. Who is killed in between has spent them: a purse is never wrong to the
platform's loss. An account's row is locked while its sum is looked at and added to, so that no two processes spend
the same unit.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, select, update

from domain.doors import HOUR, Budget, Period, Spent
from store.database import Database, insert
from store.tables import purse_hours, purses

KEPT: Final = timedelta(days=62)  # two months: the longest period, and the one before it to look at
_ROLLING: Final = timedelta(hours=25)  # hours that may share 24 hours with one hour


class Purses:
    """Implements `domain.ports.Purse`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, budget: Budget, units: int, now: datetime) -> bool:
        """See `domain.ports.Purse`. ValueError for less than no unit."""
        if units < 0:
            raise ValueError("units are set aside, not brought back: give_back does that")
        with self._database.write() as connection:
            _lock(connection, budget.account)
            if units > _left(connection, budget, now):
                return False
            if units:
                _add(connection, budget.account, _hour(now), units)
            return True

    def give_back(self, budget: Budget, units: int, reserved_at: datetime) -> None:
        """See `domain.ports.Purse`. More than was set aside in that hour is not given back."""
        here = (purse_hours.c.account == budget.account, purse_hours.c.hour == _hour(reserved_at))
        with self._database.write() as connection:
            _lock(connection, budget.account)
            spent = connection.execute(select(purse_hours.c.units).where(*here)).scalar()
            if spent is not None:
                connection.execute(update(purse_hours).where(*here).values(units=max(0, spent - max(0, units))))

    def stands(self, budget: Budget, now: datetime) -> Spent:
        """See `domain.ports.Purse`."""
        with self._database.read() as connection:
            spent = _spent(connection, budget, now)
            return Spent(budget, spent, _left(connection, budget, now), _more_at(connection, budget, now, spent))

    def forget_old(self, now: datetime) -> None:
        """Drop hours that no period reaches any more."""
        with self._database.write() as connection:
            connection.execute(delete(purse_hours).where(purse_hours.c.hour < now - KEPT))


def _left(connection: Connection, budget: Budget, now: datetime) -> int:
    """Units that may be spent now.

    Of a rolling day every 24 hours that this hour belongs to are looked at, also those that a clock which went
    wrong has already spent of: the sum that could ever be counted together is what matters.
    """
    spent = _spent(connection, budget, now)
    if budget.period is Period.ROLLING_DAY:
        hour = _hour(now)
        spent = max(spent, _sum(connection, budget.account, hour - _ROLLING + HOUR, hour + _ROLLING))
    return max(0, budget.due(now) - spent)


def _spent(connection: Connection, budget: Budget, now: datetime) -> int:
    since, until = budget.window(now)
    # Zones that are half an hour off begin their day within an hour of ours: that hour counts whole.
    return _sum(connection, budget.account, _hour(since), until)


def _sum(connection: Connection, account: str, since: datetime, until: datetime) -> int:
    inside = (purse_hours.c.account == account, purse_hours.c.hour >= since, purse_hours.c.hour < until)
    return int(connection.execute(select(func.coalesce(func.sum(purse_hours.c.units), 0)).where(*inside)).scalar_one())


def _more_at(connection: Connection, budget: Budget, now: datetime, spent: int) -> datetime:
    if budget.period is not Period.ROLLING_DAY:
        return budget.more_at(now, spent)
    since, until = budget.window(now)
    inside = (purse_hours.c.account == budget.account, purse_hours.c.hour >= since, purse_hours.c.units > 0)
    oldest = connection.execute(select(func.min(purse_hours.c.hour)).where(*inside)).scalar()
    return until if oldest is None else oldest + _ROLLING


def _lock(connection: Connection, account: str) -> None:
    """Hold an account's row until the transaction ends; SQLite has one writer anyway."""
    connection.execute(insert(connection, purses).values(account=account).on_conflict_do_nothing())
    connection.execute(select(purses.c.account).where(purses.c.account == account).with_for_update())


def _add(connection: Connection, account: str, hour: datetime, units: int) -> None:
    statement = insert(connection, purse_hours).values(account=account, hour=hour, units=units)
    more = {"units": purse_hours.c.units + statement.excluded.units}
    connection.execute(
        statement.on_conflict_do_update(index_elements=[purse_hours.c.account, purse_hours.c.hour], set_=more)
    )


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
