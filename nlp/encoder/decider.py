"""The encoder as a decider: the rankings of its heads, of posts encoded already or encoded now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nlp.deciders import Answer, Encoding, Heard, Ranking, Task
from nlp.encoder.encoder import Encoder
from nlp.linear.decider import TOP


class EncoderDecider:
    """Answers every task that the encoder has a head for. It points at no words: its evidence is empty."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def tasks(self) -> frozenset[Task]:
        return frozenset(self._encoder.card.heads)

    def decide(self, posts: Sequence[Heard]) -> Sequence[Mapping[Task, Ranking]]:
        missing = [post.words for post in posts if post.encoding is None]
        fresh = iter(self._encoder.encodings(missing) if missing else ())
        return [self._ranked(post.encoding or next(fresh)) for post in posts]

    def _ranked(self, encoding: Encoding) -> dict[Task, Ranking]:
        return {task: ranking(shares, encoding.by) for task, shares in encoding.p.items()}


def ranking(shares: Mapping[str, float], by: str) -> Ranking:
    """Return the best answers of labels with their probabilities."""
    best = sorted(shares.items(), key=lambda share: -share[1])[:TOP]
    return Ranking(tuple(Answer(label, p) for label, p in best), by, np.array(list(shares.values())))
