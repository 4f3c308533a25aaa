"""Verdicts at the desk by forms, without script: what each does, what it says, who may take it back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from desk.proposals import Proposer
from tests.api.installation import PASSWORD, Installation
from tests.api.serving import csrf_of, logged_in
from tests.api.told import OTHER, REGION
from tests.api.triaging import chosen, click, hidden, pick, stories, story_of


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
