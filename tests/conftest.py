"""What every room's tests share: one PostgreSQL and one Elasticsearch for the whole session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services import elasticsearch as elastic
from tests.services.postgresql import Server, running


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql: Server) -> Iterator[str]:
    """The address of an empty database, dropped afterwards."""
    name = postgresql.new_database()
    yield postgresql.url(name)
    postgresql.drop(name)


@pytest.fixture(scope="session")
def elasticsearch() -> Iterator[elastic.Cluster]:
    with elastic.running() as cluster:
        yield cluster


@pytest.fixture
def elasticsearch_url(elasticsearch: elastic.Cluster) -> str:
    """The address of an index of its own; it goes with the node."""
    return elasticsearch.new_url()
