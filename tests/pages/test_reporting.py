"""The public form in a real browser: without script, on a phone, by keyboard, nothing grave on any of its faces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api.installation import Installation
from tests.api.pictures import photo
from tests.api.writing import FORM, TEXT, decided, newest, open_house
from tests.pages.conftest import DESK, PHONE, Opener
from tests.pages.test_axe import faults
from tests.pages.test_for_everybody import DOUBLE_IDS, NAMELESS, PALE

pytestmark = pytest.mark.browser
House = tuple[Installation, str]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("lapor")) as (place, client):
        yield place, str(client.base_url).rstrip("/")


def send(place: Installation, page: Page) -> str:
    """Press the button, a while after the form was opened; the code that it led to."""
    place.clock.advance(seconds=30)
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_url(re.compile(r"/lapor/LB-.*baru=1"))
    return page.url.rpartition("/")[2].partition("?")[0]


@pytest.mark.parametrize(("script", "size"), [(True, PHONE), (False, PHONE), (False, DESK)])
def test_anybody_reports_with_a_photo_and_follows_it_by_its_code(
    house: House, opens: Opener, tmp_path: Path, script: bool, size: tuple[int, int]
) -> None:
    place, address = house
    page = opens(address, None, script=script, size=size).page
    page.goto(FORM)
    page.get_by_label("Apa yang terjadi").fill(TEXT)
    page.get_by_label("Di mana").fill("depan pasar")
    page.get_by_label("Kecamatan").select_option(label="Gerung")
    picture = tmp_path / "IMG_1.jpg"
    picture.write_bytes(photo())
    page.get_by_label("Foto").set_input_files(picture)
    code = send(place, page)
    expect(page.get_by_role("heading", name=code)).to_be_visible()
    expect(page.get_by_text("Terkirim. Terima kasih.")).to_be_visible()
    assert newest(place).hints.place == "depan pasar, Kec. Gerung"
    page.goto("/lapor")
    page.get_by_label("Kode laporan").fill(code.lower())
    page.get_by_role("button", name="Lihat").click()
    expect(page.get_by_role("heading", name=code)).to_be_visible()
    decided(place)
    page.get_by_role("link", name="Perbarui").click()
    expect(page.locator(".way .now")).to_contain_text("Dibaca")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "nothing lies beyond the edge"


def test_all_of_it_can_be_done_by_keyboard_and_the_trap_is_never_met(house: House, opens: Opener) -> None:
    place, address = house
    page = opens(address, None).page
    page.goto(FORM)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Apa yang terjadi")).to_be_focused()
    page.keyboard.type(TEXT)
    met = []
    for _ in range(6):
        page.keyboard.press("Tab")
        met.append(page.evaluate("document.activeElement.name || document.activeElement.textContent"))
    assert met[:5] == ["tempat", "kecamatan", "foto", "kontak", "Kirim laporan"]
    page.keyboard.press("Shift+Tab")
    place.clock.advance(seconds=30)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/lapor/LB-"))


def test_nothing_grave_on_any_of_its_faces(house: House, opens: Opener) -> None:
    place, address = house
    one = opens(address, None)
    page = one.page
    page.goto(FORM)
    assert faults(page) == []
    assert page.evaluate(NAMELESS) == page.evaluate(DOUBLE_IDS) == page.evaluate(PALE) == []
    page.get_by_label("Apa yang terjadi").fill(TEXT)
    page.get_by_label("Telepon atau surel").fill("Pak Lalu")
    place.clock.advance(seconds=30)
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Apa yang terjadi")).to_have_value(TEXT)
    assert faults(page) == []
    page.get_by_label("Telepon atau surel").fill("")
    code = send(place, page)
    assert faults(page) == []
    for path in (f"/lapor/{code}", "/lapor", "/lapor?kode=LB-1", "/lapor/LB-7K2M-9QXD"):
        page.goto(path)
        assert faults(page) == []
    one.faults.clear()  # the browser itself reports each 404 and 422


def test_the_pages_are_light_enough_for_a_weak_signal(house: House, opens: Opener) -> None:
    page = opens(house[1], None).page
    page.goto(FORM)
    sizes = page.evaluate("performance.getEntriesByType('resource').map(one => one.decodedBodySize)")
    assert len(page.content().encode()) + sum(sizes) < 60_000
