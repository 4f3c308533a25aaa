"""What people said, beside what the machine had said: read for measuring. `store.taught` reads it for learning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import orjson
from sqlalchemy import ColumnElement, Connection, and_, or_, select

from domain.labels import LabelTask
from domain.quality.lessons import COMPLAINT, NOBODY, Lesson, MachineAnswer, once_a_story
from domain.scope import Scope
from domain.tickets import Action
from store.cases import visible
from store.database import Database
from store.tables import cases, labels, machine_answers, readings, ticket_cases, ticket_events, tickets, verdicts
from store.types import AnyRow

MOST: Final = 10_000  # labels of one reading, newest first: beyond them a page of figures would take seconds
SAMPLE: Final = 1_000  # posts looked at for who answered them
_OPD: Final = LabelTask.OPD.value
_ACCEPTED: Final = ("terima", "gabung")
_SET_ASIDE: Final = "bukan_aduan"
_YES, _NO = "aduan", "bukan_aduan"


@dataclass(frozen=True, slots=True)
class Office:
    """What a case's ticket says of its office: the one that took it, and those that returned it."""

    taken: str | None
    taken_at: datetime | None
    returned: tuple[tuple[str, str, datetime], ...]  # office, who, when


class Lessons:
    """Reads of what people said. What a scope hides is in no count."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, scope: Scope, *, region: str | None = None, since: datetime | None = None) -> list[Lesson]:
        """What holds today of visible cases, oldest first, one lesson a story and task.

        An office that took a ticket has the last word on whose it is; one that returned it says whose it is not.
        """
        wanted = [visible(scope)] + ([cases.c.region == region] if region is not None else [])
        with self._database.read() as connection:
            said = list(_said(connection, wanted, since))
            offices = offices_of(connection, wanted, since)
            untold = _unlabelled(connection, wanted, set(offices))
            judged = list(_judged(connection, wanted, since))
        lessons = [one for lesson in (*said, *untold) if (one := _by_office(lesson, offices)) is not None]
        return once_a_story(sorted((*lessons, *judged), key=lambda lesson: (lesson.at, lesson.case_id)))

    def answering(self, scope: Scope, region: str) -> dict[str, dict[str, int]]:
        """Which model answered each task of the newest visible posts, and how many of them: by task and model."""
        query = (
            select(readings.c.body)
            .join_from(cases, readings, readings.c.post_id == cases.c.post_id)
            .where(cases.c.region == region, visible(scope))
            .order_by(cases.c.month.desc(), cases.c.id.desc())
            .limit(SAMPLE)
        )
        found: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        with self._database.read() as connection:
            for body in connection.execute(query).scalars():
                for task, by in orjson.loads(body).get("decided_by", {}).items():
                    found[task][by] += 1
        return {task: dict(models) for task, models in found.items()}


def offices_of(
    connection: Connection, wanted: Iterable[ColumnElement[bool]], since: datetime | None = None
) -> dict[str, Office]:
    """What offices themselves said about the tickets of cases, by case."""
    back = (
        select(ticket_events.c.code, ticket_events.c.opd, ticket_events.c.by, ticket_events.c.at)
        .where(ticket_events.c.action == Action.NOT_OURS.value, ticket_events.c.opd.is_not(None))
        .order_by(ticket_events.c.id)
    )
    returned: defaultdict[str, list[tuple[str, str, datetime]]] = defaultdict(list)
    for row in connection.execute(back):
        returned[row.code].append((row.opd, row.by, row.at))
    query = (
        select(ticket_cases.c.case_id, tickets.c.code, tickets.c.opd, tickets.c.accepted_at)
        .join_from(cases, ticket_cases, ticket_cases.c.case_id == cases.c.id)
        .join(tickets, tickets.c.code == ticket_cases.c.ticket)
        .where(*wanted, or_(tickets.c.accepted_at.is_not(None), tickets.c.code.in_(select(ticket_events.c.code).where(
            ticket_events.c.action == Action.NOT_OURS.value))))
    )  # fmt: skip
    if since is not None:
        query = query.where(tickets.c.updated_at >= since)
    return {
        row.case_id: Office(
            row.opd if row.accepted_at is not None else None, row.accepted_at, tuple(returned.get(row.code, ()))
        )
        for row in connection.execute(query)
    }


def machine_of(row: AnyRow) -> MachineAnswer | None:
    """The answer that was kept, if one was."""
    return None if row.machine is None else MachineAnswer(row.machine, row.p, row.machine_by, row.guided)


def _said(connection: Connection, wanted: Collection[ColumnElement[bool]], since: datetime | None) -> Iterator[Lesson]:
    """The newest label of each case and task that was not taken back."""
    query = (
        select(
            cases.c.id, cases.c.region, cases.c.story, cases.c.oversight,
            labels.c.task, labels.c.value, labels.c.by, labels.c.at,
            machine_answers.c.value.label("machine"), machine_answers.c.p, machine_answers.c.by.label("machine_by"),
            machine_answers.c.guided,
        )
        .join_from(labels, cases, cases.c.id == labels.c.case_id)
        .join(machine_answers, and_(
            machine_answers.c.case_id == labels.c.case_id, machine_answers.c.task == labels.c.task), isouter=True)
        .where(*wanted)
        .order_by(labels.c.id.desc())
        .limit(MOST)
    )  # fmt: skip
    if since is not None:
        query = query.where(labels.c.at >= since)
    seen: set[tuple[str, str]] = set()
    for row in connection.execute(query):
        if (row.id, row.task) in seen:
            continue
        seen.add((row.id, row.task))
        if row.value:
            yield Lesson(
                row.id, row.region, row.story, row.task, row.value, row.by, row.at, machine_of(row), row.oversight
            )


def _unlabelled(
    connection: Connection, wanted: Collection[ColumnElement[bool]], told: Collection[str]
) -> Iterator[Lesson]:
    """Tickets that the machine gave by itself and an office took or returned: no person at the desk spoke of them."""
    query = (
        select(
            cases.c.id, cases.c.region, cases.c.story, cases.c.oversight,
            machine_answers.c.value.label("machine"), machine_answers.c.p, machine_answers.c.by.label("machine_by"),
            machine_answers.c.guided, machine_answers.c.at,
        )
        .join_from(machine_answers, cases, cases.c.id == machine_answers.c.case_id)
        .where(*wanted, machine_answers.c.task == _OPD)
        .where(cases.c.id.not_in(select(labels.c.case_id).where(labels.c.task == _OPD)))
    )  # fmt: skip
    return (
        Lesson(row.id, row.region, row.story, _OPD, NOBODY, "", row.at, machine_of(row), row.oversight)
        for row in connection.execute(query).all()
        if row.id in told
    )


def _by_office(lesson: Lesson, offices: dict[str, Office]) -> Lesson | None:
    """A lesson as the office of its ticket has it; None while nobody knows."""
    office = offices.get(lesson.case_id) if lesson.task == _OPD else None
    if office is None:
        return lesson if lesson.said else None
    if office.taken is not None and office.taken_at is not None:
        by = lesson.by or office.taken
        return _told(lesson, office.taken, by, max(lesson.at, office.taken_at) if lesson.said else office.taken_at)
    refused = {code: (by, moment) for code, by, moment in office.returned}
    if lesson.said not in refused and lesson.said:
        return lesson  # given to another since, which has not said anything yet
    if lesson.machine is not None and lesson.machine.value in refused:
        by, moment = refused[lesson.machine.value]
        return _told(lesson, NOBODY, by, moment)
    return None


def _told(lesson: Lesson, said: str, by: str, moment: datetime) -> Lesson:
    return replace(lesson, said=said, by=by, at=moment)


def _judged(
    connection: Connection, wanted: Collection[ColumnElement[bool]], since: datetime | None
) -> Iterator[Lesson]:
    """Stories that the desk took for a complaint, and those that it set aside: the newest verdict of each."""
    query = (
        select(
            verdicts.c.story,
            verdicts.c.kind,
            verdicts.c.by,
            verdicts.c.at,
            cases.c.id,
            cases.c.region,
            cases.c.oversight,
        )
        .join_from(verdicts, cases, and_(cases.c.story == verdicts.c.story, cases.c.region == verdicts.c.region))
        .where(*wanted, verdicts.c.undone_at.is_(None), verdicts.c.kind.in_((*_ACCEPTED, _SET_ASIDE)))
        .order_by(verdicts.c.id.desc(), cases.c.published_at, cases.c.id)
        .limit(MOST)
    )
    if since is not None:
        query = query.where(verdicts.c.at >= since)
    seen: set[str] = set()
    for row in connection.execute(query):
        if row.story not in seen:
            seen.add(row.story)
            said = _NO if row.kind == _SET_ASIDE else _YES
            machine = MachineAnswer(_YES, None, "")
            yield Lesson(row.id, row.region, row.story, COMPLAINT, said, row.by, row.at, machine, row.oversight)
