"""Installations for tests of the API: one that nobody changes, and a fresh one for tests that do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.installation import PASSWORD, Installation, installed
from tests.api.serving import logged_in, served

Caller = Callable[..., httpx.Client]


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that is only read."""
    with installed(tmp_path_factory.mktemp("tenang")) as place:
        yield place


@pytest.fixture(scope="session")
def quiet_address(quiet: Installation) -> Iterator[str]:
    """Where the read-only installation is served."""
    with served(quiet.app) as address:
        yield address


@pytest.fixture(scope="session")
def reads(quiet: Installation, quiet_address: str) -> Iterator[Caller]:
    """Makes clients of the read-only installation, with a token of a person."""
    clients: list[httpx.Client] = []

    def client(user: str = "ratna", scope: str = "read") -> httpx.Client:
        headers = {"Authorization": f"Bearer {quiet.token(user, scope)}"}
        clients.append(httpx.Client(base_url=f"{quiet_address}/api/v1", headers=headers))
        return clients[-1]

    yield client
    for one in clients:
        one.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    """A fresh installation with few posts."""
    with installed(tmp_path, more=0) as fresh:
        yield fresh


@pytest.fixture
def address(place: Installation) -> Iterator[str]:
    """Where the fresh installation is served."""
    with served(place.app) as where:
        yield where


@pytest.fixture
def calls(place: Installation, address: str) -> Iterator[Caller]:
    """Makes clients of the fresh installation, with a token of a person."""
    clients: list[httpx.Client] = []

    def client(user: str = "ratna", scope: str = "write") -> httpx.Client:
        headers = {"Authorization": f"Bearer {place.token(user, scope)}"}
        clients.append(httpx.Client(base_url=f"{address}/api/v1", headers=headers))
        return clients[-1]

    yield client
    for one in clients:
        one.close()


@pytest.fixture
def ratna(place: Installation, address: str) -> Iterator[httpx.Client]:
    with logged_in(address, "ratna", PASSWORD) as client:
        yield client


@pytest.fixture
def looks(quiet_address: str) -> Iterator[httpx.Client]:
    """Somebody who saves nothing, on the installation that is only read."""
    with logged_in(quiet_address, "ratna", PASSWORD) as client:
        yield client
