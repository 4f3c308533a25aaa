"""Catat: who reports stays hidden, photos stay with who may see them, and the page stays light."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import httpx

from api.settings import ApiSettings
from tests.api.installation import PASSWORD, Installation, installed
from tests.api.pictures import photo
from tests.api.recording import EVERYTHING, TEXT, case_of, form, hidden, saved
from tests.api.serving import csrf_of, logged_in, served
from tests.api.told import NOW


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
