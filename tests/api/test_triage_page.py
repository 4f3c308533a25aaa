"""The triage desk as HTML, without script: what waits for whom, what a click does, and what it says afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest

from desk.proposals import Proposer
from store.database import Database, open_engine
from store.triage import Stack, TriageQuery
from tests.api.installation import PASSWORD, Installation, case
from tests.api.serving import csrf_of, logged_in
from tests.api.told import OTHER, REGION


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


@contextmanager
def as_user(address: str, name: str) -> Iterator[httpx.Client]:
    with logged_in(address, name, PASSWORD) as client:
        yield client


def stories(page: str) -> list[str]:
    return re.findall(r'<li class="story[^"]*" data-key="([^"]+)"', page)


def chosen(page: str) -> str:
    found = re.search(r'data-story="([^"]+)"', page)
    assert found, "nothing is chosen"
    return found[1]


def hidden(page: str, name: str) -> str:
    """A hidden field of the forms of the chosen story."""
    return page.partition('id="terpilih"')[2].partition(f'name="{name}" value="')[2].partition('"')[0]


def story_of(place: Installation, key: str, region: str = REGION) -> str:
    scope = place.store.accounts.scope_of(place.store.accounts.user("admin"), frozenset({REGION, OTHER}))
    return place.store.cases.document(case(key, region), scope).story


def click(client: httpx.Client, page: str, where: str, **fields: str) -> httpx.Response:
    """Send a form of the chosen story, as the page has it, and follow where it leads."""
    body = {
        "csrf": csrf_of(page), "cerita": chosen(page), "di": hidden(page, "di"), "lanjut": hidden(page, "lanjut"),
        **fields,
    }  # fmt: skip
    return client.post(f"/meja/{where}", data=body, follow_redirects=True)


def pick(client: httpx.Client, place: Installation, key: str) -> str:
    answer = client.get("/meja", params={"pilih": story_of(place, key)})
    assert answer.status_code == 200
    assert chosen(answer.text) == story_of(place, key)
    return answer.text


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


def test_one_click_makes_a_ticket_and_leads_to_the_next_story(ratna: httpx.Client, place: Installation) -> None:
    page = ratna.get("/meja").text
    first, second = stories(page)[:2]
    after = click(ratna, page, "putusan", putus="opd:BPBD")
    assert after.status_code == 200
    assert first not in stories(after.text)
    assert chosen(after.text) == second
    code = re.search(r'href="/tiket/(LB-2026-11-\d{4})"', after.text)
    assert code, "the news names the ticket"
    ticket = place.store.tickets.ticket(code[1], place.store.accounts.scope_of(
        place.store.accounts.user("ratna"), frozenset({REGION})))  # fmt: skip
    assert (ticket.opd, ticket.state) == ("BPBD", "didisposisikan")


def test_another_agency_is_chosen_from_all_and_none_is_told(ratna: httpx.Client, place: Installation) -> None:
    page = pick(ratna, place, "tanya")
    nothing = click(ratna, page, "putusan", putus="opd")
    assert nothing.status_code == 422
    assert "Pilih dahulu OPD" in nothing.text
    assert chosen(nothing.text) == story_of(place, "tanya")
    done = click(ratna, page, "putusan", putus="opd", opd="DINKES" if 'value="DINKES"' in page else "DIKES")
    assert done.status_code == 200
    assert story_of(place, "tanya") not in stories(done.text)


def test_a_verdict_is_undone_with_the_story_chosen_again(ratna: httpx.Client, place: Installation) -> None:
    page = pick(ratna, place, "kubangan")
    after = click(ratna, page, "putusan", putus="opd:PUTR").text
    undo = after.partition('name="putusan" value="')[2].partition('"')[0]
    back = ratna.post(
        "/meja/urung", data={"csrf": csrf_of(after), "putusan": undo, "di": ""}, follow_redirects=True
    ).text
    assert chosen(back) == story_of(place, "kubangan")
    assert story_of(place, "kubangan") in stories(back)
    again = ratna.post("/meja/urung", data={"csrf": csrf_of(after), "putusan": undo, "di": ""})
    assert again.status_code == 409


def test_nobody_undoes_or_reads_what_another_did(ratna: httpx.Client, admin: httpx.Client, place: Installation) -> None:
    after = click(ratna, pick(ratna, place, "kubangan"), "putusan", putus="opd:PUTR").text
    undo = after.partition('name="putusan" value="')[2].partition('"')[0]
    page = admin.get("/meja", params={"putusan": undo}).text
    assert "Urungkan" not in page
    refused = admin.post("/meja/urung", data={"csrf": csrf_of(page), "putusan": undo, "di": ""})
    assert refused.status_code in {404, 409}
    assert story_of(place, "kubangan") not in stories(admin.get("/meja").text)


def test_no_complaint_wants_a_reason(ratna: httpx.Client, place: Installation) -> None:
    page = pick(ratna, place, "rumus")
    assert click(ratna, page, "putusan", putus="bukan").status_code == 422
    after = click(ratna, page, "putusan", putus="bukan:2")
    assert after.status_code == 200
    assert story_of(place, "rumus") not in stories(after.text)
    own = click(ratna, pick(ratna, place, "tanya"), "putusan", putus="bukan", alasan="sudah dijawab di loket")
    assert own.status_code == 200
    assert story_of(place, "tanya") not in stories(own.text)


def test_topic_and_place_are_corrected_and_the_story_stays(ratna: httpx.Client, place: Installation) -> None:
    page = pick(ratna, place, "truk")
    after = click(ratna, page, "koreksi", tugas="topic", nilai="jalan.desa").text
    assert chosen(after) == story_of(place, "truk")
    assert re.search(r'<option value="jalan.desa" selected>', after)
    assert "menurut topik" in after  # the agency follows the topic at once
    after = click(ratna, after, "koreksi", tugas="place", nilai="Banyumulek").text
    assert chosen(after) == story_of(place, "truk")
    assert re.search(r'<span lang="id" title="oleh manusia">Desa Banyumulek, Kec\. Kediri</span>', after)
    wrong = click(ratna, after, "koreksi", tugas="place", nilai="Atlantis")
    assert wrong.status_code == 422
    assert "Atlantis" in wrong.text
    assert click(ratna, after, "koreksi", tugas="sentiment", nilai="positif").status_code == 422


def test_a_corrected_story_stays_chosen_though_it_leaves_the_look(admin: httpx.Client, place: Installation) -> None:
    nowhere = story_of(place, "bengkulu", OTHER)
    page = admin.get("/meja?lihat=tanpa_tempat").text
    assert chosen(page) == nowhere
    click(admin, page, "koreksi", tugas="place", nilai="17.71.01")
    place.work()
    after = admin.get("/meja", params={"lihat": "tanpa_tempat", "pilih": nowhere}).text
    assert nowhere not in stories(after)
    assert "di luar saringan ini" in after
    assert chosen(after) == nowhere


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


def test_who_comes_second_is_told_who_did_what_and_goes_on(
    ratna: httpx.Client, admin: httpx.Client, place: Installation
) -> None:
    mine, theirs = pick(ratna, place, "kubangan"), pick(admin, place, "kubangan")
    click(ratna, mine, "putusan", putus="opd:PUTR")
    late = click(admin, theirs, "putusan", putus="bukan:1")
    assert late.status_code == 409
    told = late.text.partition('class="told bad"')[2].partition("</div>")[0]
    assert "Baiq Ratna" in told
    assert story_of(place, "kubangan") not in stories(late.text)
    assert chosen(late.text)


def test_many_are_judged_at_once(ratna: httpx.Client, place: Installation) -> None:
    page = ratna.get("/meja").text
    some = [story_of(place, key) for key in ("kubangan", "sasak", "tanya")]
    answer = ratna.post(
        "/meja/banyak", data={"csrf": csrf_of(page), "di": "", "putus": "terbaik", "x": some}, follow_redirects=True
    )
    assert answer.status_code == 200
    assert not set(some) & set(stories(answer.text))
    nothing = ratna.post("/meja/banyak", data={"csrf": csrf_of(page), "di": "", "putus": "terbaik"})
    assert nothing.status_code == 422
    assert "Tandai dahulu" in nothing.text


def test_of_many_those_held_by_another_stay_marked(
    ratna: httpx.Client, admin: httpx.Client, place: Installation
) -> None:
    click(admin, pick(admin, place, "sasak"), "pegang")
    page = ratna.get("/meja").text
    some = [story_of(place, key) for key in ("kubangan", "sasak")]
    body = {"csrf": csrf_of(page), "di": "", "putus": "bukan:1", "x": some}
    after = ratna.post("/meja/banyak", data=body, follow_redirects=True).text
    assert some[0] not in stories(after)
    assert re.search(rf'value="{some[1]}" checked', after)
    assert "1 cerita diputuskan, 1 tidak" in after
    assert "Admin" in after.partition('class="told bad"')[2].partition("</div>")[0]


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


def test_a_form_without_its_token_does_nothing(ratna: httpx.Client, place: Installation) -> None:
    story = story_of(place, "kubangan")
    assert ratna.post("/meja/putusan", data={"cerita": story, "putus": "opd:PUTR"}).status_code == 403
    assert story in stories(ratna.get("/meja").text)


def test_script_gets_the_part_that_changes(ratna: httpx.Client, place: Installation) -> None:
    part = ratna.get("/meja", headers={"X-Jaring-Part": "cerita"}).text
    assert "data-story=" in part
    assert "<html" not in part
    page = pick(ratna, place, "kubangan")
    body = {"csrf": csrf_of(page), "cerita": chosen(page), "di": hidden(page, "di"), "putus": "opd:PUTR",
            "lanjut": hidden(page, "lanjut")}  # fmt: skip
    changed = ratna.post("/meja/putusan", data=body, headers={"X-Jaring-Part": "meja"})
    assert changed.status_code == 200
    assert "<html" not in changed.text
    assert 'id="antrean"' in changed.text
    assert "/tiket/LB-2026-11-" in changed.text
    quiet = ratna.post(
        "/meja/pegang", data={"csrf": csrf_of(page), "cerita": chosen(changed.text)}, headers={"X-Jaring-Part": "diam"}
    )
    assert (quiet.status_code, quiet.text) == (204, "")


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


def test_a_proposed_ticket_is_opened_by_one_click(ratna: httpx.Client, place: Installation) -> None:
    parts = place.app.state.parts
    Proposer(place.store, parts.desk.tickets, parts.profiles, place.clock).turn(limit=50)
    page = pick(ratna, place, "longsor")
    code = re.search(r"Buka usulan (LB-2026-11-\d{4}) untuk", page)
    assert code
    after = click(ratna, page, "putusan", putus="opd:BPBD").text
    assert f"/tiket/{code[1]}" in after
    scope = place.store.accounts.scope_of(place.store.accounts.user("ratna"), frozenset({REGION}))
    assert place.store.tickets.ticket(code[1], scope).state == "didisposisikan"


def test_an_open_ticket_of_the_same_matter_nearby_takes_the_story_in(ratna: httpx.Client, place: Installation) -> None:
    click(ratna, pick(ratna, place, "kubangan"), "putusan", putus="opd:PUTR")
    page = pick(ratna, place, "sasak")
    assert "Sudah ada tiket yang sama di dekat sini" in page
    code = re.search(r'value="gabung:(LB-2026-11-\d{4})" data-press="g"', page)
    assert code
    after = click(ratna, page, "putusan", putus=f"gabung:{code[1]}").text
    assert "Digabung ke" in after
    scope = place.store.accounts.scope_of(place.store.accounts.user("ratna"), frozenset({REGION}))
    assert place.store.tickets.ticket(code[1], scope).cases == 3
