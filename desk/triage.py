"""Verdicts on stories: an office gets it, it joins a ticket, it is no complaint, or a label is put right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from desk.actors import Actor
from desk.ticket_drafts import place_name
from desk.tickets import TicketDesk
from domain.errors import Forbidden, JaringError, Refused
from domain.labels import LabelTask
from domain.regions import RegionProfile
from domain.text.mask import mask
from domain.tickets import Action, Clock, Origin, Party, Ticket, TicketState, move_of
from store import Store
from store.ticketopening import TicketDraft
from store.ticketwork import Change, Decide
from store.triage_work import StoryWork
from store.verdicts import CORRECTION, Judged, Verdict

__all__ = ["Outcome", "Triage", "Verdict"]

ACCEPTED: Final = "terima"
JOINED: Final = "gabung"
SET_ASIDE: Final = "bukan_aduan"
MAX_REASON: Final = 500
_SERVER_FAULT: Final = 500
_TASKS: Final = {
    LabelTask.TOPIC: "Topik",
    LabelTask.PLACE: "Tempat",
    LabelTask.INTENT: "Maksud",
    LabelTask.URGENCY: "Kemendesakan",
    LabelTask.SENTIMENT: "Sentimen",
    LabelTask.AUTHORITY: "Kewenangan",
    LabelTask.OPD: "OPD",
    LabelTask.RELEVANCE: "Relevansi",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of many stories: the verdict, or why there is none."""

    story: str
    verdict: Verdict | None = None
    refusal: str | None = None


class Triage:
    """What people decide at the desk. Safe to share between threads; each verdict is one transaction."""

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

    def accept(self, story: str, actor: Actor, *, opd: str | None, join: str | None = None) -> Verdict:
        """Give a story to an office, None for the best one, as a ticket; or put it into the ticket `join`.

        What accuses somebody in office goes to those who oversee, whatever is asked.

        Raises: Conflict, naming who, when somebody was faster or works on it; NotFound for a story or a ticket that
            is absent or hidden; Refused for an office that there is not; Forbidden for an agency.
        """
        now = self._begin(actor)
        if join is not None:
            return self._store.verdicts.judge(
                story, JOINED, lambda work: self._join(work, actor, join, opd, now),
                by=actor.name, scope=actor.scope, now=now, also=(join,), relabel=True,
            )  # fmt: skip
        return self._store.verdicts.judge(
            story, ACCEPTED, lambda work: self._give(work, actor, opd, now),
            by=actor.name, scope=actor.scope, now=now, relabel=True,
        )  # fmt: skip

    def set_aside(self, story: str, actor: Actor, reason: str) -> Verdict:
        """Say that a story is no complaint; a ticket proposed of it alone is refused. Raises as `accept`."""
        now = self._begin(actor)
        why = mask(" ".join(reason.split())).text
        if not why or len(why) > MAX_REASON:
            raise Refused(f"Alasan berisi 1 sampai {MAX_REASON} huruf.")

        def decide(work: StoryWork) -> Judged:
            refuse = self._decision(work, Action.REFUSE, actor, now, note=why)
            for ticket in work.proposed:
                mine, others = work.inside(ticket.code)
                if others:
                    work.leave(ticket.code, _without(actor.name, len(mine)))
                else:
                    work.change(ticket.code, refuse)
            work.set_aside()
            return Judged(f"Bukan aduan: {why}")

        return self._store.verdicts.judge(story, SET_ASIDE, decide, by=actor.name, scope=actor.scope, now=now)

    def correct(self, story: str, actor: Actor, task: LabelTask, value: str) -> Verdict:
        """Put a label of all its waiting cases right; the story waits on. Raises as `accept`, Refused for the value."""
        now = self._begin(actor)
        self._store.labels.check(task, value)

        def decide(work: StoryWork) -> Judged:
            told = self._known(self._profiles[work.region], task, value)
            work.say(task, value)
            return Judged(f"{_TASKS[task]}: {told}")

        return self._store.verdicts.judge(
            story, CORRECTION, decide, by=actor.name, scope=actor.scope, now=now, relabel=True
        )

    def undo(self, verdict_id: int, actor: Actor) -> Verdict:
        """Take one's own verdict back. NotFound for another's, Conflict once something came of it."""
        now = self._begin(actor)
        return self._store.verdicts.undo(verdict_id, by=actor.name, scope=actor.scope, now=now)

    def accept_many(self, stories: Iterable[str], actor: Actor, opd: str | None = None) -> list[Outcome]:
        """Accept each for itself, without `opd` for its own best office: what is refused for one holds up no other."""
        return _each(stories, lambda story: self.accept(story, actor, opd=opd))

    def set_aside_many(self, stories: Iterable[str], actor: Actor, reason: str) -> list[Outcome]:
        """Set each aside for itself."""
        return _each(stories, lambda story: self.set_aside(story, actor, reason))

    def _give(self, work: StoryWork, actor: Actor, opd: str | None, now: datetime) -> Judged:
        waiting = next(iter(work.proposed), None)
        if waiting is not None:
            more = [one.id for one in work.free if one.oversight is waiting.oversight]
            if more:
                work.join(waiting.code, more)
            code, best = waiting.code, waiting.proposed
        else:
            draft = self._draft(work, now)
            opened = work.open(draft, [one.id for one in work.free], origin=Origin.PERSON)
            if opened is None:
                raise AssertionError("a ticket without a cap opens")
            code, best = opened.code, draft.proposed
        ticket = self._dispose(work, code, actor, opd or best, now)
        return Judged(f"Diteruskan ke {ticket.opd} sebagai {ticket.code}.", ticket)

    def _join(self, work: StoryWork, actor: Actor, code: str, opd: str | None, now: datetime) -> Judged:
        for ticket in work.proposed:
            if ticket.code != code:
                mine, others = work.inside(ticket.code)
                work.leave(ticket.code, _without(actor.name, len(mine), into=code, file=not others))
        own = {ticket.code for ticket in work.proposed}
        fresh = [one.id for one in work.cases if one.ticket is None or one.ticket in own - {code}]
        ticket = work.join(code, fresh, check=lambda found: move_of(Action.JOIN, found.state, actor.party, code=code))
        if ticket.state is TicketState.NEW:  # a person stands behind it now: it cannot wait for one any longer
            office = opd or ticket.proposed
            ticket = (
                self._dispose(work, code, actor, office, now)
                if office
                else work.change(code, self._decision(work, Action.VERIFY, actor, now))
            )
        return Judged(f"Digabung ke {code}.", ticket)

    def _dispose(self, work: StoryWork, code: str, actor: Actor, office: str | None, now: datetime) -> Ticket:
        if not office:
            raise Refused("Belum ada OPD yang disarankan untuk cerita ini: pilih dahulu.")
        return work.change(code, self._decision(work, Action.DISPOSE, actor, now, opd=office), relabel=True)

    def _draft(self, work: StoryWork, now: datetime) -> TicketDraft:
        """The ticket of the free cases. A place said a moment ago counts before the machine has decided again."""
        draft = self._tickets.draft(work.free, now=now, state=TicketState.VERIFIED)
        area = work.said(LabelTask.PLACE)
        if area is None or area == draft.area:
            return draft
        return replace(draft, area=area, place=place_name(self._profiles[work.region], area))

    def _decision(  # noqa: PLR0913  who does what, when and why
        self,
        work: StoryWork,
        action: Action,
        actor: Actor,
        now: datetime,
        *,
        note: str | None = None,
        opd: str | None = None,
    ) -> Decide:
        return self._tickets.decision(action, actor, work.region, now=now, note=note, opd=opd)

    def _begin(self, actor: Actor) -> datetime:
        if actor.party is Party.AGENCY:
            raise Forbidden("Hanya pusat kendali yang memutuskan di meja kerja.")
        return self._clock()

    def _known(self, profile: RegionProfile, task: LabelTask, value: str) -> str:
        """A value in words. Refused for a place or an office that the region does not have."""
        if task is LabelTask.PLACE:
            if value not in profile.areas:
                raise Refused(f"Tidak ada tempat berkode {value} di {profile.short}.")
            return place_name(profile, value) or value
        if task is LabelTask.OPD and value not in profile.agencies:
            raise Refused(f"Tidak ada OPD {value} di {profile.short}.")
        return value


def _without(by: str, number: int, *, into: str | None = None, file: bool = False) -> Decide:
    """What becomes of a proposed ticket that cases leave: it stays for the others, or is filed away."""
    detail = {"kasus": str(number)} | ({"ke_tiket": into} if into else {})

    def decide(ticket: Ticket) -> Change:
        if not file:
            return Change(ticket=ticket, action=Action.SPLIT, by=by, detail=detail)
        filed = {"state": TicketState.ARCHIVED, "clock": Clock(), "proposed": None}
        return Change(ticket=ticket.model_copy(update=filed), action=Action.JOIN, by=by, detail=detail)

    return decide


def _each(stories: Iterable[str], judge: Callable[[str], Verdict]) -> list[Outcome]:
    return [_tried(story, judge) for story in dict.fromkeys(stories)]


def _tried(story: str, judge: Callable[[str], Verdict]) -> Outcome:
    try:
        return Outcome(story, judge(story))
    except JaringError as refused:
        if refused.status >= _SERVER_FAULT:
            raise
        return Outcome(story, refusal=str(refused))
