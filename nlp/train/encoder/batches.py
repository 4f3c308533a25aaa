"""Texts as rows of pieces, in batches of about one length: padding is arithmetic about nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor

from nlp.train.encoder.lessons import Lesson
from nlp.train.encoder.noise import noisy

MAX_PIECES = 128  # of a text, as at work: what a teacher says of a whole text must not be learnt from half of it
PIECES = 1_280  # of a batch: 32 texts of 40
Numbers = npt.NDArray[np.float32]

_POOL = 1_600  # texts sorted among each other: long enough for even lengths, short enough to stay a shuffle


@dataclass(frozen=True, slots=True)
class Batch:
    """`input_ids` and `attention_mask` int64[n, t]; by task `labels` int64[n], -1 where untold, `counts` float[n].

    `teacher` float[n, hidden] is where the base put the text, `taught` bool[n] where that is known. `scores` are a
    teacher's, float[n, labels] by task. `rows` are the lessons' numbers.
    """

    rows: list[int]
    input_ids: Tensor
    attention_mask: Tensor
    labels: dict[str, Tensor]
    counts: dict[str, Tensor]
    teacher: Tensor | None = None
    taught: Tensor | None = None
    scores: dict[str, Tensor] = field(default_factory=dict)

    def to(self, device: torch.device) -> Batch:
        """The batch where the network is."""
        return Batch(
            self.rows,
            self.input_ids.to(device),
            self.attention_mask.to(device),
            {task: x.to(device) for task, x in self.labels.items()},
            {task: x.to(device) for task, x in self.counts.items()},
            None if self.teacher is None else self.teacher.to(device),
            None if self.taught is None else self.taught.to(device),
            {task: x.to(device) for task, x in self.scores.items()},
        )


def batches(  # noqa: PLR0913  what is learnt, as what, and what a teacher said of it
    lessons: Sequence[Lesson],
    tokenizer: Tokenizer,
    labels: Mapping[str, tuple[str, ...]],
    *,
    seed: int | None,
    teacher: Mapping[int, Numbers] | None = None,
    scores: Mapping[str, Numbers] | None = None,
) -> Iterator[Batch]:
    """Yield the lessons once: shuffled and written noisily by `seed`, or as they stand, by length, without one.

    `teacher` and `scores` (a row per lesson, by task) are of the texts as they stand.
    """
    chance = random.Random(seed)  # noqa: S311  no secret
    order = list(range(len(lessons)))
    texts = [lesson.words for lesson in lessons]
    if seed is not None:
        chance.shuffle(order)
        texts = [noisy(words, chance) for words in texts]
    pieces = [
        x.ids[:MAX_PIECES]
        for x in tokenizer.encode_batch([f"{x.kind}: {words}" for x, words in zip(lessons, texts, strict=True)])
    ]
    groups: list[list[int]] = []
    for start in range(0, len(order), _POOL):
        pool = sorted(order[start : start + _POOL], key=lambda n: len(pieces[n]))
        group: list[int] = []
        for n in pool:
            if group and len(pieces[n]) * (len(group) + 1) > PIECES:
                groups.append(group)
                group = []
            group.append(n)
        groups.append(group)
    if seed is not None:
        chance.shuffle(groups)
    at = {task: {label: n for n, label in enumerate(names)} for task, names in labels.items()}
    for group in groups:
        yield _batch(group, lessons, pieces, at, teacher, scores or {})


def _batch(  # noqa: PLR0913  all that a batch is made of
    group: Sequence[int],
    lessons: Sequence[Lesson],
    pieces: Sequence[Sequence[int]],
    at: Mapping[str, Mapping[str, int]],
    teacher: Mapping[int, Numbers] | None,
    scores: Mapping[str, Numbers],
) -> Batch:
    wide = max(len(pieces[n]) for n in group)
    ids = torch.zeros((len(group), wide), dtype=torch.int64)  # the mask hides what is no text
    mask = torch.zeros((len(group), wide), dtype=torch.int64)
    for row, n in enumerate(group):
        ids[row, : len(pieces[n])] = torch.tensor(pieces[n])
        mask[row, : len(pieces[n])] = 1
    taught = [n in teacher for n in group] if teacher else []
    known = any(taught) and teacher is not None
    return Batch(
        list(group),
        ids,
        mask,
        {t: torch.tensor([names.get(lessons[n].labels.get(t, ""), -1) for n in group]) for t, names in at.items()},
        {t: torch.tensor([lessons[n].counts.get(t, 0.0) for n in group]) for t in at},
        torch.from_numpy(np.stack([teacher[n] for n, has in zip(group, taught, strict=True) if has]))
        if known and teacher is not None
        else None,
        torch.tensor(taught) if known else None,
        {task: torch.from_numpy(table[group]) for task, table in scores.items()},
    )
