"""All that one click does to one story, in its caller's transaction, written down so that it can be taken back.

Locks are taken in the order that `store.labelwork` names, so whatever a click will touch is named when the story is
taken up: see `store.triage_takeup`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, select, true, update

from domain.cases import CaseStatus
from domain.documents import PostDocument
from domain.labels import CaseState, LabelTask
from domain.scope import Scope
from domain.tickets import Action, Origin, Ticket
from store.labelwork import say_of
from store.projection import UrusanOf, labels_of, refresh
from store.tables import cases, posts
from store.ticketcases import attach, detach
from store.ticketnear import same_issue
from store.ticketopening import TicketDraft, open_ticket
from store.ticketwork import Change, Decide, cases_of, change_ticket

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
        comments = comments_on(self.connection, [document.id for document in self.cases])
        self.connection.execute(update(cases).where(cases.c.id.in_(comments)).values(unsorted=True))

    def _states(self, ids: Collection[str]) -> dict[str, str]:
        found = self.connection.execute(select(cases.c.id, cases.c.state).where(cases.c.id.in_(ids)))
        return {row.id: row.state for row in found}


def restored(  # noqa: PLR0913  what is put back, by whom
    connection: Connection, step: Step, by: str, *, scope: Scope, now: datetime, urusan_of: UrusanOf
) -> None:
    """Put a ticket back to what it was before a step; what joined it since stays."""
    before = Ticket.model_validate_json(step["before"])

    def back(ticket: Ticket) -> Change:
        kept = {name: getattr(ticket, name) for name in ("cases", "published_at", "accused_opd", "rev")}
        return Change(ticket=before.model_copy(update=kept), action=Action.UNDO, by=by)

    change_ticket(connection, before.code, back, scope=scope, now=now, urusan_of=urusan_of)


def comments_on(connection: Connection, case_ids: Collection[str]) -> list[str]:
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
