"""A region's own dispositions with a second opinion: the encoder reads the complaints of which words are not sure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlp.deciders import Answer, Heard, Ranking
from nlp.encoder.encoder import Encoder
from nlp.encoder.opinion import Opinion, seen_by
from nlp.encoder.plan import aligned
from nlp.linear.decider import TOP
from nlp.linear.dispositions import Dispositions


class SecondedDispositions:
    """Ranks a region's agencies as `Dispositions` does, and mixes in the encoder's opinion where that one is unsure.

    With `everything`, all complaints are encoded. Each is encoded alone, so that its answer does not turn on its
    company.
    """

    def __init__(self, linear: Dispositions, encoder: Encoder, opinion: Opinion, *, everything: bool = False) -> None:
        self._linear = linear
        self._encoder = encoder
        self._opinion = opinion
        self._sure = 2.0 if everything else opinion.sure

    @property
    def name(self) -> str:
        """Which training answers, with the encoder's."""
        return f"{self._linear.name}+{self._encoder.name}"

    def rank(self, complaints: Sequence[Heard]) -> list[Ranking]:
        """Return the agencies of each complaint, best first: codes or names as the training's map gave them."""
        return [
            self._seconded(complaint, first) if first.best.p < self._sure else first
            for complaint, first in zip(complaints, self._linear.rank(complaints), strict=True)
        ]

    def _seconded(self, complaint: Heard, first: Ranking) -> Ranking:
        labels = self._linear.labels
        own = self._opinion.shares(seen_by(self._encoder, [complaint.words]))
        mixed = self._opinion.pool.mix(np.array([first.shares]), aligned(own, self._opinion.labels, labels))[0]
        best = np.argsort(-mixed, kind="stable")[:TOP].tolist()
        answers = [Answer(labels[at], float(mixed[at])) for at in best]
        (words,) = self._linear.explain([complaint], [answers[0].label])
        return Ranking((answers[0]._replace(evidence=words), *answers[1:]), self.name, mixed)
