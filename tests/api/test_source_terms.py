"""Keys, prices, budgets and settings of sources, doors that were found: who sees and changes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from domain.answers import KeptAnswer
from domain.labels import SourceState
from domain.ports import CrawlOutcome, SourceSpec
from domain.posts import Incoming
from store.errands import ErrandKind, ErrandState
from store.finds import FindState, Found
from tests.api.installation import PASSWORD, Installation
from tests.api.serving import csrf_of, logged_in
from tests.api.told import OTHER, REGION

SECRET = "AIza-kunci-yang-tak-boleh-tampil"
PAID = SourceSpec(
    "burung-lobar", "Cari lobar", "burung", "https://burung.invalid/search?q=lobar", (REGION,), enabled=False,
    added_by="ratna",
)  # fmt: skip
FREE = SourceSpec("tabung-lobar", "Kanal Lobar", "tabung", "https://tabung.invalid/@lobar", (REGION,), added_by="ratna")
DESA = Found(
    "https://labuapi.invalid/feed/", "rss", "Desa <b>Labuapi</b>", "tautan di halaman dinas",
    ({"title": "Musyawarah desa", "url": None, "published_at": "2026-11-20T01:00:00+00:00"},),
)  # fmt: skip


@pytest.fixture
def admin(address: str) -> Iterator[httpx.Client]:
    with logged_in(address, "admin", PASSWORD) as client:
        yield client


@pytest.fixture
def platforms(place: Installation) -> None:
    for spec in (PAID, FREE):
        place.store.sources.add(spec)


def send(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    return client.post(path, data={"csrf": csrf_of(client.get("/sumber").text), **fields})


def put_key(client: httpx.Client, **fields: str) -> httpx.Response:
    return send(client, "/sumber/kunci", **({"nama": "tabung", "nilai": SECRET} | fields))


def actions(place: Installation) -> list[str]:
    return [line.action for line in place.store.audit.list(action="source.")]


@pytest.mark.usefixtures("platforms")
def test_a_key_goes_in_and_never_comes_out(place: Installation, admin: httpx.Client) -> None:
    empty = admin.get("/sumber/kunci").text
    assert re.findall(r"<h2>(burung|tabung)</h2>", empty) == ["burung", "tabung"]
    assert 'type="password" name="nilai" required autocomplete="new-password"' in empty
    assert put_key(admin, sampai="2026-12-31").headers["location"] == "/sumber/kunci?kabar=simpan"
    kept = place.store.credentials.open("tabung")
    assert kept is not None
    assert kept.value == SECRET
    pages = [admin.get(path).text for path in ("/sumber/kunci", "/sumber", "/sumber/tabung-lobar", "/pengaturan/audit")]
    assert not any(SECRET in page for page in pages)
    assert "berlaku sampai 31 Des 2026" in pages[0]
    assert "dibawa admin" in pages[0]
    assert 'href="/sumber/tabung-lobar"' in pages[0]
    assert actions(place) == ["source.key.set"]
    assert SECRET not in str(place.store.audit.list())


def test_a_key_that_cannot_be_kept_is_refused_in_words_and_not_repeated(
    place: Installation, admin: httpx.Client
) -> None:
    for fields, said in (
        ({"nilai": " "}, "Tempel kuncinya."),
        ({"nama": "Nama Buruk/"}, "Nama kunci hanya huruf kecil"),
        ({"nama": f"{SECRET}=", "nilai": "salah-kolom"}, "Nama kunci hanya huruf kecil"),
        ({"nilai": "x" * 5_000}, "paling panjang 4096 huruf"),
        ({"sampai": "2026-01-01"}, "sudah lewat"),
        ({"sampai": "besok"}, "tidak terbaca"),
    ):
        answer = put_key(admin, **fields)
        assert (answer.status_code, said in answer.text) == (422, True), said
        assert SECRET.lower() not in answer.text.lower(), "nor one that was pasted in the wrong place"
        assert "xxxx" not in answer.text
    assert place.store.credentials.names() == []


@pytest.mark.usefixtures("platforms")
def test_keys_are_the_admins_alone(place: Installation, ratna: httpx.Client, address: str) -> None:
    assert ratna.get("/sumber/kunci").status_code == 403
    assert put_key(ratna).status_code == 403
    assert send(ratna, "/sumber/kunci/hapus", nama="tabung", yakin="1").status_code == 403
    assert "/sumber/kunci" not in ratna.get("/sumber").text
    assert "Minta admin memasukkannya" in ratna.get("/sumber/tabung-lobar").text
    with logged_in(address, "putr", PASSWORD) as liaison:
        assert liaison.get("/sumber/kunci").status_code == 403
    assert place.store.credentials.names() == []


def test_a_key_is_forgotten_only_when_that_is_confirmed(place: Installation, admin: httpx.Client) -> None:
    put_key(admin)
    assert "Centang dahulu" in send(admin, "/sumber/kunci/hapus", nama="tabung").text
    assert send(admin, "/sumber/kunci/hapus", nama="tabung", yakin="1").status_code == 303
    assert place.store.credentials.open("tabung") is None
    assert send(admin, "/sumber/kunci/hapus", nama="tabung", yakin="1").status_code == 404


@pytest.mark.usefixtures("platforms")
def test_sources_that_waited_for_a_key_go_on_with_the_new_one(place: Installation, admin: httpx.Client) -> None:
    now = place.clock()
    place.store.sources.record(CrawlOutcome("tabung-lobar", SourceState.AUTH_EXPIRED, now, message="ditolak"))
    put_key(admin)
    assert "tabung-lobar" in {spec.key for spec in place.store.sources.due(now)}


@pytest.mark.usefixtures("platforms")
def test_keys_that_end_or_were_refused_are_told_beforehand(
    place: Installation, ratna: httpx.Client, admin: httpx.Client, address: str
) -> None:
    now = place.clock()
    place.store.credentials.put("tabung", SECRET, "admin", now, now + timedelta(days=4))
    place.store.credentials.put("burung", SECRET, "admin", now - timedelta(days=58))
    assert "Kunci tabung habis masanya" in ratna.get("/sumber").text
    assert "Kunci burung habis masanya" in admin.get("/sumber").text  # by how long its platform lets one live
    place.store.credentials.refused("tabung", now)
    assert "Kunci tabung ditolak platformnya" in ratna.get("/sumber").text
    with logged_in(address, "bengkulu", PASSWORD) as other:
        assert "Kunci tabung" not in other.get("/sumber").text


@pytest.mark.usefixtures("platforms")
def test_a_price_and_what_is_allowed_stand_there_before_anything_is_switched_on(
    place: Installation, ratna: httpx.Client, admin: httpx.Client
) -> None:
    page = admin.get("/sumber/burung-lobar").text
    assert "menunggu persetujuan" in page
    assert "Berbayar: US$5 tiap 1.000 kiriman" in page
    assert "Pencarian tujuh hari terakhir." in page
    assert "Menunggu admin menyetujui harganya" in ratna.get("/sumber/burung-lobar").text
    assert send(ratna, "/sumber/burung-lobar/harga", setuju="1").status_code == 403
    assert "Centang dahulu" in send(admin, "/sumber/burung-lobar/harga").text
    assert "burung-lobar" not in {spec.key for spec in place.store.sources.due(place.clock())}

    assert send(admin, "/sumber/burung-lobar/harga", setuju="1").status_code == 303
    assert "burung-lobar" in {spec.key for spec in place.store.sources.due(place.clock())}
    assert send(admin, "/sumber/burung-lobar/harga", mati="1").status_code == 303
    assert "burung-lobar" not in {spec.key for spec in place.store.sources.due(place.clock())}
    assert actions(place) == ["source.price.refused", "source.price.agreed"]
    assert send(admin, "/sumber/tabung-lobar/harga", setuju="1").status_code == 404


@pytest.mark.usefixtures("platforms")
def test_settings_are_kept_and_do_not_switch_on_what_costs(place: Installation, ratna: httpx.Client) -> None:
    page = "/sumber/burung-lobar"
    answer = send(ratna, f"{page}/setelan", **{"setelan.posts_per_month": " 2000 ", "setelan.lain": "x"})
    assert answer.status_code == 303
    spec, _ = place.store.sources.get("burung-lobar")
    assert (spec.options, spec.enabled) == ((("posts_per_month", "2000"),), False)
    assert 'value="2000"' in ratna.get(page).text
    assert "0 dari 1.800 kiriman terpakai pada bulan ini" in ratna.get(page).text
    send(ratna, f"{page}/setelan", **{"setelan.posts_per_month": "banyak"})
    assert "harus bilangan bulat, bukan “banyak”" in ratna.get(page).text
    long = send(ratna, f"{page}/setelan", **{"setelan.posts_per_month": "9" * 501})
    assert (long.status_code, "paling panjang 500" in long.text) == (422, True)


@pytest.mark.usefixtures("platforms")
def test_what_is_paid_is_spent_by_the_admins_word_alone(
    place: Installation, ratna: httpx.Client, admin: httpx.Client
) -> None:
    page, more = "/sumber/burung-lobar", {"setelan.posts_per_month": "900000"}
    for paused in (False, True):
        if paused:
            send(ratna, f"{page}/jeda")
        refused = send(ratna, f"{page}/celah", sejak="2026-11-20")
        assert (refused.status_code, "sesudah harganya disetujui" in refused.text) == (422, True)
        assert f'action="{page}/celah"' not in ratna.get(page).text
    assert place.store.errands.waiting(place.clock()) == []

    assert send(admin, f"{page}/harga", setuju="1").status_code == 303
    for paused in (True, False):
        assert send(ratna, f"{page}/setelan", **more).status_code == 403, paused
        assert f'action="{page}/setelan"' not in ratna.get(page).text
        send(ratna, f"{page}/jeda", lanjut="1")
    assert send(admin, f"{page}/setelan", **more).status_code == 303
    assert send(ratna, f"{page}/celah", sejak="2026-11-20").status_code == 303


@pytest.mark.usefixtures("platforms")
def test_a_budget_is_a_bar_with_words(place: Installation, ratna: httpx.Client) -> None:
    budget = place.app.state.parts.budget_of(FREE)
    place.store.purse.reserve(budget, 4_500, place.clock())
    page = ratna.get("/sumber/tabung-lobar").text
    assert 'aria-label="4.500 dari 9.000 unit terpakai"' in page
    assert '<rect class="spent" width="50.0"' in page
    assert "sisa sekarang 4.500" in page


def test_settings_of_a_profiles_source_are_changed_in_the_profile(place: Installation, admin: httpx.Client) -> None:
    spec = SourceSpec("burung-profil", "Profil", "burung", "https://burung.invalid/search?q=x", (REGION,))
    place.store.sources.sync([spec])
    assert "setelannya diubah di sana" in admin.get("/sumber/burung-profil").text
    answer = send(admin, "/sumber/burung-profil/setelan", **{"setelan.posts_per_month": "5"})
    assert (answer.status_code, "ada di profil wilayahnya" in answer.text) == (409, True)


def test_what_a_source_is_really_asked_and_what_it_withdrew_is_told(place: Installation, ratna: httpx.Client) -> None:
    now = place.clock()
    for hour in range(24, 12, -1):
        at = now - timedelta(hours=hour)
        place.store.sources.record(CrawlOutcome("suara-lobar", SourceState.UNCHANGED, at))
    post = Incoming(namespace="web", native_id="x", source="suara-lobar", text="Jalan rusak", fetched_at=now)
    place.store.intake.accept([post])
    place.store.intake.withdraw([post.id], now)
    page = ratna.get("/sumber/suara-lobar").text
    assert re.search(r"tiap \d+ menit menurut seringnya berubah \(bawaan 60\)", page)
    assert "terlambat dirayapi" in page
    assert "1 ditarik sumbernya" in page


def test_the_answer_that_a_crawl_failed_on_is_for_admins_who_may_reveal_and_runs_nowhere(
    place: Installation, ratna: httpx.Client, admin: httpx.Client
) -> None:
    assert send(admin, "/sumber/info-lobar/jawaban").status_code == 404
    name = "info-lobar/2026-11-21/060000000000-0a0a0a0a#3"
    failed = CrawlOutcome("info-lobar", SourceState.FAILED, place.clock(), message="Tidak terbaca.", answer=name)
    place.store.sources.record(failed)
    kept = KeptAnswer("https://contoh.invalid/", place.clock(), body=b"<script>alert('0819 1722 2333')</script>")
    parts = place.app.state.parts
    place.app.state.parts = replace(parts, answer_of={name: kept}.__getitem__)

    assert "Unduh jawaban" in admin.get("/sumber/info-lobar").text
    assert "jaring crawl --replay info-lobar" in admin.get("/sumber/info-lobar").text
    assert "Unduh jawaban" not in ratna.get("/sumber/info-lobar").text
    assert send(ratna, "/sumber/info-lobar/jawaban").status_code == 403
    answer = send(admin, "/sumber/info-lobar/jawaban")
    assert answer.content == kept.body
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "no-store")
    assert actions(place) == ["source.answer"]
    place.app.state.parts = parts


def test_finds_are_proposed_with_their_reason_and_added_only_by_the_proof(
    place: Installation, ratna: httpx.Client
) -> None:
    place.store.finds.put(REGION, [DESA], place.clock())
    page = ratna.get("/sumber").text
    assert "Desa &lt;b&gt;Labuapi" in page
    assert "tautan di halaman dinas" in page
    assert "Musyawarah desa" in page
    (find,) = place.store.finds.waiting([REGION])
    answer = send(ratna, f"/sumber/usulan/{find.id}/periksa")
    number = int(answer.headers["location"].rsplit("/", 1)[1])
    errand = place.store.errands.get(number)
    assert (errand.kind, errand.url, errand.region, errand.inside) == (ErrandKind.ADD, DESA.url, REGION, False)
    assert place.store.finds.get(find.id).state is FindState.NEW
    told = {
        "key": "labuapi", "name": "Desa Labuapi", "kind": "rss", "url": DESA.url, "regions": [REGION],
        "every_minutes": 60, "enabled": True, "added_by": "ratna", "options": [["a", "b"]],
    }  # fmt: skip
    place.store.errands.end(number, ErrandState.PROVEN, place.clock(), found={"spec": told, "posts": []})
    assert send(ratna, f"/sumber/bukti/{number}/simpan").status_code == 303
    assert place.store.finds.get(find.id).state is FindState.ADDED
    assert place.store.sources.get("labuapi")[0].options == (("a", "b"),)
    assert "Desa &lt;b&gt;" not in ratna.get("/sumber").text
    assert send(ratna, f"/sumber/usulan/{find.id}/periksa").status_code == 409


def test_a_find_is_dropped_for_good_and_those_of_others_look_absent(place: Installation, ratna: httpx.Client) -> None:
    place.store.finds.put(REGION, [DESA], place.clock())
    place.store.finds.put(OTHER, [DESA], place.clock())
    mine, theirs = (place.store.finds.waiting([region])[0] for region in (REGION, OTHER))
    for number in (theirs.id, 999):
        assert send(ratna, f"/sumber/usulan/{number}/lepas").status_code == 404
        assert send(ratna, f"/sumber/usulan/{number}/periksa").status_code == 404
    assert send(ratna, f"/sumber/usulan/{mine.id}/lepas").status_code == 303
    assert place.store.finds.waiting([REGION]) == []
    assert "Tidak ada usulan yang menunggu" in ratna.get("/sumber").text
    assert place.store.finds.get(theirs.id).state is FindState.NEW


def test_a_search_is_asked_once_and_shows_how_it_went(place: Installation, ratna: httpx.Client) -> None:
    assert "belum pernah dicari" in ratna.get("/sumber").text
    assert send(ratna, "/sumber/usulan", wilayah=REGION).headers["location"] == "/sumber?kabar=cari#usulan"
    assert send(ratna, "/sumber/usulan", wilayah=REGION).headers["location"] == "/sumber?kabar=sedang#usulan"
    assert send(ratna, "/sumber/usulan", wilayah=OTHER).status_code == 404
    page = ratna.get("/sumber").text
    assert "sedang dicari" in page
    assert 'data-again="10"' in page
    (errand,) = place.store.errands.waiting(place.clock())
    assert (errand.kind, errand.region, errand.by) == (ErrandKind.SUGGEST, REGION, "ratna")
    assert ratna.get(f"/sumber/bukti/{errand.id}").status_code == 404
    found = {"looked": 30, "silent": 4, "tried": 9, "new": 2}
    place.store.errands.end(errand.id, ErrandState.DONE, place.clock(), found=found)
    assert "30 situs dilihat, 4 diam, 9 pintu dicoba, 2 usulan baru" in ratna.get("/sumber").text


def test_the_proof_of_a_paid_address_shows_its_price_and_is_saved_switched_off(
    place: Installation, ratna: httpx.Client
) -> None:
    number = place.store.errands.ask(
        ErrandKind.ADD, by="ratna", now=place.clock(), url="https://burung.invalid/search?q=y", region=REGION
    )
    told = {
        "key": "burung-y", "name": "y", "kind": "burung", "url": "https://burung.invalid/search?q=y",
        "regions": [REGION], "every_minutes": 60, "enabled": False, "added_by": "ratna", "options": [],
    }  # fmt: skip
    place.store.errands.end(number, ErrandState.PROVEN, place.clock(), found={"spec": told, "posts": []})
    page = ratna.get(f"/sumber/bukti/{number}").text
    assert "Berbayar: US$5" in page
    assert "disimpan dalam keadaan mati" in page
    assert send(ratna, f"/sumber/bukti/{number}/simpan").status_code == 303
    assert not place.store.sources.get("burung-y")[0].enabled
