"""Catat: a report by person, telephone or link becomes a post like any other, once, with nothing lost on the way."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from api.settings import ApiSettings
from desk.proposals import Proposer
from desk.tickets import Actor
from domain.ids import case_id, post_id
from domain.labels import Channel, DateTrust
from domain.scope import Scope
from domain.tickets import Party
from tests.api.installation import PASSWORD, Installation, case, installed
from tests.api.pictures import photo
from tests.api.serving import csrf_of, logged_in, served
from tests.api.told import NOW, REGION

TEXT = "Selokan di depan SD Inpres tersumbat sampah plastik, air meluap ke kelas setiap hujan"
EVERYTHING = Scope(regions=frozenset({REGION}), may_oversee=True, may_reveal=True)
TELAGAWARU = "52.01.08.2004"


@pytest.fixture
def ratna(place: Installation, address: str) -> Iterator[httpx.Client]:
    with logged_in(address, "ratna", PASSWORD) as client:
        yield client


@pytest.fixture
def looks(quiet_address: str) -> Iterator[httpx.Client]:
    """Somebody who saves nothing, on the installation that is only read."""
    with logged_in(quiet_address, "ratna", PASSWORD) as client:
        yield client


def form(client: httpx.Client, **changed: str) -> dict[str, str]:
    """The fields of a fresh form, filled in."""
    page = client.get("/catat").text
    return {
        "csrf": csrf_of(page), "nomor": hidden(page, "nomor"), "isi": TEXT, "kanal": "telepon",
        "tanggal": "2026-11-21", "jam": "14:00", "wilayah": REGION, **changed,
    }  # fmt: skip


def hidden(page: str, name: str) -> str:
    """The value of a field, as the page has it."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return html.unescape(found.group(1))


def saved(answer: httpx.Response) -> str:
    """The number of the form that was saved."""
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/catat/")


def case_of(draft: str, user: str = "ratna") -> str:
    return case_id(post_id("catat", f"{user}:{draft}"), REGION)


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


class TestReporter:
    def test_a_contact_is_nowhere_but_behind_the_permission(self, place: Installation, address: str) -> None:
        secret = {"nama": "Siti Aminah binti Umar", "kontak": "081912345678"}
        with logged_in(address, "admin", PASSWORD) as admin:
            fields = form(admin, **secret, isi=f"{TEXT}. Hubungi 081912345678")
            draft = saved(admin.post("/catat", data=fields))
            place.work()
            told = case_of(draft, "admin")
            pages = [
                f"/kiriman/{told}",
                "/cari?q=selokan",
                "/cari/unduh.csv?q=selokan",
                f"/api/v1/posts/{told}",
                "/api/v1/posts?q=selokan",
                f"/cari/panel/{told}",
                "/api/v1/posts?q=081912345678",
                "/metrics",
            ]
            for page in pages:
                answer = admin.get(page)
                assert answer.status_code == 200, page
                assert "Siti Aminah" not in answer.text, page
                assert "81912345678" not in answer.text.replace("q=081912345678", ""), page
            opened = admin.post(f"/kiriman/{told}/buka", data={"csrf": csrf_of(admin.get("/catat").text)})
            assert "Siti Aminah binti Umar · 081912345678" in opened.text
        assert [line.actor for line in place.store.audit.list(action="secret.reveal")] == ["admin"]
        written = b"".join(file.read_bytes() for file in place.home.rglob("*") if file.is_file())
        assert b"Siti Aminah" not in written
        assert b"81912345678" not in written

    def test_an_anonymous_report_keeps_neither_name_nor_contact(self, place: Installation, ratna: httpx.Client) -> None:
        fields = form(ratna, anonim="ya", nama="Siti Aminah", kontak="081912345678")
        draft = saved(ratna.post("/catat", data=fields))
        place.work()
        found = place.store.cases.detail(case_of(draft), EVERYTHING)
        assert found.post.author is None
        assert not place.store.secrets.holds(found.post.id, EVERYTHING)

    def test_one_number_is_one_person_whatever_the_name(self, place: Installation, ratna: httpx.Client) -> None:
        authors = []
        for n, name in enumerate(("Siti", "Bu Siti", "")):
            draft = saved(
                ratna.post(
                    "/catat", data=form(ratna, isi=f"{n} {TEXT[n:]}", nama=name, kontak="081912345678", aksi="tetap")
                )
            )
            place.work()
            authors.append(place.store.cases.document(case_of(draft), EVERYTHING).author)
        assert len(set(authors)) == 1
        assert authors[0]


class TestPhotos:
    def test_photos_are_kept_with_the_form_while_it_is_corrected_and_go_with_the_post(
        self, place: Installation, ratna: httpx.Client
    ) -> None:
        fields = form(ratna, isi="")
        files = [("foto", ("lokasi.jpg", photo(), "image/jpeg")), ("foto", ("dua.png", photo("PNG"), "image/png"))]
        wrong = ratna.post("/catat", data=fields, files=files)
        held = re.findall(r'<img src="(/catat/foto/[^"]+)"', wrong.text)
        assert wrong.status_code == 422
        assert len(held) == 2
        assert ratna.get(held[0]).headers["content-type"] == "image/jpeg"
        taken = ratna.post("/catat", data=fields | {"aksi": f"hapus_foto:{held[1].rpartition('/')[2]}"})
        assert len(re.findall(r'<img src="/catat/foto/', taken.text)) == 1
        draft = saved(ratna.post("/catat", data=fields | {"isi": TEXT}))
        place.work()
        page = ratna.get(f"/kiriman/{case_of(draft)}").text
        (shown,) = re.findall(r'<img src="(/foto/[^"]+)"', page)
        answer = ratna.get(shown.removesuffix("/kecil"))
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "no-store"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert b"Exif" not in answer.content

    def test_a_file_that_is_no_photo_is_named_and_the_rest_stays(self, looks: httpx.Client) -> None:
        files = [("foto", ("baik.jpg", photo(), "image/jpeg")), ("foto", ("virus.jpg", b"MZ\x90", "image/jpeg"))]
        answer = looks.post("/catat", data=form(looks), files=files)
        assert answer.status_code == 422
        assert "virus.jpg: Berkas ini bukan foto" in answer.text
        assert len(re.findall(r'<img src="/catat/foto/', answer.text)) == 1

    def test_a_photo_that_is_too_large_is_named(self, looks: httpx.Client) -> None:
        files = [("foto", ("besar.jpg", bytes(8_000_001), "image/jpeg"))]
        answer = looks.post("/catat", data=form(looks), files=files)
        assert answer.status_code == 422
        assert "besar.jpg melebihi 8 MB" in answer.text

    def test_forms_with_photos_have_a_bound_of_their_own(self, tmp_path: Path) -> None:
        small = ApiSettings(max_body_bytes=20_000, photo_bytes=10_000)
        with (
            installed(tmp_path, more=0, settings=small) as place,
            served(place.app) as address,
            logged_in(address, "ratna", PASSWORD) as client,
        ):
            fields = form(client)
            for size, path, status in ((30_000, "/catat", 422), (90_000, "/catat", 413), (30_000, "/masuk", 413)):
                files = [("foto", ("a.jpg", bytes(size), "image/jpeg"))]
                assert client.post(path, data=fields, files=files).status_code == status

    def test_others_see_neither_the_form_nor_its_photos(
        self, place: Installation, address: str, ratna: httpx.Client
    ) -> None:
        fields = form(ratna, isi="")
        page = ratna.post("/catat", data=fields, files=[("foto", ("a.jpg", photo(), "image/jpeg"))]).text
        (held,) = re.findall(r'<img src="(/catat/foto/[^"]+)"', page)
        draft = saved(ratna.post("/catat", data=fields | {"isi": TEXT}))
        place.work()
        (shown,) = re.findall(r'<img src="(/foto/[^"]+)"', ratna.get(f"/kiriman/{case_of(draft)}").text)
        with logged_in(address, "bengkulu", PASSWORD) as other:
            for path in (held, f"/catat/{draft}", shown, shown.removesuffix("/kecil"), "/foto/tidak-ada"):
                assert other.get(path).status_code == 404, path
        with httpx.Client(base_url=address) as nobody:
            assert nobody.get(shown).status_code == 303


def test_only_the_center_records(place: Installation, address: str) -> None:
    for user in ("putr", "bupati", "kosong"):
        with logged_in(address, user, PASSWORD) as client:
            assert client.get("/catat").status_code == 403
            assert 'href="/catat"' not in client.get("/cari").text
            assert client.get("/catat/tempat").status_code == 403
            fields = {"csrf": csrf_of(client.get("/cari").text), "isi": TEXT, "kanal": "surat", "tanggal": "2026-11-21"}
            assert client.post("/catat", data=fields).status_code == 403


def test_a_form_without_its_token_saves_nothing(place: Installation, ratna: httpx.Client) -> None:
    before = place.store.counts().posts
    assert ratna.post("/catat", data=form(ratna, csrf="salah")).status_code == 403
    assert ratna.post("/catat", data=form(ratna) | {"csrf": ""}).status_code == 403
    assert place.store.counts().posts == before


def test_a_search_that_does_not_answer_keeps_no_report_out(place: Installation, ratna: httpx.Client) -> None:
    fields = form(ratna)
    place.index.close()
    shutil.rmtree(place.home / "index")
    (place.home / "index").write_text("bukan folder")
    asked = ratna.post("/catat", data=fields)
    assert asked.status_code == 200
    assert "Yang serupa belum dapat dicari" in asked.text
    saved(ratna.post("/catat", data=fields | {"aksi": "tetap"}))


def test_the_page_is_light_and_speaks_english(ratna: httpx.Client) -> None:
    page = ratna.get("/catat")
    assert len(page.content) <= 60_000
    assert " style=" not in page.text
    ratna.get("/catat?lang=en")
    assert "Record a report" in ratna.get("/catat").text


def test_the_clock_of_the_form_is_the_regions(looks: httpx.Client) -> None:
    page = looks.get("/catat").text
    assert (hidden(page, "tanggal"), hidden(page, "jam")) == ("2026-11-21", "14:32")
    assert datetime(2026, 11, 21, 6, 32, tzinfo=UTC) == NOW
