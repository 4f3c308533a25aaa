"""The engines that the contract is held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from domain.ports import PostIndex
from indexer.elasticsearch import open_index as open_elastic
from indexer.sqlite import open_index as open_sqlite
from tests.services.elasticsearch import Cluster


def _sqlite(request: pytest.FixtureRequest) -> PostIndex:
    folders: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    folder: Path = folders.mktemp("index")
    return open_sqlite(folder)


def _elasticsearch(request: pytest.FixtureRequest) -> PostIndex:
    cluster: Cluster = request.getfixturevalue("elasticsearch")
    return open_elastic(cluster.new_url())


# engine -> opens an empty index; skips, or fails when required, where the engine cannot be had here
ENGINES: dict[str, Callable[[pytest.FixtureRequest], PostIndex]] = {"elasticsearch": _elasticsearch, "sqlite": _sqlite}


FEWER = 6  # times: a cluster takes a tenth of a second to be emptied; the examples are others in every run


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Try fewer random examples on an engine behind a socket."""
    test = item.obj if isinstance(item, pytest.Function) else None
    plain: settings | None = getattr(test, "_hypothesis_internal_use_settings", None)
    if plain is None or "elasticsearch" not in item.name:
        yield
        return
    test._hypothesis_internal_use_settings = settings(plain, max_examples=max(plain.max_examples // FEWER, 10))
    yield
    test._hypothesis_internal_use_settings = plain


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> Iterator[PostIndex]:
    """One index for a module; Hypothesis examples empty it themselves."""
    name: str = request.param
    index = ENGINES[name](request)
    yield index
    index.clear()
    index.close()


@pytest.fixture
def index(engine: PostIndex) -> PostIndex:
    """An empty index."""
    engine.clear()
    return engine
