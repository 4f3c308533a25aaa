"""`/api/v1/quality`: the numbers behind the page of quality, for the same scope."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.parts import Rooms
from api.problems import responses
from api.quality.figures import RegionFigures, TaskFigures, calibration_name, must_judge, region_figures
from api.quality.page import region_seen
from api.v1.answers import Answer
from api.v1.asking import Code
from api.visitors import ApiReader
from desk.thresholds import Ground
from domain.tickets import RoutingMode

router = APIRouter(tags=["quality"])
MOST_POINTS = 200


class AgreementAnswer(Answer):
    """How often machine and people said the same, of the answers where that is known; Wilson's 95 % interval."""

    known: int
    agreed: int
    low: float
    high: float


class WeekAnswer(Answer):
    """A week that begins on a Monday."""

    start: date
    known: int
    agreed: int


class BinAnswer(Answer):
    """The answers of a tenth of the probabilities: how sure the machine was on average, and how often it was right."""

    p: float
    n: int
    right: int
    low: float
    high: float


class ConfusionAnswer(Answer):
    """What the machine said and people said instead, with the newest cases of it."""

    machine: str
    said: str = Field(description="Empty where an office returned a ticket and none has taken it since.")
    n: int
    cases: tuple[str, ...]


class ModelAnswer(Answer):
    """A model, and how many answers are its."""

    name: str
    n: int


class TaskAnswer(Answer):
    """A task."""

    task: str
    answers: int
    agreement: AgreementAnswer
    calibration_error: float | None
    weeks: tuple[WeekAnswer, ...]
    calibration: tuple[BinAnswer, ...]
    confusions: tuple[ConfusionAnswer, ...]
    judged: tuple[ModelAnswer, ...] = Field(description="Whose answers people judged.")
    answering: tuple[ModelAnswer, ...] = Field(description="Who answered the newest posts.")


class PointAnswer(Answer):
    """What would be routed from a probability on."""

    p: float
    coverage: float
    precision: float
    n: int


class RoutingAnswer(Answer):
    """How far a machine may route. `sure` is the measured threshold, `stands` the one in force."""

    ground: Ground
    sure: float | None
    answers: int
    calibration: str
    points: tuple[PointAnswer, ...] = Field(description="The risk-coverage curve, the surest answers first.")
    mode: RoutingMode
    stands: float


class QualityAnswer(Answer):
    """A region."""

    region: str
    tasks: tuple[TaskAnswer, ...]
    routing: RoutingAnswer


@router.get("/quality", responses=responses(400, 401, 403, 404, 422, 503))
def read_quality(
    visitor: ApiReader,
    parts: Rooms,
    region: Annotated[Code | None, Query(description="A visible region; the first one where it is absent.")] = None,
) -> QualityAnswer:
    """How good the machine is in a region by what people said in the last half year."""
    must_judge(visitor)
    figures = region_figures(parts, visitor, region_seen(parts, visitor, region or "").slug)
    return QualityAnswer(
        region=figures.region, tasks=tuple(_task(one) for one in figures.tasks), routing=_routing(figures)
    )


def _task(one: TaskFigures) -> TaskAnswer:
    return TaskAnswer(
        task=one.task,
        answers=one.answers,
        agreement=AgreementAnswer(
            known=one.agreement.n, agreed=one.agreement.right, low=one.agreement.low, high=one.agreement.high
        ),
        calibration_error=one.error,
        weeks=tuple(WeekAnswer(start=w.start, known=w.share.n, agreed=w.share.right) for w in one.weeks),
        calibration=tuple(
            BinAnswer(p=b.p, n=b.share.n, right=b.share.right, low=b.share.low, high=b.share.high) for b in one.bins
        ),
        confusions=tuple(ConfusionAnswer(machine=c.machine, said=c.said, n=c.n, cases=c.cases) for c in one.confusions),
        judged=tuple(ModelAnswer(name=m.by, n=m.share.n) for m in one.fared),
        answering=tuple(ModelAnswer(name=name, n=n) for name, n in one.answering),
    )


def _routing(figures: RegionFigures) -> RoutingAnswer:
    every = max(1, -(-len(figures.points) // MOST_POINTS))
    return RoutingAnswer(
        ground=figures.routing.ground,
        sure=figures.routing.sure,
        answers=figures.routing.answers,
        calibration=calibration_name(figures),
        points=tuple(
            PointAnswer(p=x.p, coverage=x.coverage, precision=x.precision, n=x.n) for x in figures.points[::every]
        ),
        mode=figures.mode.mode,
        stands=figures.mode.sure,
    )
