"""The pages of tickets as HTML: what they show, to whom, and that every form works without script."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from api.tickets.forms import READ_OUTSIDE
from tests.api.installation import Installation, case, installed
from tests.api.serving import served
from tests.api.ticketing import CENTER, act, at, field, opened, rows, tab


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
    assert "<dt>Patokan</dt><dd>arah Karang Bongkot</dd>" in page
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


def test_who_writes_what_the_reporter_reads_is_told_so_and_nobody_else(place: Installation, address: str) -> None:
    plain, accused = opened(place, "kubangan", "kubangan-2").code, opened(place, "kades", opd=None).code

    def told(client: httpx.Client, code: str) -> set[str]:
        forms = re.findall(
            r'<details class="deed" id="([a-z_]+)"(.*?)</details>', client.get(f"/tiket/{code}").text, re.DOTALL
        )
        return {name for name, form in forms if READ_OUTSIDE in form}

    with at(address, "putr") as office:
        assert told(office, plain) == {"jawab", "ajukan_selesai"}
        office.get("/tiket?lang=en")
        assert "The reporter reads this with the code of the report." in office.get(f"/tiket/{plain}").text
    with at(address) as center:
        assert told(center, plain) == {"teruskan_ke_luar"}
        assert told(center, accused) == set(), "of what is guarded no word reaches the reporter"


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
