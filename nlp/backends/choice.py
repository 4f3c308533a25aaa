"""Who answers which task: the table `[backends]` of a pipeline.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import CatalogueError
from nlp.deciders import RANKED, Task

LINEAR, ENCODER, TRANSFORMERS = "linear", "encoder", "transformers:"


@dataclass(frozen=True, slots=True)
class Backend:
    """Who answers a task; `labels` translate a checkpoint's labels into ours."""

    model: str
    labels: Mapping[str, str] = field(default_factory=dict)


def read_backends(path: Path) -> dict[Task, Backend]:
    """Return the backends that a pipeline.toml names; none where the file is not there.

    Raises:
        CatalogueError: it is no TOML, or names a task or a backend that there is not.
    """
    try:
        said = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
        return {Task(task): _backend(of) for task, of in said.get("backends", {}).items() if _ranked(task)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as cause:
        raise CatalogueError(f"{path}: [backends] cannot be read ({cause})") from cause


def _ranked(task: str) -> bool:
    if task not in RANKED:
        raise ValueError(f"{task!r} is none of {', '.join(RANKED)}")
    return True


def _backend(said: str | Mapping[str, object]) -> Backend:
    table = {"model": said} if isinstance(said, str) else said
    model, labels = table["model"], table.get("labels", {})
    if not isinstance(model, str) or not isinstance(labels, Mapping):
        raise TypeError("a backend is a string, or a table of model and labels")
    if model not in {LINEAR, ENCODER} and not (model.startswith(TRANSFORMERS) and len(model) > len(TRANSFORMERS)):
        raise ValueError(f'no backend {model!r}; there is "linear", "encoder", "transformers:<folder or name>"')
    return Backend(model, {str(theirs): str(ours) for theirs, ours in labels.items()})
