"""One spaCy pipeline that reads posts: `pipeline.toml` says in which order, each component what it gives and needs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Protocol, runtime_checkable

import spacy
from spacy.language import Language

from domain.errors import CatalogueError
from domain.regions import RegionProfile
from nlp.asking import register_deciders
from nlp.document import TOKENIZER, register
from nlp.reader import PostReader

MODES = ("fast",)  # which deciders answer intent, topic and sentiment: "fast" is the linear model


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
    read = tomllib.loads((files("nlp") / "pipeline.toml").read_text("utf-8"))
    names = tuple(read.get("components", ()))
    if not names or len(set(names)) != len(names):
        raise CatalogueError("nlp/pipeline.toml: `components` must name each component once")
    return names


def build_language(profiles: Mapping[str, RegionProfile]) -> Language:
    """Build the pipeline for these regions' names.

    Raises:
        CatalogueError: a component is missing, or needs what none before it gives.
    """
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
        language.add_pipe(name)
    for _, component in language.pipeline:
        if isinstance(component, KnowsRegions):
            component.prepare(profiles)
    return language


def build_reader(profiles: Mapping[str, RegionProfile], *, mode: str = "fast") -> PostReader:
    """Build the reader of posts for these regions.

    Raises:
        CatalogueError: an unknown mode, or a pipeline that does not hold together.
    """
    if mode not in MODES:
        raise CatalogueError(f"no reading mode {mode!r}; there is {', '.join(MODES)}")
    return PostReader(build_language(profiles))
