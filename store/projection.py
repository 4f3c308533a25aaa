"""From truth to the document that readers find: load its parts, join them, notice when the result changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select, update

from domain.cases import Case, CaseStatus, Label
from domain.documents import PostDocument, build_document
from domain.labels import CaseState, LabelTask
from domain.posts import RawPost
from domain.reading import Reading
from domain.tickets.labels import TicketState
from domain.vectors import Vector
from store.facts import facts
from store.rows import post_of, reading_of
from store.tables import cases, labels, posts, readings, ticket_cases, tickets
from store.types import AnyRow, AnySelect
from store.vectors import vectors_of
from store.work import INDEX, enqueue

UrusanOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that one document is made of, and the digest of the document last made of it."""

    post: RawPost
    reading: Reading
    case: Case
    status: CaseStatus
    story: str
    rev: int
    month: str
    ingested_at: datetime
    digest: str = ""
    ticket: tuple[str, TicketState] | None = None

    def document(self, urusan_of: UrusanOf, *, vector: Vector | None = None) -> PostDocument:
        """Join the parts; with the post's vector, for an engine."""
        topic = self.status.said(LabelTask.TOPIC) or self.reading.topic
        return build_document(
            post=self.post,
            reading=self.reading,
            case=self.case,
            status=self.status,
            urusan=urusan_of(topic),
            story=self.story,
            rev=self.rev,
            month=self.month,
            ingested_at=self.ingested_at,
            ticket=self.ticket,
            vector=vector,
        )


def digest(document: PostDocument) -> str:
    """Return a hash of all that a document shows, its rev left out: two equal ones need no new rev."""
    shown = document.model_dump_json(exclude={"rev"}, exclude_defaults=True)
    return hashlib.blake2b(shown.encode(), digest_size=12).hexdigest()


# The living cases with all their parts but the labels: narrow it by `cases` and hand the rows to `join`.
PARTS: Final[AnySelect] = (
    select(
        *posts.c,
        readings.c.body.label("reading_body"),
        cases.c.id.label("case_id"),
        cases.c.body.label("case_body"),
        cases.c.state,
        cases.c.rev,
        cases.c.month,
        cases.c.digest,
        cases.c.story,
        tickets.c.code.label("ticket"),
        tickets.c.state.label("ticket_state"),
    )
    .join_from(cases, posts, cases.c.post_id == posts.c.id)
    .join(readings, readings.c.post_id == posts.c.id)
    .join(ticket_cases, ticket_cases.c.case_id == cases.c.id, isouter=True)
    .join(tickets, tickets.c.code == ticket_cases.c.ticket, isouter=True)
    .where(cases.c.gone_at.is_(None))
)


def join(connection: Connection, rows: Sequence[AnyRow]) -> list[Parts]:
    """Turn rows of `PARTS` into parts, in their order."""
    said = labels_of(connection, [row.case_id for row in rows])
    return [
        Parts(
            post=post_of(row),
            reading=reading_of(row.reading_body, None),
            case=Case.model_validate_json(row.case_body),
            status=status_of(row.state, said.get(row.case_id, ())),
            story=row.story,
            rev=row.rev,
            month=row.month,
            ingested_at=row.ingested_at,
            digest=row.digest,
            ticket=ticket_of(row),
        )
        for row in rows
    ]


def load(connection: Connection, case_ids: Collection[str]) -> dict[str, Parts]:
    """The parts of the cases that are there, by case id."""
    rows = connection.execute(PARTS.where(cases.c.id.in_(sorted(case_ids)))).all()
    return {parts.case.id: parts for parts in join(connection, rows)}


def for_engines(connection: Connection, found: Sequence[Parts], urusan_of: UrusanOf) -> list[PostDocument]:
    """What engines hold of cases, in their order: documents with vectors."""
    placed = vectors_of(connection, [parts.post.id for parts in found])
    return [parts.document(urusan_of, vector=placed.get(parts.post.id)) for parts in found]


def labels_of(connection: Connection, case_ids: Iterable[str]) -> dict[str, list[Label]]:
    """What people said about cases, oldest first, by case id."""
    said: dict[str, list[Label]] = {}
    wanted = sorted(set(case_ids))
    if not wanted:
        return said
    for row in connection.execute(select(labels).where(labels.c.case_id.in_(wanted)).order_by(labels.c.id)):
        label = Label(
            case_id=row.case_id, task=LabelTask(row.task), value=row.value, by=row.by, at=row.at, note=row.note
        )
        said.setdefault(row.case_id, []).append(label)
    return said


def ticket_of(row: AnyRow) -> tuple[str, TicketState] | None:
    """The ticket that a case tells of, if any."""
    return (row.ticket, TicketState(row.ticket_state)) if row.ticket else None


def status_of(state: str, said: Sequence[Label]) -> CaseStatus:
    """Where a case stands."""
    return CaseStatus(state=CaseState(state), labels=tuple(said))


def refresh(connection: Connection, case_ids: Collection[str], now: datetime, urusan_of: UrusanOf) -> frozenset[str]:
    """Give a new rev to those cases whose documents changed, and queue them for the index. Returns which."""
    changed: dict[str, dict[str, Any]] = {}
    for case_id, parts in load(connection, case_ids).items():
        document = parts.document(urusan_of)
        made = digest(document)
        if made != parts.digest:
            changed[case_id] = {"digest": made, **facts(document, intent_p=parts.reading.intent_p)}
    _give_new_revs(connection, changed, now)
    return frozenset(changed)


def _give_new_revs(connection: Connection, changed: Mapping[str, dict[str, Any]], now: datetime) -> None:
    for case_id, columns in sorted(changed.items()):
        connection.execute(update(cases).where(cases.c.id == case_id).values(rev=cases.c.rev + 1, **columns))
    enqueue(connection, INDEX, changed, now)
