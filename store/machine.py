"""Keeps what the machine said of a case, in the transaction that lets a person's word, or its own deed, cover it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from domain.cases import Case
from domain.labels import LabelTask
from domain.quality.lessons import MachineAnswer
from domain.reading import Reading
from store.database import insert
from store.tables import cases, labels, machine_answers, readings

# What the desk makes of a case follows from these: once a person said one, its answer is not the machine's alone.
GUIDES: Final = frozenset({LabelTask.TOPIC, LabelTask.PLACE, LabelTask.OPD, LabelTask.RELEVANCE})
_OF_READING: Final = frozenset({LabelTask.INTENT, LabelTask.TOPIC, LabelTask.SENTIMENT, LabelTask.URGENCY})


def keep_answers(connection: Connection, case_ids: Collection[str], task: LabelTask, now: datetime) -> None:
    """Keep the machine's answers of cases to a task, where no person has spoken to it and none is kept yet."""
    said: dict[str, set[str]] = {}
    for row in connection.execute(
        select(labels.c.case_id, labels.c.task).distinct().where(labels.c.case_id.in_(sorted(case_ids)))
    ):
        said.setdefault(row.case_id, set()).add(row.task)
    fresh = sorted(one for one in case_ids if task.value not in said.get(one, ()))
    if not fresh:
        return
    stood = connection.execute(
        select(cases.c.id, cases.c.body.label("case_body"), readings.c.body.label("reading_body"))
        .join_from(cases, readings, readings.c.post_id == cases.c.post_id)
        .where(cases.c.id.in_(fresh))
        .order_by(cases.c.id)
    ).all()
    guides = {one.value for one in GUIDES - {task}} if task not in _OF_READING else set()
    rows = [
        _row(row.id, task, answer_of(task, case, reading), now) | {"guided": bool(said.get(row.id, set()) & guides)}
        for row, case, reading in (
            (row, Case.model_validate_json(row.case_body), Reading.model_validate_json(row.reading_body))
            for row in stood
        )
    ]
    if rows:
        connection.execute(
            insert(connection, machine_answers).on_conflict_do_nothing(
                index_elements=[machine_answers.c.case_id, machine_answers.c.task]
            ),
            rows,
        )


def answer_of(task: LabelTask, case: Case, reading: Reading) -> MachineAnswer:
    """What the machine says to a task, by a case and the reading that it was made of."""
    if task in _OF_READING:
        return _read(task, reading)
    first = case.opd[0] if case.opd else None
    value, p = {
        LabelTask.OPD: (first.kode, first.p) if first else ("", None),
        LabelTask.PLACE: (case.places[0].kode if case.places else "", None),
        LabelTask.AUTHORITY: (case.authority.value, None),
        LabelTask.RELEVANCE: (f"{case.relevance:g}", None),
    }[task]
    rules, _, rest = case.decided_by.partition("/")
    calibration = rest.partition("/")[2]  # the profile's version says nothing of how well it answers
    return MachineAnswer(value, p, f"{rules}/{calibration}" if calibration and task is LabelTask.OPD else rules)


def _read(task: LabelTask, reading: Reading) -> MachineAnswer:
    value, p = {
        LabelTask.INTENT: (reading.intent.value, reading.intent_p),
        LabelTask.TOPIC: (reading.topic, reading.topics[0].p),
        LabelTask.SENTIMENT: (reading.sentiment.value, reading.sentiment_p),
        LabelTask.URGENCY: (reading.urgency.value, None),
    }[task]
    return MachineAnswer(value, p, reading.decided_by.get(task.value, ""))


def _row(case_id: str, task: LabelTask, answer: MachineAnswer, now: datetime) -> dict[str, object]:
    return {
        "case_id": case_id, "task": task.value, "value": answer.value, "p": answer.p, "by": answer.by, "at": now,
    }  # fmt: skip
