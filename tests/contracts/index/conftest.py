"""The engines that the contract is held against."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.ports import PostIndex
from indexer.sqlite import open_index

# engine -> opens an empty index in a folder, or None where the engine cannot be had here
ENGINES: dict[str, Callable[[Path], PostIndex | None]] = {"sqlite": open_index}


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostIndex]:
    """One index for a module; Hypothesis examples empty it themselves."""
    name: str = request.param
    index = ENGINES[name](tmp_path_factory.mktemp("index"))
    if index is None:
        if name in os.environ.get("REQUIRE_BACKENDS", "").split(","):
            pytest.fail(f"{name} is required by REQUIRE_BACKENDS and does not answer")
        pytest.skip(f"{name} does not answer")
    yield index
    index.close()


@pytest.fixture
def index(engine: PostIndex) -> PostIndex:
    """An empty index."""
    engine.clear()
    return engine
