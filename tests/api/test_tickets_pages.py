"""The pages of tickets as HTML: what they show, to whom, and that every form works without script."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from python_calamine import CalamineWorkbook

from api.tickets.exports import COLUMNS
from desk.tickets import Actor
from domain.scope import Scope
from domain.tickets import Action, Party, Ticket
from tests.api.installation import PASSWORD, Installation, case, installed
from tests.api.serving import csrf_of, logged_in, served
from tests.api.told import OTHER, REGION

CENTER = Actor("ratna", Scope(frozenset({REGION, OTHER}), may_oversee=True), Party.CENTER)


def opened(place: Installation, *keys: str, opd: str | None = "PUTR") -> Ticket:
    """A ticket of told posts."""
    return place.app.state.parts.desk.tickets.open([case(key) for key in keys], CENTER, opd=opd)  # type: ignore[no-any-return]


def rows(page: str) -> list[str]:
    """The codes of a list's rows, in order."""
    return re.findall(r'<tr class="ticket[^"]*" data-key="([^"]+)"', page)


def tab(page: str, view: str) -> int:
    """The number that a tab of the list tells."""
    found = re.search(rf"<b[^>]*>([\d.]+)</b> {view}<", page)
    assert found, view
    return int(found.group(1))


def field(page: str, name: str) -> str:
    """A hidden field of the page's first form that has it."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found.group(1)


def hits_of(client: httpx.Client, q: str) -> str:
    """The list of a search, without the panel beside it."""
    return (
        client.get("/cari", params={"q": q, "hari": 0})
        .text.partition('class="panel hits"')[2]
        .partition("</section>")[0]
    )


@contextmanager
def at(address: str, user: str = "ratna") -> Iterator[httpx.Client]:
    with logged_in(address, user, PASSWORD) as client:
        yield client


def act(client: httpx.Client, code: str, action: str, **more: str) -> httpx.Response:
    """Send a form of a ticket's page as the page shows it."""
    page = client.get(f"/tiket/{code}").text
    fields = {name: field(page, name) for name in ("csrf", "rev", "dilihat")}
    return client.post(f"/tiket/{code}/tindakan", data={**fields, "tindakan": action, **more})


def test_the_list_counts_each_view_and_each_tab_leads_to_as_many(place: Installation, address: str) -> None:
    late, other, waiting = (
        opened(place, "longsor", opd="BPBD"),
        opened(place, "kubangan"),
        opened(place, "truk", opd=None),
    )
    place.clock.advance(days=3)
    with at(address) as client:
        page = client.get("/tiket").text
        for view, words in (
            ("terbuka", "terbuka"),
            ("terlambat", "terlambat"),
            ("semua", "semua"),
            ("selesai", "selesai"),
        ):
            there = client.get(f"/tiket?lihat={view}").text
            assert len(rows(there)) == tab(page, words)
        assert tab(page, "terlambat") == 1
        assert rows(page)[0] == late.code
        assert set(rows(page)) == {late.code, other.code, waiting.code}
        assert re.search(r'class="tag urgent"[^>]*>terlambat \d+ (hari|jam) kerja<', page)


def test_filters_are_kept_in_the_address_shown_as_chips_and_given_up_one_by_one(
    place: Installation, address: str
) -> None:
    longsor, _ = opened(place, "longsor", opd="BPBD"), opened(place, "kubangan")
    with at(address) as client:
        page = client.get("/tiket?opd=lombok-barat/BPBD&area=52.01.07&urgency=darurat&q=longsor&urut=terbaru").text
        assert rows(page) == [longsor.code]
        chips = re.findall(r'<a class="tag chip" href="([^"]+)">', page)
        assert len(chips) == 4
        without = client.get(chips[0].replace("&amp;", "&")).text
        assert 'value="longsor"' not in without
        assert rows(without) == [longsor.code]
        assert rows(client.get(f"/tiket?lihat=semua&q={longsor.code}").text) == [longsor.code]
        empty = client.get("/tiket?topic=air").text
        assert "Tidak ada tiket yang memenuhi semua saringan ini" in empty
        assert "Lepas semua saringan" in empty


@pytest.mark.parametrize(
    "query",
    ["lihat=x", "urut=x", "state=x", "dari=2026-99-99", "sampai=9999-12-31", "setelah=ngawur", "q=%00%1f", "area=zz",
     "opd=x", "opd=" + "a" * 500, "urgency=x&intent=x", "pilih=zz", "region=tidak-ada", "kabar=setujui.99999999999"],
)  # fmt: skip
def test_an_odd_address_gets_a_page_that_leads_on(quiet_address: str, query: str) -> None:
    with at(quiet_address) as client:
        answer = client.get(f"/tiket?{query}")
        assert answer.status_code in {200, 422}
        assert "<main" in answer.text


def test_pages_of_the_list_hold_every_ticket_once_and_keep_the_filters(tmp_path: Path) -> None:
    with installed(tmp_path, more=45) as place, served(place.app) as address, at(address) as client:
        made = {opened(place, f"isi-{n}", opd=("PUTR", "DLH", None)[n % 3]).code for n in range(45)}
        for order in ("tenggat", "terbaru", "terlama"):
            seen, href, pages = list[str](), f"/tiket?intent=pengaduan&urut={order}", 0
            while href:
                page = client.get(href).text
                seen, pages = seen + rows(page), pages + 1
                found = re.search(r'rel="next" href="([^"]+)"', page)
                href = found.group(1).replace("&amp;", "&") if found else ""
                assert not href or "intent=pengaduan" in href
            assert pages == 2
            assert len(seen) == len(made)
            assert set(seen) == made
        assert "Ke awal" in page


def test_a_ticket_says_until_when_why_what_was_done_and_what_was_said(place: Installation, address: str) -> None:
    ticket = opened(place, "kubangan", "truk")
    with at(address) as client:
        page = client.get(f"/tiket/{ticket.code}").text
    assert ticket.code in page
    assert "Tenggat tanggapan" in page
    assert ticket.clock.why in page
    assert "sisa" in page
    assert "Labuapi" in page
    assert "<b>Baiq Ratna</b> mendisposisikan ke PUTR" in page
    assert f'href="/kiriman/{case("kubangan")}"' in page
    assert '<span class="masked" title="nomor telepon">' in page
    assert "081917222333" not in page


def test_each_side_is_offered_what_the_state_allows_it(place: Installation, address: str) -> None:
    code = opened(place, "kubangan", "kubangan-2").code

    def offered(user: str) -> set[str]:
        with at(address, user) as client:
            page = client.get(f"/tiket/{code}").text
        return set(re.findall(r'name="tindakan" value="([a-z_]+)"', page)) | set(
            re.findall(r'action="/tiket/[^"/]+/(gabung|pisah)"', page)
        )

    assert offered("putr") == {"terima", "jawab", "ajukan_selesai", "bukan_wewenang", "tunda", "catatan"}
    assert offered("ratna") == {"disposisi", "tunda", "teruskan_ke_luar", "catatan", "gabung", "pisah"}
    assert offered("bupati") == set()


def test_an_office_accepts_answers_and_submits_and_the_center_approves(place: Installation, address: str) -> None:
    code = opened(place, "kubangan").code
    with at(address, "putr") as office:
        for action, note in (("terima", ""), ("jawab", "Tim ke lapangan."), ("ajukan_selesai", "Sudah ditambal.")):
            answer = act(office, code, action, catatan=note)
            assert answer.status_code == 303, answer.text
            assert "Tersimpan" in office.get(answer.headers["location"]).text
    with at(address) as center:
        assert act(center, code, "setujui").status_code == 303
        page = center.get(f"/tiket/{code}").text
    assert '<span class="tag">selesai</span>' in page
    assert "<b>Lalu Made</b> mengajukan selesai" in page
    assert "Sudah ditambal." in page
    assert 'class="clock' not in page


def test_an_office_that_returns_a_ticket_is_led_back_to_its_list(place: Installation, address: str) -> None:
    code = opened(place, "kubangan").code
    with at(address, "putr") as office:
        answer = act(office, code, "bukan_wewenang", catatan="Jalan provinsi.", opd="DISHUB", kembali="urut=terbaru")
        assert answer.headers["location"] == "/tiket?urut=terbaru&kabar=bukan_wewenang.1"
        assert "Bukan wewenang: 1 tiket." in office.get(answer.headers["location"]).text
        assert office.get(f"/tiket/{code}").status_code == 404
    with at(address) as center:
        assert rows(center.get("/tiket?lihat=dikembalikan").text) == [code]
        page = center.get(f"/tiket/{code}").text
        assert "mengembalikan: bukan wewenang PUTR" in page
        assert "seharusnya DISHUB" in page
        assert "Kirim ke DISHUB" in page


def test_a_form_that_lost_the_race_shows_what_happened_and_keeps_what_was_typed(
    place: Installation, address: str
) -> None:
    ticket = opened(place, "kubangan")
    with at(address) as center:
        page = center.get(f"/tiket/{ticket.code}").text
        seen = {name: field(page, name) for name in ("csrf", "rev", "dilihat")}
        with at(address, "putr") as office:
            act(office, ticket.code, "jawab", catatan="Kami tangani besok pagi.")
        answer = center.post(
            f"/tiket/{ticket.code}/tindakan", data={**seen, "tindakan": "tunda", "catatan": "Menunggu anggaran <2027>."}
        )
        assert answer.status_code == 409
        meanwhile = answer.text.partition("Sementara itu terjadi")[2].partition("</section>")[0]
        assert "Kami tangani besok pagi." in meanwhile
        assert "membuka tiket" not in meanwhile
        form = answer.text.partition('id="tunda" open')[2].partition("</form>")[0]
        assert "Menunggu anggaran &lt;2027&gt;." in form
        again = center.post(
            f"/tiket/{ticket.code}/tindakan",
            data={
                "csrf": seen["csrf"],
                "rev": field(form, "rev"),
                "tindakan": "tunda",
                "catatan": "Menunggu anggaran.",
            },
        )
        assert again.status_code == 303


def test_what_was_typed_is_kept_even_where_its_form_is_gone(place: Installation, address: str) -> None:
    ticket = opened(place, "kubangan")
    with at(address, "putr") as office:
        page = office.get(f"/tiket/{ticket.code}").text
        seen = {name: field(page, name) for name in ("csrf", "rev", "dilihat")}
        act(office, ticket.code, "tunda", catatan="Menunggu alat.")
        late = office.post(
            f"/tiket/{ticket.code}/tindakan", data={**seen, "tindakan": "jawab", "catatan": "Jawaban panjang saya."}
        )
        assert late.status_code == 409
        assert re.search(r"<textarea[^>]* readonly>Jawaban panjang saya\.</textarea>", late.text)


def test_a_form_without_its_reason_is_refused_in_words_and_stays_open(place: Installation, address: str) -> None:
    code = opened(place, "kubangan").code
    with at(address, "putr") as office:
        answer = act(office, code, "ajukan_selesai", catatan="  ")
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert 'id="ajukan_selesai" open' in answer.text
        assert act(office, code, "ngawur").status_code == 422
        assert office.post(f"/tiket/{code}/tindakan", data={"tindakan": "terima"}).status_code == 403


def test_one_click_sends_a_proposed_ticket_to_its_office(place: Installation, address: str) -> None:
    ticket = opened(place, "rumus", opd=None)
    with at(address) as center:
        page = center.get("/tiket").text
        value = field(page, "satu")
        assert value == f"{ticket.code}~{ticket.rev}~DLH"
        answer = center.post("/tiket/banyak", data={"csrf": field(page, "csrf"), "satu": value})
        assert answer.headers["location"] == "/tiket?kabar=disposisi.1"
        assert place.store.tickets.ticket(ticket.code, CENTER.scope).opd == "DLH"
        again = center.post("/tiket/banyak", data={"csrf": field(page, "csrf"), "satu": value})
        assert again.status_code == 409
        assert "sudah diubah orang lain" in again.text


def test_many_at_once_do_what_they_can_and_name_each_that_was_refused(place: Installation, address: str) -> None:
    first, second, third = (opened(place, key) for key in ("kubangan", "berita", "sasak"))
    with at(address, "putr") as office:
        act(office, second.code, "terima")
        page = office.get("/tiket").text
        chosen = [f"{first.code}~{first.rev}", f"{second.code}~{second.rev}", f"{third.code}~{third.rev}"]
        data = {"csrf": field(page, "csrf"), "tindakan": "terima", "tiket": chosen, "kembali": "urut=terbaru"}
        answer = office.post("/tiket/banyak", data=data)
        assert "2 tiket berhasil, 1 tidak" in answer.text
        refused = answer.text.partition("data-refused")[2].partition("</ul>")[0]
        assert second.code in refused
        assert first.code not in refused
        assert 'href="/tiket?urut=terbaru"' in answer.text
        data |= {"tindakan": "bukan_wewenang", "catatan": "Jalan provinsi.", "opd": "DISHUB", "tiket": [first.code]}
        assert office.post("/tiket/banyak", data=data).headers["location"] == (
            "/tiket?urut=terbaru&kabar=bukan_wewenang.1"
        )
        assert office.post("/tiket/banyak", data={"csrf": data["csrf"]}).status_code == 422
    assert place.store.tickets.ticket(first.code, CENTER.scope).proposed == "DISHUB"


def test_the_center_disposes_many_at_once(place: Installation, address: str) -> None:
    tickets = [opened(place, key, opd=None) for key in ("truk", "kubangan")]
    with at(address) as center:
        page = center.get("/tiket").text
        data = {"csrf": field(page, "csrf"), "tindakan": "disposisi", "opd": "PUTR", "tiket": [t.code for t in tickets]}
        assert center.post("/tiket/banyak", data=data).status_code == 303
    assert {place.store.tickets.ticket(t.code, CENTER.scope).opd for t in tickets} == {"PUTR"}


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
