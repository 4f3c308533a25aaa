"""Tickets made, joined, split and filed by the pages; and what the pages show to whom."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from python_calamine import CalamineWorkbook

from api.tickets.exports import COLUMNS
from domain.tickets import Action
from tests.api.installation import PASSWORD, Installation, case, installed
from tests.api.serving import csrf_of, served
from tests.api.ticketing import CENTER, at, hits_of, opened, rows, tab
from tests.api.told import REGION


def test_a_post_becomes_a_ticket_by_one_click_and_says_so(place: Installation, address: str) -> None:
    path = f"/kiriman/{case('rumus')}"
    with at(address) as center:
        page = center.get(path).text
        assert "Jadikan tiket" in page
        answer = center.post("/tiket", data={"csrf": csrf_of(page), "kasus": case("rumus"), "opd": "DLH"})
        assert answer.status_code == 303
        href = answer.headers["location"].partition("?")[0]
        assert "Tiket dibuat." in center.get(answer.headers["location"]).text
        place.work()
        for where in (path, f"/cari?hari=0&pilih={case('rumus')}"):
            there = center.get(where).text
            assert f'href="{href}"' in there
            assert "Jadikan tiket" not in there
        assert '<span class="tag">Tiket LB-2026-11-0001</span>' in hits_of(center, "sampah")
    for user, told in (("bupati", True), ("dlh", False)):
        if user == "dlh":
            place.store.accounts.create_user(
                "dlh", role="penghubung", password=PASSWORD, regions=(REGION,), opds=("DLH",)
            )
        with at(address, user) as reader:
            assert ("Tiket LB-2026-11-0001<" in hits_of(reader, "sampah")) is told


def test_where_the_office_is_in_doubt_or_the_matter_has_a_ticket_the_page_asks_first(
    place: Installation, address: str
) -> None:
    kin = opened(place, "kubangan")
    with at(address) as center:
        csrf = csrf_of(center.get("/cari").text)
        unsure = center.post("/tiket", data={"csrf": csrf, "kasus": case("truk"), "opd": "DISHUB"})
        assert unsure.headers["location"] == f"/tiket/baru?kasus={case('truk')}"
        asked = center.get(unsure.headers["location"]).text
        assert "0,50" in asked
        again = center.post("/tiket", data={"csrf": csrf, "kasus": case("kubangan-2"), "opd": "PUTR"})
        page = center.get(again.headers["location"]).text
        assert kin.code in page
        joined = center.post("/tiket", data={"csrf": csrf, "kasus": case("kubangan-2"), "ke": kin.code})
        assert joined.headers["location"].startswith(f"/tiket/{kin.code}?")
        sure = {"csrf": csrf, "kasus": case("truk"), "opd": "DISHUB", "opd_lain": "PUTR", "yakin": "1"}
        assert center.post("/tiket", data=sure).status_code == 303
        refused = center.post("/tiket", data={**sure, "catatan": "tetap tertulis"})
        assert refused.status_code == 409
        assert "tetap tertulis" in refused.text
    assert place.store.tickets.ticket(kin.code, CENTER.scope).cases == 2


def test_tickets_are_joined_and_split_by_hand(place: Installation, address: str) -> None:
    into, code = opened(place, "kubangan"), opened(place, "kubangan-2", "sasak")
    with at(address) as center:
        csrf = csrf_of(center.get("/cari").text)
        nothing = center.post(f"/tiket/{code.code}/pisah", data={"csrf": csrf})
        assert nothing.status_code == 422
        split = center.post(f"/tiket/{code.code}/pisah", data={"csrf": csrf, "kasus": case("sasak")})
        assert split.status_code == 303
        page = center.get(split.headers["location"]).text
        assert f'href="/kiriman/{case("sasak")}"' in page
        assert code.code in page
        wrong = center.post(f"/tiket/{code.code}/gabung", data={"csrf": csrf, "ke": "LB-2026-11-9999"})
        assert wrong.status_code == 422
        joined = center.post(f"/tiket/{code.code}/gabung", data={"csrf": csrf, "ke": into.code.lower()})
        assert joined.headers["location"].startswith(f"/tiket/{into.code}?")
    assert place.store.tickets.ticket(into.code, CENTER.scope).cases == 2
    assert place.store.tickets.ticket(code.code, CENTER.scope).state == "diarsipkan"


def test_only_the_center_makes_joins_and_splits(place: Installation, address: str) -> None:
    code = opened(place, "kubangan", "kubangan-2").code
    for user in ("putr", "bupati"):
        with at(address, user) as client:
            csrf = csrf_of(client.get("/cari").text)
            assert "Jadikan tiket" not in client.get("/cari").text
            assert client.get("/tiket/baru", params={"kasus": case("hotmix")}).status_code == 403
            for path in ("/tiket", f"/tiket/{code}/gabung", f"/tiket/{code}/pisah"):
                assert client.post(path, data={"csrf": csrf, "kasus": case("hotmix"), "ke": code}).status_code == 403
    with at(address, "bupati") as leader:
        csrf = csrf_of(leader.get("/cari").text)
        assert leader.get(f"/tiket/{code}").status_code == 200
        assert "Anda dapat membaca tiket" in leader.get(f"/tiket/{code}").text
        data = {"csrf": csrf, "tindakan": "catatan", "catatan": "x", "tiket": code}
        assert leader.post(f"/tiket/{code}/tindakan", data=data).status_code == 403
        assert leader.post("/tiket/banyak", data=data).status_code == 403


def test_an_office_meets_no_ticket_but_its_own_on_any_page(place: Installation, address: str) -> None:
    mine, other = opened(place, "kubangan"), opened(place, "rumus", opd="DLH")
    moved = opened(place, "berita", opd="PUTR")
    place.app.state.parts.desk.tickets.act(moved.code, Action.DISPOSE, CENTER, opd="DLH")
    with at(address, "putr") as office:
        page = office.get("/tiket?lihat=semua").text
        assert rows(page) == [mine.code]
        assert tab(page, "semua") == 1
        for hidden in (other.code, moved.code):
            for path in ("", "panel/"):
                told, absent = office.get(f"/tiket/{path}{hidden}"), office.get(f"/tiket/{path}LB-2026-11-9999")
                assert told.status_code == absent.status_code == 404
                assert told.text.replace(hidden, "") == absent.text.replace("LB-2026-11-9999", "")
        files = office.get("/tiket/unduh.csv?lihat=semua").text
        assert mine.code in files
        assert other.code not in files + office.get("/cari?hari=0").text
        assert moved.code not in files + office.get("/cari?hari=0").text


def test_what_accuses_an_office_is_on_no_page_in_no_count_and_no_file_of_it(place: Installation, address: str) -> None:
    secret, mine = opened(place, "kades"), opened(place, "rumus", opd="PEMDES")
    assert (secret.opd, secret.accused_opd) == ("INSPEKTORAT", ("PEMDES",))
    place.work()
    for name, opds in (("pemdes", ("PEMDES",)), ("rangkap", ("PEMDES", "INSPEKTORAT")), ("irban", ("INSPEKTORAT",))):
        place.store.accounts.create_user(
            name, role="penghubung", password=PASSWORD, regions=(REGION,), opds=opds, may_oversee=True
        )
    for name in ("pemdes", "rangkap"):
        with at(address, name) as unit:
            page = unit.get("/tiket?lihat=semua").text
            assert rows(page) == [mine.code]
            assert tab(page, "semua") == tab(page, "terbuka") == 1
            for path in (f"/tiket/{secret.code}", f"/tiket/panel/{secret.code}", f"/kiriman/{case('kades')}"):
                assert unit.get(path).status_code == 404
            for path in ("/tiket?lihat=semua&pengawasan=1", f"/tiket?lihat=semua&q={secret.code}"):
                assert rows(unit.get(path).text) == []
            for path in ("/tiket/unduh.csv?lihat=semua", "/cari?hari=0", f"/tiket/{mine.code}"):
                assert secret.code not in unit.get(path).text
    with at(address, "irban") as overseer:
        assert rows(overseer.get("/tiket?pengawasan=1").text) == [secret.code]
        assert overseer.get(f"/tiket/{secret.code}").status_code == 200
    with at(address, "admin") as admin:
        csrf = csrf_of(admin.get("/tiket").text)
        moved = admin.post(f"/tiket/{mine.code}/gabung", data={"csrf": csrf, "ke": secret.code})
        assert moved.status_code == 409  # who knows of the one would learn of the other


def test_a_ticket_of_many_cases_shows_the_first_and_leads_to_all(tmp_path: Path) -> None:
    with installed(tmp_path, more=33) as place, served(place.app) as address, at(address) as client:
        code = opened(place, *(f"isi-{n}" for n in range(33))).code
        page = client.get(f"/tiket/{code}").text
        assert page.count('class="said-case') == 30
        assert "33 kiriman" in page
        assert "Tampilkan semua" in page
        assert client.get(f"/tiket/{code}?semua=1").text.count('class="said-case') == 33


def test_the_file_holds_exactly_what_is_filtered_and_leaves_a_trace(
    place: Installation, address: str, tmp_path: Path
) -> None:
    longsor, rumus = opened(place, "longsor", opd="BPBD"), opened(place, "rumus", opd="DLH")
    secret = opened(place, "kades")
    with at(address) as client:
        answer = client.get("/tiket/unduh.csv?opd=lombok-barat/DLH")
        assert answer.headers["content-disposition"] == 'attachment; filename="jaring-tiket-20261121-1432.csv"'
        lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert tuple(lines[0]) == COLUMNS
        assert [line["kode"] for line in lines] == [rumus.code]
        assert lines[0]["judul"].startswith("'=HYPERLINK")
        book = tmp_path / "tiket.xlsx"
        book.write_bytes(client.get("/tiket/unduh.xlsx?lihat=semua").content)
        sheet = CalamineWorkbook.from_path(str(book)).get_sheet_by_name("tiket").to_python()
        assert {str(line[0]) for line in sheet[1:]} == {longsor.code, rumus.code}
        assert secret.code not in str(sheet)
    assert [line.subject for line in place.store.audit.list(action="export", actor="ratna")] == ["tickets", "tickets"]


def test_somebody_without_a_scope_is_told_what_to_do(quiet_address: str) -> None:
    with at(quiet_address, "kosong") as client:
        answer = client.get("/tiket")
    assert answer.status_code == 403
    assert "Belum ada yang boleh Anda lihat" in answer.text


def test_an_empty_list_says_how_a_ticket_comes_to_be(quiet_address: str) -> None:
    with at(quiet_address) as client:
        assert "Jadikan tiket" in client.get("/tiket?lihat=semua").text


def test_the_pages_stay_light_name_no_other_host_and_speak_english(place: Installation, address: str) -> None:
    code = opened(place, "kubangan", "kubangan-2").code
    for key in ("truk", "longsor", "berita", "tanya", "rumus", "hotmix", "sasak"):
        opened(place, key, opd=None)
    with at(address) as client:
        for path in ("/tiket", f"/tiket/{code}"):
            page = client.get(path)
            files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
            weights = [
                int(client.get(file, headers={"Accept-Encoding": "gzip"}).headers["content-length"]) for file in files
            ]
            assert len(page.content) + sum(weights) <= 60_000
            assert not re.findall(r'(?:src|href|action)="(?:https?:)?//(?!contoh\.invalid)', page.text)
            assert " style=" not in page.text
            assert not re.search(r"<script>|\son[a-z]+=", page.text)
        client.get("/tiket?lang=en")
        assert "working days left" in client.get("/tiket").text
        assert "disposed it to PUTR" in client.get(f"/tiket/{code}").text
