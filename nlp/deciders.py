"""The seam between a component and whatever answers its question: linear model today, encoder or cascade tomorrow.

A decider answers several tasks at once, so that a model with several heads reads each post once. Components
(intent, topic, sentiment) pick their task's `Ranking` and write down who answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.errors import CatalogueError
from domain.reading import Span
from domain.text.tokens import Token


class Task(StrEnum):
    """A question that a decider can answer about a post. The values name labels and weight blocks."""

    INTENT = "intent"
    TOPIC = "topic"
    SENTIMENT = "sentiment"


@dataclass(frozen=True, slots=True)
class Heard:
    """One post as a decider gets it: the masked words (`RawPost.words`) and their tokens.

    `address` are the tokens of the place that the sender named beside the words (`Hints.place`), where there is one.
    """

    words: str
    tokens: Sequence[Token]
    address: Sequence[Token] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A label with its calibrated probability; `evidence` are the words that spoke for it, in reading order."""

    label: str
    p: float
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answers of one task, best first and never empty, and who gave them (name with version)."""

    answers: tuple[Answer, ...]
    by: str

    @property
    def best(self) -> Answer:
        """The answer with the highest probability."""
        return self.answers[0]


class Decider(Protocol):
    """Reads a batch of posts and answers its tasks for each: same order, one mapping per post."""

    @property
    def name(self) -> str:
        """Who answers, with a version that changes whenever answers may: kept as `decided_by`."""
        ...

    @property
    def tasks(self) -> frozenset[Task]: ...

    def decide(self, posts: Sequence[Heard]) -> Sequence[Mapping[Task, Ranking]]: ...


@dataclass(frozen=True, slots=True)
class Cascade:
    """Two deciders: `first` answers where it is sure, `second` takes the posts of which it is not.

    `sure` is the least probability, per task, at which the first one's answer stands. `second` must answer
    every task of `first`.
    """

    first: Decider
    second: Decider
    sure: Mapping[Task, float]

    def __post_init__(self) -> None:
        if missing := self.first.tasks - self.second.tasks:
            raise CatalogueError(f"{self.second.name} cannot take over from {self.first.name}: no {sorted(missing)}")

    @property
    def name(self) -> str:
        return f"{self.first.name}>{self.second.name}"

    @property
    def tasks(self) -> frozenset[Task]:
        return self.first.tasks

    def decide(self, posts: Sequence[Heard]) -> Sequence[Mapping[Task, Ranking]]:
        answered = [dict(x) for x in self.first.decide(posts)]
        unsure = [
            n for n, x in enumerate(answered) if any(r.best.p < self.sure.get(task, 0.0) for task, r in x.items())
        ]
        again = self.second.decide([posts[n] for n in unsure]) if unsure else ()
        for n, second in zip(unsure, again, strict=True):
            for task, ranking in answered[n].items():
                if ranking.best.p < self.sure.get(task, 0.0):
                    answered[n][task] = second[task]
        return answered
