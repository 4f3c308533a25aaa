"""`jaring eval --corrections`: what people said, what the machine had said, and what it would say of the posts now.

Posts that a region's own dispositions were learnt from are told apart: of those its answer is no surprise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice

from desk.decide import Desk
from domain.cases import Case
from domain.labels import LabelTask
from domain.ports import Reader
from domain.quality.lessons import same
from domain.reading import Reading
from jaring.console import emit, table, words
from jaring.wiring import Hall, sees_all
from store.machine import answer_of
from store.taught import Taught

_BATCH = 256  # posts read together


@dataclass(frozen=True, slots=True)
class TaskReport:
    """A task in a region: how many posts people answered it for, and how the machine fared, then and now.

    `known` are those whose former answer was kept. `mended` were wrong and would be right now, `broken` the other way
    round, both of `known`. `learnt` are those that the model which answers now has seen in training.
    """

    region: str
    task: str
    n: int
    known: int
    agreed_then: int
    agreed_now: int
    mended: int
    broken: int
    learnt: int


@dataclass(frozen=True, slots=True)
class _Answered:
    """One lesson asked again."""

    region: str
    task: str
    then: bool | None
    now: bool
    learnt: bool


def compare(
    taught: Iterable[Taught], reader: Reader, desk: Desk, learnt_at: Mapping[str, datetime]
) -> list[TaskReport]:
    """Read and decide the posts again, without what people said of them, and count. `learnt_at`: by region, if any."""
    found: dict[tuple[str, str], list[_Answered]] = {}
    for answered in _asked_again(taught, reader, desk, learnt_at):
        found.setdefault((answered.region, answered.task), []).append(answered)
    return [_report(region, task, answers) for (region, task), answers in sorted(found.items())]


def run(hall: Hall, region: str | None, *, json: bool) -> None:
    """Compare what the installation's people said, and print it."""
    slugs = [region] if region else list(hall.profiles)
    fits = hall.store.calibrations.newest(slugs)
    taught = hall.store.taught.read(sees_all(slugs), region=region)
    found = compare(taught, hall.reader, hall.desk, {slug: fit.at for slug, fit in fits.items()})
    if json:
        emit({"tasks": [asdict(one) for one in found]})
        return
    table(
        ("wilayah", "tugas", "jawaban orang", "sepakat dulu", "sepakat kini", "jadi benar", "jadi salah", "dipelajari"),
        [_told(one) for one in found],
        title="Koreksi",
    )
    if not found:
        words.print("Belum ada jawaban orang. Ia datang dari Meja, Tiket, dan koreksi label di halaman kiriman.")


def _asked_again(
    taught: Iterable[Taught], reader: Reader, desk: Desk, learnt_at: Mapping[str, datetime]
) -> Iterator[_Answered]:
    source = iter(taught)
    while batch := list(islice(source, _BATCH)):
        for one, reading in zip(batch, reader.read(x.post for x in batch), strict=True):
            case = desk.decide_for(one.post, reading, one.region)
            yield from _of_post(one, case, reading, learnt_at.get(one.region))


def _of_post(one: Taught, case: Case, reading: Reading, learnt: datetime | None) -> Iterator[_Answered]:
    for lesson in one.lessons:
        task = LabelTask(lesson.task)
        now = same(lesson.task, answer_of(task, case, reading).value, lesson.said)
        seen = task is LabelTask.OPD and learnt is not None and lesson.at <= learnt
        yield _Answered(one.region, lesson.task, lesson.agrees, now, seen)


def _report(region: str, task: str, answers: Sequence[_Answered]) -> TaskReport:
    known = [one for one in answers if one.then is not None]
    return TaskReport(
        region=region,
        task=task,
        n=len(answers),
        known=len(known),
        agreed_then=sum(bool(one.then) for one in known),
        agreed_now=sum(one.now for one in answers),
        mended=sum(one.now and not one.then for one in known),
        broken=sum(bool(one.then) and not one.now for one in known),
        learnt=sum(one.learnt for one in answers),
    )


def _told(one: TaskReport) -> tuple[str, ...]:
    then = f"{one.agreed_then}/{one.known}" if one.known else "-"
    return (
        one.region, one.task, str(one.n), then, f"{one.agreed_now}/{one.n}", str(one.mended), str(one.broken),
        str(one.learnt) if one.learnt else "-",
    )  # fmt: skip
