"""Tren in a browser: with and without script, on a phone, by keyboard, in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.api.installation import Installation
from tests.pages.conftest import PHONE, Opener

pytestmark = pytest.mark.browser


def test_words_that_stand_out_come_behind_the_page(seeded: tuple[Installation, str], opens: Opener) -> None:
    page = opens(seeded[1], "bupati").page
    page.goto("/tren?hari=7")
    words = page.locator("#kata")
    expect(words.locator("table")).to_be_visible()
    expect(words.get_by_text("Hitung sekarang")).to_have_count(0)
    expect(words).not_to_have_attribute("aria-busy", "true")


def test_without_script_everything_is_a_link_away(seeded: tuple[Installation, str], opens: Opener) -> None:
    page = opens(seeded[1], "bupati", script=False).page
    page.goto("/tren")
    page.get_by_role("link", name="90 hari").click()
    assert "hari=90" in page.url
    page.get_by_label("Kecamatan", exact=True).select_option("52.01.08")
    page.get_by_role("button", name="Terapkan").click()
    assert "kecamatan=52.01.08" in page.url
    assert "hari=90" in page.url
    expect(page.locator("#wilayah header small")).to_contain_text("pengaduan")
    expect(page.get_by_label("Desa", exact=True)).to_be_visible()
    if (wait := page.get_by_role("link", name="Hitung sekarang")).count():
        wait.click()
    expect(page.locator("#kata table, #kata p.quiet")).to_be_visible()
    expect(page.get_by_role("link", name="Hitung sekarang")).to_have_count(0)


def test_a_bar_opens_the_posts_behind_it(seeded: tuple[Installation, str], opens: Opener) -> None:
    page = opens(seeded[1], "bupati").page
    page.goto("/tren?hari=7")
    bar = page.locator("#volume svg.draw a:has(rect.neg)").last
    told = int((bar.locator("title").text_content() or "").rpartition(": ")[2].split()[0])
    bar.click()
    page.wait_for_url("**/cari?**sentiment=negatif**")
    expect(page.get_by_role("status").first).to_contain_text(f"{told} masalah berbeda")


def test_a_screen_reader_finds_a_table_behind_every_picture(seeded: tuple[Installation, str], opens: Opener) -> None:
    page = opens(seeded[1], "bupati").page
    page.goto("/tren?lengkap=1")
    for panel in page.locator("section.trend").all():
        assert panel.get_attribute("aria-labelledby")
        if panel.locator("svg.draw").count():
            assert panel.locator("svg.draw").first.get_attribute("aria-hidden") == "true"
            table = panel.locator("details.behind")
            table.locator("summary").click()
            expect(table.get_by_role("table")).to_be_visible()
            assert table.locator("tbody tr").count()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_runs_off_a_phone(seeded: tuple[Installation, str], opens: Opener, *, dark: bool) -> None:
    page = opens(seeded[1], "bupati", size=PHONE, dark=dark).page
    page.goto("/tren?lengkap=1")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    words = page.locator("#volume svg.draw text").first
    assert words.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 10
    colour, paper = page.evaluate(
        "[getComputedStyle(document.querySelector('#volume svg.draw text')).fill,"
        " getComputedStyle(document.querySelector('#volume')).backgroundColor]"
    )
    assert colour != paper


def test_files_are_saved_from_the_panel(seeded: tuple[Installation, str], opens: Opener) -> None:
    page = opens(seeded[1], "bupati").page
    page.goto("/tren?hari=7")
    page.locator("#topik details.save summary").click()
    with page.expect_download() as saved:
        page.locator("#topik").get_by_role("link", name="PNG").click()
    assert saved.value.suggested_filename == "jaring-topik-20261115-20261121.png"
