"""A stand-in for Kibana, and the door to it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from indexer.kibana.door import Kibana, read_address
from indexer.kibana.views import Aliases
from tests.indexer.kibana.double import PASSWORD, USER, Double, running

ALIASES = Aliases.of("posts")


@pytest.fixture
def double() -> Iterator[Double]:
    with running() as one:
        yield one


@pytest.fixture
def url(double: Double) -> str:
    """The address with the account, as JARING_KIBANA_URL takes it."""
    return double.url.replace("http://", f"http://{USER}:{quote(PASSWORD, safe='')}@")


@pytest.fixture
def kibana(url: str) -> Kibana:
    return Kibana(read_address(url))
