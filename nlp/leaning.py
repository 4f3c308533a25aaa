"""What rules lean on: the linear decider's probabilities of their task, and the encoder's where it read the post.

The post is put to the linear decider once for all who ask, whether that is the encoder's cascade, a component that
leans on it, or one that asks it for intent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from spacy.tokens import Doc

from domain.reading import Span
from nlp.asking import BATCH, heard, leave_answers
from nlp.deciders import Task
from nlp.document import notes_of
from nlp.linear.decider import LinearDecider

_LEAST = 1e-3  # no model is surer than this
EVEN = 0.5  # the encoder's share where no plan was fitted for the task


def log_odds(p: float) -> float:
    """Return ln(p / (1 - p)), bounded."""
    held = min(1 - _LEAST, max(_LEAST, p))
    return math.log(held / (1 - held))


@dataclass(frozen=True, slots=True)
class Signs:
    """The probabilities of one task's labels; None where the weights have no such head, or the encoder read nothing."""

    linear: Mapping[str, float] | None
    encoder: Mapping[str, float] | None
    by: tuple[str, ...]  # who stands behind them, with versions
    share: float = EVEN  # what the encoder's count beside all else


class Leans:
    """Gives a component the signs of its task, post by post."""

    def __init__(self, decider: LinearDecider, task: Task) -> None:
        self._decider = decider
        self._task = task
        self._name = decider.name

    def asked(self, stream: Iterable[Doc], *, batch_size: int = BATCH) -> Iterator[Doc]:
        """Put the posts to the linear decider that nobody has put to it yet, and pass them on in order."""
        docs = iter(stream)
        while batch := list(islice(docs, min(batch_size, BATCH))):
            fresh = [doc for doc in batch if self._name not in notes_of(doc).answers]
            answers = self._decider.decide([heard(doc) for doc in fresh]) if fresh else ()
            for doc, answer in zip(fresh, answers, strict=True):
                leave_answers(doc, self._name, answer)
            yield from batch

    def signs(self, doc: Doc) -> Signs:
        """Return what is known of a post that was asked about."""
        given = notes_of(doc)
        ranking = given.answers[self._name].get(self._task)
        linear = None if ranking is None else {x.label: x.p for x in ranking.answers}
        by = () if ranking is None else (ranking.by,)
        encoding = given.encoding
        if encoding is None or (encoder := encoding.p.get(self._task)) is None:
            return Signs(linear, None, by)
        return Signs(linear, encoder, (*by, encoding.by), encoding.share.get(self._task, EVEN))

    def chance(self, doc: Doc, task: Task, label: str) -> float | None:
        """Return what the linear decider gives a label of another task; None where it has no head for that."""
        ranking = notes_of(doc).answers[self._name].get(task)
        return None if ranking is None else next((x.p for x in ranking.answers if x.label == label), 0.0)

    def words_for(self, doc: Doc, label: str) -> tuple[Span, ...]:
        """Return the words of a post that speak for a label, as the linear decider sees them."""
        return self._decider.explain(self._task, [heard(doc)], [label])[0]
