"""A server and a news site for every test here; each kind is asked at the door it would be given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import NewsSite, Server, serving

DOORS = {"rss": "/feed/", "wordpress": "/", "sitemap": "/"}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def site(server: Server) -> NewsSite:
    """Six articles of the last six days."""
    made = NewsSite(server)
    for number in range(1, 7):
        made.tell(number, NOW - timedelta(days=7 - number))
    return made


@pytest.fixture(params=DOORS)
def listener(request: pytest.FixtureRequest, site: NewsSite) -> Listener:
    """A source of each kind on the same site."""
    return Listener(request.param, site.url + DOORS[request.param])
