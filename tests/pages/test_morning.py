"""A morning at the center, played in a real browser on a real server: what came overnight is triaged by keyboard.

Keys and seconds of each part are counted and printed: `pytest -s tests/pages/test_morning.py`.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from desk.actors import Actor
from desk.services import desk_services
from desk.triage import Triage
from domain.labels import CaseState
from domain.scope import Scope
from domain.tickets import Party, Ticket, TicketState
from store.ticketlists import TicketQuery
from tests.api.installation import Installation, installed
from tests.api.serving import served
from tests.api.told import REGION, Told
from tests.pages.conftest import PHONE, Opener

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
    story = page.evaluate("document.querySelector('#terpilih [data-story]')?.dataset.story ?? null")
    return str(story) if story else None


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


def test_a_morning_from_sixty_stories_to_the_leaders_page(
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
    assert max(ticket.cases for ticket in made) == 1 + len(AGAIN)  # one ticket for one matter in one village
    assert len(made) >= 40
    office = opens(address, "putr").page
    returned = return_some(office, 5, "Bukan ruas kabupaten")
    put_right(page, returned[0], "DISHUB")
    standing = {ticket.code: (ticket.state, ticket.opd) for ticket in tickets_of(place)}
    assert standing[returned[0]] == (TicketState.DISPOSED, "DISHUB")
    assert {standing[code] for code in returned[1:]} == {(TicketState.VERIFIED, None)}
    the_leader_sees(opens(address, "bupati").page, Counter(opd or "Pusat kendali" for _, opd in standing.values()))


def return_some(page: Page, number: int, why: str) -> list[str]:
    """As an office: return the first tickets of the list, all at once, with a reason. Returns their codes."""
    page.goto("/tiket")
    rows = page.locator("tr.ticket")
    assert rows.count() > number
    codes = [str(rows.nth(n).get_attribute("data-key")) for n in range(number)]
    for n in range(number):
        rows.nth(n).get_by_role("checkbox").check()
    run_for_all(page, "bukan_wewenang", why=why)
    expect(page.locator(".notice")).to_contain_text(f"{number} tiket")
    page.goto("/tiket?lihat=semua")
    assert not {row.get_attribute("data-key") for row in page.locator("tr.ticket").all()} & set(codes)
    return codes


def put_right(page: Page, code: str, opd: str) -> None:
    """As an analyst: give a returned ticket to the office that it belongs to."""
    page.goto("/tiket?lihat=dikembalikan")
    expect(page.locator("tr.ticket")).to_have_count(5)
    page.locator(f"tr[data-key='{code}']").get_by_role("checkbox").check()
    run_for_all(page, "disposisi", opd=opd)
    expect(page.locator(".notice")).to_contain_text("1 tiket")
    page.goto("/tiket?lihat=dikembalikan")
    expect(page.locator("tr.ticket")).to_have_count(4)


def run_for_all(page: Page, action: str, *, why: str = "", opd: str = "") -> None:
    bulk = page.locator(".bulk")
    bulk.locator("select[name=tindakan]").select_option(action)
    if opd:
        bulk.locator("select[name=opd]").select_option(opd)
    if why:
        bulk.get_by_role("textbox", name="Catatan").fill(why)
    bulk.get_by_role("button", name="Jalankan").click()


def row_of(page: Page, office: str) -> Locator:
    return page.locator("#opd tr").filter(has=page.locator("th", has_text=re.compile(rf"^\s*{office}\s*$")))


def the_leader_sees(page: Page, open_by_office: Counter[str]) -> None:
    """As a leader: the board of offices has every ticket, and each number opens the tickets behind it."""
    page.goto("/tren")
    for office, number in open_by_office.items():
        expect(row_of(page, office)).to_contain_text(str(number))
    office, number = open_by_office.most_common(1)[0]
    row_of(page, office).get_by_role("link").filter(has_text=re.compile(rf"^{number}$")).first.click()
    expect(page).to_have_url(re.compile(r"/tiket\?"))
    expect(page.locator("tr.ticket")).to_have_count(number)


def desk_of(place: Installation) -> Triage:
    """The desk beside the pages, as a second process has it."""
    parts = place.app.state.parts
    return desk_services(place.store, parts.profiles, parts.taxonomy, place.clock).triage


def chosen_words(page: Page) -> str:
    return page.locator("#terpilih .text").inner_text()


def pressed(page: Page, key: str) -> None:
    """Press a key and wait until another story stands there."""
    before = story_shown(page)
    page.keyboard.press(key)
    page.wait_for_function("s => document.querySelector('#terpilih [data-story]')?.dataset.story !== s", arg=before)


def test_u_takes_the_last_verdict_back_and_its_story_stands_there_again(
    fresh: tuple[Installation, str], opens: Opener
) -> None:
    page = opens(fresh[1]).page
    page.goto("/meja")
    words, waiting = chosen_words(page), page.locator("#judul-antrean").inner_text()
    pressed(page, "1")
    expect(page.locator("#kabar")).to_contain_text("Diteruskan ke BPBD sebagai LB-2026-11-")
    pressed(page, "u")
    assert chosen_words(page) == words
    expect(page.locator("#judul-antrean")).to_have_text(waiting)
    expect(page.locator("#kabar")).to_contain_text("Diurungkan")


def test_b_asks_for_a_reason_and_keys_typed_into_a_field_judge_nothing(
    fresh: tuple[Installation, str], opens: Opener
) -> None:
    page = opens(fresh[1]).page
    page.goto("/meja")
    before = story_shown(page)
    page.keyboard.press("l")
    page.keyboard.type("1231 bug")
    expect(page.get_by_label("Tempat", exact=True)).to_have_value("1231 bug")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert story_shown(page) == before
    page.keyboard.press("b")
    expect(page.get_by_role("button", name="Promosi atau spam")).to_be_visible()
    pressed(page, "2")
    expect(page.locator("#kabar")).to_contain_text("Bukan aduan: Promosi atau spam")


def test_topic_and_place_are_put_right_by_keyboard_and_the_story_stays(
    fresh: tuple[Installation, str], opens: Opener
) -> None:
    page = opens(fresh[1]).page
    page.goto("/meja")
    before = story_shown(page)
    page.keyboard.press("l")
    page.keyboard.type("Banyumulek")
    page.keyboard.press("Enter")
    expect(page.locator(".deeds .kv")).to_contain_text("Desa Banyumulek, Kec. Kediri")
    page.keyboard.press("t")
    topic = page.locator("#terpilih").get_by_label("Topik", exact=True)
    expect(topic).to_be_focused()
    topic.select_option("jalan.rusak")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".choice.first")).to_contain_text("Pekerjaan Umum")
    assert story_shown(page) == before


def test_marks_are_kept_over_filters_and_all_are_judged_at_once(fresh: tuple[Installation, str], opens: Opener) -> None:
    page = opens(fresh[1]).page
    page.goto("/meja")
    total = page.locator(".story").count()
    page.keyboard.press("x")
    page.goto("/meja?topic=adminduk")
    expect(page.locator(".story")).to_have_count(1)
    page.keyboard.press("x")
    expect(page.locator(".bulk [data-ticked]")).to_have_text("2 ditandai")
    page.goto("/meja?topic=jalan")
    page.keyboard.press("Shift+X")
    marked = 2 + page.locator(".story").count()
    expect(page.locator(".bulk [data-ticked]")).to_have_text(f"{marked} ditandai")
    page.get_by_role("button", name="Serahkan ke OPD teratas").click()
    expect(page.locator("#kabar")).to_contain_text(f"{marked} cerita diputuskan.")
    expect(page.get_by_text("Tidak ada cerita di sini")).to_be_visible()
    page.get_by_role("link", name="Lihat semua yang menunggu").click()
    expect(page.locator(".story")).to_have_count(total - marked)
    expect(page.locator(".bulk [data-ticked]")).to_be_hidden()


def test_two_people_are_led_to_different_stories_and_see_who_works_on_what(
    fresh: tuple[Installation, str], opens: Opener
) -> None:
    ratna, admin = opens(fresh[1]).page, opens(fresh[1], "admin").page
    with ratna.expect_response("**/meja/pegang"):
        ratna.goto("/meja")
    first = story_shown(ratna)
    with admin.expect_response("**/meja/pegang"):
        admin.goto("/meja")
    assert story_shown(admin) != first
    expect(admin.locator(f"[data-key='{first}']")).to_contain_text("Baiq Ratna")
    admin.locator(f"[data-key='{first}'] a").click()
    expect(admin.locator("#terpilih")).to_contain_text("sedang dikerjakan Baiq Ratna")
    with ratna.expect_response("**/meja/pegang"):
        ratna.keyboard.press("j")
    admin.reload()
    expect(admin.locator(f"[data-key='{first}']")).not_to_contain_text("Baiq Ratna")  # let go when she went on


def test_who_was_slower_is_told_who_did_what_and_led_on(fresh: tuple[Installation, str], opens: Opener) -> None:
    place, address = fresh
    slow = opens(address, "admin")
    slow.page.goto("/meja")
    story = story_shown(slow.page)
    assert story is not None
    place.store.triage.release(story, "admin")
    scope = place.store.accounts.scope_of(place.store.accounts.user("ratna"), frozenset({REGION}))
    quick = Actor("ratna", scope, Party.CENTER)
    desk_of(place).accept(story, quick, opd="BPBD")
    pressed(slow.page, "1")
    expect(slow.page.locator("#kabar")).to_contain_text("Baiq Ratna sudah memutuskan cerita ini")
    slow.faults.clear()  # the browser reports the 409 itself


def test_the_desk_works_without_script(fresh: tuple[Installation, str], opens: Opener) -> None:
    page = opens(fresh[1], script=False).page
    page.goto("/meja")
    page.get_by_role("button", name="Badan Penanggulangan Bencana").click()
    expect(page.locator("#kabar")).to_contain_text("Diteruskan ke BPBD")
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator("#terpilih .text")).to_contain_text("Longsor")
    page.locator("#terpilih").get_by_text("Bukan aduan").click()
    page.get_by_role("button", name="Sudah selesai").click()
    expect(page.locator("#kabar")).to_contain_text("Bukan aduan: Sudah selesai")
    page.get_by_label("Catatan untuk sif berikutnya").fill("Longsor ditangani BPBD")
    page.get_by_role("button", name="Simpan catatan").click()
    expect(page.locator(".shift")).to_contain_text("Longsor ditangani BPBD")
    for box in page.locator("input[name=x]").all()[:2]:
        box.check()
    page.get_by_role("button", name="Serahkan ke OPD teratas").click()
    expect(page.locator("#kabar")).to_contain_text("2 cerita diputuskan.")


def test_a_phone_shows_the_story_first_and_judges_by_touch(fresh: tuple[Installation, str], opens: Opener) -> None:
    page = opens(fresh[1], size=PHONE).page
    page.goto("/meja")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    expect(page.locator(".choice.first")).to_be_in_viewport()
    before = story_shown(page)
    page.locator(".choice.first").click()
    page.wait_for_function("s => document.querySelector('#terpilih [data-story]')?.dataset.story !== s", arg=before)
    page.locator(".story a").nth(3).click()
    expect(page.locator("#terpilih")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
