"""A crawl is handed its source's key and the house's proxy; a key that is refused is told of, and the gap waits."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.kinds import load_kinds
from domain.errors import Conflict, StoreUnavailable, Unavailable
from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceSpec
from jaring.crawling import Jobs, crawl_once, crawling
from jaring.leasing import LeaseKeeper
from jaring.schedule import Schedule
from jaring.settings import Settings
from jaring.sourcekeys import key_notices, told_of, wake_users
from jaring.wiring import Hall
from tests.contracts.sources.site import Got, Reply, Server, serving

CHANNEL = SourceSpec(
    "kanal", "Kanal", "youtube", "https://www.youtube.com/channel/UC0123456789012345678901", ("lombok-barat",),
    added_by="uji", options=(("key", "humas"),),
)  # fmt: skip
REFUSED = json.dumps({"error": {"code": 400, "message": "API key not valid.", "errors": [{"reason": "keyInvalid"}]}})


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def hall(tmp_path: Path, server: Server) -> Iterator[Hall]:
    opened = Hall(Settings(home=tmp_path, regions=("lombok-barat",), api_roots={"youtube": server.url}))
    opened.store.sources.add(CHANNEL)
    yield opened
    opened.close()


def test_a_refused_key_is_told_of_and_the_next_one_wakes_its_sources(hall: Hall, server: Server) -> None:
    keys: list[str] = []

    def refuse(got: Got) -> Reply:
        keys.extend(value for value in got.headers.values() if value.startswith("kunci-"))
        return Reply(REFUSED, 400, {"Content-Type": "application/json"})

    server.routes.insert(0, refuse)
    now = datetime.now(UTC)
    hall.store.credentials.put("humas", "kunci-lama-0001", "sari", now)
    (outcome,) = crawl_once(hall, ["kanal"])
    assert outcome.state is SourceState.AUTH_EXPIRED
    assert set(keys) == {"kunci-lama-0001"}
    (notice,) = key_notices(hall)
    assert (notice.note.name, notice.ended) == ("humas", True)
    assert "jaring sources key set humas" in told_of(notice)
    soon = datetime.now(UTC) + timedelta(minutes=59)
    assert "kanal" not in {spec.key for spec in hall.store.sources.due(soon)}

    hall.store.credentials.put("humas", "kunci-baru-0002", "sari", now)
    assert key_notices(hall) == []
    assert wake_users(hall, "humas", datetime.now(UTC)) == ["kanal"]
    assert "kanal" in {spec.key for spec in hall.store.sources.due(datetime.now(UTC))}
    crawl_once(hall, ["kanal"])
    assert set(keys) == {"kunci-lama-0001", "kunci-baru-0002"}
    assert all("kunci-" not in got.target for got in server.got)


def test_a_source_that_its_profile_lets_go_of_meanwhile_ends_no_room(hall: Hall, server: Server) -> None:
    feed = SourceSpec("umpan", "Umpan", "rss", f"{server.url}/umpan", ("lombok-barat",))
    hall.store.sources.sync([feed])
    hall.store.sources.pause("kanal")

    def retire(got: Got) -> Reply | None:
        if got.target != "/umpan":
            return None
        hall.store.sources.sync([])
        body = f"<rss><channel><item><title>Jalan rusak</title><link>{server.url}/a</link></item></channel></rss>"
        return Reply(body, headers={"Content-Type": "application/rss+xml"})

    server.routes.insert(0, retire)
    with LeaseKeeper(hall.store) as keeper:
        claimed = keeper.source("umpan", "umpan", datetime.now(UTC))
        assert claimed is not None
        job = Jobs(hall, load_kinds()).job(*claimed, datetime.now(UTC))
        (outcome,) = crawling(hall, keeper).run([job])
    assert (outcome.state, outcome.report.added) == (SourceState.OK, 1)


def test_a_fault_of_one_crawl_ends_no_room_and_a_store_that_is_away_is_waited_for(hall: Hall) -> None:
    hall.store.sources.pause("kanal")
    schedule = Schedule(hall)
    try:
        for fault in (Conflict("coba lagi"), StoreUnavailable("tidak menjawab")):
            ended: Future[list[CrawlOutcome]] = Future()
            ended.set_exception(fault)
            schedule._synced = hall.profiles.version
            schedule._running["situs.example"] = ("umpan", ended)
            with pytest.raises(StoreUnavailable) if isinstance(fault, Unavailable) else nullcontext():
                schedule.turn(datetime.now(UTC))
            assert schedule._running == {}
    finally:
        schedule.end()


def test_a_crawl_by_hand_waits_until_another_process_has_left_the_host(hall: Hall, server: Server) -> None:
    body = f"<rss><channel><item><title>Jalan rusak</title><link>{server.url}/a</link></item></channel></rss>"
    server.always("/umpan", Reply(body, headers={"Content-Type": "application/rss+xml"}))
    feed = SourceSpec("umpan", "Umpan", "rss", f"{server.url}/umpan", ("lombok-barat",), added_by="uji")
    hall.store.sources.add(feed)
    states: list[SourceState] = []
    with LeaseKeeper(hall.store) as other:
        assert other.host(server.url.removeprefix("http://"), datetime.now(UTC))
        by_hand = threading.Thread(target=lambda: states.extend(one.state for one in crawl_once(hall, ["umpan"])))
        by_hand.start()
        by_hand.join(2)
        assert by_hand.is_alive()
        assert server.paths() == []
    by_hand.join(60)
    assert states == [SourceState.OK]
