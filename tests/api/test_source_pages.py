"""The pages of sources: what keeps them, what they show, and what they ask of the crawlers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceSpec
from domain.posts import IntakeReport
from store.errands import ErrandKind, ErrandState
from tests.api.installation import PASSWORD, Installation
from tests.api.serving import csrf_of, logged_in
from tests.api.told import OTHER, REGION

PROVEN = {
    "spec": {
        "key": "suarantb", "name": "Suara NTB", "kind": "rss", "url": "https://suarantb.contoh.invalid/feed",
        "regions": [REGION], "every_minutes": 60, "enabled": True, "added_by": "ratna",
    },
    "posts": [
        {"title": f"Berita <b>{n}</b>", "url": f"https://contoh.invalid/{n}", "published_at": "2026-11-21T01:00:00Z"}
        for n in range(5)
    ],
}  # fmt: skip


@pytest.fixture
def ratna(address: str) -> Iterator[httpx.Client]:
    with logged_in(address, "ratna", PASSWORD) as client:
        yield client


@pytest.fixture
def admin(address: str) -> Iterator[httpx.Client]:
    with logged_in(address, "admin", PASSWORD) as client:
        yield client


def crawled(place: Installation, key: str, state: SourceState, days: int, added: int, message: str = "") -> None:
    """A source that was crawled once a day."""
    for day in range(days, -1, -1):
        at = place.clock() - timedelta(days=day)
        place.store.sources.record(
            CrawlOutcome(key, state if not day else SourceState.OK, at, seen=added, report=IntakeReport(added=added),
                         newest_post_at=at, message=message if not day else None)
        )  # fmt: skip


def send(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    return client.post(path, data={"csrf": csrf_of(client.get("/sumber").text), **fields})


def actions(place: Installation) -> list[str]:
    return [line.action for line in place.store.audit.list(action="source.")]


def test_failing_sources_come_first_in_words_and_shapes(place: Installation, ratna: httpx.Client) -> None:
    crawled(place, "info-lobar", SourceState.OK, 20, 5)
    crawled(place, "suara-lobar", SourceState.FAILED, 20, 5, "Servernya tidak menjawab.")
    crawled(place, "aduan-wa", SourceState.STALE, 20, 5)
    place.store.sources.pause("info-lobar")
    page = ratna.get("/sumber").text
    assert re.findall(r'<a href="/sumber/([a-z-]+)">', page) == ["suara-lobar", "aduan-wa", "info-lobar"]
    assert re.findall(r'<span class="state (\w+)"[^>]*><svg.*?</svg>([^<]+)</span>', page) == [
        ("late", "gagal"), ("due", "diam"), ("off", "dijeda"),
    ]  # fmt: skip
    assert "Servernya tidak menjawab." in page
    assert "Kabar Bengkulu" not in page
    assert len(page) < 60_000


def test_volume_is_held_against_the_sources_own_past(place: Installation, ratna: httpx.Client) -> None:
    for day in range(30, 0, -1):
        at = place.clock() - timedelta(days=day)
        state = SourceState.FAILED if day in {3, 4} else SourceState.OK
        added = 0 if day <= 7 else 10
        place.store.sources.record(CrawlOutcome("info-lobar", state, at, report=IntakeReport(added=added)))
    page = ratna.get("/sumber").text
    assert "turun: 0 sehari, biasanya 10 · 2 hari tanpa jawaban" in page
    assert re.search(r'aria-label="\d+ kiriman baru dalam 30 hari; turun', page)
    assert 'aria-current="true">14 hari' in ratna.get("/sumber?hari=14").text
    one = ratna.get("/sumber/info-lobar").text
    assert one.count("<td>0 dari 1 kali</td>") == 2


def test_others_do_not_keep_sources_and_hidden_ones_look_absent(place: Installation, address: str) -> None:
    for name in ("putr", "bupati"):
        with logged_in(address, name, PASSWORD) as client:
            assert client.get("/sumber").status_code == 403
            assert 'href="/sumber"' not in client.get("/cari").text
            csrf = csrf_of(client.get("/cari").text)
            assert client.post("/sumber/info-lobar/jeda", data={"csrf": csrf}).status_code == 403
    with logged_in(address, "ratna", PASSWORD) as client:
        pages = [client.get(f"/sumber/{key}") for key in ("kabar-bengkulu", "tidak-ada")]
        assert [page.status_code for page in pages] == [404, 404]
        csrf = csrf_of(client.get("/sumber").text)
        for deed in ("coba", "jeda", "alamat", "celah"):
            assert client.post(f"/sumber/kabar-bengkulu/{deed}", data={"csrf": csrf}).status_code == 404
            assert client.post(f"/sumber/info-lobar/{deed}", data={"csrf": ""}).status_code == 403
    assert actions(place) == []


def test_a_source_of_several_regions_is_changed_by_who_keeps_them_all(
    place: Installation, ratna: httpx.Client, admin: httpx.Client
) -> None:
    both = SourceSpec("antara", "Antara", "rss", "https://antara.contoh.invalid/", (REGION, OTHER), added_by="admin")
    place.store.sources.add(both)
    assert "hanya yang memegang semuanya" in ratna.get("/sumber/antara").text
    assert send(ratna, "/sumber/antara/jeda").status_code == 403
    assert send(admin, "/sumber/antara/jeda").status_code == 303
    assert place.store.sources.paused() == {"antara"}


def test_try_again_and_pause_take_hold_and_leave_a_trace(place: Installation, ratna: httpx.Client) -> None:
    crawled(place, "info-lobar", SourceState.FAILED, 1, 0)
    assert "info-lobar" not in {spec.key for spec in place.store.sources.due(place.clock())}
    answer = send(ratna, "/sumber/info-lobar/coba", daftar="1")
    assert answer.headers["location"] == "/sumber?kabar=coba"
    assert "info-lobar" in {spec.key for spec in place.store.sources.due(place.clock())}
    send(ratna, "/sumber/info-lobar/jeda")
    assert "Lanjutkan" in ratna.get("/sumber/info-lobar").text
    send(ratna, "/sumber/info-lobar/jeda", lanjut="1")
    assert place.store.sources.paused() == frozenset()
    assert actions(place) == ["source.resume", "source.pause", "source.retry"]


def test_a_gap_is_queued_from_midnight_of_the_region_and_its_outcome_is_shown(
    place: Installation, ratna: httpx.Client
) -> None:
    assert send(ratna, "/sumber/info-lobar/celah", sejak="2026-11-10").status_code == 303
    (errand,) = place.store.errands.waiting(place.clock())
    assert (errand.kind, errand.source, errand.by) == (ErrandKind.REFILL, "info-lobar", "ratna")
    assert errand.since is not None
    assert errand.since.isoformat() == "2026-11-09T16:00:00+00:00"
    page = ratna.get("/sumber/info-lobar").text
    assert "menunggu giliran" in page
    assert 'http-equiv="refresh"' in page
    again = send(ratna, "/sumber/info-lobar/celah", sejak="2026-11-11")
    assert (again.status_code, "tunggu hasilnya" in again.text) == (409, True)
    place.clock.advance(minutes=5)
    assert "Perayap belum mengambilnya" in ratna.get("/sumber/info-lobar").text
    place.store.errands.take(errand.id, place.clock())
    counts = {"seen": 40, "added": 12, "revised": 1}
    place.store.errands.end(errand.id, ErrandState.DONE, place.clock(), found=counts)
    assert "40 dilihat, 12 baru, 1 berubah" in ratna.get("/sumber/info-lobar").text


NO_DAYS: Final[tuple[Any, ...]] = (
    "",
    "kapan",
    "2026-11-30",
    "2020-01-01",
)


def test_a_gap_without_a_sensible_day_is_refused(place: Installation, ratna: httpx.Client) -> None:
    for day in NO_DAYS:
        assert send(ratna, "/sumber/info-lobar/celah", sejak=day).status_code == 422
        assert place.store.errands.waiting(place.clock()) == []


def test_a_new_address_is_proven_shown_and_saved_by_a_click(place: Installation, ratna: httpx.Client) -> None:
    answer = send(ratna, "/sumber", alamat=" https://suarantb.contoh.invalid ", wilayah=REGION)
    proof = answer.headers["location"]
    waiting = ratna.get(proof).text
    assert "Memeriksa alamat" in waiting
    assert 'http-equiv="refresh"' in waiting
    (errand,) = place.store.errands.waiting(place.clock())
    assert (errand.url, errand.region, errand.inside) == ("https://suarantb.contoh.invalid", REGION, False)
    assert ratna.post(f"{proof}/simpan", data={"csrf": csrf_of(ratna.get("/sumber").text)}).status_code == 409
    place.store.errands.take(errand.id, place.clock())
    place.store.errands.end(errand.id, ErrandState.PROVEN, place.clock(), found=PROVEN)
    page = ratna.get(proof).text
    assert page.count("<li>") == 5
    assert "Berita &lt;b&gt;0" in page
    assert proof in ratna.get("/sumber").text
    saved = ratna.post(f"{proof}/simpan", data={"csrf": csrf_of(page)})
    assert saved.headers["location"] == "/sumber/suarantb?kabar=simpan"
    assert place.store.sources.get("suarantb")[0].added_by == "ratna"
    assert "sudah selesai" in ratna.get(proof).text
    assert actions(place) == ["source.add.saved", "source.add"]


def test_only_an_admin_may_ask_inside_the_own_network(place: Installation, admin: httpx.Client) -> None:
    send(admin, "/sumber", alamat="http://127.0.0.1/", wilayah=OTHER)
    assert [errand.inside for errand in place.store.errands.waiting(place.clock())] == [True]


def test_a_proof_that_failed_says_why_and_what_next(place: Installation, ratna: httpx.Client) -> None:
    proof = send(ratna, "/sumber", alamat="rusak.contoh.invalid", wilayah=REGION).headers["location"]
    number = int(proof.rpartition("/")[2])
    place.store.errands.end(number, ErrandState.FAILED, place.clock(), message="menjawab HTTP 500.")
    page = ratna.get(proof).text
    assert "menjawab HTTP 500." in page
    assert "Coba alamat lain" in page


NO_WISHES: Final[tuple[Any, ...]] = (
    {"alamat": "", "wilayah": REGION},
    {"alamat": "https://x.id", "wilayah": OTHER},
)


def test_a_wish_that_cannot_be_is_refused_and_kept_in_the_form(
    place: Installation,
    ratna: httpx.Client,
) -> None:
    for fields in NO_WISHES:
        answer = send(ratna, "/sumber", **fields)
        assert answer.status_code == 422
        assert f'value="{fields["alamat"]}"' in answer.text
        assert place.store.errands.waiting(place.clock()) == []


def test_proofs_of_other_regions_look_absent(place: Installation, ratna: httpx.Client, admin: httpx.Client) -> None:
    proof = send(admin, "/sumber", alamat="https://kb.contoh.invalid", wilayah=OTHER).headers["location"]
    assert ratna.get(proof).status_code == ratna.get("/sumber/bukti/999").status_code == 404
    assert admin.get(proof).status_code == 200


def test_a_source_of_the_profile_moves_in_the_profile_too(place: Installation, admin: httpx.Client) -> None:
    book = place.app.state.parts.profiles
    key, source = next(iter(book[REGION].sources.items()))
    place.store.sources.add(SourceSpec(key, source.name, source.kind, source.url, (REGION,)))
    proof = send(admin, f"/sumber/{key}/alamat", alamat="https://baru.contoh.invalid").headers["location"]
    number = int(proof.rpartition("/")[2])
    moved = {**PROVEN["spec"], "key": key, "url": "https://baru.contoh.invalid/feed", "added_by": "profile"}  # type: ignore[dict-item]
    place.store.errands.end(number, ErrandState.PROVEN, place.clock(), found={**PROVEN, "spec": moved})
    page = admin.get(proof).text
    assert "Simpan alamat baru" in page
    admin.post(f"{proof}/simpan", data={"csrf": csrf_of(page)})
    assert place.store.sources.get(key)[0].url == "https://baru.contoh.invalid/feed"
    assert book[REGION].sources[key].url == "https://baru.contoh.invalid/feed"


def test_an_installation_without_sources_says_what_to_do(place: Installation, ratna: httpx.Client) -> None:
    for spec in place.store.sources.specs():
        place.store.sources.remove(spec.key)
    page = ratna.get("/sumber").text
    assert "Belum ada sumber" in page
    assert 'name="alamat"' in page
