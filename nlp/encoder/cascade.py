"""Linear decider and encoder together: the linear one reads every post, the encoder those of which it is not sure.

A post that is encoded is answered by both in every task, for the dear part is done then; one that is not, by the
linear decider alone. So `best`, where all are encoded, differs from the cascade only in the posts it was sure of.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.errors import CatalogueError
from nlp.deciders import RANKED, Answer, Encoding, Heard, Ranking, Task
from nlp.encoder.encoder import Encoder
from nlp.encoder.plan import Plan, Shares, aligned
from nlp.linear.decider import TOP, LinearDecider

Rankings = Mapping[Task, Ranking]


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one post: the answers that stand, the linear decider's own, and the encoding where there is one."""

    answers: Rankings
    linear: Rankings
    encoding: Encoding | None


class Cascade:
    """A `Decider` of the tasks that linear decider and encoder both answer.

    With `everything`, every post is encoded. Else those are in which the linear decider is less than sure of one of
    `doubts`: the tasks that somebody else answers are no reason, those that rules answer and lean on both models are.
    """

    def __init__(
        self,
        linear: LinearDecider,
        encoder: Encoder,
        plan: Plan,
        *,
        everything: bool = False,
        doubts: Collection[Task] = tuple(Task),
    ) -> None:
        self.linear = linear
        self.encoder = encoder
        self._plan = plan
        self._everything = everything
        self._tasks = tuple(task for task in RANKED if task in linear.tasks)
        if missing := [x.value for x in self._tasks if x not in encoder.card.heads or x not in plan.tasks]:
            raise CatalogueError(f"{encoder.name} or its plan cannot take over from {linear.name}: no {missing}")
        self._share = {task: 1 - of.pool.linear for task, of in plan.tasks.items()}
        self._sure = {task: of.sure for task, of in plan.tasks.items() if task in doubts}
        self._labels = {task: labels_of(task, linear, encoder) for task in self._tasks}

    @property
    def name(self) -> str:
        return f"{self.linear.name}+{self.encoder.name}"

    @property
    def tasks(self) -> frozenset[Task]:
        return frozenset(self._tasks)

    def decide(self, posts: Sequence[Heard]) -> Sequence[Rankings]:
        return [told.answers for told in self.read(posts)]

    def read(self, posts: Sequence[Heard]) -> list[Told]:
        """Read posts, in order, and keep what the rest of the pipeline wants to know of them."""
        first = self.linear.decide(posts)
        chosen = [n for n, answers in enumerate(first) if self._everything or self._unsure(answers)]
        made = self.encoder.encodings([posts[n].words for n in chosen]) if chosen else ()
        encodings = {n: replace(x, share=self._share) for n, x in zip(chosen, made, strict=True)}
        both = dict(zip(chosen, self._mixed([(posts[n], first[n], encodings[n]) for n in chosen]), strict=True))
        return [Told(both.get(n, answers), answers, encodings.get(n)) for n, answers in enumerate(first)]

    def _unsure(self, answers: Rankings) -> bool:
        return any(task in answers and answers[task].best.p < sure for task, sure in self._sure.items())

    def _mixed(self, heard: Sequence[tuple[Heard, Rankings, Encoding]]) -> list[dict[Task, Ranking]]:
        answered: list[dict[Task, Ranking]] = [{} for _ in heard]
        for task in self._tasks if heard else ():
            labels = self._labels[task]
            mixed = self._plan.tasks[task].pool.mix(
                aligned(np.array([first[task].shares for _, first, _ in heard]), self.linear.labels[task], labels),
                _encoded(task, [encoding for _, _, encoding in heard], labels),
            )
            order = np.argsort(-mixed, axis=1, kind="stable")[:, :TOP]
            best = np.take_along_axis(mixed, order, axis=1).tolist()
            for n, (places, shares) in enumerate(zip(order.tolist(), best, strict=True)):
                answers = tuple(Answer(labels[at], p) for at, p in zip(places, shares, strict=True))
                answered[n][task] = Ranking(answers, self.name, mixed[n])
            self._explain(task, heard, answered)
        return answered

    def _explain(
        self, task: Task, heard: Sequence[tuple[Heard, Rankings, Encoding]], answered: list[dict[Task, Ranking]]
    ) -> None:
        """Give the best answers the words that speak for them, found anew where the encoder changed the answer."""
        if task not in self.linear.explained:
            return
        spans = {}
        changed = []
        for n, (_, first, _) in enumerate(heard):
            if answered[n][task].best.label == first[task].best.label:
                spans[n] = first[task].best.evidence
            else:
                changed.append(n)
        labels = [answered[n][task].best.label for n in changed]
        spans |= dict(zip(changed, self.linear.explain(task, [heard[n][0] for n in changed], labels), strict=True))
        for n, evidence in spans.items():
            best, *others = answered[n][task].answers
            answers = (best._replace(evidence=evidence), *others)
            answered[n][task] = replace(answered[n][task], answers=answers)


def labels_of(task: Task, linear: LinearDecider, encoder: Encoder) -> tuple[str, ...]:
    """Return all labels that either of them knows, in the order in which their probabilities are mixed."""
    return tuple(dict.fromkeys((*encoder.card.heads[task].labels, *linear.labels.get(task, ()))))


def _encoded(task: Task, encodings: Sequence[Encoding], labels: tuple[str, ...]) -> Shares:
    table = np.array([list(x.p[task].values()) for x in encodings])
    return aligned(table, tuple(encodings[0].p[task]), labels)
