"""A morning at the center, played in a real browser on a real server: what came overnight is triaged by keyboard.

Keys and seconds of each part are counted and printed: `pytest -s tests/pages/test_morning.py`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from domain.labels import CaseState
from domain.scope import Scope
from domain.tickets import Ticket, TicketState
from store.ticketlists import TicketQuery
from tests.api.installation import Installation, installed
from tests.api.serving import served
from tests.api.told import REGION, Told
from tests.pages.conftest import Opener

pytestmark = pytest.mark.browser
CHATTERS, DOUBTS = 7, 3  # last digit of the stories that are no complaint, and of those that the machine is unsure of
MOST_KEYS = 3  # for one story, on average: a tool that needs more is not one for four hundred posts
MATTERS = (
    ("jalan.rusak", "Lubang di jalan {area} makin dalam, kemarin {n} pengendara jatuh malam hari", ("Lubang", "jalan")),
    ("air.pdam", "Air ledeng tidak mengalir ke {area} sejak {n} hari lalu, tolong PDAM", ("ledeng",)),
    ("sampah.angkut", "Truk sampah tidak lewat {area} sudah {n} minggu, bau sekali di depan sekolah", ("sampah",)),
    ("penerangan.pju", "Lampu penerangan padam sepanjang gang {area}, {n} tiang mati semua", ("Lampu", "padam")),
    ("kesehatan.puskesmas", "Dokter puskesmas {area} baru datang jam {n}, pasien menunggu dari subuh", ("puskesmas",)),
    ("adminduk.ktp", "KTP saya dari {area} belum jadi padahal {n} bulan lalu berkas lengkap", ("KTP",)),
    ("pendidikan.sarana", "Atap ruang kelas SD di {area} bocor, {n} kelas belajar di teras", ("Atap", "kelas")),
    ("bansos.penyaluran", "Bantuan PKH warga {area} tidak cair {n} kali berturut-turut, mohon dicek datanya", ("PKH",)),
)
AREAS = (
    "Telagawaru", "Karang Bongkot", "Banyumulek", "Pelangan", "Narmada", "Gerung", "Labuapi", "Sekotong"
)  # fmt: skip
CHATTER = "Diskon besar di toko {area} kami, pesan {n} gratis ongkir ke rumah"
AGAIN = (
    "Tolong aspal depan masjid Telagawaru ditambal, sudah banyak yang terperosok",
    "Kapan ruas Telagawaru diperbaiki pak, shockbreaker motor saya patah lagi",
)  # of a matter and a village that another story of the night tells of, too: one ticket for all


def overnight() -> Iterator[Told]:
    """Sixty stories of one night: most are plain, some unsure, some no complaint, some of one matter in one village."""
    for n in range(60 - len(AGAIN)):
        topic, words, evidence = MATTERS[n % len(MATTERS)]
        area = AREAS[(n // len(MATTERS) + n) % len(AREAS)]
        told, hours = words.format(area=area, n=n + 2), 1 + n / 5
        if n % 10 == CHATTERS:
            yield Told(f"malam-{n}", CHATTER.format(area=area, n=n), "lainnya.umum", hours, p=0.4)
        elif n % 10 == DOUBTS:
            second = ("perhubungan.lalin", 0.41)
            yield Told(f"malam-{n}", told, topic, hours, p=0.48, evidence=evidence, second=second)
        else:
            yield Told(f"malam-{n}", told, topic, hours, p=0.93, evidence=evidence)
    for n, words in enumerate(AGAIN):
        yield Told(f"lagi-{n}", words, "jalan.rusak", 15 + n, p=0.9)


@dataclass
class Hand:
    """A person at a keyboard: what is pressed is counted."""

    page: Page
    keys: int = 0

    def press(self, key: str) -> None:
        """Press a key."""
        self.keys += 1
        self.page.keyboard.press(key)


@dataclass(frozen=True)
class Effort:
    """What a part of the morning took."""

    what: str
    done: int
    keys: int
    seconds: float

    def __str__(self) -> str:
        each = f"{self.keys / self.done:.2f} tombol, {self.seconds / self.done:.2f} detik per cerita"
        return f"{self.what}: {self.done} cerita, {self.keys} tombol, {self.seconds:.1f} detik ({each})"


@pytest.fixture
def center(tmp_path: Path) -> Iterator[tuple[Installation, str]]:
    """A center in the morning, served on loopback."""
    with installed(tmp_path, more=0, told=tuple(overnight())) as place, served(place.app) as address:
        yield place, address


def story_shown(page: Page) -> str | None:
    return page.evaluate("document.querySelector('#terpilih [data-story]')?.dataset.story ?? null")


def triage_all(page: Page, verdict: Callable[[Page], str]) -> Effort:
    """Judge story after story until none waits. `verdict` reads the page and says which keys to press."""
    hand, done, start = Hand(page), 0, time.perf_counter()
    while (story := story_shown(page)) is not None:
        for key in verdict(page):
            hand.press(key)
        page.wait_for_function("s => document.querySelector('#terpilih [data-story]')?.dataset.story !== s", arg=story)
        done += 1
    return Effort("Triase", done, hand.keys, time.perf_counter() - start)


def as_an_analyst(page: Page) -> str:
    """The first agency, the second where the machine is unsure, into the ticket that is there, or no complaint."""
    seen = page.locator("#terpilih")
    if "Diskon besar" in seen.locator(".text").inner_text():
        return "b2"
    if seen.locator("[data-press=g]").count():
        return "g"
    return "2" if seen.get_by_text("perlu ditinjau").count() and seen.locator("[data-press='2']").count() else "1"


def tickets_of(place: Installation) -> tuple[Ticket, ...]:
    scope = Scope(regions=frozenset({REGION}), may_oversee=True)
    return place.store.tickets.list(TicketQuery(view="semua", size=200), scope, now=place.clock()).items


def test_sixty_stories_are_triaged_by_keyboard(
    center: tuple[Installation, str], opens: Opener, capsys: pytest.CaptureFixture[str]
) -> None:
    place, address = center
    page = opens(address).page
    page.goto("/meja")
    expect(page.locator("#judul-antrean")).to_have_text("60 cerita")
    effort = triage_all(page, as_an_analyst)
    with capsys.disabled():
        sys.stdout.write(f"\n{effort}\n")
    assert effort.done == 60
    assert effort.keys <= MOST_KEYS * effort.done
    expect(page.get_by_text("Antrean kosong")).to_be_visible()
    made = tickets_of(place)
    assert {ticket.state for ticket in made} == {TicketState.DISPOSED}
    told = place.store.cases.everything(REGION)
    judged = [document for document in told if document.ticket or document.state is CaseState.NOT_A_COMPLAINT]
    assert len(judged) == 60  # no story was lost, none judged twice
    assert sum(ticket.cases for ticket in made) + 6 == 60
