"""Who does what to tickets: the desk checks the state table, reckons the clocks, and has the store write it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from desk.actors import Actor
from desk.ticket_correction import corrected, correction
from desk.ticket_drafts import draft_of
from desk.ticket_moves import Deed, changed
from desk.working import WorkClock, WorkClocks
from domain.documents import PostDocument
from domain.errors import Forbidden, JaringError, NotFound, Refused
from domain.regions import RegionProfile
from domain.taxonomy import Taxonomy
from domain.tickets import Action, Origin, Party, Ticket, TicketState, allowed, move_of
from store import Store
from store.ticketopening import TicketDraft
from store.ticketwork import Decide

_SERVER_FAULT: Final = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of many: the ticket as it is now, or why not."""

    code: str
    ticket: Ticket | None = None
    refusal: str | None = None


class TicketDesk:
    """The actions on tickets. Safe to share between threads; each call is one transaction, `act_many` one each."""

    def __init__(
        self,
        store: Store,
        profiles: Mapping[str, RegionProfile],
        taxonomy: Taxonomy,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._profiles = profiles
        self._taxonomy = taxonomy
        self._clock = clock
        self._clocks = WorkClocks(profiles)

    def open(
        self,
        case_ids: Collection[str],
        actor: Actor,
        *,
        opd: str | None = None,
        note: str | None = None,
        title: str | None = None,
    ) -> Ticket:
        """Open a ticket of cases; with `opd` it goes to that office at once.

        Raises: NotFound for a case outside the actor's scope, Forbidden for an agency, Conflict where a case tells
            of a ticket already or the office is the accused one, Refused for an unknown office.
        """
        _only_center(actor)
        documents = self._documents(case_ids, actor)
        now = self._clock()
        draft = self.draft(documents, now=now, title=title, state=TicketState.VERIFIED)
        then: list[Decide] = []
        if opd:
            then.append(self.decision(Action.DISPOSE, actor, draft.region, now=now, note=note, opd=opd))
        elif note:
            then.append(self.decision(Action.NOTE, actor, draft.region, now=now, note=note))
        ticket = self._store.tickets.open(
            draft,
            [document.id for document in documents],
            by=actor.name,
            origin=Origin.PERSON,
            now=now,
            then=then,
            relabel=bool(opd),
        )
        if ticket is None:
            raise AssertionError("a ticket without a cap opens")
        return ticket

    def act(  # noqa: PLR0913  who does what to which, why, and as he saw it
        self,
        code: str,
        action: Action,
        actor: Actor,
        *,
        note: str | None = None,
        opd: str | None = None,
        rev: int | None = None,
    ) -> Ticket:
        """Do something to a ticket. `opd` is whom it is disposed to, or whom the office that returns it suggests.

        Raises: NotFound for a ticket outside the actor's scope; Conflict where the table has no such move, where the
            ticket is no longer the `rev` the actor saw, or for the accused office; Refused for what is missing.
        """
        region = self._store.tickets.ticket(code, actor.scope).region
        now = self._clock()
        decide = self.decision(action, actor, region, now=now, note=note, opd=opd)
        return self._store.tickets.change(code, actor.scope, decide, rev=rev, now=now, relabel=action is Action.DISPOSE)

    def act_many(
        self,
        codes: Iterable[str],
        action: Action,
        actor: Actor,
        *,
        note: str | None = None,
        opd: str | None = None,
    ) -> list[Outcome]:
        """Do the same to many, each for itself: what is refused for one holds up no other."""
        return [self._tried(code, action, actor, note=note, opd=opd) for code in dict.fromkeys(codes)]

    def correct(  # noqa: PLR0913  what of which ticket is said to be what, by whom
        self,
        code: str,
        actor: Actor,
        *,
        title: str | None = None,
        topic: str | None = None,
        area: str | None = None,
        rev: int | None = None,
    ) -> Ticket:
        """Correct title, topic or place; its cases learn the latter two, its deadlines follow the topic.

        Raises: as `act`; Refused for a topic or an area that there is not, or when nothing is corrected.
        """
        now = self._clock()
        region = self._store.tickets.ticket(code, actor.scope).region
        right = correction(self._profile(region), self._taxonomy, title=title, topic=topic, area=area)
        deed = self._deed(Action.CORRECT, actor, region, now)
        return self._store.tickets.change(
            code, actor.scope, lambda ticket: corrected(ticket, right, deed), rev=rev, now=now, relabel=True
        )

    def join(self, code: str, case_ids: Collection[str], actor: Actor) -> Ticket:
        """Put cases into an open ticket ("saya juga"). NotFound where ticket or case is outside the scope."""
        self._documents(case_ids, actor)
        return self._store.tickets.join(
            code, case_ids, actor.scope, actor.name, self._clock(), check=_may(Action.JOIN, actor)
        )

    def absorb(self, into: str, code: str, actor: Actor) -> Ticket:
        """Put a whole open ticket into another; it is filed away with its trail. Returns the one that grew."""
        return self._store.tickets.absorb(
            into, code, actor.scope, actor.name, self._clock(), check=_may(Action.JOIN, actor)
        )

    def split(self, code: str, case_ids: Collection[str], actor: Actor, *, title: str | None = None) -> Ticket:
        """Make a ticket of its own of some of a ticket's cases. Returns the new one, with the center."""
        documents = self._documents(case_ids, actor)
        now = self._clock()
        draft = self.draft(documents, now=now, title=title, state=TicketState.VERIFIED)
        return self._store.tickets.split(
            code, case_ids, draft, actor.scope, actor.name, now, check=_may(Action.SPLIT, actor)
        )

    def allowed(self, ticket: Ticket, actor: Actor) -> tuple[Action, ...]:
        """What an actor may do to a ticket as it is, in the table's order; nothing to one he may not see."""
        if not actor.scope.allows(ticket):
            return ()
        found = allowed(ticket.state, actor.party)
        return tuple(action for action in found if ticket.cases or action is not Action.REOPEN)

    def draft(
        self,
        documents: Sequence[PostDocument],
        *,
        now: datetime,
        state: TicketState = TicketState.NEW,
        title: str | None = None,
    ) -> TicketDraft:
        """The ticket that cases would make, for those who open it in a transaction of theirs; see `ticket_drafts`."""
        if not documents:
            raise Refused("Tiket memerlukan sedikitnya satu kasus.")
        region = documents[0].region
        return draft_of(documents, self._profile(region), self.work(region), now=now, state=state, title=title)

    def decision(  # noqa: PLR0913  who does what, where, when and why
        self,
        action: Action,
        actor: Actor,
        region: str,
        *,
        now: datetime,
        note: str | None = None,
        opd: str | None = None,
    ) -> Decide:
        """What `change_ticket` is handed for an action, for those who act in a transaction of theirs."""
        deed = self._deed(action, actor, region, now, note=note, opd=opd)
        return lambda ticket: changed(ticket, deed)

    def work(self, region: str) -> WorkClock:
        """The working time of a region. NotFound for one that is not served."""
        self._profile(region)
        return self._clocks.of(region)

    def left_words(self, region: str, now: datetime, at: datetime) -> str:
        """How much working time is left until a deadline, or has passed since, in words."""
        return self.work(region).left_words(now, at)

    def _tried(self, code: str, action: Action, actor: Actor, *, note: str | None, opd: str | None) -> Outcome:
        try:
            return Outcome(code, self.act(code, action, actor, note=note, opd=opd))
        except JaringError as refused:
            if refused.status >= _SERVER_FAULT:
                raise
            return Outcome(code, refusal=str(refused))

    def _deed(  # noqa: PLR0913  who does what, where, when and why
        self,
        action: Action,
        actor: Actor,
        region: str,
        now: datetime,
        *,
        note: str | None = None,
        opd: str | None = None,
    ) -> Deed:
        return Deed(
            action=action,
            by=actor.name,
            party=actor.party,
            now=now,
            profile=self._profile(region),
            work=self.work(region),
            taxonomy=self._taxonomy,
            note=note,
            opd=opd.strip() if opd else None,
        )

    def _documents(self, case_ids: Collection[str], actor: Actor) -> list[PostDocument]:
        wanted = list(dict.fromkeys(case_ids))
        found = self._store.cases.documents(wanted, actor.scope)
        if missing := [case_id for case_id in wanted if case_id not in {document.id for document in found}]:
            raise NotFound(f"Kasus {missing[0]} tidak ditemukan.")
        return found

    def _profile(self, region: str) -> RegionProfile:
        profile = self._profiles.get(region)
        if profile is None:
            raise NotFound(f"Wilayah {region} tidak dilayani di sini.")
        return profile


def _only_center(actor: Actor) -> None:
    if actor.party is Party.AGENCY:
        raise Forbidden("Hanya pusat kendali yang membuka tiket.")


def _may(action: Action, actor: Actor) -> Callable[[Ticket], object]:
    return lambda ticket: move_of(action, ticket.state, actor.party, code=ticket.code)
