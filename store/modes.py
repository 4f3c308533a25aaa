"""How far the machine may go in each region: propose tickets, or dispose what it is sure of, and how many a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from domain.errors import Refused
from domain.tickets import RoutingMode
from store.audit import record
from store.database import Database, insert
from store.tables import region_modes
from store.types import AnyRow

USUAL_CAP: Final = 200  # tickets that the machine opens in a region on one day: more than a regency's busy morning
USUAL_SURE: Final = 0.6  # below it the first office is wrong about as often as right
MOST_A_DAY: Final = 100_000


@dataclass(frozen=True, slots=True)
class RegionMode:
    """How tickets are made in a region. `by` and `at` tell who set it; None while it is as it began."""

    region: str
    mode: RoutingMode = RoutingMode.PROPOSE
    daily_cap: int = USUAL_CAP
    sure: float = USUAL_SURE  # from this probability of the office on
    by: str | None = None
    at: datetime | None = None


class Modes:
    """The modes of regions. One that was never set proposes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mode(self, region: str) -> RegionMode:
        """The mode of a region."""
        return self.modes([region])[region]

    def modes(self, regions: Iterable[str]) -> dict[str, RegionMode]:
        """The modes of some regions, by slug."""
        wanted = sorted(set(regions))
        query = select(region_modes).where(region_modes.c.region.in_(wanted))
        with self._database.read() as connection:
            found = {row.region: _mode_of(row) for row in connection.execute(query)}
        return {region: found.get(region, RegionMode(region)) for region in wanted}

    def set(  # noqa: PLR0913  what is set, by whom, when
        self,
        region: str,
        *,
        mode: RoutingMode | None = None,
        daily_cap: int | None = None,
        sure: float | None = None,
        by: str,
        now: datetime,
        reason: str = "",
    ) -> RegionMode:
        """Set what is given and leave the rest as it was, with a line in the audit trail. Returns what stands now.

        `reason` is why somebody sets what the figures speak against.

        Raises: Refused for a cap or a probability that makes no sense.
        """
        if daily_cap is not None and not 0 <= daily_cap <= MOST_A_DAY:
            raise Refused(f"Batas harian adalah bilangan 0 sampai {MOST_A_DAY}.")
        if sure is not None and not 0 < sure <= 1:
            raise Refused("Tingkat yakin adalah angka di atas 0 sampai 1.")
        with self._database.write() as connection:
            row = connection.execute(select(region_modes).where(region_modes.c.region == region)).one_or_none()
            before = _mode_of(row) if row is not None else RegionMode(region)
            after = RegionMode(
                region,
                before.mode if mode is None else mode,
                before.daily_cap if daily_cap is None else daily_cap,
                before.sure if sure is None else sure,
                by,
                now,
            )
            columns = {
                "mode": after.mode.value, "daily_cap": after.daily_cap, "sure": after.sure, "by": by, "at": now
            }  # fmt: skip
            connection.execute(
                insert(connection, region_modes)
                .values(region=region, **columns)
                .on_conflict_do_update(index_elements=[region_modes.c.region], set_=columns)
            )
            detail = {"from": _told(before), "to": _told(after)} | ({"reason": reason} if reason else {})
            record(connection, by, "region.mode", region, detail, now)
        return after


def _mode_of(row: AnyRow) -> RegionMode:
    return RegionMode(row.region, RoutingMode(row.mode), row.daily_cap, row.sure, row.by, row.at)


def _told(mode: RegionMode) -> str:
    return f"{mode.mode.value}, {mode.daily_cap}/hari, yakin {mode.sure:g}"
