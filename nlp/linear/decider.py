"""The linear decider: one sparse row per post, one product for the classes of all tasks together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from domain.reading import Span
from nlp.deciders import Answer, Heard, Ranking, Task
from nlp.linear.features import CUE_AT, Featuriser, Floats, Rows
from nlp.linear.weights import Head, Weights, load_weights

TOP = 5  # answers of a ranking that are kept: what a person is shown
EVIDENCE = 4  # words shown for an answer
LEAST_PUSH = 0.15  # share of the strongest word's push that a word needs to count as evidence
SHIPPED = "weights/reading.npz"


class LinearDecider:
    """Answers the tasks of its weights. A post with no known feature gets the classes' bias: the usual answer."""

    def __init__(self, weights: Weights) -> None:
        self._featuriser = Featuriser(weights.vocabulary, weights.idf)
        self._heads = weights.heads
        self._together: Floats = np.concatenate([head.weight for head in weights.heads], axis=1)
        self._name = weights.name

    @property
    def name(self) -> str:
        return self._name

    @property
    def tasks(self) -> frozenset[Task]:
        return frozenset(Task(head.task) for head in self._heads)

    def decide(self, posts: Sequence[Heard]) -> Sequence[Mapping[Task, Ranking]]:
        if not posts:
            return ()
        rows = self._featuriser.rows(posts)
        scores = rows.matrix @ self._together
        answered: list[dict[Task, Ranking]] = [{} for _ in posts]
        first = 0
        for head in self._heads:
            part = slice(first, first + len(head.labels))
            for n, ranking in enumerate(self._rank(head, scores[:, part] + head.bias, rows, posts, first)):
                answered[n][Task(head.task)] = ranking
            first = part.stop
        return answered

    def _rank(self, head: Head, scores: Floats, rows: Rows, posts: Sequence[Heard], first: int) -> list[Ranking]:
        probability = softmax(scores / head.temperature)
        order = np.argsort(-probability, axis=1, kind="stable")[:, :TOP]
        best = np.take_along_axis(probability, order, axis=1)
        rankings = []
        for n, post in enumerate(posts):
            evidence = self._evidence(rows, n, first + int(order[n, 0]), post)
            answers = tuple(
                Answer(head.labels[label], float(p), evidence if place == 0 else ())
                for place, (label, p) in enumerate(zip(order[n].tolist(), best[n].tolist(), strict=True))
            )
            rankings.append(Ranking(answers, self._name))
        return rankings

    def _evidence(self, rows: Rows, n: int, label: int, post: Heard) -> tuple[Span, ...]:
        """Return the words that push a label most, found by adding up their features' pushes."""
        start, end = rows.matrix.indptr[n], rows.matrix.indptr[n + 1]
        at = rows.at[start:end]
        push = rows.matrix.data[start:end] * self._together[rows.matrix.indices[start:end], label]
        known = at != CUE_AT
        if not known.any():
            return ()
        by_token = np.bincount(at[known], weights=push[known])
        strongest = np.argsort(-by_token)[:EVIDENCE]
        least = max(by_token[strongest[0]] * LEAST_PUSH, 1e-9)
        chosen = sorted(int(x) for x in strongest if by_token[x] >= least)
        return tuple(
            Span(start=token.start, end=token.end, text=post.words[token.start : token.end])
            for token in (post.tokens[x] for x in chosen)
        )


def softmax(scores: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Return rows that sum to 1."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: npt.NDArray[np.floating] = raised / raised.sum(axis=1, keepdims=True)
    return shares


def load_decider(path: Path | None = None) -> LinearDecider:
    """Build the decider of the shipped weights, or of those in a file.

    Raises:
        CatalogueError: the weights cannot be read.
    """
    return LinearDecider(load_weights(path or Path(__file__).parent.parent / SHIPPED))
