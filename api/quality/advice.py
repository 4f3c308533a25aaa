"""What to do next, in words: from the figures alone, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from api.quality.figures import PROBABLE, RegionFigures, TaskFigures
from api.quality.words import TITLES, exact, percent
from api.speech import Speech
from desk.thresholds import Ground, objection
from domain.labels import LabelTask
from domain.quality.agreement import FEW
from domain.quality.coverage import ENOUGH
from domain.tickets import RoutingMode

POOR: Final = 0.85  # a task whose agreement surely lies below it wants to be looked at
OFF: Final = 0.1  # a calibration error from here on misleads those who read probabilities
MOST: Final = 4


def advice_of(figures: RegionFigures, says: Speech) -> tuple[str, ...]:
    """At most a few sentences."""
    told = [*_routing(figures, says), *_learning(figures, says), *_tasks(figures, says)]
    return tuple(told[:MOST])


def _routing(figures: RegionFigures, says: Speech) -> Iterator[str]:
    found, mode = figures.routing, figures.mode
    if mode.mode is RoutingMode.AUTOMATIC:
        against = objection(found, mode.sure)
        if against is not None:
            needed = (
                says.say("naikkan ke %(p)s", p=exact(against.needed, says))
                if against.needed
                else says.say("kembalikan ke usulan")
            )
            yield says.say(
                "Perutean otomatis berjalan mulai %(p)s, tetapi ketepatan di situ belum terbukti: %(do)s.",
                p=exact(mode.sure, says), do=needed,
            )  # fmt: skip
    elif found.ground is not Ground.DEFAULT and found.sure is not None and found.point is not None:
        yield says.say(
            "Ketepatan OPD sudah terukur: otomatis mulai %(p)s akan meneruskan %(share)s kiriman tanpa klik.",
            p=exact(found.sure, says), share=percent(found.point.coverage, says),
        )  # fmt: skip
    if found.ground is Ground.DEFAULT:
        yield says.say(
            "%(n)s dari %(enough)s jawaban OPD terkumpul; setiap disposisi di Meja atau Tiket menambahnya, dan sejak "
            "cukup, wilayah ini memakai ambangnya sendiri.",
            n=says.number(found.answers), enough=ENOUGH,
        )  # fmt: skip


def _learning(figures: RegionFigures, says: Speech) -> Iterator[str]:
    opd = next((task for task in figures.tasks if task.task == LabelTask.OPD.value), None)
    if opd is not None and opd.answers >= ENOUGH and figures.fit is None:
        yield says.say(
            "Ada %(n)s disposisi akhir. Pengelola dapat menjalankan jaring train --region %(region)s --corrections "
            "agar perutean belajar darinya.",
            n=says.number(opd.answers), region=figures.region,
        )  # fmt: skip


def _tasks(figures: RegionFigures, says: Speech) -> Iterator[str]:
    known = [task for task in figures.tasks if task.agreement.n >= FEW]
    poor = sorted((t for t in known if t.agreement.high < POOR), key=lambda task: task.agreement.value)
    for task in poor[:2]:
        yield says.say(
            "%(task)s paling sering diubah orang (%(share)s sepakat): lihat kekeliruannya, lalu perbaiki data wilayah "
            "bila polanya satu.",
            task=_title(task, says), share=percent(task.agreement.value, says),
        )  # fmt: skip
    for task in known:
        if task.error is not None and task.error >= OFF and LabelTask(task.task) in PROBABLE:
            yield says.say(
                "Angka yakin %(task)s meleset rata-rata %(error)s: baca sebagai urutan, jangan sebagai peluang.",
                task=_title(task, says), error=says.share(task.error),
            )  # fmt: skip
    if figures.tasks and not known:
        yield says.say(
            "Jawaban masih sedikit (kurang dari %(few)s per tugas): selangnya lebar, jangan simpulkan dahulu.", few=FEW
        )


def _title(task: TaskFigures, says: Speech) -> str:
    return says.say(TITLES.get(task.task, task.task))
