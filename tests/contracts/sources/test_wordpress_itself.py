"""A real WordPress, crawled into the real store: posts and comments, twice, edited, commented, its REST door shut."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.kinds import CrawlJob, load_kinds
from crawlers.running import Crawling
from domain.ids import post_id
from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceSpec
from domain.posts import IntakeReport
from store import KeyRing, Store, open_store
from tests.services.wordpress import Site, running

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def blog() -> Iterator[Site]:
    with running() as site:
        yield site


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(
        f"sqlite:///{tmp_path / 'truth.sqlite'}", keys=KeyRing.open(tmp_path / "keys", create=True), create=True
    )
    yield opened
    opened.close()


def crawl(store: Store, site: Site, *, since: datetime | None = None) -> CrawlOutcome:
    spec = SourceSpec(key="kabar-uji", name="Kabar Uji", kind="wordpress", url=site.url, regions=("lombok-barat",))
    if spec not in store.sources.specs():
        store.sources.add(spec)
    job = CrawlJob(spec, store.sources.memory(spec.key), datetime.now(UTC), since)
    return Crawling(load_kinds(), store.intake, store.sources, "Jaring/uji (+uji@example.org)").run([job])[0]


def ago(**distance: int) -> str:
    return (datetime.now(UTC) - timedelta(**distance)).strftime("%Y-%m-%d %H:%M:%S")


def test_a_wordpress_is_followed_through_its_life(blog: Site, store: Store) -> None:
    posts = [
        blog.add_post(
            f"Jalan rusak {number}",
            f"<p>GERUNG &#8211; Warga mengeluh &amp; menunggu, {number}.</p>",
            ago(hours=9 - number),
        )
        for number in range(1, 6)
    ]
    comment = blog.add_comment(posts[0], "Amaq Uji", "Lampu jalan juga mati, hubungi 081234567890", ago(hours=2))

    assert crawl(store, blog).report == IntakeReport(added=6)
    again = crawl(store, blog)
    assert (again.state, again.report.added, again.report.revised) == (SourceState.UNCHANGED, 0, 0)

    blog.edit_post(posts[0], "<p>GERUNG - Jalan itu sudah diperbaiki.</p>")
    assert crawl(store, blog).report.revised == 1

    blog.add_comment(posts[1], "Inaq Uji", "Terima kasih", ago(minutes=1))
    assert crawl(store, blog).report.added == 1

    host = blog.url.removeprefix("http://")
    assert store.sources.knows([post_id(f"comment:{host}", str(comment))])

    blog.shut_rest()
    shut = crawl(store, blog)
    assert (shut.state, shut.report.added, shut.report.revised) == (SourceState.UNCHANGED, 0, 0)
    blog.add_post("Air bersih mati", "<p>Sudah tiga hari air tidak mengalir.</p>", ago(seconds=5))
    assert crawl(store, blog).report.added == 1

    blog.shut_rest(shut=False)
    walked = crawl(store, blog, since=datetime.now(UTC) - timedelta(days=30))
    assert (walked.report.added, walked.report.revised) == (0, 0)
    assert store.counts().posts == 8
