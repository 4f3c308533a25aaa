"""How each region's routing probabilities are bent, fit by fit: the newest of a region counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import func, select

from domain.errors import Conflict
from domain.quality.calibration import Calibration, Pair
from store.audit import record
from store.database import Database, insert
from store.tables import calibrations
from store.types import AnyRow


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit with what it was measured on: `pairs` are of tickets that the model had not learnt, calibrated."""

    region: str
    calibration: Calibration
    error_before: float
    error_after: float
    pairs: tuple[Pair, ...]
    by: str
    at: datetime


class Calibrations:
    """The fits of regions. A region without one has none of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, regions: Iterable[str]) -> dict[str, Fit]:
        """The fit that counts in each of some regions, where there is one."""
        last = select(func.max(calibrations.c.id)).group_by(calibrations.c.region)
        query = select(calibrations).where(calibrations.c.id.in_(last), calibrations.c.region.in_(sorted(set(regions))))
        with self._database.read() as connection:
            return {row.region: _fit_of(row) for row in connection.execute(query)}

    def add(self, fit: Fit) -> None:
        """Let a fit count from now on, with a line in the audit trail. Conflict when its name was given before."""
        with self._database.write() as connection:
            added = connection.execute(
                insert(connection, calibrations)
                .values(
                    region=fit.region, name=fit.calibration.name, slope=fit.calibration.slope,
                    shift=fit.calibration.shift, error_before=fit.error_before, error_after=fit.error_after,
                    pairs=orjson.dumps([[round(one.p, 5), one.right] for one in fit.pairs]).decode(),
                    by=fit.by, at=fit.at,
                )
                .on_conflict_do_nothing(index_elements=[calibrations.c.region, calibrations.c.name])
                .returning(calibrations.c.id)
            ).scalar()  # fmt: skip
            if added is None:
                raise Conflict(f"Kalibrasi {fit.calibration.name} di {fit.region} sudah ada.")
            detail = {"name": fit.calibration.name, "n": str(len(fit.pairs)), "ece": f"{fit.error_after:.3f}"}
            record(connection, fit.by, "region.calibration", fit.region, detail, fit.at)


def _fit_of(row: AnyRow) -> Fit:
    return Fit(
        row.region,
        Calibration(row.name, row.slope, row.shift),
        row.error_before,
        row.error_after,
        tuple(Pair(p, right) for p, right in orjson.loads(row.pairs)),
        row.by,
        row.at,
    )
