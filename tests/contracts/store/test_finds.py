"""Finds: proposed once, told anew while they wait, and never again once a person has decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Conflict, NotFound
from store import Store
from store.errands import ErrandKind, ErrandState
from store.finds import FindState, Found
from tests.store.line import NOW, REGION, Shelf, incoming, run_line

POST = {"title": "Jalan rusak", "url": "https://desa.contoh.id/1", "published_at": NOW.isoformat()}
DESA = Found("https://desa.contoh.id/feed/", "rss", "Desa Uji", "tautan di kaki halaman dinas", (POST,))
KANAL = Found("https://t.me/s/desauji", "telegram", "desauji", "tautan di kaki halaman desa")


def test_a_find_waits_with_its_reason_and_newest_posts(store: Store) -> None:
    assert store.finds.put(REGION, [DESA, KANAL], NOW) == 2
    first, second = store.finds.waiting([REGION])
    assert (first.found, second.found) == (DESA, KANAL)
    assert (first.region, first.found_at, first.state) == (REGION, NOW, FindState.NEW)
    assert store.finds.waiting(["lain"]) == []


def test_the_same_find_again_is_told_anew_and_counted_once(store: Store) -> None:
    store.finds.put(REGION, [DESA], NOW)
    assert store.finds.put(REGION, [replace(DESA, why="peta situs")], NOW + timedelta(days=1)) == 0
    (find,) = store.finds.waiting([REGION])
    assert (find.found.why, find.found_at) == ("peta situs", NOW + timedelta(days=1))


def test_a_dropped_find_is_never_proposed_again(store: Store) -> None:
    store.finds.put(REGION, [DESA], NOW)
    (find,) = store.finds.waiting([REGION])
    store.finds.drop(find.id, "sari", NOW)
    assert store.finds.put(REGION, [DESA], NOW + timedelta(days=1)) == 0
    assert store.finds.waiting([REGION]) == []
    assert store.finds.decided(REGION) == {DESA.url}
    kept = store.finds.get(find.id)
    assert (kept.state, kept.by, kept.at) == (FindState.DROPPED, "sari", NOW)
    assert kept.found.posts == (), "words are kept no longer than they are needed"
    assert [line.action for line in store.audit.list(subject=DESA.url)] == ["source.find.dropped"]
    with pytest.raises(Conflict):
        store.finds.drop(find.id, "sari", NOW)


def test_what_became_a_source_waits_no_longer(store: Store) -> None:
    store.finds.put(REGION, [DESA], NOW)
    (find,) = store.finds.waiting([REGION])
    store.finds.added(REGION, DESA.url, "sari", NOW)
    assert store.finds.get(find.id).found == replace(DESA, posts=())
    store.finds.added(REGION, "https://bukan.usulan/", "sari", NOW)
    assert store.finds.waiting([REGION]) == []
    with pytest.raises(NotFound):
        store.finds.get(99)


def test_one_search_of_a_region_is_under_way_at_a_time(store: Store) -> None:
    def ask(region: str) -> int:
        return store.errands.ask(ErrandKind.SUGGEST, by="sari", now=NOW, region=region)

    number = ask(REGION)
    ask("lain")
    with pytest.raises(Conflict, match="sedang dicari"):
        ask(REGION)
    store.errands.end(number, ErrandState.DONE, NOW, found={"found": 2})
    again = ask(REGION)
    assert {region: errand.id for region, errand in store.errands.searches([REGION]).items()} == {REGION: again}


def test_addresses_of_a_regions_posts_are_told_newest_first(store: Store) -> None:
    store.intake.accept(
        [
            incoming(1, url="https://satu.contoh.id/a", published_at=NOW - timedelta(days=2)),
            incoming(2, url="https://dua.contoh.id/b", published_at=NOW - timedelta(days=1)),
            incoming(3, url=None),
        ]
    )
    run_line(store, Shelf())
    assert store.finds.addresses(REGION) == ["https://dua.contoh.id/b", "https://satu.contoh.id/a"]
    assert store.finds.addresses("lain") == []
