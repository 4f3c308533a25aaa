"""Names, headings, landmarks, focus and contrast: what screen readers, keyboards and tired eyes need."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.api.installation import Installation, case
from tests.pages.conftest import Opener

pytestmark = pytest.mark.browser
PAGES = (
    "/cari",
    "/cari?q=truk",
    "/cari?q=zzz",
    f"/kiriman/{case('berita')}",
    f"/kiriman/{case('truk')}",
    "/meja",
    "/sandi",
    "/tren?lengkap=1",
)

NAMELESS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
  .filter(e => e.checkVisibility() && !e.closest('[aria-hidden=true]'))
  .filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.title || e.labels?.length))
  .map(e => e.outerHTML.slice(0, 120))"""
HEADINGS = (
    """() => [...document.querySelectorAll('h1,h2,h3,h4')].filter(e => e.checkVisibility()).map(e => +e.tagName[1])"""
)
DOUBLE_IDS = """() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  return ids.filter((id, n) => ids.indexOf(id) !== n) }"""
# WCAG 2.2: relative luminance of text against the first opaque ground behind it.
PALE = """() => {
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = c => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map(v => linear(v / 255))
    .reduce((sum, v, n) => sum + v * [.2126, .7152, .0722][n], 0);
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c[3] === 255) return c; } return [255, 255, 255, 255]; };
  const pale = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.checkVisibility()) continue;
    if (e.closest('.sr, .skip, svg, option, datalist')) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) pale.push(`${ratio.toFixed(2)} ${e.className} ${walker.currentNode.data.trim().slice(0, 40)}`);
  }
  return [...new Set(pale)];
}"""


@pytest.mark.parametrize("path", PAGES)
def test_everything_has_a_name_and_headings_skip_no_level(
    seeded: tuple[Installation, str], opens: Opener, path: str
) -> None:
    page = opens(seeded[1]).page
    page.goto(path)
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(DOUBLE_IDS) == []
    levels = page.evaluate(HEADINGS)
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels)), levels
    for landmark in ("banner", "main", "navigation"):
        expect(page.get_by_role(landmark).first).to_be_visible()
    assert page.title().endswith("Jaring")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_text_stands_out_from_its_ground(
    seeded: tuple[Installation, str], opens: Opener, path: str, theme: str
) -> None:
    page = opens(seeded[1]).page
    page.goto(path)
    page.goto(path + ("&" if "?" in path else "?") + f"tema={theme}")
    assert page.evaluate(PALE) == []


def test_the_first_tab_skips_to_the_content_and_focus_shows(seeded: tuple[Installation, str], opens: Opener) -> None:
    page = opens(seeded[1]).page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Langsung ke isi")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_be_focused()  # past the filters, straight to the query
    page.keyboard.press("Tab")
    width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert width == "2px"
