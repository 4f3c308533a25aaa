"""Labelled posts to learn from: the one form that every reader gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from domain.text.mask import mask
from domain.text.tokens import tokenize
from nlp.deciders import NO, YES, Heard

__all__ = ["NO", "YES", "Example", "distinct", "heard"]

_LABELS = ("intent", "topic", "sentiment", "urgency", "oversight", "abuse", "accused")


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
    urgency: str | None = None
    oversight: str | None = None  # YES or NO: whether somebody in office is accused
    abuse: str | None = None  # YES or NO
    accused: str | None = None  # who, where the text accuses and tells

    def label(self, task: str) -> str | None:
        """The label of a task, None where this text does not tell."""
        label: str | None = getattr(self, task)
        return label


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
        known = first.setdefault(key, example)
        labels: dict[str, Any] = {name: known.label(name) or example.label(name) for name in _LABELS}
        first[key] = replace(known, **labels)
    return list(first.values())
