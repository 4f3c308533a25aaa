"""The pages in a real browser: by mouse, by keyboard, on a phone, without script, in the dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.api.installation import Installation, case
from tests.pages.conftest import PHONE, Opener

pytestmark = pytest.mark.browser
Seeded = tuple[Installation, str]


def test_a_search_finds_marks_and_narrows(seeded: Seeded, opens: Opener) -> None:
    page = opens(seeded[1]).page
    page.get_by_role("searchbox").fill("jalan OR lampu")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_visible()
    facet = page.get_by_role("region", name="Kecamatan").get_by_role("link").first
    count = facet.locator("i").inner_text()
    facet.click()
    expect(page.get_by_role("status").first).to_contain_text(f"{count} kiriman")
    page.locator(".chip").first.click()
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.get_by_role("searchbox")).to_have_value("jalan OR lampu")


def test_a_bar_leads_to_its_day(seeded: Seeded, opens: Opener) -> None:
    page = opens(seeded[1]).page
    bar = page.locator(".bars a").last
    total = (bar.locator("title").text_content() or "").rpartition(": ")[2]
    bar.click()
    expect(page).to_have_url(re.compile(r"dari=2026-11-21&sampai=2026-11-21"))
    expect(page.get_by_role("status").first).to_contain_text(f"{total} kiriman")


def test_j_and_k_lead_through_the_hits_and_change_the_panel(seeded: Seeded, opens: Opener) -> None:
    page = opens(seeded[1]).page
    page.keyboard.press("j")
    page.keyboard.press("j")
    third = page.locator(".hit").nth(2)
    expect(third).to_have_class(re.compile("picked"))
    expect(page.locator("[data-panel] [data-case]")).to_have_attribute(
        "data-case", third.get_attribute("data-case") or ""
    )
    expect(page).to_have_url(re.compile("pilih="))
    page.keyboard.press("k")
    expect(page.locator(".hit").nth(1)).to_have_class(re.compile("picked"))
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_a_click_on_a_hit_shows_it_beside_the_list(seeded: Seeded, opens: Opener) -> None:
    page = opens(seeded[1]).page
    page.locator(".hit").nth(3).locator("h3 a").click()
    wanted = page.locator(".hit").nth(3).get_attribute("data-case") or ""
    expect(page.locator("[data-panel] [data-case]")).to_have_attribute("data-case", wanted)
    page.get_by_role("link", name="Buka kiriman").click()
    expect(page).to_have_url(re.compile(re.escape(f"/kiriman/{wanted}")))
    page.get_by_role("link", name="Kembali ke hasil").click()
    expect(page).to_have_url(re.compile("/cari"))


def test_by_keyboard_the_link_of_a_hit_leads_where_it_says(seeded: Seeded, opens: Opener) -> None:
    page = opens(seeded[1]).page
    wanted = page.locator(".hit").nth(3).get_attribute("data-case") or ""
    page.locator(".hit").nth(3).locator("h3 a").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(f"/kiriman/{wanted}")))


def test_e_opens_the_labels_and_a_correction_is_saved_and_found(fresh: Seeded, opens: Opener) -> None:
    place, address = fresh
    page = opens(address).page
    page.goto("/cari?q=truk")
    page.keyboard.press("e")
    page.wait_for_url("**#label")
    row = page.locator(".label-row", has=page.get_by_text("Topik", exact=True))
    row.get_by_text("Ubah").click()
    row.locator("select").select_option("jalan.desa")
    row.get_by_placeholder("Catatan").fill("soal jalannya")
    row.get_by_role("button", name="Simpan").click()
    expect(page.locator(".notice")).to_contain_text("Koreksi tersimpan")
    expect(page.locator(".label-row", has=page.get_by_text("Topik", exact=True))).to_contain_text("dikoreksi ratna")
    place.work()
    page.goto("/cari?topic=jalan.desa")
    expect(page.locator(".hit")).to_have_count(1)


def test_everything_works_without_script(fresh: Seeded, opens: Opener) -> None:
    page = opens(fresh[1], script=False).page
    page.get_by_role("searchbox").fill("truk")
    page.get_by_role("button", name="Cari").click()
    expect(page.locator(".hit")).to_have_count(1)
    page.locator(".hit").get_by_role("link", name="Truk tanah").click()
    row = page.locator(".label-row", has=page.get_by_text("Tempat", exact=True))
    row.get_by_text("Ubah").click()
    row.get_by_placeholder("Nama atau kode wilayah").fill("Banyumulek")
    row.get_by_role("button", name="Simpan").click()
    expect(page.locator(".label-row", has=page.get_by_text("Tempat", exact=True))).to_contain_text("Banyumulek")


def test_what_is_found_can_be_taken_along(seeded: Seeded, opens: Opener, tmp_path: Path) -> None:
    page = opens(seeded[1]).page
    page.goto("/cari?opd=PUTR")
    page.get_by_text("Ekspor").click()
    for name, start in (("CSV", b"\xef\xbb\xbfid,"), ("XLSX", b"PK")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name).click()
        file = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(file)
        assert file.read_bytes().startswith(start)


def test_a_phone_shows_everything_in_one_column(seeded: Seeded, opens: Opener) -> None:
    page = opens(seeded[1], size=PHONE).page
    for address in (
        "/cari",
        "/cari?q=truk",
        f"/kiriman/{case('berita')}",
        "/sandi",
        "/cari?q=zzz",
        f"/kiriman/{case('truk')}",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], address
    page.goto("/cari")
    expect(page.locator(".detail")).to_be_hidden()
    page.get_by_role("link", name="Saringan").click()
    expect(page.get_by_role("heading", name="Topik")).to_be_in_viewport()
    page.goto("/cari?q=truk")
    page.locator(".hit h3 a").click()
    expect(page).to_have_url(re.compile("/kiriman/"))


def test_the_theme_follows_the_system_until_somebody_chooses(seeded: Seeded, opens: Opener) -> None:
    page = opens(seeded[1], dark=True).page
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.get_by_role("link", name="Tampilan terang").click()
    expect(page.locator("html[data-theme=light]")).to_be_visible()
    light = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == light
    page.get_by_role("link", name="Tampilan gelap").click()
    expect(page.locator("html[data-theme=dark]")).to_be_visible()
    assert page.evaluate(ground) == dark


def test_the_language_switch_keeps_the_search(seeded: Seeded, opens: Opener) -> None:
    page = opens(seeded[1]).page
    page.goto("/cari?q=jalan")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("button", name="Search")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("jalan")
    page.get_by_role("link", name="Bahasa Indonesia").click()
    expect(page.get_by_role("button", name="Cari")).to_be_visible()


def test_a_wrong_password_is_told_and_logging_out_works(seeded: Seeded, opens: Opener) -> None:
    one = opens(seeded[1], None)
    page = one.page
    page.goto("/masuk")
    page.get_by_label("Nama").fill("ratna")
    page.get_by_label("Sandi").fill("bukan-sandinya")
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("alert")).to_contain_text("tidak cocok")
    one.faults.clear()  # the browser reports the 401 itself
    page = opens(seeded[1]).page
    page.get_by_text("Baiq Ratna").click()
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("heading", name="Masuk")).to_be_visible()


def test_the_table_behind_the_chart_leads_to_the_same_days(seeded: Seeded, opens: Opener) -> None:
    page = opens(seeded[1]).page
    page.get_by_text("Sebagai tabel").click()
    row = page.locator(".chart tbody tr").last
    total = row.locator("td").last.inner_text()
    row.get_by_role("link").click()
    expect(page.get_by_role("status").first).to_contain_text(f"{total} kiriman")
