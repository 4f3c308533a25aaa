"""A search for new doors asks sites, tries what they offer, proposes what answers, and adds nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import Refused
from domain.ports import SourceSpec
from domain.regions import Agency, RegionProfile
from jaring.proving import Prover
from jaring.schedule import Schedule
from jaring.settings import Settings
from jaring.suggesting import Suggester, Suggestion
from jaring.wiring import Hall
from store.errands import ErrandKind, ErrandState
from tests.contracts.sources.site import NewsSite, Reply, Server, serving

REGION = "lombok-barat"
FEED = '<rss version="2.0"><channel><title>Kabar {name}</title>{items}</channel></rss>'
ITEM = "<item><title>Jalan rusak {n} hp 081917222333</title><link>{url}/baca/{n}</link></item>"
PLAIN = {"Content-Type": "text/plain"}


class Served(dict[str, RegionProfile]):
    """Profiles that do not change."""

    version = 1


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    """A newspaper that is heard, an agency's site, and one that is down."""
    with ExitStack() as stack:
        yield [stack.enter_context(serving()) for _ in range(3)]


@pytest.fixture
def hall(tmp_path: Path, servers: list[Server]) -> Iterator[Hall]:
    opened = Hall(Settings(home=tmp_path, regions=(REGION,), contact="uji@contoh.id"))
    paper, agency, _down = servers
    feed(paper, "/umpan", "Utama")
    feed(paper, "/umpan/desa", "Desa")
    feed(paper, "/umpan/mati", "Mati", many=0)
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{path}">'
        for path in ("/umpan", "/umpan/desa", "/umpan/mati")
    )
    paper.always("/", Reply(f"<html><head><title>Kabar Lobar</title>{links}</head></html>"))
    site = NewsSite(agency)
    for number in range(1, 8):
        site.tell(number, datetime.now(UTC) - timedelta(hours=8 - number))
    agency.always("/", Reply("<html><head><title>Dishub Lobar</title></head></html>"))
    opened.store.sources.add(
        SourceSpec("kabar", "Kabar Lobar", "rss", paper.url + "/umpan", (REGION,), added_by="ratna")
    )
    yield opened
    opened.close()


@pytest.fixture
def profile(hall: Hall, servers: list[Server]) -> RegionProfile:
    """The region with two agencies on this machine only."""
    _paper, agency, down = servers
    down.always("/", Reply("rusak", 500))
    made = {
        code: Agency(code=code, name=f"Dinas {code}", level="kabupaten", url=url + "/", source="uji")
        for code, url in (("DISHUB", agency.url), ("DINSOS", down.url))
    }
    return hall.profiles[REGION].model_copy(update={"agencies": made})


def feed(server: Server, path: str, name: str, many: int = 7) -> None:
    items = "".join(ITEM.format(n=n, url=server.url) for n in range(many))
    server.always(path, Reply(FEED.format(name=name, items=items), headers={"Content-Type": "application/rss+xml"}))


def test_what_answers_is_proposed_with_its_reason_and_newest_posts(
    hall: Hall, profile: RegionProfile, servers: list[Server]
) -> None:
    paper, agency, _down = servers
    came = Suggester(hall).search(profile)

    assert {(one.kind, one.url, one.why) for one in came.found} == {
        ("rss", paper.url + "/umpan/desa", "umpan lain di situs Kabar Lobar"),
        ("wordpress", agency.url + "/", "situs Dinas DISHUB"),
    }
    assert (came.looked, came.silent, came.tried, came.new) == (3, 1, 3, 2)
    desa = next(one for one in came.found if one.kind == "rss")
    assert [post["title"] for post in desa.posts] == [f"Jalan rusak {n} hp [telepon]" for n in range(5)]
    assert [find.found.url for find in hall.store.finds.waiting([REGION])].count(desa.url) == 1
    assert [spec.key for spec in hall.store.sources.specs()] == ["kabar"]
    assert hall.store.counts().posts == 0


def test_a_second_search_proposes_nothing_that_was_dropped_or_added(
    hall: Hall, profile: RegionProfile, servers: list[Server]
) -> None:
    paper, agency, _down = servers
    Suggester(hall).search(profile)
    for find in hall.store.finds.waiting([REGION]):
        if find.found.kind == "rss":
            hall.store.finds.drop(find.id, "ratna", datetime.now(UTC))
    hall.store.sources.add(SourceSpec("dishub", "Dishub", "wordpress", agency.url + "/", (REGION,), added_by="ratna"))
    hall.store.finds.added(REGION, agency.url + "/", "ratna", datetime.now(UTC))
    for server in servers:
        server.got.clear()

    came = Suggester(hall).search(profile)
    assert (came.found, came.new, hall.store.finds.waiting([REGION])) == ((), 0, [])
    assert "/umpan/desa" not in paper.paths()  # it is not even asked again


def test_a_page_that_forbids_machines_is_left_alone(hall: Hall, profile: RegionProfile, servers: list[Server]) -> None:
    _paper, agency, _down = servers
    agency.always("/robots.txt", Reply("User-agent: *\nDisallow: /\n", headers=PLAIN))
    agency.got.clear()
    came = Suggester(hall).search(profile)
    assert not any(agency.url in one.url for one in came.found)
    assert agency.paths() == []


def test_those_who_may_not_ask_inside_ask_nothing_there(
    hall: Hall, profile: RegionProfile, servers: list[Server]
) -> None:
    came = Suggester(hall, inside=False).search(profile)
    assert (came.found, came.silent) == ((), 3)
    assert all(server.got == [] for server in servers)


def test_a_search_that_is_stopped_ends_at_once(hall: Hall, profile: RegionProfile, servers: list[Server]) -> None:
    stop = threading.Event()
    stop.set()
    assert Suggester(hall, stop=stop).search(profile) == Suggestion(0, 0, 0, (), 0)
    assert all(server.got == [] for server in servers)


def test_the_crawlers_room_searches_when_a_page_asks(hall: Hall, profile: RegionProfile) -> None:
    hall.store.sources.pause("kabar")
    hall.__dict__["profiles"] = Served({REGION: profile.model_copy(update={"sources": {}})})
    schedule = Schedule(hall)
    number = hall.store.errands.ask(ErrandKind.SUGGEST, by="ratna", now=datetime.now(UTC), region=REGION, inside=True)
    while (errand := hall.store.errands.get(number)).is_open:
        schedule.turn(datetime.now(UTC))
        wait([future for _, _, future in schedule._errands._running.values()])
    schedule.end()
    assert (errand.state, errand.found["looked"], errand.found["new"]) == (ErrandState.DONE, 3, 2)
    assert len(hall.store.finds.waiting([REGION])) == 2


def test_a_setting_that_a_kind_does_not_have_is_refused_before_anything_is_asked(
    hall: Hall, servers: list[Server]
) -> None:
    with pytest.raises(Refused, match="Setelan warna tidak ada pada sumber rss"):
        Prover(hall).prove(servers[0].url + "/umpan", region=REGION, by="ratna", options=(("warna", "biru"),))
    assert json.dumps([spec.key for spec in hall.store.sources.specs()]) == '["kabar"]'
