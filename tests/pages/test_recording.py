"""Catat in a real browser: with script and without, by mouse, by keyboard, on a phone."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from domain.scope import Scope
from tests.api.installation import PASSWORD, Installation
from tests.api.pictures import CAMERA, photo
from tests.api.serving import logged_in
from tests.api.told import REGION
from tests.pages.conftest import PHONE, Opener
from tests.pages.test_for_everybody import DOUBLE_IDS, HEADINGS, NAMELESS, PALE

pytestmark = pytest.mark.browser
Fresh = tuple[Installation, str]
TEXT = "Selokan di depan SD Inpres tersumbat sampah plastik, air meluap ke kelas setiap hujan"
EVERYTHING = Scope(regions=frozenset({REGION}), may_oversee=True, may_reveal=True)


@pytest.fixture
def sent_photo(tmp_path: Path) -> Path:
    """A photo as a telephone makes it: it knows where it was taken."""
    file = tmp_path / "IMG_20261121.jpg"
    file.write_bytes(photo())
    with Image.open(file) as made:
        assert made.getexif().get_ifd(0x8825)[4]
    return file


def fill(page: Page, text: str = TEXT) -> None:
    page.goto("/catat")
    page.get_by_label("Apa yang disampaikan").fill(text)
    page.get_by_text("Tatap muka", exact=True).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Simpan").last.click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_report_with_a_photo_is_a_case_in_the_place_chosen_and_knows_no_other_place(
    fresh: Fresh, opens: Opener, sent_photo: Path, script: bool
) -> None:
    place, address = fresh
    page = opens(address, script=script).page
    fill(page)
    page.get_by_label("Nama", exact=True).fill("Siti Aminah")
    page.get_by_label("Telepon atau surel").fill("081912345678")
    page.get_by_label("Foto").set_input_files(sent_photo)
    page.get_by_label("Cari tempat").fill("telaga")
    if not script:
        page.get_by_role("button", name="Cari tempat").click()
        expect(page.get_by_label("Apa yang disampaikan")).to_have_value(TEXT)
        expect(page.locator(".photos img")).to_have_count(1)
    page.get_by_role("radio", name="Telagawaru Desa").check()
    save(page)
    page.wait_for_url(re.compile("/catat/.{20,}"))
    expect(page.get_by_role("heading", name="Tersimpan")).to_be_visible()
    place.work()
    page.wait_for_url("**/kiriman/**", timeout=20_000)
    expect(page.locator("dd", has_text="Desa Telagawaru, Kec. Labuapi")).to_be_visible()
    thumbnail = page.locator(".photos img")
    expect(thumbnail).to_be_visible()
    assert thumbnail.evaluate("one => one.naturalWidth") > 0
    assert "Siti" not in page.content()
    assert "0819" not in page.content()
    with logged_in(address, "ratna", PASSWORD) as client:
        shown = client.get(str(page.locator(".photos a").get_attribute("href")))
    kept = Image.open(BytesIO(shown.content))
    assert len(kept.getexif()) == 0
    assert CAMERA.encode() not in shown.content
    assert kept.size == (1600, 1200)


def test_a_click_on_the_map_chooses_a_village_without_losing_the_text(fresh: Fresh, opens: Opener) -> None:
    place, address = fresh
    drawn = place.app.state.parts.maps.drawn(REGION, "kecamatan")
    narmada = next(shape for shape in drawn.shapes if shape.name == "Narmada")
    for script, size in ((True, None), (False, None), (False, PHONE)):
        page = opens(address, script=script, **({"size": size} if size else {})).page
        fill(page)
        map_ = page.locator(".map")
        map_.scroll_into_view_if_needed()
        box = map_.bounding_box()
        assert box is not None
        scale = box["width"] / drawn.width
        map_.click(position={"x": narmada.label_x * scale, "y": narmada.label_y * scale})
        expect(page.locator(".spot")).to_contain_text("Kec. Narmada · titik dipilih di peta")
        expect(page.locator(".pin")).to_be_visible()
        expect(page.get_by_label("Apa yang disampaikan")).to_have_value(TEXT)
        page.get_by_role("button", name="Seluruh wilayah").click()
        expect(page.locator(".map")).to_contain_text("Sekotong")
        page.get_by_role("button", name="Ganti tempat").click()
        expect(page.get_by_label("Cari tempat")).to_be_visible()


def test_all_of_it_can_be_done_by_keyboard(fresh: Fresh, opens: Opener) -> None:
    place, address = fresh
    page = opens(address).page
    page.goto("/catat")
    page.get_by_label("Apa yang disampaikan").focus()
    page.keyboard.type("Pohon tumbang menutup jalan kampung")
    page.keyboard.press("Tab")  # title
    page.keyboard.press("Tab")  # channels
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.get_by_label("Cari tempat").focus()
    page.keyboard.type("banyumulek")
    expect(page.locator(".found input").first).to_be_visible()
    page.keyboard.press("Enter")  # to the first one found
    page.keyboard.press("Space")
    expect(page.locator(".spot")).to_contain_text("Banyumulek")
    page.get_by_label("Judul").focus()
    page.keyboard.press("Enter")  # saves, and nothing else does: not the map, not the search
    page.wait_for_url(re.compile("/catat/.{20,}"))
    place.work()
    page.wait_for_url("**/kiriman/**", timeout=20_000)
    case = page.url.rpartition("/")[2].partition("?")[0]
    document = place.store.cases.document(case, EVERYTHING)
    assert (document.channel, document.desa) == ("telepon", "52.01.02.2006")


def test_likely_ones_are_shown_first_and_one_click_adds_to_them(fresh: Fresh, opens: Opener) -> None:
    place, address = fresh
    page = opens(address).page
    fill(page, "Jalan Telagawaru seperti kubangan, motor jatuh tiap hujan")
    save(page)
    expect(page.get_by_role("heading", name="Mungkin sudah ada")).to_be_focused()
    expect(page.locator(".likely li").first).to_contain_text("kubangan")
    page.get_by_role("button", name="Ini sama").first.click()
    page.wait_for_url(re.compile("/catat/.{20,}"))
    place.work()
    page.wait_for_url("**/kiriman/**", timeout=20_000)
    expect(page.get_by_role("region", name="Kiriman serupa")).to_contain_text("kubangan")


def test_a_photo_that_is_too_large_is_told_before_it_leaves(fresh: Fresh, opens: Opener, tmp_path: Path) -> None:
    big = tmp_path / "besar.jpg"
    big.write_bytes(bytes(8_000_001))
    page = opens(fresh[1]).page
    fill(page)
    page.get_by_label("Foto").set_input_files(big)
    expect(page.get_by_role("alert")).to_contain_text("besar.jpg melebihi 8 MB")
    page.get_by_label("Foto").set_input_files([])
    expect(page.get_by_role("alert")).to_be_hidden()


def test_anonymous_hides_what_would_not_be_kept_and_a_link_asks_for_its_address(fresh: Fresh, opens: Opener) -> None:
    page = opens(fresh[1]).page
    page.goto("/catat")
    expect(page.get_by_label("Alamat kiriman")).to_be_hidden()
    page.get_by_text("Tautan medsos", exact=True).click()
    expect(page.get_by_label("Alamat kiriman")).to_be_visible()
    page.get_by_label("Anonim").check()
    expect(page.get_by_label("Telepon atau surel")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_read_the_form(fresh: Fresh, opens: Opener, theme: str) -> None:
    page = opens(fresh[1], size=PHONE).page
    page.goto(f"/catat?tema={theme}")
    fill(page, "Jalan Telagawaru seperti kubangan, motor jatuh tiap hujan")
    save(page)
    expect(page.get_by_role("heading", name="Mungkin sudah ada")).to_be_visible()
    page.get_by_label("Cari tempat").fill("labu")
    expect(page.locator(".found")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert page.evaluate(PALE) == []
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(DOUBLE_IDS) == []
    levels = page.evaluate(HEADINGS)
    assert levels[0] == 1
    assert levels.count(1) == 1


def test_a_photo_opens_on_its_own_and_asks_for_nothing(fresh: Fresh, opens: Opener, sent_photo: Path) -> None:
    place, address = fresh
    page = opens(address).page
    fill(page)
    page.get_by_label("Foto").set_input_files(sent_photo)
    save(page)
    page.wait_for_url(re.compile("/catat/.{20,}"))
    place.work()
    page.wait_for_url("**/kiriman/**", timeout=20_000)
    page.locator(".photos a").click()
    page.wait_for_url("**/foto/*")
    assert page.locator("img").evaluate("one => one.naturalWidth") == 1600
    assert httpx.get(page.url).status_code == 303  # to the login, for who has none
