"""What every room's tests share: one PostgreSQL for the whole session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
