"""The public form and the page of a code: anybody writes, nobody sees another's, machines are kept out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from desk.actors import Actor
from domain.labels import Channel
from domain.scope import Scope
from domain.tickets import Action, Party, Ticket
from tests.api.installation import Installation
from tests.api.pictures import photo
from tests.api.told import OTHER, REGION
from tests.api.writing import FORM, TEXT, code_of, decided, how_many, newest, open_house, send, token_of

CENTER = Actor("ratna", Scope(frozenset({REGION, OTHER}), may_oversee=True), Party.CENTER)
OFFICE = Actor("putr", Scope(frozenset({REGION}), opds=frozenset({f"{REGION}/PUTR"})), Party.AGENCY)
EVERYTHING = Scope(frozenset({REGION, OTHER}), may_oversee=True, may_reveal=True)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, httpx.Client]]:
    """One for all tests here: each comes an hour later, in a browser of its own."""
    with open_house(tmp_path_factory.mktemp("terbuka")) as opened:
        yield opened


@pytest.fixture
def place(house: tuple[Installation, httpx.Client]) -> Installation:
    house[0].clock.advance(hours=1)
    return house[0]


@pytest.fixture
def anybody(house: tuple[Installation, httpx.Client]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=house[1].base_url, timeout=30) as client:
        yield client


def act(place: Installation, ticket: Ticket, actor: Actor, *deeds: tuple[Action, str | None]) -> Ticket:
    desk = place.app.state.parts.desk.tickets
    for action, note in deeds:
        place.clock.advance(hours=1)
        ticket = desk.act(ticket.code, action, actor, rev=ticket.rev, note=note)
    return ticket


def test_a_report_is_a_post_of_the_region_and_its_reporter_has_a_code(
    place: Installation, anybody: httpx.Client
) -> None:
    answer = send(place, anybody, tempat="depan pasar", kecamatan="52.01.01", kontak="0812-3456-7890")
    code = code_of(answer)
    assert re.fullmatch(r"LB-[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    post = newest(place)
    assert (post.text, post.channel, post.regions, post.source) == (TEXT, Channel.FORM, (REGION,), "pintu-formulir")
    assert post.hints.place == "depan pasar, Kec. Gerung"
    assert post.author is None
    page = anybody.get(answer.headers["location"])
    assert page.status_code == 200
    assert code in page.text
    assert "Terkirim" in page.text
    assert "berlubang" not in page.text
    assert "0812" not in page.text
    decided(place)
    assert place.store.secrets.reveal(post.id, EVERYTHING, "uji").contact == "0812-3456-7890"


def test_nothing_is_asked_but_what_happened(place: Installation, anybody: httpx.Client) -> None:
    code_of(send(place, anybody))
    decided(place)
    assert place.store.secrets.reveal(newest(place).id, EVERYTHING, "uji").contact is None


def test_the_same_form_sent_twice_is_one_report_with_one_code(place: Installation, anybody: httpx.Client) -> None:
    before, token = how_many(place), token_of(anybody.get(FORM).text)
    place.clock.advance(seconds=20)
    sent = {"formulir": token, "isi": TEXT}
    assert code_of(anybody.post(FORM, data=sent)) == code_of(anybody.post(FORM, data=sent))
    assert how_many(place) == before + 1


def test_photos_stand_with_the_report_and_know_no_place(place: Installation, anybody: httpx.Client) -> None:
    token = token_of(anybody.get(FORM).text)
    place.clock.advance(seconds=20)
    files = [("foto", ("a.jpg", photo(), "image/jpeg")), ("foto", ("b.png", photo("PNG", (300, 200)), "image/png"))]
    code_of(anybody.post(FORM, data={"formulir": token, "isi": TEXT}, files=files))
    decided(place)
    kept = place.store.photos.of_post(newest(place).id, EVERYTHING)
    assert sorted(note.width for note in kept) == [300, 1600]
    assert b"Exif" not in place.store.photos.shown(kept[0].id, EVERYTHING).body


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"isi": ""}, "Tulis apa yang ingin Anda sampaikan."),
        ({"isi": "rusak"}, "Tulis sedikit lebih lengkap"),
        ({"isi": "x" * 5_001}, "Terlalu panjang: paling banyak 5.000 huruf."),
        ({"kontak": "Pak Lalu"}, "Tulis nomor telepon atau alamat surel"),
        ({"tempat": "x" * 201}, "Terlalu panjang: paling banyak 200 huruf."),
        ({"situs": "http://contoh.invalid"}, "isian yang tersembunyi ikut terisi"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(
    place: Installation, anybody: httpx.Client, fields: dict[str, str], told: str
) -> None:
    before = how_many(place)
    typed = {"tempat": "Dusun Batu", **fields}
    answer = send(place, anybody, wait=20, **typed)
    assert answer.status_code == 422
    assert told in answer.text
    assert fields.get("tempat", "Dusun Batu") in answer.text
    assert how_many(place) == before
    again = anybody.post(FORM, data={"formulir": token_of(answer.text), "isi": TEXT})
    assert code_of(again), "once mended, it is taken"


def test_a_file_that_is_no_photo_is_told(place: Installation, anybody: httpx.Client) -> None:
    token = token_of(anybody.get(FORM).text)
    place.clock.advance(seconds=20)
    files = {"foto": ("surat.pdf", b"%PDF-1.7", "application/pdf")}
    answer = anybody.post(FORM, data={"formulir": token, "isi": TEXT}, files=files)
    assert answer.status_code == 422
    assert "bukan foto" in answer.text


def test_too_many_photos_are_told_and_what_was_typed_stays(place: Installation, anybody: httpx.Client) -> None:
    token = token_of(anybody.get(FORM).text)
    place.clock.advance(seconds=20)
    files = [("foto", (f"{n}.jpg", photo(), "image/jpeg")) for n in range(7)]
    answer = anybody.post(FORM, data={"formulir": token, "isi": TEXT}, files=files)
    assert answer.status_code == 422
    assert "Paling banyak 6 foto" in answer.text
    assert TEXT in answer.text


def test_machines_that_send_at_once_late_or_from_elsewhere_are_not_heard(
    place: Installation, anybody: httpx.Client
) -> None:
    before = how_many(place)
    assert send(place, anybody, wait=1).status_code == 422
    assert send(place, anybody, wait=13 * 3_600).status_code == 422
    token = token_of(anybody.get(FORM).text)
    place.clock.advance(seconds=20)
    sent = {"formulir": token, "isi": TEXT}
    assert httpx.post(f"{anybody.base_url}{FORM}", data=sent).status_code == 422, "without the cookie"
    other = {"jaring_lapor": "milik-orang-lain"}
    assert httpx.post(f"{anybody.base_url}{FORM}", data=sent, cookies=other).status_code == 422
    forged = {"formulir": token[:-1] + ("0" if token[-1] != "0" else "1"), "isi": TEXT}
    assert anybody.post(FORM, data=forged).status_code == 422
    assert anybody.post(f"/lapor/{OTHER}", data=sent).status_code == 422, "a form of another region"
    assert how_many(place) == before


def test_one_address_sends_so_much_in_a_quarter_of_an_hour(place: Installation, anybody: httpx.Client) -> None:
    told = [send(place, anybody).status_code for _ in range(9)]
    assert told == [303] * 8 + [429]
    place.clock.advance(minutes=16)
    assert send(place, anybody).status_code == 303


def test_a_switched_off_form_is_not_there(quiet_address: str) -> None:
    absent = httpx.get(f"{quiet_address}/lapor/tidak-ada")
    for answer in (httpx.get(quiet_address + FORM), httpx.post(quiet_address + FORM, data={"isi": TEXT})):
        assert answer.status_code == absent.status_code == 404
        assert answer.text.replace(REGION, "X") == absent.text.replace("tidak-ada", "X")
    assert FORM not in httpx.get(f"{quiet_address}/lapor").text


def test_a_code_is_found_however_it_is_typed(place: Installation, anybody: httpx.Client) -> None:
    code = code_of(send(place, anybody))
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    answer = anybody.get("/lapor", params={"kode": typed})
    assert answer.headers["location"] == f"/lapor/{code}"
    for _ in range(9):
        assert anybody.get(f"/lapor/{code.lower()}").headers["location"] == f"/lapor/{code}"
    assert anybody.get(f"/lapor/{code}").status_code == 200
    wrong = anybody.get("/lapor", params={"kode": "LB-1"})
    assert wrong.status_code == 422
    assert "Kode laporan terdiri atas" in wrong.text


def test_a_code_that_was_never_given_is_told_like_any_page_that_is_not_there(
    place: Installation, anybody: httpx.Client
) -> None:
    code_of(send(place, anybody))
    told = {
        (answer.status_code, answer.text.replace(name, "X"))
        for name in ("LB-7K2M-9QXD", "LB-0000-0000", "tidak-ada")
        if (answer := anybody.get(f"/lapor/{name}")) is not None
    }
    assert len(told) == 1
    assert {status for status, _ in told} == {404}


def test_codes_cannot_be_guessed_and_a_known_one_is_not_shut_by_looking(
    place: Installation, anybody: httpx.Client
) -> None:
    code = code_of(send(place, anybody))
    assert {anybody.get(f"/lapor/{code}").status_code for _ in range(60)} == {200}
    tried = [anybody.get(f"/lapor/LB-{n:04d}-0000").status_code for n in range(42)]
    assert tried == [404] * 40 + [429] * 2
    assert anybody.get(f"/lapor/{code}").status_code == 429, "else the limit would tell which ones are right"
    place.clock.advance(minutes=16)
    assert anybody.get(f"/lapor/{code}").status_code == 200


def test_the_page_follows_the_ticket_to_its_answer(place: Installation, anybody: httpx.Client) -> None:
    code = code_of(send(place, anybody))

    def told() -> str:
        return re.sub(r"<[^>]+>", " ", anybody.get(f"/lapor/{code}").text.partition("<main")[2])

    assert "menunggu dibaca" in told()
    case = decided(place)
    assert "sedang memeriksa laporan ini" in told()
    desk = place.app.state.parts.desk.tickets
    ticket = desk.open([case], CENTER, opd="PUTR")
    assert "Diteruskan ke Dinas Pekerjaan Umum" in told()
    ticket = act(place, ticket, OFFICE, (Action.ACCEPT, None), (Action.NOTE, "Hubungi mandor dulu."))
    assert "sedang mengerjakan" in told()
    assert "mandor" not in told()
    ticket = act(place, ticket, OFFICE, (Action.SUBMIT, "Lubang sudah ditambal tanggal 22."))
    assert "Lubang sudah ditambal tanggal 22." in told()
    act(place, ticket, CENTER, (Action.APPROVE, None))
    assert "sudah diselesaikan" in told()
    assert "ratna" not in told().lower()
    assert ticket.code not in told()


@pytest.mark.parametrize(
    ("action", "word"), [(Action.REFUSE, "Ditolak"), (Action.FORWARD, "Diteruskan ke instansi lain")]
)
def test_a_refused_report_says_why(place: Installation, anybody: httpx.Client, action: Action, word: str) -> None:
    code = code_of(send(place, anybody))
    desk = place.app.state.parts.desk.tickets
    act(place, desk.open([decided(place)], CENTER), CENTER, (action, "Ini jalan di dalam kompleks perumahan."))
    page = anybody.get(f"/lapor/{code}").text
    assert word in page
    assert "Ini jalan di dalam kompleks perumahan." in page


def test_a_report_that_joins_an_older_ticket_tells_nothing_of_the_other(
    place: Installation, anybody: httpx.Client
) -> None:
    first = code_of(send(place, anybody))
    desk = place.app.state.parts.desk.tickets
    ticket = act(place, desk.open([decided(place)], CENTER, opd="PUTR"), OFFICE, (Action.ACCEPT, None))
    before = place.store.talks.standing(first)
    place.clock.advance(days=3)
    second = code_of(send(place, anybody, isi="Jalan pasar Gerung masih berlubang juga"))
    desk.join(ticket.code, [decided(place)], CENTER)
    after = place.store.talks.standing(second)
    assert before is not None
    assert after is not None
    assert after.state == before.state
    assert {step.at for step in after.steps} == {after.opened_at}
    page = anybody.get(f"/lapor/{second}").text
    assert first not in page


def test_an_accusation_is_looked_into_and_no_more_is_said(place: Installation, anybody: httpx.Client) -> None:
    def told(code: str) -> str:
        page = re.sub(r"<[^>]+>", " ", anybody.get(f"/lapor/{code}").text.partition("<main")[2])
        return re.sub(r"\d\d? \w{3} \d{4} \d\d\.\d\d", "TANGGAL", page.replace(code, "KODE"))

    plain = code_of(send(place, anybody))
    decided(place)
    code = code_of(send(place, anybody, isi="Ada pungli waktu urus surat di kantor desa Telagawaru"))
    case = decided(place)
    desk = place.app.state.parts.desk.tickets
    ticket = desk.open([case], CENTER, opd="INSPEKTORAT")
    assert ticket.oversight
    inspector = Actor(
        "irban", Scope(frozenset({REGION}), opds=frozenset({f"{REGION}/INSPEKTORAT"}), may_oversee=True), Party.AGENCY
    )
    ticket = act(place, ticket, inspector, (Action.ANSWER, "Kades sudah dipanggil."))
    assert "Petugas sedang memeriksa" in told(code)
    assert told(code) == told(plain), "whoever finds the code does not learn that it accuses somebody"
    ticket = act(place, ticket, inspector, (Action.SUBMIT, "Kades sudah ditegur."))
    act(place, ticket, CENTER, (Action.APPROVE, None))
    assert "Pemeriksaan laporan ini sudah berakhir." in told(code)
    for hidden in ("nspektorat", "INSPEKTORAT", "dipanggil", "ditegur", "Diteruskan", "Dikerjakan"):
        assert hidden not in told(code)


def test_all_of_it_is_there_in_english(place: Installation, anybody: httpx.Client) -> None:
    anybody.get(f"{FORM}?lang=en")
    page: Any = anybody.get(FORM)
    assert "Send a report" in page.text
    code = code_of(send(place, anybody))
    assert "Received" in anybody.get(f"/lapor/{code}").text
