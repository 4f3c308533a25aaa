"""The triage desk as HTML: what waits for whom, who works on what, what the page says when there is nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from store.database import Database, open_engine
from store.triage import Stack, TriageQuery
from tests.api.installation import PASSWORD, Installation
from tests.api.serving import csrf_of, logged_in
from tests.api.told import OTHER, REGION
from tests.api.triaging import as_user, chosen, click, pick, stories, story_of


@pytest.fixture
def ratna(address: str) -> Iterator[httpx.Client]:
    """An analyst of Lombok Barat."""
    with logged_in(address, "ratna", PASSWORD) as client:
        yield client


@pytest.fixture
def admin(address: str) -> Iterator[httpx.Client]:
    """Somebody who may see what accuses people in office."""
    with logged_in(address, "admin", PASSWORD) as client:
        yield client


@pytest.fixture(scope="module")
def looking(quiet_address: str) -> Iterator[httpx.Client]:
    """An analyst who only looks."""
    with logged_in(quiet_address, "ratna", PASSWORD) as client:
        yield client


def test_the_queue_shows_stories_with_the_agency_the_place_and_how_many_posts(looking: httpx.Client) -> None:
    page = looking.get("/meja").text
    assert len(stories(page)) == len(set(stories(page))) > 5
    assert "2 kiriman" in page  # two posts of one story stand as one
    assert "PUTR 0,94" in page
    assert "Labuapi · Telagawaru" in page
    assert stories(page)[0] == chosen(page)  # the most pressing one, an emergency, comes first
    assert '<span class="why">tertimbun</span>' in page


def test_the_chosen_story_says_who_should_answer_and_why(ratna: httpx.Client, place: Installation) -> None:
    page = pick(ratna, place, "truk")
    assert re.search(r'value="opd:DISHUB"[^>]*data-press="1"', page)
    assert re.search(r'value="opd:PUTR"[^>]*data-press="2"', page)
    assert "Karena: topik" in page
    assert "perlu ditinjau" in page
    assert "081917222333" not in page


def test_a_story_is_held_and_let_go(ratna: httpx.Client, admin: httpx.Client, place: Installation) -> None:
    page = pick(ratna, place, "kubangan")
    held = click(ratna, page, "pegang").text
    assert "Lepas" in held.partition('id="terpilih"')[2]
    assert story_of(place, "kubangan") in stories(ratna.get("/meja?lihat=saya").text)
    theirs = pick(admin, place, "kubangan")
    assert "sedang dikerjakan Baiq Ratna" in theirs
    refused = click(admin, theirs, "putusan", putus="opd:PUTR")
    assert refused.status_code == 409
    assert "Baiq Ratna" in refused.text
    assert chosen(refused.text) != story_of(place, "kubangan")  # on to the next one
    assert chosen(admin.get("/meja").text) != story_of(place, "kubangan")
    click(ratna, held, "pegang", lepas=story_of(place, "kubangan"))
    assert "sedang dikerjakan" not in pick(admin, place, "kubangan")


def test_looks_narrow_the_queue_and_an_empty_one_leads_on(ratna: httpx.Client, place: Installation) -> None:
    everything = ratna.get("/meja").text
    labuapi = ratna.get("/meja?area=52.01.08").text
    assert set(stories(labuapi)) < set(stories(everything))
    assert story_of(place, "kubangan") in stories(labuapi)
    assert stories(ratna.get("/meja?topic=adminduk").text) == [story_of(place, "tanya")]
    unsure = stories(ratna.get("/meja?lihat=ragu").text)
    assert story_of(place, "truk") in unsure
    assert story_of(place, "kubangan") not in unsure
    nothing = ratna.get("/meja?topic=adminduk&area=52.01.07").text
    assert "Tidak ada cerita di sini" in nothing
    assert 'href="/meja"' in nothing


def test_new_is_what_came_since_i_said_that_i_looked(
    ratna: httpx.Client, admin: httpx.Client, place: Installation
) -> None:
    page = ratna.get("/meja?lihat=baru").text
    assert stories(page)
    place.clock.advance(minutes=1)
    after = ratna.post("/meja/dilihat", data={"csrf": csrf_of(page), "di": "lihat=baru"}, follow_redirects=True).text
    assert stories(after) == []
    assert "sudah Anda lihat" in after
    assert stories(ratna.get("/meja").text)  # they wait all the same
    assert stories(admin.get("/meja?lihat=baru").text)  # what one has seen is new to another


def test_notes_are_left_to_the_next_shift_masked_and_done(
    ratna: httpx.Client, admin: httpx.Client, address: str
) -> None:
    page = ratna.get("/meja").text
    note = "Pak Budi 081917222333 ditelepon, tunggu kabar"
    body = {"csrf": csrf_of(page), "region": REGION, "catatan": note, "di": ""}
    assert "Catatan tersimpan" in ratna.post("/meja/serah", data=body, follow_redirects=True).text
    seen = admin.get("/meja").text
    assert "ditelepon, tunggu kabar" in seen
    assert "081917222333" not in seen
    assert "Baiq Ratna" in seen
    with as_user(address, "bengkulu") as elsewhere:
        assert "tunggu kabar" not in elsewhere.get("/meja").text
    number = re.search(r"/meja/serah/(\d+)/selesai", seen)
    assert number
    done = admin.post(f"/meja/serah/{number[1]}/selesai", data={"csrf": csrf_of(seen), "di": ""}, follow_redirects=True)
    assert "tunggu kabar" not in done.text
    assert ratna.post("/meja/serah", data={**body, "catatan": "  "}).status_code == 422
    assert ratna.post("/meja/serah", data={**body, "region": OTHER}).status_code == 404


def test_what_accuses_somebody_is_there_only_for_those_who_may_oversee(
    ratna: httpx.Client, admin: httpx.Client, place: Installation
) -> None:
    accusing = story_of(place, "kades")
    page = admin.get("/meja?lihat=pengawasan").text
    assert stories(page) == [accusing]
    choices = re.findall(r'value="opd:(\w+)"', page)
    assert choices == ["INSPEKTORAT"]
    mine = ratna.get("/meja", params={"pilih": accusing}).text
    assert accusing not in stories(mine)
    assert chosen(mine) != accusing
    assert "Kades di Narmada" not in mine
    assert "Menuduh pejabat" not in mine
    assert stories(ratna.get("/meja?lihat=pengawasan").text) == []
    hidden_alike = click(ratna, ratna.get("/meja").text, "putusan", cerita=accusing, putus="opd:PUTR")
    absent = click(ratna, ratna.get("/meja").text, "putusan", cerita="tidak-ada", putus="opd:PUTR")
    assert hidden_alike.status_code == absent.status_code == 404


@pytest.mark.parametrize("name", ["putr", "bupati", "kosong"])
def test_only_the_center_sits_at_the_desk(quiet: Installation, quiet_address: str, name: str) -> None:
    with as_user(quiet_address, name) as client:
        assert client.get("/meja").status_code == 403
        page = client.get("/cari").text
        body = {"csrf": csrf_of(page), "cerita": story_of(quiet, "kubangan"), "putus": "opd:PUTR"}
        assert client.post("/meja/putusan", data=body).status_code == 403
        assert 'href="/meja"' not in page


@pytest.mark.parametrize(
    "query",
    ["lihat=apa", "setelah=ngawur", "setelah=1.2.3", "pilih=tidak-ada", "region=kota-bengkulu", "area=99", "topic=x",
     "putusan=99999", "putusan=x", "kabar=x", "kabar=banyak", "kabar=banyak.1e9", "kabar=serah.2",
     "x=" + "a" * 500, "pilih=" + "y" * 5000, "setelah=9.99999999999999999999.x"],
)  # fmt: skip
def test_an_odd_address_gets_a_page_that_leads_on(looking: httpx.Client, query: str) -> None:
    answer = looking.get(f"/meja?{query}")
    assert answer.status_code == 200
    assert 'href="/meja' in answer.text


def test_paging_shows_every_story_once_and_a_page_is_light(quiet: Installation, looking: httpx.Client) -> None:
    scope = quiet.store.accounts.scope_of(quiet.store.accounts.user("ratna"), frozenset({REGION}))
    everything = quiet.store.triage.queue(TriageQuery(size=200), scope, me="ratna", now=quiet.clock())
    seen, href = [], "/meja"
    while href:
        page = looking.get(href)
        assert len(page.content) < 60_000
        seen += stories(page.text)
        after = re.search(r'rel="next" href="([^"]+)"', page.text)
        href = after[1].replace("&amp;", "&") if after else ""
    assert seen == [item.story for item in everything.items]


def test_when_all_is_done_the_page_says_what_to_do_next(ratna: httpx.Client) -> None:
    page = ratna.get("/meja").text
    body = {"csrf": csrf_of(page), "di": "", "putus": "bukan:3", "x": stories(page)}
    empty = ratna.post("/meja/banyak", data=body, follow_redirects=True).text
    assert stories(empty) == []
    assert "Antrean kosong" in empty
    assert "Catatan untuk sif berikutnya" in empty
    assert len(re.findall(r"<h1", empty)) == 1


def test_the_desk_speaks_english(looking: httpx.Client) -> None:
    page = looking.get("/meja?lang=en", follow_redirects=True).text
    for words in ("Hand to", "No complaint", "Handover notes", "Waits long"):
        assert words in page


def test_who_has_no_region_left_is_told_whom_to_ask(place: Installation, address: str) -> None:
    place.store.accounts.create_user(
        "jauh", display="Analis Jauh", role="analis", password=PASSWORD, regions=("lombok-timur",)
    )
    with as_user(address, "jauh") as client:
        answer = client.get("/meja")
    assert answer.status_code == 403
    assert "Belum ada yang boleh Anda lihat" in answer.text
    assert stories(answer.text) == []


def test_while_truth_does_not_answer_the_page_says_that_nothing_is_lost(
    ratna: httpx.Client, place: Installation
) -> None:
    parts = place.app.state.parts
    dead = Database(open_engine("postgresql://jaring@127.0.0.1:9/tidak-ada"))
    away = replace(parts, store=replace(place.store, triage=Stack(dead, urusan_of=lambda topic: topic)))
    page = ratna.get("/meja").text
    body = {"csrf": csrf_of(page), "cerita": chosen(page), "di": "", "putus": "opd:BPBD"}
    place.app.state.parts = away
    try:
        answer = ratna.get("/meja")
        assert answer.status_code == 503
        assert "Antrean sedang tidak terbaca" in answer.text
        kept = ratna.post("/meja/dilihat", data=body)
        assert kept.status_code == 503
    finally:
        place.app.state.parts = parts
        dead.close()
    assert stories(ratna.get("/meja").text) == stories(page)


def test_without_new_posts_the_page_says_since_when(ratna: httpx.Client, place: Installation) -> None:
    assert "Tidak ada kiriman baru sejak" not in ratna.get("/meja").text
    place.clock.advance(hours=7)
    assert "Tidak ada kiriman baru sejak" in ratna.get("/meja").text
