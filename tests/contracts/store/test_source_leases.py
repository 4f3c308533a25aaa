"""N processes share the sources: each is crawled by one, and what a dead one held is soon another's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from domain.errors import Conflict
from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceSpec
from store import Store
from store.sourceleases import TTL
from tests.contracts.store.conftest import Opener
from tests.store.line import NOW, REGION

HOST = "kabar.id"


def listen(store: Store, *keys: str) -> None:
    for key in keys:
        store.sources.add(SourceSpec(key, key, "rss", f"https://{HOST}/{key}", (REGION,)))


def test_a_source_and_its_host_are_one_owners_until_released(store: Store) -> None:
    listen(store, "a", "b")
    claimed = store.source_leases.claim("a", HOST, "satu", NOW)
    assert claimed is not None
    assert (claimed[0].key, claimed[1].state) == ("a", SourceState.UNPROVEN)
    assert store.source_leases.claim("a", HOST, "dua", NOW) is None
    assert store.source_leases.claim("b", HOST, "dua", NOW) is None  # the same host
    assert not store.source_leases.claim_host(HOST, "dua", NOW)
    assert dict(store.source_leases.others("dua", NOW)) == {"host:kabar.id": "satu", "source:a": "satu"}
    assert dict(store.source_leases.others("satu", NOW)) == {}
    store.source_leases.release("satu", ["source:a", "host:kabar.id"])
    assert store.source_leases.claim("b", HOST, "dua", NOW) is not None


def test_a_refused_claim_leaves_nothing_held(store: Store) -> None:
    listen(store, "a")
    store.source_leases.claim("a", "lama.id", "satu", NOW)
    assert store.source_leases.claim("a", "baru.id", "dua", NOW) is None
    assert store.source_leases.claim_host("baru.id", "tiga", NOW)


def test_what_a_killed_process_held_is_anothers_after_two_minutes_and_not_before(store: Store) -> None:
    listen(store, "a")
    store.source_leases.claim("a", HOST, "mati", NOW)
    assert store.source_leases.claim("a", HOST, "dua", NOW + TTL - timedelta(seconds=1)) is None
    assert store.source_leases.claim("a", HOST, "dua", NOW + TTL) is not None


def test_a_renewed_lease_holds_on_and_one_that_is_anothers_is_told(store: Store) -> None:
    listen(store, "a")
    store.source_leases.claim("a", HOST, "satu", NOW)
    names = ["source:a", "host:kabar.id"]
    assert store.source_leases.renew("satu", names, NOW + TTL / 2) == set(names)
    assert store.source_leases.claim("a", HOST, "dua", NOW + TTL) is None
    assert store.source_leases.claim("a", HOST, "dua", NOW + 2 * TTL) is not None
    assert store.source_leases.renew("satu", names, NOW + 2 * TTL) == frozenset()


def test_a_source_that_another_has_crawled_meanwhile_is_not_crawled_again(store: Store) -> None:
    listen(store, "a")
    assert [spec.key for spec in store.sources.due(NOW)] == ["a"]  # as both see it
    store.source_leases.claim("a", HOST, "satu", NOW)
    store.source_leases.record(CrawlOutcome("a", SourceState.OK, NOW), "satu")
    store.source_leases.release_all("satu")
    assert store.source_leases.claim("a", HOST, "dua", NOW) is None
    assert store.source_leases.claim("a", HOST, "dua", NOW, due_only=False) is not None


def test_a_clock_that_went_wrong_puts_no_source_off_for_years(store: Store) -> None:
    listen(store, "a", "b")
    store.sources.record(CrawlOutcome("a", SourceState.OK, NOW + timedelta(days=900)))
    store.sources.record(CrawlOutcome("b", SourceState.OK, NOW + timedelta(minutes=50)))
    assert [spec.key for spec in store.sources.due(NOW)] == ["a"], "two machines' clocks may differ a little"
    assert store.source_leases.claim("a", "a.id", "satu", NOW) is not None
    assert store.source_leases.claim("b", "b.id", "satu", NOW) is None


def test_single_crawls_are_kept_for_a_season_and_their_days_for_good(store: Store) -> None:
    listen(store, "a")
    for days in (91, 89):
        store.sources.record(CrawlOutcome("a", SourceState.OK, NOW - timedelta(days=days)))
    store.tidy(NOW)
    long_ago = NOW - timedelta(days=400)
    assert [crawl.at for crawl in store.sources.history("a", long_ago)] == [NOW - timedelta(days=89)]
    assert len(store.sources.days(long_ago.date(), NOW.date())) == 2


def test_a_process_that_woke_up_after_its_lease_records_nothing(store: Store) -> None:
    listen(store, "a")
    store.source_leases.claim("a", HOST, "tidur", NOW)
    store.source_leases.claim("a", HOST, "dua", NOW + TTL)
    with pytest.raises(Conflict, match="diambil alih"):
        store.source_leases.record(CrawlOutcome("a", SourceState.OK, NOW), "tidur")
    store.source_leases.record(CrawlOutcome("a", SourceState.OK, NOW + TTL), "dua")
    assert [crawl.at for crawl in store.sources.history("a", NOW)] == [NOW + TTL]


@pytest.mark.parametrize("change", ["paused", "retired"])
def test_a_source_that_nobody_wants_crawled_is_not_given_out(store: Store, change: str) -> None:
    listen(store, "a")
    store.sources.pause("a") if change == "paused" else store.sources.remove("a")
    assert store.source_leases.claim("a", HOST, "satu", NOW) is None


def test_many_processes_get_each_source_once(opener: Opener) -> None:
    stores = [opener() for _ in range(4)]
    keys = [f"s{number}" for number in range(12)]
    listen(stores[0], *keys)

    def all_of_them(number: int) -> list[str]:
        claim = stores[number].source_leases.claim
        return [key for key in keys if claim(key, f"{key}.id", f"proses-{number}", NOW)]

    with ThreadPoolExecutor(4) as pool:
        taken = [key for got in pool.map(all_of_them, range(4)) for key in got]
    assert sorted(taken) == sorted(keys)


def test_processes_that_crawl_know_of_each_other(store: Store) -> None:
    store.source_leases.enlist("satu", NOW)
    assert dict(store.source_leases.others("dua", NOW)) == {"crawler:satu": "satu"}
    assert dict(store.source_leases.others("dua", NOW + TTL)) == {}


def test_leases_left_behind_are_no_stopped_timers_and_are_swept(store: Store) -> None:
    listen(store, "a")
    store.source_leases.claim("a", HOST, "mati", NOW - timedelta(days=3))
    assert not [finding for finding in store.check() if "Jadwal" in finding]
    store.tidy()
    with store.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM leases").scalar_one() == 0
