"""Catat: a report by person, telephone or link becomes a post like any other, once, with nothing lost on the way."""

from __future__ import annotations

import html
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest

from desk.actors import Actor
from desk.proposals import Proposer
from domain.ids import post_id
from domain.labels import Channel, DateTrust
from domain.tickets import Party
from tests.api.installation import Installation, case
from tests.api.pictures import photo
from tests.api.recording import EVERYTHING, TELAGAWARU, case_of, form, hidden, saved
from tests.api.told import REGION


def test_a_report_becomes_a_post_and_the_page_leads_to_its_case(place: Installation, ratna: httpx.Client) -> None:
    draft = saved(ratna.post("/catat", data=form(ratna, judul="Selokan SD")))
    waiting = ratna.get(f"/catat/{draft}")
    assert "Sedang dibaca" in waiting.text
    assert f'content="2;url=/catat/{draft}?ke=1"' in waiting.text
    assert 'http-equiv="refresh"' not in ratna.get(f"/catat/{draft}?ke=40").text
    place.work()
    assert ratna.get(f"/catat/{draft}").headers["location"] == f"/kiriman/{case_of(draft)}?kabar=catat"
    page = ratna.get(f"/kiriman/{case_of(draft)}?kabar=catat").text
    assert "Laporan tercatat" in page
    assert "Telepon · Dicatat petugas" in page
    found = place.store.cases.detail(case_of(draft), EVERYTHING)
    assert (found.post.title, found.post.channel, found.post.date_trust) == (
        "Selokan SD",
        Channel.PHONE,
        DateTrust.EXACT,
    )
    assert found.post.published_at == datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
    assert [line.subject for line in place.store.audit.list(action="post.record")] == [found.post.id]


def test_a_form_sent_twice_is_one_post(place: Installation, ratna: httpx.Client) -> None:
    before = place.store.counts().posts
    fields = form(ratna)
    assert saved(ratna.post("/catat", data=fields)) == saved(ratna.post("/catat", data=fields))
    assert place.store.counts().posts == before + 1
    assert len(place.store.audit.list(action="post.record")) == 1


def test_a_form_sent_many_times_at_once_is_one_post_with_its_photo(place: Installation, ratna: httpx.Client) -> None:
    before, fields = place.store.counts().posts, form(ratna, aksi="tetap")
    files = [("foto", ("a.jpg", photo(size=(320, 240)), "image/jpeg"))]
    with ThreadPoolExecutor(6) as crowd:
        answers = list(crowd.map(lambda _: ratna.post("/catat", data=fields, files=files), range(6)))
    (draft,) = {saved(answer) for answer in answers}
    place.work()
    assert place.store.counts().posts == before + 1
    assert len(place.store.photos.of_post(post_id("catat", f"ratna:{draft}"), EVERYTHING)) == 1
    assert len(place.store.audit.list(action="post.record")) == 1


def test_a_saved_form_with_other_words_is_asked_about_and_becomes_another_post(
    place: Installation, ratna: httpx.Client
) -> None:
    before = place.store.counts().posts
    fields = form(ratna)
    saved(ratna.post("/catat", data=fields))
    again = ratna.post("/catat", data=fields | {"isi": "Pohon tumbang menimpa kabel listrik", "aksi": "tetap"})
    assert again.status_code == 200
    assert "menjadi catatan tersendiri" in again.text
    assert "Pohon tumbang menimpa" in again.text
    assert place.store.counts().posts == before + 1
    saved(ratna.post("/catat", data=fields | {"isi": "Pohon tumbang", "nomor": hidden(again.text, "nomor")}))
    assert place.store.counts().posts == before + 2


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"isi": "  "}, "Tulis apa yang disampaikan."),
        ({"isi": "x" * 50_001}, "paling banyak 50.000 huruf"),
        ({"kanal": ""}, "Pilih lewat apa"),
        ({"kanal": "merpati"}, "Pilih lewat apa"),
        ({"kanal": "tautan"}, "Tempel alamat lengkapnya"),
        ({"kanal": "tautan", "tautan": "javascript:alert(1)"}, "Tempel alamat lengkapnya"),
        ({"kanal": "tautan", "tautan": "https://[oops"}, "Tempel alamat lengkapnya"),
        ({"kanal": "tautan", "tautan": "https://lokal"}, "Tempel alamat lengkapnya"),
        ({"tanggal": "kemarin"}, "Tulis tanggalnya"),
        ({"tanggal": ""}, "Tulis tanggalnya"),
        ({"tanggal": "0001-01-01"}, "terlalu lama"),
        ({"tanggal": "9999-12-31"}, "belum tiba"),
        ({"tanggal": "2026-11-22"}, "belum tiba"),
        ({"jam": "jam dua"}, "Tulis jamnya"),
        ({"jam": "14:40"}, "belum tiba"),
        ({"tempat": "zzzzzz"}, "Tempat itu tidak ada dalam daftar"),
        ({"tempat": "labu"}, "Pilih salah satu tempat"),
        ({"nama": "n" * 121}, "paling banyak 120 huruf"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    quiet: Installation, looks: httpx.Client, fields: dict[str, str], fault: str
) -> None:
    before = quiet.store.counts().posts
    typed = form(looks, judul="Judul <saya>", nama="Siti", kontak="0812") | fields
    answer = looks.post("/catat", data=typed)
    assert answer.status_code == 422
    assert fault in answer.text
    assert "Yang sudah ditulis tetap ada" in answer.text
    assert quiet.store.counts().posts == before
    assert hidden(answer.text, "judul") == "Judul <saya>"
    assert hidden(answer.text, "kontak") == "0812"
    assert html.escape(typed["isi"].strip(), quote=False) in answer.text
    assert hidden(answer.text, "nomor") == typed["nomor"]


def test_a_step_finds_no_fault_with_what_is_not_written_yet(looks: httpx.Client) -> None:
    answer = looks.post("/catat", data=form(looks, isi="", kanal="", tempat="labu", aksi="cari_tempat"))
    assert answer.status_code == 200
    assert "Tulis apa yang disampaikan." not in answer.text
    assert 'value="52.01.08"' in answer.text


@pytest.mark.parametrize(
    ("link", "channel", "kept"),
    [
        ("https://www.tiktok.com/@warga/video/73?is_from_webapp=1&sender_device=pc", Channel.TIKTOK,
         "https://www.tiktok.com/@warga/video/73"),
        ("https://vt.tiktok.com/ZS12/", Channel.TIKTOK, "https://vt.tiktok.com/ZS12/"),
        ("https://m.facebook.com/groups/lobar/posts/12/?fbclid=abc", Channel.FACEBOOK,
         "https://m.facebook.com/groups/lobar/posts/12/"),
        ("https://siapa:rahasia@youtu.be/x?t=10#atas", Channel.YOUTUBE, "https://youtu.be/x?t=10"),
        ("http://facebook.com.contoh.invalid/x", Channel.WEB, "http://facebook.com.contoh.invalid/x"),
    ],
)  # fmt: skip
def test_a_pasted_link_tells_the_channel_and_loses_what_names_the_sharer(
    place: Installation, ratna: httpx.Client, link: str, channel: Channel, kept: str
) -> None:
    draft = saved(ratna.post("/catat", data=form(ratna, kanal="tautan", tautan=link)))
    place.work()
    document = place.store.cases.document(case_of(draft), EVERYTHING)
    assert (document.channel, document.url) == (channel, kept)


def test_without_an_hour_only_the_day_is_known(place: Installation, ratna: httpx.Client) -> None:
    draft = saved(ratna.post("/catat", data=form(ratna, tanggal="2026-11-19", jam="")))
    place.work()
    document = place.store.cases.document(case_of(draft), EVERYTHING)
    assert document.date_trust is DateTrust.DAY
    assert f"{document.local_date}" == "2026-11-19"


class TestPlace:
    def test_the_chosen_place_is_where_the_case_is(self, place: Installation, ratna: httpx.Client) -> None:
        draft = saved(ratna.post("/catat", data=form(ratna, kode=TELAGAWARU)))
        place.work()
        assert place.store.cases.document(case_of(draft), EVERYTHING).desa == TELAGAWARU
        assert "Desa Telagawaru, Kec. Labuapi" in ratna.get(f"/kiriman/{case_of(draft)}").text

    def test_a_name_typed_in_full_needs_no_choice(self, place: Installation, ratna: httpx.Client) -> None:
        draft = saved(ratna.post("/catat", data=form(ratna, tempat="Desa Telagawaru")))
        place.work()
        assert place.store.cases.document(case_of(draft), EVERYTHING).desa == TELAGAWARU

    def test_a_report_about_elsewhere_or_nowhere_is_a_case_all_the_same(
        self, place: Installation, ratna: httpx.Client
    ) -> None:
        draft = saved(ratna.post("/catat", data=form(ratna, isi="Terima kasih, semoga sehat selalu")))
        place.work()
        assert place.store.cases.document(case_of(draft), EVERYTHING).relevance > 0.9

    def test_a_click_on_the_map_is_a_village_and_a_point(self, place: Installation, ratna: httpx.Client) -> None:
        drawn = place.app.state.parts.maps.drawn(REGION, "kecamatan")
        shape = next(s for s in drawn.shapes if s.name == "Sekotong")
        at = {"peta.x": str(shape.label_x * 460 // drawn.width), "peta.y": str(shape.label_y * 460 // drawn.width)}
        fields = form(ratna)
        page = ratna.post("/catat", data=fields | at).text
        assert "titik dipilih di peta" in page
        assert "Peta Kec. Sekotong" in page
        chosen = {name: hidden(page, name) for name in ("kode", "titik", "zum")}
        assert chosen["kode"].startswith("52.01.07.")
        draft = saved(ratna.post("/catat", data=fields | chosen))
        place.work()
        document = place.store.cases.document(case_of(draft), EVERYTHING)
        assert document.desa == chosen["kode"]
        assert f"{document.lat:.6f},{document.lon:.6f}" == chosen["titik"]

    def test_the_same_spot_on_a_telephone_is_the_same_village(self, place: Installation, ratna: httpx.Client) -> None:
        drawn = place.app.state.parts.maps.drawn(REGION, "kecamatan")
        shape = next(s for s in drawn.shapes if s.name == "Narmada")
        found = set()
        for name, width in (("peta", 460), ("petak", 320)):
            at = {
                f"{name}.{axis}": str(v * width // drawn.width)
                for axis, v in zip("xy", (shape.label_x, shape.label_y), strict=True)
            }
            found.add(hidden(ratna.post("/catat", data=form(ratna) | at).text, "kode")[:8])
        assert found == {"52.01.03"}

    def test_the_sea_is_no_place(self, looks: httpx.Client) -> None:
        page = looks.post("/catat", data=form(looks) | {"peta.x": "2", "peta.y": "2"}).text
        assert "Titik itu di luar wilayah" in page

    @pytest.mark.parametrize("odd", [{"peta.x": "9" * 400, "peta.y": "1"}, {"titik": "nan,nan"}, {"titik": "1e999,2"},
                                     {"kode": "17.71.01"}, {"kode": "point:lombok-barat/<b>"}, {"zum": "'"},
                                     {"wilayah": "kota-bengkulu"}])  # fmt: skip
    def test_odd_places_are_as_if_not_there(self, looks: httpx.Client, odd: dict[str, str]) -> None:
        assert looks.post("/catat", data=form(looks, aksi="foto") | odd).status_code == 200

    def test_script_gets_the_same_part_of_the_form(self, looks: httpx.Client) -> None:
        part = looks.get("/catat/tempat", params={"wilayah": REGION, "tempat": "telaga", "aksi": "cari_tempat"}).text
        assert f'value="{TELAGAWARU}"' in part
        assert "<html" not in part
        assert "Kec. Labuapi" in part


class TestLikely:
    def test_what_may_be_the_same_is_shown_before_anything_is_saved(
        self, place: Installation, ratna: httpx.Client
    ) -> None:
        before = place.store.counts().posts
        answer = ratna.post("/catat", data=form(ratna, isi="Telagawaru jalannya kubangan, motor jatuh tiap hujan"))
        assert answer.status_code == 200
        assert "Mungkin sudah ada" in answer.text
        assert case("kubangan") in answer.text or case("kubangan-2") in answer.text
        assert "kubangan" in answer.text
        assert place.store.counts().posts == before
        fields = form(ratna, isi="Telagawaru jalannya kubangan, motor jatuh tiap hujan")
        saved(ratna.post("/catat", data=fields | {"aksi": "tetap"}))
        assert place.store.counts().posts == before + 1

    def test_the_same_is_added_to_that_story(self, place: Installation, ratna: httpx.Client) -> None:
        fields = form(ratna, isi="Ada ambulans terperosok", aksi=f"sama:{case('longsor')}")
        draft = saved(ratna.post("/catat", data=fields))
        place.work()
        told = place.store.cases.document(case("longsor"), EVERYTHING)
        assert place.store.cases.document(case_of(draft), EVERYTHING).story == told.story

    def test_the_same_is_added_to_the_ticket_of_that_story(self, place: Installation, ratna: httpx.Client) -> None:
        desk, center = place.app.state.parts.desk.tickets, Actor("ratna", EVERYTHING, Party.CENTER)
        ticket = desk.open([case("longsor")], center, opd="BPBD")
        place.work()
        fields = form(ratna, isi="Longsor menutup jalan, motor tertimbun, mohon segera dibantu", kode="52.01.07.2003")
        asked = ratna.post("/catat", data=fields).text
        assert f"Ini sama: tambahkan ke tiket {ticket.code}" in asked
        draft = saved(ratna.post("/catat", data=fields | {"aksi": f"sama:{case('longsor')}"}))
        place.work()
        proposer = Proposer(place.store, desk, place.app.state.parts.profiles, place.clock)
        while proposer.turn():
            pass
        assert {d.id for d in place.store.tickets.cases(ticket.code, EVERYTHING)} == {case("longsor"), case_of(draft)}
        assert ticket.code in ratna.get(f"/kiriman/{case_of(draft)}").text

    def test_nobody_adds_to_what_he_may_not_see(self, place: Installation, ratna: httpx.Client) -> None:
        before = place.store.counts().posts
        for hidden_one in (case("kades"), case("tidak-pernah-ada")):
            assert ratna.post("/catat", data=form(ratna, aksi=f"sama:{hidden_one}")).status_code == 404
        assert place.store.counts().posts == before

    def test_what_accuses_somebody_is_not_shown_as_likely(self, looks: httpx.Client) -> None:
        fields = form(looks, isi="Kades di Narmada minta pungli setiap urus surat tanah, sudah berkali-kali")
        answer = looks.post("/catat", data=fields)
        assert case("kades") not in answer.text

    def test_another_place_or_other_words_are_not_likely(self, looks: httpx.Client) -> None:
        for text in ("Telagawaru Karang Bongkot Labuapi", "Telagawaru minta bibit mangga untuk kelompok tani"):
            assert "Mungkin sudah ada" not in looks.post("/catat", data=form(looks, isi=text)).text
