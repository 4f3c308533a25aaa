"""What an encoder's folder says of itself: `card.toml` beside `model.onnx` and `tokenizer.json`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from domain.errors import CatalogueError
from nlp.deciders import Task

CARD = "card.toml"


@dataclass(frozen=True, slots=True)
class HeadCard:
    """A head's labels in the order of its scores; probabilities are softmax(score / temperature)."""

    labels: tuple[str, ...]
    temperature: float


@dataclass(frozen=True, slots=True)
class Card:
    """Name with version, the tokens of a text that are read, and the heads by task."""

    name: str
    max_tokens: int
    heads: Mapping[Task, HeadCard]


def read_card(folder: Path) -> Card:
    """Read a folder's card.

    Raises:
        CatalogueError: it is absent, no TOML, or does not say what is needed.
    """
    path = folder / CARD
    try:
        said = tomllib.loads(path.read_text("utf-8"))
        heads = {
            Task(task): HeadCard(tuple(head["labels"]), float(head["temperature"]))
            for task, head in said["heads"].items()
        }
        card = Card(str(said["name"]), int(said["max_tokens"]), heads)
    except OSError as cause:
        raise CatalogueError(f"{path} cannot be read ({cause.strerror})") from cause
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise CatalogueError(f"{path} is no card of an encoder: {cause!r}") from cause
    if card.max_tokens < 1 or any(head.temperature <= 0 or not head.labels for head in heads.values()):
        raise CatalogueError(f"{path}: max_tokens and temperatures must be above 0, labels there")
    return card
