"""The seam between a component and whatever answers its question: linear model, encoder, both, a site's own model.

A decider answers several tasks at once, so that a model with several heads reads each post once. Components
(intent, topic, sentiment) pick their task's `Ranking` and write down who answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from domain.reading import Span
from domain.text.tokens import Token
from domain.vectors import Vector


class Task(StrEnum):
    """A question that a decider can answer about a post. The values name labels and weight blocks."""

    INTENT = "intent"
    TOPIC = "topic"
    SENTIMENT = "sentiment"
    URGENCY = "urgency"
    OVERSIGHT = "oversight"
    ABUSE = "abuse"


RANKED = (Task.INTENT, Task.TOPIC, Task.SENTIMENT)  # answered by a decider; rules answer the others and may look at it
YES, NO = "ya", "tidak"  # labels of the tasks that ask whether


@dataclass(frozen=True, slots=True)
class Encoding:
    """What the encoder says of one post: `vector` is where it stands in meaning, `p` are calibrated probabilities.

    `p` holds every label of each task that the encoder has a head for. They are the encoder's own, mixed with nothing.
    A component that decides by rules reads them as one more sign, and does without where a post has no encoding;
    `share` is what they count beside the linear decider's, by task: 0 to 1, fitted with the cascade.
    """

    by: str
    vector: Vector
    p: Mapping[Task, Mapping[str, float]]
    share: Mapping[Task, float] = field(default_factory=dict)

    def yes(self, task: Task) -> float | None:
        """The probability of "ya" for OVERSIGHT or ABUSE; None where the encoder has no such head."""
        answers = self.p.get(task)
        return None if answers is None else answers[YES]


@dataclass(frozen=True, slots=True)
class Heard:
    """One post as a decider gets it: the masked words (`RawPost.words`) and their tokens.

    `address` are the tokens of the place that the sender named beside the words (`Hints.place`), where there is one;
    `encoding` is what the encoder said of the post, where it was asked already.
    """

    words: str
    tokens: Sequence[Token]
    address: Sequence[Token] = ()
    encoding: Encoding | None = None


class Answer(NamedTuple):
    """A label with its calibrated probability; `evidence` are the words that spoke for it, in reading order.

    A named tuple, because a frozen dataclass costs three times as much to make, and a post has a dozen.
    """

    label: str
    p: float
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answers of one task, best first and never empty, and who gave them (name with version).

    `shares` are the probabilities of all labels in the decider's own order, where it tells: for mixing, not for people.
    """

    answers: tuple[Answer, ...]
    by: str
    shares: npt.NDArray[np.floating] | None = field(default=None, compare=False, repr=False)

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
