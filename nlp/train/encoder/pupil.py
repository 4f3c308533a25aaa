"""A pupil: a trained encoder with fewer layers, which learns to answer as the whole one does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from torch import Tensor

from domain.errors import SettingsError
from nlp.encoder.encoder import Encoder, Kind
from nlp.train.encoder.bases import Pretrained
from nlp.train.encoder.batches import Numbers
from nlp.train.encoder.lessons import Lesson

_CHUNK = 2_000  # texts between two signs of life
_KINDS: tuple[Kind, ...] = ("passage", "query")


def with_layers(base: Pretrained, layers: int) -> Pretrained:
    """Return a base that keeps so many of its layers, spread evenly, the first and the last among them.

    Raises:
        SettingsError: it has no heads yet, or not more layers.
    """
    if not base.labels:
        raise SettingsError(f"--layers: {base.name} is not trained yet; train it whole, then its pupil")
    if not 1 < layers < base.shape.layers:
        raise SettingsError(f"--layers: {base.name} has {base.shape.layers}, a pupil must have fewer, and two at least")
    kept = [round(n * (base.shape.layers - 1) / (layers - 1)) for n in range(layers)]
    state = dict(_renumbered(base.state, {f"layers.{old}.": f"layers.{new}." for new, old in enumerate(kept)}))
    return replace(base, shape=replace(base.shape, layers=layers), state=state)


def _renumbered(state: dict[str, Tensor], numbers: dict[str, str]) -> Iterator[tuple[str, Tensor]]:
    for name, values in state.items():
        if not name.startswith("layers."):
            yield name, values
            continue
        old = ".".join(name.split(".")[:2]) + "."
        if old in numbers:
            yield numbers[old] + name.removeprefix(old), values


@dataclass(frozen=True, slots=True)
class Taught:
    """What a teacher says of every lesson, in their order: where it stands, and each head's scores."""

    vectors: Numbers
    scores: dict[str, Numbers]

    @classmethod
    def by(cls, teacher: Encoder, lessons: Sequence[Lesson], *, say: Callable[[str], None]) -> Self:
        """Ask a teacher about lessons, as they are written."""
        heads = teacher.card.heads.items()
        scores = {task.value: np.empty((len(lessons), len(head.labels)), np.float32) for task, head in heads}
        vectors: Numbers | None = None
        for kind in _KINDS:
            rows = [n for n, lesson in enumerate(lessons) if lesson.kind == kind]
            for start in range(0, len(rows), _CHUNK):
                say(f"the teacher reads {start} of {len(rows)} texts ({kind})")
                part = rows[start : start + _CHUNK]
                told = teacher.encode([lessons[n].words for n in part], kind=kind)
                if vectors is None:
                    vectors = np.empty((len(lessons), told.vectors.shape[1]), np.float32)
                vectors[part] = told.vectors
                for task, logits in told.logits.items():
                    scores[task.value][part] = logits
        if vectors is None:
            raise SettingsError("there are no lessons to learn")
        return cls(vectors, scores)

    @classmethod
    def kept(cls, file: Path, teacher: str, lessons: int) -> Self | None:
        """What an earlier run wrote of this teacher and so many lessons, or None."""
        if not file.is_file():
            return None
        with np.load(file) as found:
            if str(found["teacher"]) != teacher or len(found["vectors"]) != lessons:
                return None
            tables = {name: found[name] for name in found.files if name not in {"teacher", "vectors"}}
            return cls(found["vectors"], tables)

    def keep(self, file: Path, teacher: str) -> None:
        """Write it, so that a killed training does not ask again."""
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file, teacher=np.array(teacher), vectors=self.vectors, **self.scores)  # type: ignore[arg-type]

    @property
    def places(self) -> dict[int, Numbers]:
        """Where each lesson stands, by its number."""
        return dict(enumerate(self.vectors))
