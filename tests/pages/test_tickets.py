"""Tickets in a real browser: by keyboard, by mouse, on a phone, without script, for tired eyes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from desk.actors import Actor
from domain.scope import Scope
from domain.tickets import Action, Party, Ticket
from tests.api.installation import Installation, case, installed
from tests.api.serving import served
from tests.api.told import REGION
from tests.pages.conftest import PHONE, Opener
from tests.pages.test_for_everybody import DOUBLE_IDS, HEADINGS, NAMELESS, PALE

pytestmark = pytest.mark.browser
Seeded = tuple[Installation, str]
CENTER = Actor("ratna", Scope(frozenset({REGION}), may_oversee=True), Party.CENTER)
OFFICE = Actor("putr", Scope(frozenset({REGION}), opds=frozenset({f"{REGION}/PUTR"})), Party.AGENCY)
PAGES = ("/tiket", "/tiket?q=zzz", "/tiket/LB-2026-11-0001", "/tiket/LB-2026-11-0002",
         f"/tiket/baru?kasus={case('kubangan-2')}")  # fmt: skip


def opened(place: Installation, *keys: str, opd: str | None = "PUTR") -> Ticket:
    return place.app.state.parts.desk.tickets.open([case(key) for key in keys], CENTER, opd=opd)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    """An installation with two pages of tickets, some late, for tests that only look."""
    with installed(tmp_path_factory.mktemp("tiket")) as place, served(place.app) as address:
        opened(place, "kubangan", "sasak")
        waiting = opened(place, "truk", opd=None)
        place.app.state.parts.desk.tickets.act(waiting.code, Action.NOTE, CENTER, note="Tanyakan hp 081917222333.")
        for n in range(43):
            opened(place, f"isi-{n}", opd=("PUTR", "DLH")[n % 2])
        place.clock.advance(days=3)
        yield place, address


@pytest.mark.parametrize(("user", "paths"), [("ratna", PAGES), ("putr", ("/tiket?lihat=semua", PAGES[2]))])
def test_everything_has_a_name_and_headings_skip_no_level(
    many: Seeded, opens: Opener, user: str, paths: tuple[str, ...]
) -> None:
    page = opens(many[1], user).page
    for path in paths:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details.deed, details.sift').forEach(box => { box.open = true })")
        assert page.evaluate(NAMELESS) == []
        assert page.evaluate(DOUBLE_IDS) == []
        levels = page.evaluate(HEADINGS)
        assert levels.count(1) == 1
        assert all(below - above <= 1 for above, below in pairwise(levels)), levels


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_from_its_ground(many: Seeded, opens: Opener, theme: str) -> None:
    page = opens(many[1], dark=theme == "dark").page
    for path in PAGES:
        page.goto(path)
        assert page.evaluate(PALE) == [], path


def test_a_phone_shows_everything_in_one_column(many: Seeded, opens: Opener) -> None:
    page = opens(many[1], size=PHONE).page
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path
    page.goto("/tiket")
    expect(page.locator(".beside")).to_be_hidden()
    page.locator("tr.ticket").nth(1).locator(".matter a").click()
    expect(page).to_have_url(re.compile(r"/tiket/LB-2026-11-"))


def test_j_k_and_enter_lead_through_the_list_and_the_panel_follows(many: Seeded, opens: Opener) -> None:
    page = opens(many[1]).page
    page.goto("/tiket")
    page.keyboard.press("j")
    page.keyboard.press("j")
    third = page.locator("tr.ticket").nth(2)
    code = third.get_attribute("data-key") or ""
    expect(third).to_have_class(re.compile("picked"))
    expect(page.locator("[data-panel] [data-ticket]")).to_have_attribute("data-ticket", code)
    expect(page).to_have_url(re.compile(f"pilih={code}"))
    page.keyboard.press("k")
    expect(page.locator("tr.ticket").nth(1)).to_have_class(re.compile("picked"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/tiket/{code}"))
    page.keyboard.press("b")
    expect(page).to_have_url(re.compile(r"/tiket\?"))
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_what_is_selected_stays_so_while_one_pages_and_filters(many: Seeded, opens: Opener) -> None:
    page = opens(many[1]).page
    page.goto("/tiket")
    bar = page.locator(".bulk")
    expect(bar).to_be_hidden()
    page.keyboard.press("x")
    expect(bar).to_contain_text("1 terpilih")
    page.get_by_role("link", name="Berikutnya").click()
    page.locator("tr.ticket input").nth(1).check()
    expect(bar).to_contain_text("2 terpilih")
    page.goto("/tiket?opd=lombok-barat/DLH")
    expect(bar).to_contain_text("2 terpilih")
    page.goto("/tiket")
    expect(page.locator("tr.ticket input").first).to_be_checked()
    page.get_by_role("button", name="Lepas semua").click()
    expect(bar).to_be_hidden()
    page.get_by_label("Pilih semua di halaman ini").check()
    expect(bar).to_contain_text("25 terpilih")


def test_an_office_accepts_what_it_selected_here_and_there_and_reads_what_was_refused(
    fresh: Seeded, opens: Opener
) -> None:
    place, address = fresh
    first, second = opened(place, "kubangan"), opened(place, "berita")
    page = opens(address, "putr").page
    page.goto("/tiket?q=telagawaru")
    page.keyboard.press("x")
    page.goto("/tiket?q=sekotong")
    page.locator("tr.ticket input").last.check()
    place.app.state.parts.desk.tickets.act(second.code, Action.ACCEPT, OFFICE)
    page.get_by_label("Tindakan").select_option("terima")
    page.get_by_role("button", name="Jalankan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 tiket berhasil, 1 tidak")
    expect(page.locator("[data-refused]")).to_contain_text(second.code)
    page.get_by_role("link", name="Kembali ke daftar").click()
    expect(page.locator(".bulk")).to_be_hidden()
    assert place.store.tickets.ticket(first.code, CENTER.scope).state == "dikerjakan"


def test_t_makes_a_ticket_of_the_picked_post(fresh: Seeded, opens: Opener) -> None:
    page = opens(fresh[1]).page
    page.goto("/cari?q=sampah")
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile(r"/tiket/LB-2026-11-0001"))
    expect(page.get_by_role("status")).to_contain_text("Tiket dibuat")
    expect(page.locator(".head")).to_contain_text("DLH")
    page.goto("/cari?q=truk")  # who must answer is a guess: somebody chooses
    page.keyboard.press("t")
    expect(page.get_by_role("heading", name="Jadikan tiket")).to_be_visible()
    page.get_by_role("radio", name="Dinas Pekerjaan Umum").check()
    page.get_by_role("button", name="Jadikan tiket").click()
    expect(page.locator(".head")).to_contain_text("PUTR")


def test_a_liaison_answers_and_returns_from_a_phone(fresh: Seeded, opens: Opener) -> None:
    ticket, other = opened(fresh[0], "kubangan"), opened(fresh[0], "berita")
    page = opens(fresh[1], "putr", size=PHONE).page
    page.goto(f"/tiket/{ticket.code}")
    page.get_by_role("button", name="Terima").click()
    expect(page.get_by_role("status")).to_contain_text("Tersimpan")
    page.locator("summary", has_text="Jawab").click()
    expect(page.get_by_label("Jawaban untuk pelapor")).to_be_focused()
    page.get_by_label("Jawaban untuk pelapor").fill("Tim kami ke lapangan besok.")
    page.locator("#jawab button").click()
    expect(page.locator(".trail").first).to_contain_text("Tim kami ke lapangan besok.")
    page.goto(f"/tiket/{other.code}#bukan_wewenang")
    page.get_by_label("Alasan").fill("Jalan provinsi.")
    page.get_by_label("Seharusnya OPD").select_option("DISHUB")
    page.locator("#bukan_wewenang button").click()
    expect(page.get_by_role("status").first).to_contain_text("Bukan wewenang: 1 tiket")
    expect(page.locator("tr.ticket")).to_have_count(1)


def test_everything_works_without_script(fresh: Seeded, opens: Opener) -> None:
    place, address = fresh
    first, second = opened(place, "kubangan"), opened(place, "berita")
    proposed = opened(place, "rumus", opd=None)
    page = opens(address, script=False).page
    page.goto("/tiket")
    page.get_by_role("button", name="Kirim ke DLH").first.click()
    expect(page.get_by_role("status").first).to_contain_text("Disposisi: 1 tiket")
    page.get_by_label(f"Pilih {first.code}").check()
    page.get_by_label(f"Pilih {second.code}").check()
    page.get_by_label("Tindakan").select_option("catatan")
    page.get_by_placeholder("Alasan atau catatan").fill("Dibahas dalam rapat.")
    page.get_by_role("button", name="Jalankan").click()
    expect(page.get_by_role("status").first).to_contain_text("Catatan: 2 tiket")
    page.get_by_text("Saringan", exact=True).click()
    page.locator(".sift select[name=opd]").select_option(f"{REGION}/DLH")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.locator("tr.ticket")).to_have_count(1)
    page.locator("tr.ticket .matter a").click()
    page.locator("summary", has_text="Tunda").click()
    page.get_by_label("Mengapa ditunda").fill("Menunggu armada.")
    page.locator("#tunda button").click()
    expect(page.locator(".head")).to_contain_text("ditunda")
    assert place.store.tickets.ticket(proposed.code, CENTER.scope).clock.at is None
