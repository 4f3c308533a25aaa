"""Sumber and Pengaturan in a real browser: by mouse, without script, on a phone, for tired eyes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import expect

from domain.labels import SourceState
from domain.ports import CrawlOutcome
from domain.posts import IntakeReport
from domain.regions import RegionEdit
from store.errands import ErrandKind, ErrandState
from tests.api.installation import PASSWORD, Installation, installed
from tests.api.serving import served
from tests.api.told import REGION
from tests.pages.conftest import PHONE, Opener
from tests.pages.test_for_everybody import DOUBLE_IDS, HEADINGS, NAMELESS, PALE

pytestmark = pytest.mark.browser
PAGES = (
    "/sumber", "/sumber/info-lobar", "/sumber/bukti/1", "/sumber/bukti/2", "/pengaturan/orang",
    "/pengaturan/orang/putr", "/pengaturan/token", "/pengaturan/opd", "/pengaturan/wilayah?q=gerung&ubah=52.01.01",
    "/pengaturan/wilayah?bagian=points&ubah=", "/pengaturan/wilayah?bagian=calendar", "/pengaturan/wilayah?bagian=sla",
    "/pengaturan/mode", "/pengaturan/audit",
)  # fmt: skip
SHEET = "kode;nama;alias;berlaku sejak;berlaku sampai;penerus;tugas\nDIKES;;Dinkes Baru;;31/12/2026;DLH;\n"


def found(address: str) -> dict[str, object]:
    """What the crawlers would have found there."""
    spec = {
        "key": "suarantb", "name": "Suara NTB", "kind": "rss", "url": address, "regions": [REGION], "every_minutes": 60,
        "enabled": True, "added_by": "admin",
    }  # fmt: skip
    return {"spec": spec, "posts": [{"title": f"Berita {n}", "url": address, "published_at": None} for n in range(5)]}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An installation with something on each page."""
    with installed(tmp_path_factory.mktemp("jaga"), more=0) as place, served(place.app) as address:
        now = place.clock()
        for key, state in (("info-lobar", SourceState.FAILED), ("suara-lobar", SourceState.OK)):
            for day in range(40, 0, -1):
                ended = state if day == 1 else SourceState.OK
                at = now - timedelta(days=day)
                said = "Servernya tidak menjawab." if ended is SourceState.FAILED else None
                report = IntakeReport(added=day % 7)
                place.store.sources.record(CrawlOutcome(key, ended, at, report=report, newest_post_at=at, message=said))
        errands, url = place.store.errands, "https://a.invalid/feed"
        for came in (ErrandState.PROVEN, ErrandState.FAILED):
            number = errands.ask(ErrandKind.ADD, by="admin", now=now, url=url, region=REGION)
            told = found(url) if came is ErrandState.PROVEN else None
            errands.end(number, came, now, message="menjawab HTTP 500.", found=told)
        errands.ask(ErrandKind.REFILL, by="admin", now=now, source="info-lobar", since=now, region=REGION)
        place.store.accounts.create_token("ratna", "read", "catatan", None, now)
        place.store.accounts.set_active("bengkulu", active=False)
        edit = RegionEdit("areas", "52.01.01", {"aliases": ["Gerung Kota"]})
        place.app.state.parts.profiles.change(REGION, [edit], "admin", now, note="uji")
        yield address


@pytest.mark.parametrize("dark", [False, True])
def test_pages_are_named_ordered_and_stand_out(kept: str, opens: Opener, *, dark: bool) -> None:
    page = opens(kept, "admin", dark=dark).page
    for path in PAGES:
        page.goto(path)
        assert page.evaluate(PALE) == [], path
        assert page.evaluate(NAMELESS) == [], path
        assert page.evaluate(DOUBLE_IDS) == [], path
        levels = page.evaluate(HEADINGS)
        assert levels.count(1) == 1, path
        assert all(below - above <= 1 for above, below in pairwise(levels)), (path, levels)


def test_pages_fit_a_phone(kept: str, opens: Opener) -> None:
    page = opens(kept, "admin", size=PHONE).page
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path


@pytest.mark.parametrize("script", [True, False])
def test_a_new_source_is_proven_while_one_waits_and_saved(
    fresh: tuple[Installation, str], opens: Opener, *, script: bool
) -> None:
    place, address = fresh
    page = opens(address, "admin", script=script).page
    page.get_by_role("link", name="Sumber", exact=True).click()
    page.get_by_label("Alamat situs, umpan, peta situs, atau kanal").fill("https://suarantb.invalid")
    page.get_by_label("Wilayah").select_option(REGION)
    page.get_by_role("button", name="Periksa alamat").click()
    expect(page.get_by_role("heading", name="Memeriksa alamat …")).to_be_visible()
    (errand,) = place.store.errands.waiting(place.clock())
    place.store.errands.take(errand.id, place.clock())
    place.store.errands.end(errand.id, ErrandState.PROVEN, place.clock(), found=found("https://suarantb.invalid/feed"))
    expect(page.get_by_role("heading", name="Suara NTB")).to_be_visible(timeout=10_000)  # the page looks again itself
    expect(page.get_by_role("list").filter(has_text="Berita 0").get_by_role("listitem")).to_have_count(5)
    page.get_by_role("button", name="Simpan sumber ini").click()
    expect(page.get_by_role("status")).to_contain_text("Sumber tersimpan")
    page.get_by_role("button", name="Jeda").click()
    expect(page.get_by_text("dijeda", exact=True)).to_be_visible()
    assert place.store.sources.paused() == {"suarantb"}


def test_a_sheet_of_agencies_is_looked_at_applied_and_undone(
    fresh: tuple[Installation, str], opens: Opener, tmp_path: Path
) -> None:
    place, address = fresh
    book = place.app.state.parts.profiles
    page = opens(address, "admin").page
    page.goto("/pengaturan/opd")
    file = tmp_path / "opd.csv"
    file.write_text(SHEET)
    page.get_by_label("Lembar XLSX atau CSV").set_input_files(file)
    page.get_by_role("button", name="Lihat perubahannya").click()
    expect(page.get_by_text("Mulai 1 Jan 2027 tugas DIKES dipegang DLH")).to_be_visible()
    page.get_by_role("button", name="Terapkan 1 perubahan").click()
    expect(page.get_by_role("status")).to_contain_text("1 OPD diubah")
    assert book[REGION].agencies["DIKES"].successor == "DLH"
    page.get_by_role("link", name="Riwayat dan pengurungan").click()
    page.get_by_role("button", name="Urungkan DIKES").click()
    expect(page.get_by_role("status")).to_contain_text("diurungkan")
    assert book[REGION].agencies["DIKES"].successor is None


def test_a_person_is_added_and_comes_in(fresh: tuple[Installation, str], opens: Opener) -> None:
    _, address = fresh
    page = opens(address, "admin", script=False).page
    page.get_by_role("link", name="Pengaturan").click()
    page.get_by_label("Nama untuk masuk").fill("sari")
    page.get_by_label("Peran").select_option("penghubung")
    page.get_by_label("OPD (penghubung)").select_option(f"{REGION}/DLH")
    page.get_by_role("button", name="Tambah orang").click()
    password = page.locator(".secret code").inner_text()
    other = opens(address, None).page
    other.goto("/masuk")
    other.get_by_label("Nama").fill("sari")
    other.get_by_label("Sandi").fill(password)
    other.get_by_role("button", name="Masuk").click()
    other.get_by_label("Sandi sekarang").fill(password)
    other.get_by_label("Sandi baru", exact=True).fill(PASSWORD)
    other.get_by_label("Sandi baru sekali lagi").fill(PASSWORD)
    other.get_by_role("button", name="Simpan sandi").click()
    expect(other.get_by_role("link", name="Tiket", exact=True)).to_be_visible()  # the doors are open now
