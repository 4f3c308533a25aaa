"""What the machine does with new cases: they join the ticket they belong to, or a ticket is proposed.

In *usulan* a proposed ticket waits for one click. In *otomatis* the machine gives to the office what it is sure of;
what accuses somebody in office always waits for a person. A story without place or office, one that looks like an open
ticket's issue, and what is beyond the day's cap wait in triage as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import structlog

from desk.actors import Actor
from desk.tickets import TicketDesk
from domain.documents import PostDocument
from domain.errors import Conflict, Unavailable
from domain.regions import RegionProfile
from domain.scope import Scope
from domain.tickets import SYSTEM, Action, Origin, Party, RoutingMode
from store import Store
from store.modes import RegionMode
from store.triage_belonging import replies, tickets_for
from store.triage_work import StoryWork

BATCH: Final = 20  # stories of one turn: decisions get their turn soon

log = structlog.get_logger("jaring.proposals")


class Proposer:
    """Sorts what is new, one story a transaction: killed anywhere, it begins that story again."""

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

    def turn(self, limit: int = BATCH) -> int:
        """Look at up to so many stories. Returns how many; 0 when nothing is new."""
        found = self._store.verdicts.unsorted(self._profiles, limit)
        modes = self._store.modes.modes({region for region, _ in found})
        for region, story in found:
            self._sort(region, story, modes[region])
        return len(found)

    def waiting(self) -> int:
        """How many stories it has yet to look at."""
        return self._store.verdicts.count_unsorted(self._profiles)

    def _sort(self, region: str, story: str, mode: RegionMode) -> None:
        now = self._clock()
        try:
            self._store.verdicts.sort(region, story, lambda work: self._place(work, mode, now), now=now)
        except Unavailable:
            raise
        except Exception:
            # A person sees the story all the same; it must not hold up the others.
            log.exception("cerita dibiarkan untuk petugas", region=region, story=story)
            self._store.verdicts.leave_to_people(region, story)

    def _place(self, work: StoryWork, mode: RegionMode, now: datetime) -> None:
        known = tickets_for(work)
        for code in sorted(set(known.values())):
            _attach(work, code, [one for one, its in known.items() if its == code])
        settled = replies(work) | set(known)
        for oversight in (True, False):
            fresh = [one for one in work.free if one.id not in settled and one.oversight is oversight]
            if fresh:
                self._propose(work, fresh, mode, now)

    def _propose(self, work: StoryWork, fresh: Sequence[PostDocument], mode: RegionMode, now: datetime) -> None:
        draft = self._tickets.draft(fresh, now=now)
        if draft.proposed is None or draft.area in {None, self._profiles[work.region].kode}:
            return
        if work.same_issue(draft):
            return
        best = max((one.opd_p for one in fresh if one.opd == draft.proposed), default=0.0)
        gives = mode.mode is RoutingMode.AUTOMATIC and best >= mode.sure and not draft.oversight
        ticket = work.open(
            draft, [one.id for one in fresh],
            origin=Origin.AUTOMATIC if gives else Origin.PROPOSAL, cap=mode.daily_cap,
        )  # fmt: skip
        if ticket is not None and gives:
            actor = Actor(SYSTEM, Scope(regions=frozenset({work.region}), may_oversee=True), Party.SYSTEM)
            work.change(
                ticket.code,
                self._tickets.decision(Action.DISPOSE, actor, work.region, now=now, opd=draft.proposed),
            )


def _attach(work: StoryWork, code: str, case_ids: Iterable[str]) -> None:
    """Put cases into their ticket, one by one: what does not fit (it accuses the office that has it) is left out."""
    for one in case_ids:
        try:
            work.join(code, [one])
        except Conflict as refused:
            log.info("kasus tidak digabung", case=one, ticket=code, reason=str(refused))
