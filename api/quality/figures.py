"""Counts a region's lessons task by task: what the page draws and the API answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from api.parts import Parts
from api.speech import N_
from api.visitors import Visitor
from desk.thresholds import LOOKS_BACK, Measured, careful_default, region_threshold
from domain.errors import Forbidden
from domain.labels import LabelTask
from domain.quality.agreement import Answerer, Confusion, Share, Week, agreement, answerers, by_week, confusions
from domain.quality.calibration import Bin, Pair, calibration_error, reliability
from domain.quality.coverage import Point, curve
from domain.quality.lessons import Lesson
from store.calibrations import Fit
from store.modes import RegionMode
from store.people import Role

WEEKS: Final = LOOKS_BACK // timedelta(weeks=1)
MOST_CONFUSIONS: Final = 8
READERS: Final = frozenset({Role.ADMIN, Role.ANALYST, Role.LEADER})
PROBABLE: Final = frozenset({LabelTask.OPD, LabelTask.TOPIC, LabelTask.INTENT, LabelTask.SENTIMENT})  # tell how sure


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """How the machine fares in a task. `answering` is who answered the newest posts, and how many of them."""

    task: str
    answers: int
    agreement: Share
    weeks: tuple[Week, ...]
    bins: tuple[Bin, ...]
    error: float | None  # expected calibration error; None where the task tells no probability
    confusions: tuple[Confusion, ...]
    fared: tuple[Answerer, ...]
    answering: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class RegionFigures:
    """A region's tasks, those most answered first, and how far the machine may route there."""

    region: str
    tasks: tuple[TaskFigures, ...]
    routing: Measured
    points: tuple[Point, ...]  # of the curve; of the answers so far where these decide nothing yet
    fit: Fit | None
    mode: RegionMode

    @property
    def answers(self) -> int:
        """How many answers people gave."""
        return sum(task.answers for task in self.tasks)


def must_judge(visitor: Visitor) -> None:
    """Raise Forbidden for those whom the machine's quality is no business of."""
    if visitor.user.role not in READERS:
        raise Forbidden(N_("Mutu hanya untuk admin, analis, dan pimpinan."))


def region_figures(parts: Parts, visitor: Visitor, region: str) -> RegionFigures:
    """Count what the visitor may see of a region's half year; what accuses is counted for those who oversee."""
    now = parts.clock()
    lessons = parts.store.lessons.read(visitor.scope, region=region, since=now - LOOKS_BACK)
    answering = parts.store.lessons.answering(visitor.scope, region)
    by_task: dict[str, list[Lesson]] = {}
    for lesson in lessons:
        by_task.setdefault(lesson.task, []).append(lesson)
    zone = parts.zone_of(region)
    today = now.astimezone(zone).date()
    tasks = []
    for task, told in sorted(by_task.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        pairs = probabilities(told)
        tasks.append(
            TaskFigures(
                task=task,
                answers=len(told),
                agreement=agreement(told),
                weeks=by_week(told, zone, last=today, weeks=WEEKS),
                bins=reliability(pairs),
                error=calibration_error(pairs) if pairs else None,
                confusions=confusions(told, most=MOST_CONFUSIONS),
                fared=answerers(told),
                answering=tuple(sorted(answering.get(task, {}).items(), key=lambda pair: (-pair[1], pair))),
            )
        )
    routable = [one for one in lessons if not one.oversight and one.task == LabelTask.OPD.value]
    routing = region_threshold(parts.store, region, routable)
    fit = parts.store.calibrations.newest([region]).get(region)
    return RegionFigures(
        region=region,
        tasks=tuple(tasks),
        routing=routing,
        points=routing.points or curve(probabilities(routable)),
        fit=fit,
        mode=parts.store.modes.mode(region),
    )


def calibration_name(figures: RegionFigures) -> str:
    """Which calibration is in force."""
    return figures.fit.calibration.name if figures.fit else careful_default().calibration.name


def probabilities(lessons: Iterable[Lesson]) -> list[Pair]:
    """How sure the machine was of its own answers, and whether people say the same."""
    return [
        Pair(one.machine.p, bool(one.agrees))
        for one in lessons
        if one.machine is not None and one.machine.p is not None and not one.machine.guided
    ]
