"""The whole line under `kill -9` of the crawl: a site of several pages, the crawl killed again and again among them.

At the end every article and every comment is one post, with its words as they stand on the site.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import KeyRing, open_store
from tests.contracts.sources.site import Got, NewsSite, Reply, serving
from tests.line.processes import Line

ARTICLES, COMMENTS = 240, 60  # several transactions of the intake
PER_PAGE = 20  # fifteen pages
SOURCE = "kabar-uji"
SLOTS = {
    "crawl": ("crawl", SOURCE, "--since", "2026-01-01", "--json"),
    "nlp": ("run", "nlp"),
    "desk": ("run", "desk"),
    "indexer": ("run", "indexer"),
}
KILLS = 8
BEGIN_SECONDS = 30  # how long a crawl may take to ask for its first page on a busy machine
PAGE_SECONDS = 0.08  # the site takes its time, so that kills fall among its pages


@pytest.fixture
def site() -> Iterator[NewsSite]:
    with serving() as server:
        made = NewsSite(server, page=PER_PAGE)
        now = datetime.now(UTC)
        for number in range(1, ARTICLES + 1):
            story = made.tell(number, now - timedelta(hours=number), words("Jalan", number))
            if number <= COMMENTS:
                made.remark(number, story, words("Lampu", number), now - timedelta(minutes=number))

        def slowly(got: Got) -> Reply | None:
            if got.path.startswith("/wp-json/"):
                time.sleep(PAGE_SECONDS)
            return None

        server.routes.insert(0, slowly)
        yield made


def words(what: str, number: int) -> str:
    return f"{what} di Desa Telagawaru, Kecamatan Labuapi, Lombok Barat rusak sejak lama, nomor {number}."


@pytest.fixture(params=["sqlite", "postgresql"])
def line(request: pytest.FixtureRequest, tmp_path: Path, site: NewsSite) -> Iterator[Line]:
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else None
    overlay = tmp_path / "home" / "regions" / "lombok-barat"
    overlay.mkdir(parents=True)
    overlay.joinpath("sources.toml").write_text(
        f'[[source]]\nkey = "{SOURCE}"\nname = "Kabar Uji"\nkind = "wordpress"\nurl = "{site.url}/"\n'
    )
    opened = Line(tmp_path / "home", url, SLOTS)
    yield opened
    opened.stop()


def wait_for_pages(site: NewsSite, pages: int) -> None:
    """Wait until the crawl has asked for so many pages more, or ended before."""
    asked = len(site.server.got)
    deadline = time.monotonic() + BEGIN_SECONDS
    while len(site.server.got) < asked + pages and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(site.server.got) >= asked + pages


def texts_of_truth(line: Line) -> list[str]:
    """The words of every case, from the database itself."""
    url = line.env.get("JARING_DATABASE_URL") or f"sqlite:///{line.home / 'jaring.sqlite'}"
    store = open_store(url, keys=KeyRing.open(line.home / "keys"))
    try:
        return sorted(document.text for document in store.cases.everything())
    finally:
        store.close()


@pytest.mark.slow
def test_a_crawl_killed_at_any_moment_brings_every_post_and_comment_once(line: Line, site: NewsSite) -> None:
    chance = random.Random(11)
    line.run("setup")
    for slot in SLOTS:
        line.start(slot)
    for _ in range(KILLS):
        wait_for_pages(site, chance.randint(1, 12))
        time.sleep(chance.uniform(0, PAGE_SECONDS))
        line.kill("crawl")
        line.start("crawl")
    line.running.pop("crawl").wait(timeout=60)
    (again,) = json.loads(line.run(*SLOTS["crawl"]))
    assert (again["added"], again["revised"], again["quarantined"]) == (0, 0, 0)

    line.assert_whole(ARTICLES + COMMENTS)
    assert texts_of_truth(line) == sorted([one.text for one in site.stories] + [one.text for one in site.remarks])
