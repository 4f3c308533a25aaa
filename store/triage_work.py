"""All that one click does to one story, in its caller's transaction, written down so that it can be taken back.

Only one at a time works on a story. Locks are taken in the order that `store.labelwork` names, so whatever a click
will touch is named when the story is taken up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, func, select, true, update

from domain.cases import CaseStatus
from domain.documents import PostDocument
from domain.ids import case_id
from domain.labels import CaseState, LabelTask
from domain.scope import Scope
from domain.tickets import Action, Origin, Ticket, TicketState
from domain.tickets.labels import OPEN_STATES
from store.cases import visible
from store.labelwork import hold_cases, say_of
from store.projection import PARTS, UrusanOf, join, labels_of, refresh
from store.tables import cases, posts, ticket_cases, tickets
from store.ticketcases import attach, detach
from store.ticketnear import same_issue
from store.ticketopening import TicketDraft, open_ticket
from store.ticketrows import ticket_from
from store.ticketwork import Change, Decide, cases_of, change_ticket

SYSTEM: Final = "sistem"  # as history names who acts when nobody does
Step = dict[str, Any]  # one thing done, as JSON: `did` names it


@dataclass(slots=True)
class StoryWork:
    """A story that is being worked on. `cases` wait, are visible and locked, oldest first."""

    connection: Connection
    story: str
    by: str
    scope: Scope
    now: datetime
    urusan_of: UrusanOf
    cases: tuple[PostDocument, ...]
    statuses: Mapping[str, CaseStatus]
    proposed: tuple[Ticket, ...]  # visible tickets `baru` that these cases tell of
    steps: list[Step] = field(default_factory=list)

    @property
    def region(self) -> str:
        """The one region that a story is of."""
        return self.cases[0].region

    @property
    def free(self) -> tuple[PostDocument, ...]:
        """The cases that tell of no ticket."""
        return tuple(document for document in self.cases if document.ticket is None)

    def said(self, task: LabelTask) -> str | None:
        """What a person said about any of the cases, of the newest case first."""
        answers = (self.statuses[document.id].said(task) for document in reversed(self.cases))
        return next((answer for answer in answers if answer is not None), None)

    def inside(self, code: str) -> tuple[list[str], list[str]]:
        """The ids of a ticket's cases: those of this story that wait, and all others."""
        mine = {document.id for document in self.cases}
        told = cases_of(self.connection, code)
        return [one for one in told if one in mine], [one for one in told if one not in mine]

    def open(
        self, draft: TicketDraft, case_ids: Collection[str], *, origin: Origin, cap: int | None = None
    ) -> Ticket | None:
        """Open a ticket of cases, see `open_ticket`. Comments on them that wait are called to it."""
        ticket = open_ticket(
            self.connection, draft, case_ids,
            by=self.by, origin=origin, now=self.now, urusan_of=self.urusan_of, cap=cap,
        )  # fmt: skip
        if ticket is not None:
            self.steps.append({"did": "open", "ticket": ticket.code})
            self._call_comments()
        return ticket

    def change(self, code: str, decide: Decide, *, relabel: bool = False) -> Ticket:
        """Change a ticket, see `change_ticket`."""
        before: list[Ticket] = []
        says: list[LabelTask] = []

        def told(ticket: Ticket) -> Change:
            change = decide(ticket)
            before.append(ticket)
            says.extend(change.says)
            return change

        inside = cases_of(self.connection, code)
        former = labels_of(self.connection, inside) if relabel else {}
        states = self._states(inside)
        after = change_ticket(
            self.connection, code, told, scope=self.scope, now=self.now, urusan_of=self.urusan_of, relabel=relabel
        )
        self.steps.append({"did": "change", "ticket": code, "before": before[0].model_dump_json()})
        for task in says if relabel else ():
            said = {one: CaseStatus(labels=tuple(former.get(one, ()))).said(task) or "" for one in inside}
            self.steps.append({"did": "say", "task": task.value, "before": said, "states": states})
        return after

    def join(self, code: str, case_ids: Collection[str], *, check: Callable[[Ticket], object] | None = None) -> Ticket:
        """Put cases into a ticket, see `attach`."""
        ticket = attach(
            self.connection, code, case_ids,
            by=self.by, scope=self.scope, now=self.now, urusan_of=self.urusan_of, check=check,
        )  # fmt: skip
        if case_ids:
            self.steps.append({"did": "join", "ticket": code, "cases": sorted(case_ids)})
            self._call_comments()
        return ticket

    def leave(self, code: str, decide: Decide) -> Ticket:
        """Take this story's cases out of a ticket; `decide` says what becomes of it without them."""
        mine, _ = self.inside(code)
        before: list[Ticket] = []

        def told(ticket: Ticket) -> Change:
            before.append(ticket)
            return decide(ticket)

        after = detach(self.connection, code, mine, told, scope=self.scope, now=self.now, urusan_of=self.urusan_of)
        self.steps.append({"did": "leave", "ticket": code, "cases": mine, "before": before[0].model_dump_json()})
        return after

    def set_aside(self) -> None:
        """Say of all the cases that they are no complaint."""
        ids = [document.id for document in self.cases]
        self.steps.append({"did": "state", "before": self._states(ids)})
        self.connection.execute(update(cases).where(cases.c.id.in_(ids)).values(state=CaseState.NOT_A_COMPLAINT.value))
        refresh(self.connection, ids, self.now, self.urusan_of)

    def say(self, task: LabelTask, value: str) -> None:
        """Say something about all the cases; they wait on, and are decided again."""
        ids = [document.id for document in self.cases]
        former = {one: self.statuses[one].said(task) or "" for one in ids}
        self.steps.append({"did": "say", "task": task.value, "before": former, "states": self._states(ids)})
        say_of(self.connection, ids, task, value, by=self.by, now=self.now)
        refresh(self.connection, ids, self.now, self.urusan_of)

    def same_issue(self, draft: TicketDraft) -> list[Ticket]:
        """Open tickets that may be of the same issue as one that is to be opened, see `store.ticketnear`."""
        return same_issue(
            self.connection, draft.region, draft.topic, draft.area, draft.lat, draft.lon, draft.published_at, self.scope
        )

    def sorted_out(self) -> None:
        """Say that the machine has looked at these cases."""
        ids = [document.id for document in self.cases]
        self.connection.execute(update(cases).where(cases.c.id.in_(ids)).values(unsorted=False))

    def _call_comments(self) -> None:
        """Have the machine look again at the comments on these cases that wait without a ticket."""
        comments = _comments_on(self.connection, [document.id for document in self.cases])
        self.connection.execute(update(cases).where(cases.c.id.in_(comments)).values(unsorted=True))

    def _states(self, ids: Collection[str]) -> dict[str, str]:
        found = self.connection.execute(select(cases.c.id, cases.c.state).where(cases.c.id.in_(ids)))
        return {row.id: row.state for row in found}


def take_up(  # noqa: PLR0913  which story, for whom, and what else will be touched
    connection: Connection,
    story: str,
    scope: Scope,
    *,
    by: str,
    now: datetime,
    urusan_of: UrusanOf,
    also: Iterable[str] = (),
    relabel: bool = False,
) -> StoryWork | None:
    """Lock what waits of a story, the cases of the tickets it tells of, and the comments on it.

    None when nothing waits, or all of it belongs to a ticket that people have taken up already: the machine puts it
    there. What accuses somebody in office and what does not are two matters: the first comes first.

    `also` names other tickets that will be touched; with `relabel` the cases will be decided again.
    """
    alone(connection, story)
    mine = [cases.c.story == story, cases.c.waiting == true(), visible(scope, by_region=False)]
    ids = connection.execute(select(cases.c.id).where(*mine)).scalars().all()
    codes = connection.execute(select(ticket_cases.c.ticket).distinct().where(ticket_cases.c.case_id.in_(ids)))
    touched = sorted({*codes.scalars(), *also})
    wider = {*ids, *_comments_on(connection, ids), *(one for code in touched for one in cases_of(connection, code))}
    hold_cases(connection, wider, now, relabel=relabel)
    # Read again: whom we waited for may have changed them. What came meanwhile is not locked, and not ours.
    rows = connection.execute(PARTS.where(cases.c.id.in_(ids), *mine)).all()
    parts = {one.case.id: one for one in join(connection, rows)}
    documents = [one.document(urusan_of) for one in parts.values()]
    allowed = sorted((d for d in documents if scope.allows(d)), key=lambda d: (d.published_at, d.id))
    seen = one_matter(connection, story, allowed) if by != SYSTEM else allowed
    if not seen:
        return None
    return StoryWork(
        connection=connection,
        story=story,
        by=by,
        scope=scope,
        now=now,
        urusan_of=urusan_of,
        cases=tuple(seen),
        statuses={d.id: parts[d.id].status for d in seen},
        proposed=_proposed(connection, seen, scope),
    )


def alone(connection: Connection, story: str) -> None:
    """Let one transaction at a time work on a story; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"jaring meja {story}", 0))))


def one_matter(connection: Connection, story: str, documents: Sequence[PostDocument]) -> list[PostDocument]:
    """Of a story's cases those that make one ticket and that nobody has taken up: first what accuses, then the rest."""
    taken_up = sorted(state.value for state in OPEN_STATES - {TicketState.NEW})
    for oversight in (True, False):
        found = [document for document in documents if document.oversight is oversight]
        same = and_(cases.c.story == story, tickets.c.oversight.is_(oversight))
        if found and connection.execute(_tickets_of(same, taken_up)).first() is None:
            return found
    return []


def tickets_for(work: StoryWork) -> dict[str, str]:
    """The open ticket that each free case belongs to, by case: its parent's for a comment, else its story's."""
    states = sorted(state.value for state in OPEN_STATES)
    own = work.connection.execute(_tickets_of(cases.c.story == work.story, states)).scalar()
    found: dict[str, str] = {}
    for document in work.free:
        code = own
        if document.parent is not None:
            above = case_id(document.parent, document.region)
            code = work.connection.execute(_tickets_of(cases.c.id == above, states)).scalar() or own
        if code is not None:
            found[document.id] = code
    return found


def replies(work: StoryWork) -> frozenset[str]:
    """The free cases whose parents still wait: where those go, these follow."""
    above = {one.id: case_id(one.parent, one.region) for one in work.free if one.parent is not None}
    waits = select(cases.c.id).where(
        cases.c.id.in_(above.values()), cases.c.waiting == true(), cases.c.gone_at.is_(None)
    )
    parents = set(work.connection.execute(waits).scalars())
    return frozenset(one for one, parent in above.items() if parent in parents)


def restored(  # noqa: PLR0913  what is put back, by whom
    connection: Connection, step: Step, by: str, *, scope: Scope, now: datetime, urusan_of: UrusanOf
) -> None:
    """Put a ticket back to what it was before a step; what joined it since stays."""
    before = Ticket.model_validate_json(step["before"])

    def back(ticket: Ticket) -> Change:
        kept = {name: getattr(ticket, name) for name in ("cases", "published_at", "accused_opd", "rev")}
        return Change(ticket=before.model_copy(update=kept), action=Action.UNDO, by=by)

    change_ticket(connection, before.code, back, scope=scope, now=now, urusan_of=urusan_of)


def _comments_on(connection: Connection, case_ids: Collection[str]) -> list[str]:
    """The cases of comments that wait, on the posts of these cases, in the same region."""
    above = cases.alias("above")
    query = (
        select(cases.c.id)
        .join_from(above, posts, posts.c.parent == above.c.post_id)
        .join(cases, and_(cases.c.post_id == posts.c.id, cases.c.region == above.c.region))
        .where(above.c.id.in_(case_ids), cases.c.waiting == true(), cases.c.gone_at.is_(None))
        .order_by(cases.c.id)
    )
    return list(connection.execute(query).scalars())


def _tickets_of(which: Any, states: Sequence[str]) -> Any:
    return (
        select(tickets.c.code)
        .join_from(cases, ticket_cases, ticket_cases.c.case_id == cases.c.id)
        .join(tickets, tickets.c.code == ticket_cases.c.ticket)
        .where(which, cases.c.gone_at.is_(None), tickets.c.state.in_(states))
        .order_by(tickets.c.opened_at, tickets.c.code)
        .limit(1)
    )


def _proposed(connection: Connection, documents: Iterable[PostDocument], scope: Scope) -> tuple[Ticket, ...]:
    codes = sorted({d.ticket for d in documents if d.ticket is not None and d.ticket_state is TicketState.NEW})
    rows = connection.execute(select(tickets).where(tickets.c.code.in_(codes)).order_by(tickets.c.code))
    return tuple(ticket for ticket in map(ticket_from, rows) if scope.allows(ticket))
