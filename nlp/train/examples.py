"""Labelled posts to learn from: the one form that every reader gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.text.mask import mask
from domain.text.tokens import tokenize
from nlp.deciders import Heard, Task


@dataclass(frozen=True, slots=True)
class Example:
    """A text with what is known of it. `weight` says how much one such text counts against a seed's 1."""

    words: str
    source: str
    intent: str | None = None
    topic: str | None = None
    sentiment: str | None = None
    weight: float = 1.0
    group: str = ""  # texts of a group are variants of one: learnt from together or not at all

    def label(self, task: Task) -> str | None:
        """The label of a task, None where this text does not tell."""
        return {Task.INTENT: self.intent, Task.TOPIC: self.topic, Task.SENTIMENT: self.sentiment}[task]


def heard(examples: Iterable[Example]) -> list[Heard]:
    """Mask and tokenise texts as intake and the pipeline do, so that training sees what running will."""
    result = []
    for example in examples:
        words = mask(example.words).text
        result.append(Heard(words, tokenize(words)))
    return result


def distinct(examples: Iterable[Example]) -> list[Example]:
    """Drop texts that stand twice, whatever their case and spacing; labels of the copies fill gaps of the first."""
    first: dict[str, Example] = {}
    for example in examples:
        key = " ".join(example.words.lower().split())
        known = first.get(key)
        first[key] = (
            example
            if known is None
            else replace(
                known,
                intent=known.intent or example.intent,
                topic=known.topic or example.topic,
                sentiment=known.sentiment or example.sentiment,
            )
        )
    return list(first.values())
