"""The linear decider: one sparse row per post, one product for the classes of all heads together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import takewhile
from operator import itemgetter
from pathlib import Path

import numpy as np
import numpy.typing as npt

from domain.reading import Span
from nlp.deciders import RANKED, Answer, Heard, Ranking, Task
from nlp.linear.features import CUE_AT, Featuriser, Floats, Rows
from nlp.linear.weights import Head, Weights, load_weights

TOP = 5  # answers of a ranking that are kept: what a person is shown
EVIDENCE = 4  # words shown for an answer
EXPLAINED = frozenset({Task.TOPIC})  # tasks whose evidence people are shown: finding it costs as much as answering
LEAST_PUSH = 0.15  # share of the strongest word's push that a word needs to count as evidence
SHIPPED = "weights/reading.npz"


class LinearModel:
    """Ranks the labels of every head of its weights. A post with no known feature gets the bias: the usual answer.

    `explained` names the heads whose best answer comes with evidence.
    """

    def __init__(self, weights: Weights, *, explained: Collection[str] = ()) -> None:
        self._explained = frozenset(explained)
        self._featuriser = Featuriser(weights.vocabulary, weights.idf)
        self._heads = weights.heads
        self._together: Floats = np.concatenate([head.weight for head in weights.heads], axis=1)
        self._name = weights.name

    @property
    def name(self) -> str:
        """Which training the weights come from."""
        return self._name

    @property
    def heads(self) -> dict[str, tuple[str, ...]]:
        """The heads in order, each with its labels in the order of `Ranking.shares`."""
        return {head.task: head.labels for head in self._heads}

    def rank(self, posts: Sequence[Heard]) -> list[dict[str, Ranking]]:
        """Return each post's ranking by every head, in order of the posts."""
        if not posts:
            return []
        rows = self._featuriser.rows(posts)
        scores = rows.matrix @ self._together
        answered: list[dict[str, Ranking]] = [{} for _ in posts]
        first = 0
        for head in self._heads:
            part = slice(first, first + len(head.labels))
            for n, ranking in enumerate(self._rank(head, scores[:, part] + head.bias, rows, posts, first)):
                answered[n][head.task] = ranking
            first = part.stop
        return answered

    def _rank(self, head: Head, scores: Floats, rows: Rows, posts: Sequence[Heard], first: int) -> list[Ranking]:
        probability = softmax(scores / head.temperature)
        order = np.argsort(-probability, axis=1, kind="stable")[:, :TOP]
        best = np.take_along_axis(probability, order, axis=1).tolist()
        if head.task in self._explained:
            evidence = self._evidence(rows, first + order[:, 0], posts)
        else:
            evidence = [()] * len(posts)
        names = head.labels
        rankings = []
        for labels, shares, words, probabilities in zip(order.tolist(), best, evidence, probability, strict=True):
            answers = [Answer(names[label], p) for label, p in zip(labels, shares, strict=True)]
            if words:
                answers[0] = Answer(answers[0].label, answers[0].p, words)
            rankings.append(Ranking(tuple(answers), self._name, probabilities))
        return rankings

    def explain(self, task: str, posts: Sequence[Heard], labels: Sequence[str]) -> list[tuple[Span, ...]]:
        """Return, for each post, the words that speak for a label; none for one that the head does not know."""
        first = 0
        for head in takewhile(lambda head: head.task != task, self._heads):
            first += len(head.labels)
        number = {label: first + n for n, label in enumerate(self.heads[task])}
        known = [n for n, label in enumerate(labels) if label in number]
        if not known:
            return [()] * len(posts)
        chosen = [posts[n] for n in known]
        found = self._evidence(self._featuriser.rows(chosen), np.array([number[labels[n]] for n in known]), chosen)
        spans = dict(zip(known, found, strict=True))
        return [spans.get(n, ()) for n in range(len(posts))]

    def _evidence(self, rows: Rows, labels: npt.NDArray[np.int64], posts: Sequence[Heard]) -> list[tuple[Span, ...]]:
        """Return, for each post, the words that push its label most: the sums of their features' pushes."""
        matrix = rows.matrix
        lengths = np.array([len(post.tokens) for post in posts])
        starts = np.concatenate(([0], np.cumsum(lengths)))
        row = np.repeat(np.arange(len(posts)), np.diff(matrix.indptr))
        push = matrix.data * self._together[matrix.indices, labels[row]]
        known = rows.at != CUE_AT
        by_token = np.bincount(starts[row[known]] + rows.at[known], weights=push[known], minlength=starts[-1]).tolist()
        return [
            _strongest(post, by_token[start:end])
            for post, start, end in zip(posts, starts[:-1].tolist(), starts[1:].tolist(), strict=True)
        ]


def _strongest(post: Heard, pushes: Sequence[float]) -> tuple[Span, ...]:
    least = max(max(pushes, default=0.0) * LEAST_PUSH, 1e-6)
    top = [(push, n) for n, push in enumerate(pushes) if push >= least]
    if len(top) > EVIDENCE:
        top = sorted(sorted(top, reverse=True)[:EVIDENCE], key=itemgetter(1))
    words, tokens = post.words, post.tokens
    spans = [(tokens[n].start, tokens[n].end) for _, n in top]
    return tuple([Span(start=start, end=end, text=words[start:end]) for start, end in spans])


class LinearDecider:
    """The reading's decider on one linear model with a head per task.

    Its tasks are those that a decider answers alone. It answers those of its other heads in the same pass, for the
    components whose rules lean on them.
    """

    explained = EXPLAINED

    def __init__(self, weights: Weights) -> None:
        self._model = LinearModel(weights, explained=EXPLAINED)
        self._tasks = {head: Task(head) for head in self._model.heads}
        heads = {Task(head): labels for head, labels in self._model.heads.items()}
        self.labels: Mapping[Task, tuple[str, ...]] = {task: heads[task] for task in RANKED if task in heads}

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def tasks(self) -> frozenset[Task]:
        return frozenset(self.labels)

    def decide(self, posts: Sequence[Heard]) -> Sequence[Mapping[Task, Ranking]]:
        return [{self._tasks[head]: ranking for head, ranking in x.items()} for x in self._model.rank(posts)]

    def explain(self, task: Task, posts: Sequence[Heard], labels: Sequence[str]) -> list[tuple[Span, ...]]:
        """Return, for each post, the words that speak for a label; none for one that the weights do not know."""
        return self._model.explain(task.value, posts, labels)


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
