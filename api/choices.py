"""The labels of a case as rows: what it is now, who decided that, and what a person may say instead."""

from __future__ import annotations

from typing import Final

from api.contexts.post import LabelRow, Option
from api.names import TASKS, WORDS
from api.parts import Parts
from api.speech import Speech
from api.visitors import Visitor
from domain.labels import LabelTask
from domain.regions import RegionProfile
from store.cases import CaseDetail

MAX_SUGGESTIONS: Final = 300  # areas offered while typing; a province has thousands, and is typed by name or code
CLOSED: Final = (LabelTask.INTENT, LabelTask.SENTIMENT, LabelTask.URGENCY, LabelTask.AUTHORITY)


def rows_of(parts: Parts, found: CaseDetail, visitor: Visitor, says: Speech) -> tuple[LabelRow, ...]:
    """One row per task, in the order in which people check them."""
    return tuple(_row(parts, found, task, says, choose=visitor.may_correct) for task in TASKS)


def _row(parts: Parts, found: CaseDetail, task: LabelTask, says: Speech, *, choose: bool) -> LabelRow:
    value = _value(found, task)
    profile = parts.profile(found.document.region)
    return LabelRow(
        task=task.value,
        title=says.say(TASKS[task]),
        value=value,
        label=_label(parts, found, task, value, says),
        decided=_decided(found, task, says),
        options=_options(parts, profile, task, says) if choose else (),
        names=_areas(profile) if choose and task is LabelTask.PLACE else (),
        typed=choose and task is LabelTask.PLACE,
    )


def _value(found: CaseDetail, task: LabelTask) -> str:
    """What holds now: a person's word at once, though the desk has yet to decide again."""
    said = found.status.said(task)
    if said is not None:
        return "1" if task is LabelTask.RELEVANCE and said not in {"0", "0.0"} else said
    document = found.document
    match task:
        case LabelTask.OPD:
            return document.opd or ""
        case LabelTask.PLACE:
            return document.places[0].kode if document.places else ""
        case LabelTask.RELEVANCE:
            return "1" if document.relevance >= 0.5 else "0"  # noqa: PLR2004  even odds
        case _:
            return str(getattr(document, task.value))


def _label(parts: Parts, found: CaseDetail, task: LabelTask, value: str, says: Speech) -> str:
    if not value:
        return says.say("belum diketahui")
    region = found.document.region
    match task:
        case LabelTask.OPD:
            return parts.names.agency(region, value)
        case LabelTask.PLACE:
            return parts.names.area(value)
        case _:
            return parts.names.of(task.value, value, says)


def _decided(found: CaseDetail, task: LabelTask, says: Speech) -> str:
    label = next((x for x in reversed(found.status.labels) if x.task is task), None)
    if label is not None and label.value:
        return says.say("dikoreksi %(name)s", name=label.by)
    reading, document = found.reading, found.document
    sure = {
        LabelTask.INTENT: reading.intent_p,
        LabelTask.SENTIMENT: reading.sentiment_p,
        LabelTask.TOPIC: next((t.p for t in reading.topics if t.code == document.topic), None),
        LabelTask.OPD: document.opd_p if document.opd else None,
        LabelTask.RELEVANCE: document.relevance,
    }.get(task)
    if task is LabelTask.URGENCY and reading.urgency_cue:
        return says.say("mesin, karena “%(cue)s”", cue=reading.urgency_cue.text)
    if task is LabelTask.PLACE and document.places and document.places[0].why:
        return says.say("mesin: %(why)s", why=document.places[0].why)
    return says.say("mesin, yakin %(sure)s", sure=says.share(sure)) if sure is not None else says.say("mesin")


def _options(parts: Parts, profile: RegionProfile | None, task: LabelTask, says: Speech) -> tuple[Option, ...]:
    if task in CLOSED or task is LabelTask.RELEVANCE:
        return tuple(Option(value, says.say(word)) for value, word in WORDS[task.value].items())
    if task is LabelTask.TOPIC:
        return tuple(
            Option(t.code, parts.names.topic(t.code, says), parts.names.topic(t.main, says))
            for t in parts.taxonomy.topics
        )
    if task is LabelTask.OPD and profile is not None:
        return tuple(Option(a.code, a.name) for a in sorted(profile.agencies.values(), key=lambda a: a.name))
    return ()


def _areas(profile: RegionProfile | None) -> tuple[str, ...]:
    if profile is None or len(profile.areas) > MAX_SUGGESTIONS:
        return ()
    return tuple(f"{area.name} ({area.level})" for area in profile.areas.values())
