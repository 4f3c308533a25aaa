"""One spaCy pipeline that reads posts: `pipeline.toml` says in which order, each component what it gives and needs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import spacy
from spacy.language import Language

from domain.errors import CatalogueError
from domain.regions import RegionProfile
from nlp.asking import BATCH, CASCADE, ENCODER, FAST, TRANSFORMERS, register_deciders
from nlp.backends.choice import ENCODER as BY_ENCODER
from nlp.backends.choice import LINEAR, Backend, read_backends
from nlp.backends.choice import TRANSFORMERS as BY_TRANSFORMERS
from nlp.components.encoder import WINDOW
from nlp.deciders import RANKED, Task
from nlp.document import TOKENIZER, register
from nlp.reader import PostReader

FILE = "pipeline.toml"
WEIGHTS = Path(__file__).parent / "weights"


class Mode(StrEnum):
    """Who answers intent, topic and sentiment: the linear decider, the encoder where that one is unsure, or both."""

    FAST = "fast"
    CASCADE = "cascade"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Choices:
    """How posts are read, beside the regions.

    `meaning` has every post encoded, so that each has its vector; `threads` are the encoder's, 0 for one a processor;
    `site` is a pipeline.toml whose `[backends]` stand over the package's; `weights` a folder with `encoder/` and
    `cascade.toml`.
    """

    mode: Mode = Mode.FAST
    meaning: bool = False
    threads: int = 0
    site: Path | None = None
    weights: Path = WEIGHTS


@runtime_checkable
class KnowsRegions(Protocol):
    """A component that looks for the names of regions."""

    def prepare(self, profiles: Mapping[str, RegionProfile]) -> None:
        """Look for these regions' names from now on."""
        ...


@cache
def component_names() -> tuple[str, ...]:
    """Return the components of the pipeline in order.

    Raises:
        CatalogueError: the file names one twice, or none.
    """
    read = tomllib.loads((files("nlp") / FILE).read_text("utf-8"))
    names = tuple(read.get("components", ()))
    if not names or len(set(names)) != len(names):
        raise CatalogueError("nlp/pipeline.toml: `components` must name each component once")
    return names


def build_language(profiles: Mapping[str, RegionProfile], choices: Choices | None = None) -> Language:
    """Build the pipeline for these regions' names.

    Raises:
        CatalogueError: a component is missing, or needs what none before it gives; a model that is to answer cannot be
            loaded.
    """
    configs = _configs(choices or Choices())
    register()
    register_deciders()
    language = spacy.blank("id", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
    for name in component_names():
        try:
            import_module(f"nlp.components.{name}")
        except ModuleNotFoundError as cause:
            raise CatalogueError(
                f"nlp/pipeline.toml names {name!r}, but nlp/components/{name}.py is not there"
            ) from cause
        language.add_pipe(name, config=configs.get(name, {}))
    for _, component in language.pipeline:
        if isinstance(component, KnowsRegions):
            component.prepare(profiles)
    return language


def build_reader(profiles: Mapping[str, RegionProfile], choices: Choices | None = None) -> PostReader:
    """Build the reader of posts for these regions.

    Raises:
        CatalogueError: a pipeline that does not hold together, or lacks a model that the choices need.
    """
    encodes = choices is not None and choices.mode is not Mode.FAST
    return PostReader(build_language(profiles, choices), batch=WINDOW if encodes else BATCH)


def _configs(choices: Choices) -> dict[str, dict[str, Any]]:
    """What spaCy is told of the components that somebody must answer for."""
    if choices.mode is Mode.FAST:
        if choices.meaning:
            raise CatalogueError("Search by meaning needs the encoder: read with mode cascade or best")
        return {}
    chosen = read_backends(Path(str(files("nlp") / FILE)))
    if choices.site is not None:
        chosen |= read_backends(choices.site)
    models = {"weights": str(choices.weights), "threads": choices.threads}
    asked = any(backend.model == BY_ENCODER for backend in chosen.values())
    cascade = {
        "@misc": CASCADE,
        **models,
        "doubts": " ".join(task for task in Task if task not in chosen),
        "everything": choices.mode is Mode.BEST or choices.meaning or asked,
    }
    deciders = {task.value: cascade if task not in chosen else _decider(task, chosen[task], models) for task in RANKED}
    return {"encoder": {"cascade": cascade}, **{task: {"decider": decider} for task, decider in deciders.items()}}


def _decider(task: Task, backend: Backend, models: Mapping[str, Any]) -> dict[str, Any]:
    if backend.model == LINEAR:
        return {"@misc": FAST}
    if backend.model == BY_ENCODER:
        return {"@misc": ENCODER, **models}
    model = backend.model.removeprefix(BY_TRANSFORMERS)
    return {"@misc": TRANSFORMERS, "task": task.value, "model": model, "labels": dict(backend.labels)}
