"""What pages weigh: HTML as it is sent, which is never packed, and the styles and scripts it names, packed as they are.

A chart does not count: its drawing (`svg`) and the table that says the same (`details.behind`) are data, not page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from domain.scope import Scope
from store.triage import TriageQuery
from tests.api.installation import PASSWORD, installed
from tests.api.serving import logged_in, served
from tests.api.told import POSTS, REGION
from tests.pages.everything import PAGES, Furnished, furnish
from tests.pages.test_morning import overnight

LIMIT = 60_000
CHART = re.compile(r'<svg.*?</svg>|<details class="behind">.*?</details>', re.DOTALL)
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')
LONG = ("/meja", "/tiket", "/tiket?lihat=semua&urut=terbaru", "/cari?hari=0", "/cari?q=jalan+OR+air&hari=0&lipat=0")


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """An installation whose lists are full: more stories, tickets and hits than a page holds."""
    home = tmp_path_factory.mktemp("penuh")
    with installed(home, more=70, told=(*POSTS, *overnight())) as place, served(place.app) as address:
        furnish(place)
        yield Furnished(place, address)


def weight(client: httpx.Client, path: str, seen: dict[str, int]) -> int:
    """Bytes of a page without its charts."""
    page = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert page.headers.get("content-encoding") is None
    total = len(CHART.sub("", page.text).encode())
    for asset in set(ASSET.findall(page.text)):
        if asset not in seen:
            seen[asset] = int(client.get(asset, headers={"Accept-Encoding": "gzip"}).headers["content-length"])
        total += seen[asset]
    return total


@pytest.mark.parametrize("user", list(PAGES))
def test_no_page_is_heavy_however_much_there_is_to_show(crowded: Furnished, user: str) -> None:
    everything = Scope(frozenset({REGION}), may_oversee=True)
    waiting = crowded.place.store.triage.queue(
        TriageQuery(view="semua"), everything, me="admin", now=crowded.place.clock()
    )
    assert waiting.total >= 30
    seen: dict[str, int] = {}
    with logged_in(crowded.address, user, PASSWORD) as client:
        paths = dict.fromkeys((*PAGES[user], *(LONG if user == "admin" else LONG[1:])))
        heavy = {path: found for path in paths if (found := weight(client, path, seen)) > LIMIT}
    assert heavy == {}


def test_what_draws_charts_is_loaded_where_a_chart_is_and_kept_by_the_browser(crowded: Furnished) -> None:
    with logged_in(crowded.address, "admin", PASSWORD) as client:
        for path in PAGES["admin"]:
            names = {one.rpartition("/")[2].partition(".")[0] for one in ASSET.findall(client.get(path).text)}
            assert ("tren" in names) == path.startswith("/tren"), path
        for asset in ASSET.findall(client.get("/tren").text):
            assert client.get(asset).headers["cache-control"] == "public, max-age=31536000, immutable"
