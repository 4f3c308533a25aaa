"""A page that stands open is brought up to date in place: nothing that its reader did or looks at is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from desk.actors import Actor
from domain.scope import Scope
from domain.tickets import Party
from tests.api.installation import Installation, case, installed
from tests.api.serving import served
from tests.api.told import REGION
from tests.pages.conftest import Opener

pytestmark = pytest.mark.browser
CENTER = Actor("ratna", Scope(frozenset({REGION}), may_oversee=True), Party.CENTER)


@pytest.fixture
def open_tickets(tmp_path: Path) -> Iterator[tuple[Installation, str]]:
    """A list that is longer than a screen."""
    with installed(tmp_path, more=20) as place, served(place.app) as address:
        for n in range(18):
            place.app.state.parts.desk.tickets.open([case(f"isi-{n}")], CENTER, opd="DLH")
        yield place, address


def test_a_ticket_made_elsewhere_appears_while_the_readers_row_and_ticks_stay(
    open_tickets: tuple[Installation, str], opens: Opener
) -> None:
    place, address = open_tickets
    page = opens(address).page
    page.goto("/tiket?urut=terbaru")
    rows = page.locator("tr.ticket")
    expect(rows).to_have_count(18)
    held = rows.nth(12)
    code = held.get_attribute("data-key")
    held.get_by_role("checkbox").check()
    held.scroll_into_view_if_needed()
    where = held.bounding_box()
    expect(page.locator(".top [data-count='tiket.terlambat']")).to_have_text(re.compile(r"\d"))  # the stream has begun
    made = place.app.state.parts.desk.tickets.open([case("kubangan")], CENTER, opd="PUTR")
    expect(rows).to_have_count(19, timeout=15_000)
    expect(rows.first).to_have_attribute("data-key", made.code)
    same = page.locator(f"tr[data-key='{code}']")
    expect(same.get_by_role("checkbox")).to_be_checked()
    now = same.bounding_box()
    assert where is not None
    assert now is not None
    assert abs(now["y"] - where["y"]) <= 2
    expect(page.locator("[data-count='tiket.terbuka']").first).to_have_text("19")
