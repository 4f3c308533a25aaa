"""Every promise of the store is tested on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from store import KeyRing, Store, open_store
from store.migrations import upgrade
from tests.services.postgresql import Server
from tests.store.line import Clock

Opener = Callable[[], Store]


@pytest.fixture(scope="session")
def migrated(postgresql: Server) -> str:
    """A database with today's schema, to copy."""
    name = postgresql.new_database()
    upgrade(postgresql.url(name))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty truth with today's schema."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'truth.sqlite'}"
        return
    server: Server = request.getfixturevalue("postgresql")
    name = server.new_database(template=request.getfixturevalue("migrated"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing.open(tmp_path / "keys", create=True)


@pytest.fixture
def opener(url: str, keys: KeyRing, clock: Clock) -> Iterator[Opener]:
    """Opens the same truth again and again, as other processes would."""
    opened: list[Store] = []

    def open_one() -> Store:
        cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
        opened.append(open_store(url, keys=keys, create=True, clock=clock, chance=Random(1), hasher=cheap))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(opener: Opener) -> Store:
    return opener()
