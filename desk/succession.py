"""When an agency's last day has passed, its open tickets pass on to whoever holds its office then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import structlog

from desk.tickets import TicketDesk
from domain.errors import Conflict, NotFound
from domain.regions import RegionProfile

SYSTEM: Final = "sistem"

log = structlog.get_logger("jaring.succession")


@dataclass(frozen=True, slots=True)
class Handover:
    """An office that ended, and who holds it now."""

    region: str
    old: str
    new: str


class Succession:
    """Moves what a merger left behind. A second turn finds nothing to do."""

    def __init__(self, desk: TicketDesk, profiles: Mapping[str, RegionProfile], clock: Callable[[], datetime]) -> None:
        self._desk = desk
        self._profiles = profiles
        self._clock = clock

    def turn(self, region: str | None = None, by: str = SYSTEM) -> int:
        """Pass on the open tickets of all offices that have ended, in one region or in all. How many moved."""
        now = self._clock()
        passed = 0
        for slug, profile in self._profiles.items():
            for due in handovers(profile, now.astimezone(profile.tz).date()) if region in {None, slug} else ():
                try:
                    passed += self._desk.succeed(due.region, due.old, due.new, by, now)
                except (Conflict, NotFound) as failure:  # somebody acts on it right now: the next turn finds the rest
                    log.warning("tiket belum beralih", region=slug, old=due.old, new=due.new, reason=str(failure))
        return passed


def handovers(profile: RegionProfile, today: date) -> Iterator[Handover]:
    """The offices of a region that have ended by today, each with its holder."""
    for agency in profile.agencies.values():
        if agency.valid_to is None or agency.valid_to > today:
            continue
        try:
            heir = profile.agency(agency.code, today)
        except NotFound:
            continue  # the heir is not in office yet: until then the tickets stay where they are
        yield Handover(profile.slug, agency.code, heir.code)
