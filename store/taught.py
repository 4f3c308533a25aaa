"""Posts about which people spoke, with all that holds of them: read for learning, masked as everything is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.labels import LabelTask
from domain.posts import RawPost
from domain.quality.lessons import COMPLAINT, Lesson
from domain.scope import Scope
from store.database import Database
from store.lessons import Lessons
from store.projection import load

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Taught:
    """A post in a region with what people say of it. `story` groups copies: learn from them together or not at all."""

    post: RawPost
    region: str
    story: str
    lessons: tuple[Lesson, ...]

    def said(self, task: LabelTask) -> str | None:
        """What people say of a task; None where they did not, or nobody knows."""
        return next((x.said for x in self.lessons if x.task == task.value and x.said), None)

    @property
    def at(self) -> datetime:
        """When the last of it was said."""
        return max(lesson.at for lesson in self.lessons)


class TaughtPosts:
    """What a training or a measurement asks for. It sees what its scope sees."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lessons = Lessons(database)

    def read(self, scope: Scope, *, region: str | None = None) -> Iterator[Taught]:
        """Yield each post that people spoke of in a region, by case id."""
        by_case: dict[str, list[Lesson]] = {}
        for lesson in self._lessons.read(scope, region=region):
            if lesson.task != COMPLAINT:
                by_case.setdefault(lesson.case_id, []).append(lesson)
        for ids in _batches(sorted(by_case)):
            with self._database.read() as connection:
                found = load(connection, ids)
            for case_id in ids:
                if case_id in found and found[case_id].post.withdrawn_at is None:
                    parts = found[case_id]
                    yield Taught(parts.post, parts.case.region, parts.story, tuple(by_case[case_id]))


def _batches(ids: list[str]) -> Iterator[list[str]]:
    return (ids[n : n + _BATCH] for n in range(0, len(ids), _BATCH))
