"""When an agency's last day has passed, its open tickets pass on to whoever holds its office then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog

from desk.actors import Actor
from desk.tickets import TicketDesk
from domain.errors import Conflict, NotFound, Refused
from domain.regions import RegionProfile
from domain.scope import Scope
from domain.tickets import SYSTEM, Action, Party
from store import Store
from store.ticketlists import TicketQuery

log = structlog.get_logger("jaring.succession")


@dataclass(frozen=True, slots=True)
class Handover:
    """An office that ended, and who holds it now."""

    region: str
    old: str
    new: str


class Succession:
    """Moves what a merger left behind. A second turn finds nothing to do."""

    def __init__(
        self,
        store: Store,
        desk_tickets: TicketDesk,
        profiles: Mapping[str, RegionProfile],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._tickets = desk_tickets
        self._profiles = profiles
        self._clock = clock

    def turn(self, region: str | None = None, by: str = SYSTEM) -> int:
        """Pass on the open tickets of all offices that have ended, in one region or in all. How many moved."""
        now = self._clock()
        passed = 0
        for slug, profile in self._profiles.items():
            for due in handovers(profile, now.astimezone(profile.tz).date()) if region in {None, slug} else ():
                try:
                    passed += self.pass_on(due, by, now)
                except (Conflict, NotFound) as failure:  # somebody acts on it right now: the next turn finds the rest
                    log.warning("tiket belum beralih", region=slug, old=due.old, new=due.new, reason=str(failure))
        return passed

    def pass_on(self, due: Handover, by: str, now: datetime) -> int:
        """Pass the open tickets of an office on to its successor, one by one: begun again, it goes on. How many.

        Refused for a successor that the region does not have. What accuses the successor stays where it is.
        """
        if due.new not in self._profiles[due.region].agencies:
            raise Refused(f"Tidak ada OPD {due.new} di {due.region}.")
        scope = Scope(regions=frozenset({due.region}), may_oversee=True)
        actor = Actor(by, scope, Party.SYSTEM)
        query = TicketQuery(view="terbuka", opd=(f"{due.region}/{due.old}",), order="terlama", size=200)
        passed = 0
        while True:
            page = self._store.tickets.list(query, scope, now=now)
            for ticket in page.items:
                if due.new not in ticket.accused_opd:
                    decide = self._tickets.decision(Action.SUCCEED, actor, due.region, now=now, opd=due.new)
                    self._store.tickets.change(ticket.code, scope, decide, now=now)
                    passed += 1
            if page.next is None:
                return passed
            query = replace(query, after=page.next)


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
