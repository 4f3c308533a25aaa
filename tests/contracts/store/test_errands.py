"""Errands: what people ask of the crawlers, done once, and what came of it."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest

from domain.errors import Conflict, NotFound, Refused
from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceSpec
from store import Store
from store.errands import STUCK, ErrandKind, ErrandState
from tests.store.line import NOW, REGION

FEED = SourceSpec("kabar", "Kabar", "rss", "https://kabar.contoh.id/feed", (REGION,), added_by="sari")


def asked(store: Store, kind: ErrandKind = ErrandKind.ADD, source: str | None = None) -> int:
    return store.errands.ask(kind, by="sari", now=NOW, source=source, url=FEED.url, region=REGION)


def test_a_wish_is_taken_once_and_tells_what_came_of_it(store: Store) -> None:
    first, second = asked(store), asked(store)
    assert [one.id for one in store.errands.waiting(NOW)] == [first, second]
    assert store.errands.take(first, NOW)
    assert not store.errands.take(first, NOW)
    assert [one.id for one in store.errands.waiting(NOW)] == [second]
    store.errands.end(first, ErrandState.FAILED, NOW, message="Servernya tidak menjawab.")
    errand = store.errands.get(first)
    assert (errand.state, errand.message, errand.is_open) == (ErrandState.FAILED, "Servernya tidak menjawab.", False)
    with pytest.raises(NotFound):
        store.errands.get(99)


def test_what_a_dead_process_had_taken_is_given_out_again(store: Store) -> None:
    number = asked(store)
    store.errands.take(number, NOW)
    assert store.errands.waiting(NOW + STUCK - timedelta(seconds=1)) == []
    assert [one.id for one in store.errands.waiting(NOW + STUCK)] == [number]
    assert store.errands.take(number, NOW + STUCK)
    store.errands.put_back(number)
    assert store.errands.get(number).state is ErrandState.WAITING


def test_a_gap_is_not_filled_twice_at_once(store: Store) -> None:
    store.sources.add(FEED)
    first = store.errands.ask(ErrandKind.REFILL, by="sari", now=NOW, source="kabar", since=NOW - timedelta(days=9))
    with pytest.raises(Conflict, match="tunggu"):
        store.errands.ask(ErrandKind.REFILL, by="budi", now=NOW, source="kabar", since=NOW)
    store.errands.take(first, NOW)
    store.errands.end(first, ErrandState.DONE, NOW, found={"added": 12})
    store.errands.ask(ErrandKind.REFILL, by="budi", now=NOW, source="kabar", since=NOW)
    done = store.errands.recent(["kabar"], NOW - timedelta(days=1))[1]
    assert (done.since, done.found) == (NOW - timedelta(days=9), {"added": 12})


def test_a_proven_address_is_saved_once(store: Store) -> None:
    number = asked(store)
    with pytest.raises(Conflict):
        store.errands.adopt(number, FEED, "sari", NOW)
    store.errands.end(number, ErrandState.PROVEN, NOW)
    store.errands.adopt(number, FEED, "sari", NOW)
    assert store.sources.get("kabar")[0] == FEED
    with pytest.raises(Conflict):
        store.errands.adopt(number, FEED, "sari", NOW)
    other = asked(store)
    store.errands.end(other, ErrandState.PROVEN, NOW)
    store.errands.drop(other, "sari", NOW)
    assert [one.state for one in store.errands.proofs("sari", NOW)] == [ErrandState.DROPPED, ErrandState.DONE]
    actions = [line.action for line in store.audit.list()]
    assert actions == ["source.add.dropped", "source.add", "source.add.saved", "source.add"]


@pytest.mark.parametrize("saved", [True, False])
def test_the_posts_of_a_proof_are_kept_until_somebody_has_decided(store: Store, *, saved: bool) -> None:
    number = asked(store)
    shown = {"spec": {"key": FEED.key}, "posts": [{"title": "Jalan rusak"}]}
    store.errands.end(number, ErrandState.PROVEN, NOW, found=shown)
    assert store.errands.get(number).found == shown
    if saved:
        store.errands.adopt(number, FEED, "sari", NOW)
    else:
        store.errands.drop(number, "sari", NOW)
    assert store.errands.get(number).found == {"spec": {"key": FEED.key}}


@pytest.mark.parametrize("address", ["imaps://aduan:r4hasia@surel.desa.id/INBOX", "aduan:r4hasia@surel.desa.id"])
def test_an_address_with_a_password_is_kept_nowhere(store: Store, address: str) -> None:
    with pytest.raises(Refused, match="kunci") as refused:
        store.errands.ask(ErrandKind.ADD, by="sari", now=NOW, url=address, region=REGION)
    assert "r4hasia" not in str(refused.value)
    assert store.errands.proofs("sari", NOW) == []
    assert store.audit.list() == []


@pytest.mark.parametrize(("kind", "kept"), [("rss", {"pace": 1, "floor": "x"}), ("wordpress", {"pace": 1})])
def test_a_moved_source_keeps_its_memory_but_not_what_only_the_old_address_understands(
    store: Store, kind: str, kept: dict[str, object]
) -> None:
    store.sources.add(FEED)
    outcome = CrawlOutcome(
        "kabar", SourceState.OK, NOW, newest_post_at=NOW, etag='"1"', cursor='{"pace":1,"floor":"x"}', message="Pindah."
    )
    store.sources.record(outcome)
    number = asked(store, ErrandKind.MOVE, "kabar")
    store.errands.end(number, ErrandState.PROVEN, NOW)
    moved = SourceSpec("kabar", "Kabar", kind, "https://baru.contoh.id/", (REGION,), added_by="sari")
    store.errands.adopt(number, moved, "sari", NOW + timedelta(minutes=1))
    spec, memory = store.sources.get("kabar")
    assert (spec.url, spec.kind) == ("https://baru.contoh.id/", kind)
    assert (memory.newest_post_at, memory.last_ok_at, memory.etag, memory.message) == (NOW, NOW, None, None)
    assert orjson.loads(memory.cursor or "{}") == kept
    assert [one.key for one in store.sources.due(NOW + timedelta(minutes=1))] == ["kabar"]


def test_a_source_is_hastened_and_its_pause_told_apart(store: Store) -> None:
    store.sources.add(FEED)
    store.sources.record(CrawlOutcome("kabar", SourceState.FAILED, NOW))
    assert store.sources.due(NOW) == []
    store.sources.hasten("kabar", NOW)
    assert [one.key for one in store.sources.due(NOW)] == ["kabar"]
    store.sources.pause("kabar")
    assert store.sources.paused() == {"kabar"}
    with pytest.raises(NotFound):
        store.sources.hasten("lain", NOW)


def test_old_errands_are_forgotten(store: Store) -> None:
    number = asked(store)
    store.tidy(NOW + timedelta(days=91))
    with pytest.raises(NotFound):
        store.errands.get(number)
