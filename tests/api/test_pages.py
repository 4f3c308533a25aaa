"""The pages as HTML, without a browser: what they show, to whom, and that forms work without script."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from python_calamine import CalamineWorkbook

from api.exports import COLUMNS
from domain.scope import Scope
from tests.api.installation import PASSWORD, Installation, case
from tests.api.serving import csrf_of, logged_in
from tests.api.told import OTHER, REGION


@pytest.fixture(scope="module")
def ratna(quiet_address: str) -> Iterator[httpx.Client]:
    """An analyst of Lombok Barat at a browser."""
    with logged_in(quiet_address, "ratna", PASSWORD) as client:
        yield client


def hits(page: str) -> list[str]:
    return re.findall(r'<article class="hit[^"]*" data-case="([^"]+)"', page)


def test_the_search_page_shows_hits_facets_and_a_bar_for_each_day(ratna: httpx.Client) -> None:
    page = ratna.get("/cari").text
    assert "54 kiriman · 53 masalah berbeda" in page
    assert len(hits(page)) == 20
    for title in ("Topik", "Kecamatan", "OPD", "Sentimen", "Maksud", "Urgensi", "Kanal", "Sumber"):
        assert f">{title}" in page
    bars = page.partition('<svg class="bars"')[2].partition("</svg>")[0]
    assert bars.count("<a href=") == 30
    assert 'href="/cari?dari=2026-11-21&amp;sampai=2026-11-21"' in bars


def test_a_post_shows_the_spot_as_its_writer_gives_it(ratna: httpx.Client) -> None:
    row = '<dt>Patokan</dt><dd lang="id">arah Karang Bongkot</dd>'
    assert row in ratna.get(f"/kiriman/{case('kubangan')}").text
    assert "Patokan" not in ratna.get(f"/kiriman/{case('tanya')}").text


@pytest.mark.parametrize("query", ["", "hari=90", "hari=0", "dari=2026-11-01&sampai=2026-11-10", "q=jalan&hari=365"])
def test_every_bar_leads_to_as_many_posts_as_it_says(ratna: httpx.Client, query: str) -> None:
    page = ratna.get(f"/cari?{query}").text
    rows = re.findall(r'<th scope="row"><a href="([^"]+)">.*<td>(\d+)\n', page)
    assert rows
    for href, total in (rows[0], rows[-1]):
        assert f"{total} kiriman ·" in ratna.get(href.replace("&amp;", "&")).text


def test_a_facet_leads_to_as_many_posts_as_it_says_and_a_chip_back(ratna: httpx.Client) -> None:
    page = ratna.get("/cari").text
    href, count = re.search(r'href="(/cari\?topic=jalan\.rusak)".*?<i>(\d+)', page).groups()  # type: ignore[union-attr]
    there = ratna.get(href).text
    assert f"{count} kiriman" in there
    assert re.search(r'<a class="tag chip" href="/cari">Jalan rusak', there)


def test_found_words_are_marked_and_evidence_underlined(ratna: httpx.Client) -> None:
    page = ratna.get("/cari?q=longsor").text
    assert "<mark>Longsor</mark>" in page
    assert '<mark class="why">Longsor</mark>' in page
    assert '<span class="why">tertimbun</span>' in page


def test_masked_data_is_a_block_with_a_name_and_never_the_data(ratna: httpx.Client) -> None:
    for address in ("/cari?q=truk", f"/kiriman/{case('truk')}"):
        page = ratna.get(address).text
        assert '<span class="masked" title="nomor telepon">' in page
        assert "081917222333" not in page


def test_an_unsure_agency_asks_for_review_and_a_known_date_does_not_boast(ratna: httpx.Client) -> None:
    page = ratna.get("/cari?q=truk").text
    assert "DISHUB 0,50" in page
    assert "PUTR 0,33" in page
    assert "perlu ditinjau" in page
    assert "hanya harinya" in ratna.get("/cari?q=keluhkan").text


def test_the_query_is_shown_with_its_fault(ratna: httpx.Client) -> None:
    answer = ratna.get("/cari", params={"q": '"<b>x" AND OR rusak'})
    assert answer.status_code == 400
    assert "<code>&#34;&lt;b&gt;x&#34; AND <mark>OR rusak</mark></code>" in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_an_empty_search_says_what_would_find_more(ratna: httpx.Client) -> None:
    page = ratna.get("/cari?q=zzzz&topic=jalan").text
    assert "Tidak ada kiriman yang cocok" in page
    assert "Lepas semua saringan" in page


@pytest.mark.parametrize(
    "query",
    ["hari=zzz", "hari=0000999999999", "hari=0007" + "1" * 5000,
     "dari=2026-99-99", "dari=9999-12-31", "sampai=0001-01-01", "sentiment=marah", "urut=x",
     "setelah=ngawur",
     "q=%00", "topic=" + "x" * 500, "region=kota-bengkulu", "hari=٣", "dari=2026-11-20&sampai=2026-11-10",
     "q=" + "a%20" * 900],
)  # fmt: skip
def test_an_odd_address_gets_a_page_that_leads_on(ratna: httpx.Client, query: str) -> None:
    answer = ratna.get(f"/cari?{query}")
    assert answer.status_code in {200, 400, 422}
    assert "<main" in answer.text


def test_paging_shows_every_story_once(ratna: httpx.Client) -> None:
    seen, href = [], "/cari"
    while href:
        page = ratna.get(href).text
        seen += hits(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        href = found.group(1).replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 53


def test_pages_tell_when_posts_stopped_coming(place: Installation, address: str) -> None:
    with logged_in(address, "ratna", PASSWORD) as client:
        assert "Tidak ada kiriman baru" not in client.get("/cari").text
        place.clock.advance(hours=7)
        assert "Tidak ada kiriman baru sejak 7 jam lalu" in client.get("/cari").text


def test_somebody_without_a_scope_is_told_what_to_do(quiet_address: str) -> None:
    with logged_in(quiet_address, "kosong", PASSWORD) as client:
        answer = client.get("/cari")
    assert answer.status_code == 403
    assert "Belum ada yang boleh Anda lihat" in answer.text


def test_hidden_and_absent_posts_look_alike(ratna: httpx.Client) -> None:
    hidden, absent = case("kades"), case("tidak-pernah-ada")
    pages = [ratna.get(f"/kiriman/{one}") for one in (hidden, absent)]
    assert [page.status_code for page in pages] == [404, 404]
    assert pages[0].text.replace(hidden, "") == pages[1].text.replace(absent, "")
    assert ratna.get(f"/cari/panel/{hidden}").status_code == 404


def test_a_correction_by_form_shows_who_made_it_and_is_found(place: Installation, address: str) -> None:
    path = f"/kiriman/{case('truk')}"
    with logged_in(address, "ratna", PASSWORD) as client:
        fields = {
            "csrf": csrf_of(client.get(path).text),
            "tugas": "topic",
            "nilai": "jalan.desa",
            "catatan": "soal jalan",
        }
        answer = client.post(f"{path}/label", data=fields)
        assert answer.status_code == 303
        page = client.get(answer.headers["location"]).text
        assert "Koreksi tersimpan" in page
        assert "dikoreksi ratna" in page
        assert "soal jalan" in page
        place.work()
        assert hits(client.get("/cari?topic=jalan.desa").text) == [case("truk")]
        refused = client.post(f"{path}/label", data={**fields, "tugas": "place", "nilai": "Atlantis"})
        assert refused.status_code == 422
        assert "Atlantis" in refused.text
        assert client.post(f"{path}/label", data={**fields, "csrf": ""}).status_code == 403


def test_a_case_can_be_set_aside(place: Installation, address: str) -> None:
    path = f"/kiriman/{case('rumus')}"
    with logged_in(address, "ratna", PASSWORD) as client:
        csrf = csrf_of(client.get(path).text)
        client.post(f"{path}/status", data={"csrf": csrf, "status": "bukan_aduan"})
        place.work()
        assert hits(client.get("/cari?state=bukan_aduan").text) == [case("rumus")]


def test_a_liaison_who_gives_a_case_away_is_led_back_to_the_search(place: Installation, address: str) -> None:
    path = f"/kiriman/{case('hotmix')}"
    with logged_in(address, "putr", PASSWORD) as client:
        csrf = csrf_of(client.get(path).text)
        client.post(f"{path}/label", data={"csrf": csrf, "tugas": "opd", "nilai": "DLH"})
        place.work()
        assert client.get(path).status_code == 404


def test_leaders_see_no_forms_and_change_nothing(quiet_address: str) -> None:
    path = f"/kiriman/{case('kubangan')}"
    with logged_in(quiet_address, "bupati", PASSWORD) as client:
        page = client.get(path).text
        assert f"{path}/label" not in page
        assert "Buka data pribadi" not in page
        fields = {"csrf": csrf_of(page), "tugas": "urgency", "nilai": "darurat"}
        assert client.post(f"{path}/label", data=fields).status_code == 403


def test_personal_data_opens_for_those_who_may_and_leaves_a_trace(place: Installation, address: str) -> None:
    path = f"/kiriman/{case('truk')}/buka"
    with logged_in(address, "ratna", PASSWORD) as client:
        assert client.post(path, data={"csrf": csrf_of(client.get("/cari").text)}).status_code == 403
    with logged_in(address, "admin", PASSWORD) as client:
        answer = client.post(path, data={"csrf": csrf_of(client.get("/cari").text)})
        assert "hp 081917222333" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert client.get(path).status_code == 405
    assert [line.actor for line in place.store.audit.list(action="secret.reveal")] == ["admin"]


def test_words_say_which_language_they_are_in(ratna: httpx.Client) -> None:
    page = ratna.get(f"/kiriman/{case('sasak')}").text
    assert '<p class="text" lang="sas">' in page
    assert '<p class="small because" lang="id">' in page
    assert re.search(r'<h3 class="said" lang="sas"><a href="[^"]*">langan', ratna.get("/cari?language=sas").text)


def test_nothing_is_offered_to_be_opened_where_nothing_is_hidden(place: Installation, address: str) -> None:
    with logged_in(address, "admin", PASSWORD) as client:
        assert "Buka data pribadi" in client.get(f"/kiriman/{case('truk')}").text
        assert "Buka data pribadi" not in client.get(f"/kiriman/{case('kubangan')}").text
    store, post = place.store, case("truk").partition(".")[0]
    assert store.secrets.holds(post, Scope(frozenset({REGION})))
    assert not store.secrets.holds(post, Scope(frozenset({OTHER})))


def test_a_post_is_shown_whatever_way_back_is_asked_for(ratna: httpx.Client) -> None:
    answer = ratna.get(f"/kiriman/{case('kubangan')}", params={"kembali": "q=(&topic=jalan.rusak"})
    assert answer.status_code == 200
    assert 'href="/cari?topic=jalan.rusak" data-key="b"' in answer.text


def test_the_csv_holds_exactly_what_is_found(quiet: Installation, ratna: httpx.Client) -> None:
    answer = ratna.get("/cari/unduh.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="jaring-20261121-1432.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    assert len({row["id"] for row in rows}) == len(rows) == 54
    assert case("kades") not in {row["id"] for row in rows}
    assert {row["opd"] for row in csv.DictReader(io.StringIO(ratna.get("/cari/unduh.csv?opd=PUTR").text))} == {"PUTR"}
    assert quiet.store.audit.list(action="export", actor="ratna")


def test_no_cell_of_an_export_runs_as_a_formula_or_tells_personal_data(ratna: httpx.Client, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(ratna.get("/cari/unduh.csv").content.decode("utf-8-sig"))))
    text = next(row["isi"] for row in rows if row["id"] == case("rumus"))
    assert text.startswith("'=HYPERLINK")
    assert not any("081917222333" in cell for row in rows for cell in row.values())
    book = tmp_path / "jaring.xlsx"
    book.write_bytes(ratna.get("/cari/unduh.xlsx").content)
    lines = CalamineWorkbook.from_path(str(book)).get_sheet_by_name("kiriman").to_python()
    assert tuple(lines[0]) == COLUMNS
    assert len(lines) == 55
    assert any(str(line[7]).startswith("=HYPERLINK") for line in lines)  # as text


def test_an_export_that_cannot_be_made_is_told_before_a_byte_leaves(ratna: httpx.Client) -> None:
    assert ratna.get("/cari/unduh.csv?q=AND").status_code == 400


def test_the_page_speaks_english_by_switch_and_remembers(quiet_address: str) -> None:
    with logged_in(quiet_address, "ratna", PASSWORD) as client:
        answer = client.get("/cari?q=jalan&lang=en")
        assert answer.headers["location"] == "/cari?q=jalan"
        page = client.get("/cari?q=jalan").text
        assert '<html lang="en"' in page
        assert "different matters" in page
        assert "PUTR 0.94" in page
        client.get("/cari?tema=dark")
        assert 'data-theme="dark"' in client.get("/cari").text


def test_a_page_stays_light(ratna: httpx.Client) -> None:
    """Sixty kilobytes with all that it loads, over a village's connection."""
    page = ratna.get("/cari")
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    weights = [int(ratna.get(file, headers={"Accept-Encoding": "gzip"}).headers["content-length"]) for file in files]
    assert len(page.content) + sum(weights) <= 60_000


def test_static_files_are_kept_for_ever_under_the_name_of_what_they_hold(ratna: httpx.Client) -> None:
    href = re.search(r'href="(/static/jaring\.[0-9a-f]{10}\.css)"', ratna.get("/cari").text).group(1)  # type: ignore[union-attr]
    assert "immutable" in ratna.get(href).headers["cache-control"]
    assert ratna.get("/static/jaring.0000000000.css").status_code == 404
    assert ratna.get("/static/..%2fapp.py").status_code == 404


@pytest.mark.parametrize("path", ["/%5Ccontoh.invalid", "/%5C%5Ccontoh.invalid/", "/%09/contoh.invalid"])
def test_an_odd_path_leads_back_to_itself_and_to_no_other_host(ratna: httpx.Client, path: str) -> None:
    for answer in (ratna.get(path), httpx.post(f"{ratna.base_url}".rstrip("/") + path)):
        links = re.findall(r'href="([^"]*)\?(?:tema|lang)=', answer.text)
        assert len(links) == 3
        assert not [link for link in links if re.match(r"[/\\\\\s]{2}", link)]
    assert not ratna.get(f"{path}?tema=dark").headers["location"].startswith(("//", "/\\"))


def test_a_page_names_no_other_host(ratna: httpx.Client) -> None:
    page = ratna.get("/cari").text
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//(?!contoh\.invalid)', page)
    assert " style=" not in page
    assert "<script>" not in page
    assert not re.search(r"\son[a-z]+=", page)
