"""Every page through axe-core: nothing serious or critical, for every role, in light and dark, on desk and phone."""

from __future__ import annotations

from typing import Final, Literal

import pytest
from playwright.sync_api import Page

from tests.pages.conftest import DESK, PHONE, Opener
from tests.pages.everything import FAILING_PAGES, FORBIDDEN_PAGES, PAGES, Furnished
from tests.services import axe

pytestmark = pytest.mark.browser
GRAVE = {"serious", "critical"}
LOOKS: Final[tuple[tuple[Literal["light", "dark"], tuple[int, int]], ...]] = (
    ("light", DESK), ("dark", DESK), ("dark", PHONE),
)  # fmt: skip
# What a theme or a width can change; everything else of a page is the same in every look.
BY_LOOK = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
RUN = """([where, only]) => axe.run(where,
    { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } }, ...(only && { runOnly: only }) })
  .then(told => told.violations.map(v => [v.impact, v.id, v.nodes.slice(0, 4).map(n => n.html.slice(0, 160))]))"""
UNFOLD = """which => { for (const box of document.querySelectorAll('details'))
  box.open = which === 'menus' || !box.querySelector(':scope > .menu') }"""  # an open menu lies over what is below it


def faults(page: Page) -> list[str]:
    """What axe finds on the page as it stands, in each look."""
    told = []
    page.evaluate(UNFOLD, "all but menus")
    page.evaluate(axe.script())  # by the debugger: the page's own policy lets no foreign script in
    for number, (scheme, (width, height)) in enumerate(LOOKS):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour is caught half way to another
        page.set_viewport_size({"width": width, "height": height})
        where = f"{page.url} ({scheme}, {width} px)"
        told += [f"{where} {one}" for one in grave(page, "html", BY_LOOK if number else None)]
    page.evaluate(UNFOLD, "menus")
    return told + [f"{page.url}, a menu: {one}" for one in grave(page, ".menu", None)]


def grave(page: Page, where: str, only: list[str] | None) -> list[str]:
    """What is serious or critical in a part of a page."""
    if not page.locator(where).count():
        return []
    return [f"{rule}: {nodes}" for impact, rule, nodes in page.evaluate(RUN, [where, only]) if impact in GRAVE]


def walked(page: Page, paths: tuple[str, ...]) -> list[str]:
    """The faults of all these pages."""
    told = []
    for path in paths:
        page.goto(path)
        told += faults(page)
    return told


@pytest.mark.parametrize("user", list(PAGES))
def test_nothing_grave_on_any_page(full: Furnished, opens: Opener, user: str) -> None:
    one = opens(full.address, user)
    assert walked(one.page, PAGES[user]) == []
    one.faults.clear()  # the browser itself reports each 404 and 422


def test_nothing_grave_where_nobody_is_logged_in_or_nothing_may_be_seen(full: Furnished, opens: Opener) -> None:
    assert walked(opens(full.address, None).page, ("/masuk",)) == []
    one = opens(full.address, "kosong")
    assert walked(one.page, FORBIDDEN_PAGES) == []
    one.faults.clear()


def test_nothing_grave_while_engines_are_away(full: Furnished, opens: Opener) -> None:
    one = opens(full.address, "admin")
    with full.engines_away():
        assert walked(one.page, FAILING_PAGES) == []
    one.faults.clear()


def test_nothing_grave_on_what_forms_answer(full: Furnished, opens: Opener) -> None:
    one = opens(full.address, "ratna")
    page = one.page
    page.goto("/catat")
    page.get_by_label("Apa yang disampaikan").fill("Jalan Telagawaru seperti kubangan, motor jatuh tiap hujan")
    page.get_by_text("Tatap muka", exact=True).click()
    page.get_by_role("button", name="Simpan").last.click()
    page.get_by_role("heading", name="Mungkin sudah ada").wait_for()
    page.get_by_label("Cari tempat").fill("labu")
    page.locator(".found").wait_for()
    assert faults(page) == []
    page.goto("/tiket?lihat=semua")
    page.locator("tr.ticket input").first.check()
    page.get_by_label("Tindakan").select_option("setujui")
    page.get_by_role("button", name="Jalankan").click()
    page.locator(".outcomes").wait_for()
    assert faults(page) == []
    one.faults.clear()
