"""One thing that people said about a case beside what the machine had said: what is measured and learnt from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.labels import LabelTask

COMPLAINT: Final = "aduan"  # the task of telling what somebody must answer from what is set aside at the desk
NOBODY: Final = ""  # nobody, or nobody known yet: an office returned a ticket and none has taken it since
HALF: Final = 0.5  # relevance: from here on a post concerns a region


@dataclass(frozen=True, slots=True)
class MachineAnswer:
    """What the machine said before a person spoke. `p` is as people were shown it; None where the task has none."""

    value: str
    p: float | None
    by: str  # model and rules that answered
    guided: bool = False  # a person had already corrected something of this case that the answer follows from


@dataclass(frozen=True, slots=True)
class Lesson:
    """What holds today of one case and task, by people. `machine` is None where nobody kept what it had said."""

    case_id: str
    region: str
    story: str
    task: str  # a `LabelTask`, or `COMPLAINT`
    said: str
    by: str
    at: datetime
    machine: MachineAnswer | None = None
    oversight: bool = False  # it accuses somebody in office: no machine routes it

    @property
    def agrees(self) -> bool | None:
        """Whether the machine had said the same; None where that is not known."""
        return None if self.machine is None else same(self.task, self.machine.value, self.said)


def same(task: str, one: str, other: str) -> bool:
    """Whether two answers to a task mean the same."""
    if task == LabelTask.RELEVANCE.value and one and other:
        return (float(one) >= HALF) == (float(other) >= HALF)
    return one == other


def once_a_story(lessons: Iterable[Lesson]) -> list[Lesson]:
    """The first lesson of each story and task: copies of a post that were judged by one click are one answer."""
    first: dict[tuple[str, str, str], Lesson] = {}
    for lesson in lessons:
        first.setdefault((lesson.region, lesson.story, lesson.task), lesson)
    return list(first.values())
