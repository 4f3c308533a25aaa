"""Every page by keyboard alone: each control is reached in its order, is seen, has a name, and none holds on."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.pages.conftest import Opener
from tests.pages.everything import PAGES, Furnished

pytestmark = pytest.mark.browser
MOST = 45  # steps on one page: what repeats itself behind them is the same list
WALKED = tuple(path for path in PAGES["admin"] if path != "/sandi")  # which begins in its first field
FIRST = {"admin": WALKED, "putr": ("/tiket", "/tiket/LB-2026-11-0001"), "bupati": ("/tren?lengkap=1",)}
# Where the focus stands: what it is, its name, whether one sees it and its ring, and its place among all controls.
HERE = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const inputs = e.matches('input[type=radio], input[type=checkbox]') && e.nextElementSibling;
  const ring = inputs && getComputedStyle(inputs).outlineStyle !== 'none' ? getComputedStyle(inputs) : style;
  const all = [...document.querySelectorAll('*')];
  return {
    what: e.outerHTML.slice(0, 140), at: all.indexOf(e),
    name: e.getAttribute('aria-label') || [...(e.labels || [])].map(l => l.innerText).join(' ') || e.innerText
      || e.textContent || e.title || e.placeholder || '',
    shown: e.checkVisibility({ opacityProperty: false }) && box.width > 0 && box.height > 0,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    ringed: ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 1,
  };
}"""


def steps(page: Page) -> list[dict[str, Any]]:
    """Where Tab leads, one after another, until it leaves the page or has gone far enough."""
    found: list[dict[str, Any]] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or (found and here["at"] == found[0]["at"]):
            break
        if not found or here["at"] != found[-1]["at"]:  # a date has a step for each of its parts
            found.append(here)
    return found


@pytest.mark.parametrize("user", list(FIRST))
def test_tab_leads_through_each_page(full: Furnished, opens: Opener, user: str) -> None:
    one = opens(full.address, user)
    for path in FIRST[user]:
        one.page.goto(path)
        one.page.evaluate("document.activeElement.blur()")
        found = steps(one.page)
        assert len(found) >= 5, path
        for here in found:
            assert here["name"].strip(), (path, here)
            assert here["shown"], (path, here)
            assert here["inside"], (path, here)
            assert here["ringed"], (path, here)
        where = [here["at"] for here in found]
        assert len(set(where)) == len(where), path  # nothing holds the focus
        assert where == sorted(where), path  # as it is read, so it is walked
    one.faults.clear()  # the browser itself reports each 404 and 422


def test_the_first_tab_of_each_page_leads_past_the_menu(full: Furnished, opens: Opener) -> None:
    one = opens(full.address, "admin")
    for path in WALKED:
        one.page.goto(path)
        one.page.evaluate("document.activeElement.blur()")
        one.page.keyboard.press("Tab")
        assert one.page.evaluate("document.activeElement.className") == "skip", path
        one.page.keyboard.press("Enter")
        aim = one.page.evaluate("document.activeElement.closest('main') !== null")
        assert aim, path
    one.faults.clear()


def test_menus_open_and_close_by_keyboard(full: Furnished, opens: Opener) -> None:
    page = opens(full.address, "admin").page
    for path, menu in (("/cari", "details.me"), ("/cari", "details.export"), ("/tiket", "details.sift")):
        page.goto(path)
        page.locator(f"{menu} > summary").focus()
        page.keyboard.press("Enter")
        assert page.locator(menu).evaluate("box => box.open"), (path, menu)
        page.keyboard.press("Tab")
        assert page.evaluate("menu => document.activeElement.closest(menu) !== null", menu), (path, menu)
        page.locator(f"{menu} > summary").focus()
        page.keyboard.press("Space")
        assert not page.locator(menu).evaluate("box => box.open"), (path, menu)
