"""A server and a news site for every test here; each kind is asked at the door it would be given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.contracts.sources.graph_double import GraphDouble
from tests.contracts.sources.own_pages_scene import PLATFORMS, Platform, told_on
from tests.contracts.sources.ports import NOW, Listener
from tests.contracts.sources.site import NewsSite, Server, serving
from tests.contracts.sources.x_double import XDouble
from tests.contracts.sources.x_scene import listening as search
from tests.contracts.sources.youtube_double import Film, Tube
from tests.contracts.sources.youtube_scene import DAY, HOUR, listening

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


@pytest.fixture
def tube(server: Server) -> Tube:
    return Tube(server)


@pytest.fixture
def film(tube: Tube) -> Film:
    """A video of yesterday with three comments, one of them answered."""
    made = tube.film("Jalan Gerung–Kuripan rusak", NOW - DAY, "Liputan di lapangan.\nBagian pertama.")
    first = tube.say(made, "Kapan diperbaiki?\nSudah setahun.", NOW - 20 * HOUR)
    tube.reply(first, "Kata PUPR bulan depan", NOW - 19 * HOUR)
    tube.say(made, "Di Kuripan juga berlubang", NOW - 10 * HOUR)
    tube.say(made, "Terima kasih liputannya", NOW - 5 * HOUR)
    return made


@pytest.fixture
def channel(tube: Tube) -> Listener:
    return listening(tube)


@pytest.fixture
def x(server: Server) -> XDouble:
    """Six posts of the last six hours."""
    made = XDouble(server, now=NOW)
    for number in range(1, 7):
        made.say(NOW - timedelta(hours=7 - number), number=number)
    return made


@pytest.fixture
def searching(x: XDouble, server: Server) -> Listener:
    return search(server)


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> Platform:
    """Each Graph platform on which a center has pages of its own."""
    return PLATFORMS[request.param]


@pytest.fixture
def page(platform: Platform, server: Server) -> GraphDouble:
    """A page of one's own on that platform."""
    return told_on(platform, server)


@pytest.fixture
def own_page(platform: Platform, page: GraphDouble, server: Server) -> Listener:
    """Who listens to that page."""
    return Listener(platform.kind, platform.url, root=server.url, key="EAAB-kunci")
