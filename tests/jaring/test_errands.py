"""What people ask for on a page is really done by the crawlers' room: proofs, moves and gaps filled."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import wait
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.labels import SourceState
from domain.ports import SourceSpec
from jaring.schedule import Schedule
from jaring.settings import Settings
from jaring.wiring import Hall
from store.errands import Errand, ErrandKind, ErrandState
from tests.contracts.sources.site import NewsSite, Reply, Server, serving

REGION = "lombok-barat"
FEED = '<rss version="2.0"><channel><title>Kabar {name} &amp; Desa</title>{items}</channel></rss>'
ITEM = "<item><title>Jalan rusak {n} hp 081917222333</title><link>{url}/baca/{n}</link></item>"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def site(server: Server) -> NewsSite:
    made = NewsSite(server)
    for number in range(1, 8):
        made.tell(number, datetime.now(UTC) - timedelta(hours=8 - number))
    return made


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """An installation whose own sources are paused: nothing leaves this machine."""
    opened = Hall(Settings(home=tmp_path, regions=(REGION,), contact="uji@contoh.id"))
    opened.store.sources.sync(opened.source_specs)
    for spec in opened.store.sources.specs():
        opened.store.sources.pause(spec.key)
    yield opened
    opened.close()


@pytest.fixture
def schedule(hall: Hall) -> Iterator[Schedule]:
    running = Schedule(hall)
    yield running
    running.end()


def ask(hall: Hall, kind: ErrandKind, url: str | None = None, **more: object) -> int:
    now = datetime.now(UTC)
    return hall.store.errands.ask(kind, by="ratna", now=now, url=url, region=REGION, **more)  # type: ignore[arg-type]


def done(hall: Hall, schedule: Schedule, number: int) -> Errand:
    """Take turns until an errand has its outcome."""
    while (errand := hall.store.errands.get(number)).is_open:
        schedule.turn(datetime.now(UTC))
        wait([future for _, _, future in schedule._errands._running.values()])
    return errand


def feed(server: Server, path: str, name: str) -> str:
    items = "".join(ITEM.format(n=n, url=server.url) for n in range(7))
    body = FEED.format(name=name, items=items)
    server.always(path, Reply(body, headers={"Content-Type": "application/rss+xml"}))
    return server.url + path


def test_an_address_is_proven_with_five_posts_and_nothing_is_stored(
    hall: Hall, schedule: Schedule, server: Server
) -> None:
    errand = done(hall, schedule, ask(hall, ErrandKind.ADD, feed(server, "/umpan", "Lobar"), inside=True))
    assert errand.state is ErrandState.PROVEN
    assert (errand.found["spec"]["name"], errand.found["spec"]["kind"]) == ("Kabar Lobar & Desa", "rss")
    assert [post["title"] for post in errand.found["posts"]] == [f"Jalan rusak {n} hp [telepon]" for n in range(5)]
    assert hall.store.counts().posts == 0
    assert errand.found["spec"]["key"] not in {spec.key for spec in hall.store.sources.specs()}


def test_an_address_in_a_private_network_is_not_asked_for_those_who_may_not(
    hall: Hall, schedule: Schedule, server: Server
) -> None:
    errand = done(hall, schedule, ask(hall, ErrandKind.ADD, feed(server, "/umpan", "Lobar")))
    assert errand.state is ErrandState.FAILED
    assert "jaringan dalam" in (errand.message or "")
    assert server.got == []


@pytest.mark.parametrize("status", [500, 404])
def test_an_address_that_fails_is_no_source_whatever_robots_names(
    hall: Hall, schedule: Schedule, site: NewsSite, server: Server, status: int
) -> None:
    server.always("/rusak", Reply("<html>rusak</html>", status))
    server.always("/robots.txt", Reply(f"Sitemap: {server.url}/sitemap.xml", headers={"Content-Type": "text/plain"}))
    errand = done(hall, schedule, ask(hall, ErrandKind.ADD, f"{server.url}/rusak", inside=True))
    assert errand.state is ErrandState.FAILED
    assert f"HTTP {status}" in (errand.message or "")


def test_the_same_sitemap_by_another_address_is_the_same_source(
    hall: Hall, schedule: Schedule, site: NewsSite, server: Server
) -> None:
    server.always("/", Reply("<html><head><title>Kabar</title></head></html>"))
    server.always("/wp-json/wp/v2/posts", Reply("tidak ada", 404))
    first = done(hall, schedule, ask(hall, ErrandKind.ADD, server.url + "/", inside=True))
    assert (first.state, first.found["spec"]["kind"]) == (ErrandState.PROVEN, "sitemap")
    spec = SourceSpec(**{**first.found["spec"], "regions": (REGION,)})
    hall.store.errands.adopt(first.id, spec, "ratna", datetime.now(UTC))
    for address in (server.url, server.url + "/sitemap-news.xml", server.url.replace("http://", "HTTP://") + "//"):
        again = done(hall, schedule, ask(hall, ErrandKind.ADD, address, inside=True))
        assert again.state is ErrandState.FAILED, address
        assert spec.key in (again.message or ""), address


def test_a_source_is_moved_only_to_an_address_that_gives_posts(hall: Hall, schedule: Schedule, server: Server) -> None:
    old = SourceSpec("kabar", "Kabar", "rss", feed(server, "/lama", "Lama"), (REGION,), added_by="ratna")
    hall.store.sources.add(old)
    server.always("/kosong", Reply("<html>bukan umpan</html>"))
    failed = done(hall, schedule, ask(hall, ErrandKind.MOVE, server.url + "/kosong", source="kabar", inside=True))
    assert failed.state is ErrandState.FAILED
    same = done(hall, schedule, ask(hall, ErrandKind.MOVE, old.url, source="kabar", inside=True))
    assert "sudah dipakai sumber ini" in (same.message or "")
    moved = done(hall, schedule, ask(hall, ErrandKind.MOVE, feed(server, "/baru", "Baru"), source="kabar", inside=True))
    assert moved.state is ErrandState.PROVEN
    assert (moved.found["spec"]["key"], moved.found["spec"]["url"]) == ("kabar", f"{server.url}/baru")
    assert hall.store.sources.get("kabar")[0].url == old.url


def test_a_gap_is_filled_by_a_real_crawl_back_to_the_day(
    hall: Hall, schedule: Schedule, site: NewsSite, server: Server
) -> None:
    for number in range(20, 30):
        site.tell(number, datetime.now(UTC) - timedelta(days=number))
    hall.store.sources.add(SourceSpec("kabar", "Kabar", "wordpress", site.url + "/", (REGION,), added_by="ratna"))
    hall.store.sources.pause("kabar")  # filling a gap is asked for by hand: it waits for no schedule
    since = datetime.now(UTC) - timedelta(days=25, hours=1)
    errand = done(hall, schedule, ask(hall, ErrandKind.REFILL, source="kabar", since=since))
    assert (errand.state, errand.found["added"]) == (ErrandState.DONE, 13)
    assert hall.store.counts().posts == 13
    assert hall.store.sources.memory("kabar").state is SourceState.OK
    assert errand.ended_at is not None


def test_a_gap_of_a_site_that_is_down_says_so(hall: Hall, schedule: Schedule, server: Server) -> None:
    hall.store.sources.add(SourceSpec("kabar", "Kabar", "rss", server.url + "/umpan", (REGION,), added_by="ratna"))
    hall.store.sources.pause("kabar")
    errand = done(hall, schedule, ask(hall, ErrandKind.REFILL, source="kabar", since=datetime.now(UTC)))
    assert errand.state is ErrandState.FAILED
    assert "HTTP 404" in (errand.message or "")


PAID = SourceSpec("cari-lobar", "Cari", "x", "https://x.com/search?q=lobar", (REGION,), enabled=False, added_by="ratna")


def test_nothing_is_asked_of_what_costs_before_somebody_agrees(hall: Hall, schedule: Schedule) -> None:
    hall.store.sources.add(PAID)
    hall.store.sources.pause(PAID.key)
    errand = done(hall, schedule, ask(hall, ErrandKind.REFILL, source=PAID.key, since=datetime.now(UTC)))
    assert (errand.state, "harganya disetujui" in (errand.message or "")) == (ErrandState.FAILED, True)


def test_a_free_source_is_not_moved_to_where_it_costs_nor_back(hall: Hall, schedule: Schedule, server: Server) -> None:
    hall.store.sources.add(PAID)
    hall.store.sources.add(SourceSpec("kabar", "K", "rss", feed(server, "/a", "A"), (REGION,), added_by="ratna"))
    for key, address in (("kabar", "https://x.com/search?q=gerung"), (PAID.key, feed(server, "/b", "B"))):
        errand = done(hall, schedule, ask(hall, ErrandKind.MOVE, address, source=key, inside=True))
        assert (errand.state, "sumber baru" in (errand.message or "")) == (ErrandState.FAILED, True)


def test_a_password_goes_to_no_mail_server_that_an_admin_did_not_name(
    hall: Hall, schedule: Schedule, server: Server
) -> None:
    hall.store.credentials.put("imap", "sandi-kotak-surel", "admin", datetime.now(UTC))
    address = f"{server.url.replace('http://', 'imap://aduan@')}/INBOX"
    hall.store.sources.add(SourceSpec("surel", "S", "imap", address, (REGION,), added_by="admin"))
    for kind, source in ((ErrandKind.ADD, None), (ErrandKind.MOVE, "surel")):
        other = done(hall, schedule, ask(hall, kind, f"{address}.Lain", source=source))
        assert (other.state, "hanya admin" in (other.message or "")) == (ErrandState.FAILED, True)
    assert server.got == []


def test_an_errand_for_a_source_that_is_gone_ends(hall: Hall, schedule: Schedule) -> None:
    errand = done(hall, schedule, ask(hall, ErrandKind.REFILL, source="hilang", since=datetime.now(UTC)))
    assert (errand.state, errand.message) == (ErrandState.FAILED, "Sumber hilang tidak ada.")


def test_what_is_not_finished_when_the_room_stops_goes_back(hall: Hall, site: NewsSite, server: Server) -> None:
    schedule = Schedule(hall)
    number = ask(hall, ErrandKind.ADD, server.url + "/", inside=True)
    assert hall.store.errands.take(number, datetime.now(UTC))
    hall.store.errands.put_back(number)
    schedule.end()
    assert hall.store.errands.get(number).state is ErrandState.WAITING
