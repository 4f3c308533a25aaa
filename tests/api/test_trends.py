"""The page of trends and its files: who sees which numbers, where they lead, and its five faces."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree as ET

import httpx
import pytest
from starlette.datastructures import QueryParams

from api.tickets.asked import read_ticket_asked
from desk.actors import Actor
from domain.scope import Scope
from domain.tickets import Action, Party
from tests.api.installation import PASSWORD, Installation, case, installed
from tests.api.serving import logged_in, served
from tests.api.test_trend_panels import GOLDEN
from tests.api.told import OTHER, POSTS, REGION, Told, filler

EVERYTHING = Scope(regions=frozenset({REGION, OTHER}), may_oversee=True)
ACCUSED = Told("suap", "Pegawai PUTR minta setoran untuk izin aspal di Gerung", "jalan.rusak", 6, accused="opd")
ZONE_DAY = "2026-11-21"
PEOPLE = ("admin", "ratna", "putr", "dishub", "irban", "bupati", "kades", "kosong", "bengkulu")


@dataclass
class Town:
    """An installation with posts, tickets and people of every kind, and a client of each."""

    place: Installation
    clients: dict[str, httpx.Client]

    def csv(self, user: str, panel: str, address: str = "") -> list[dict[str, str]]:
        """A panel's file as a person gets it."""
        answer = self.clients[user].get(f"/tren/{panel}.csv?{address}")
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    def page(self, user: str, address: str = "") -> str:
        """The page as a person gets it, its late panels too."""
        answer = self.clients[user].get(f"/tren?lengkap=1&{address}")
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Posts of two regions and tickets of three offices, two of them about accusations."""
    told = (*POSTS, ACCUSED, *filler(45))
    with ExitStack() as stack:
        place = stack.enter_context(installed(tmp_path_factory.mktemp("tren"), more=0, told=told))
        people = place.store.accounts
        for name, role, more in (
            ("dishub", "penghubung", {"opds": (f"{REGION}/DISHUB",)}),
            ("irban", "penghubung", {"opds": (f"{REGION}/INSPEKTORAT",), "may_oversee": True}),
            ("kades", "kades", {"areas": ("52.01.08.2004",)}),
        ):
            people.create_user(name, role=role, password=PASSWORD, regions=(REGION,), **more)
        people.change_user("putr", may_oversee=True)  # the accused unit's liaison: even so it sees nothing
        desk, center = place.app.state.parts.desk.tickets, Actor("admin", EVERYTHING, Party.CENTER)
        place.clock.advance(days=-20)
        answered = desk.open([case("hotmix")], center, opd="PUTR")
        office = Actor("putr", Scope(frozenset({REGION}), opds=frozenset({f"{REGION}/PUTR"})), Party.AGENCY)
        place.clock.advance(hours=5)
        desk.act(answered.code, Action.ANSWER, office, note="Sudah dikerjakan.")
        desk.open([case("kubangan")], center, opd="PUTR")  # nobody answers it: overdue by now
        place.clock.advance(days=20, hours=-5)
        desk.open([case("truk")], center, opd="DISHUB")
        desk.open([case("suap")], center, opd="PUTR")
        place.work()
        address = stack.enter_context(served(place.app))
        yield Town(place, {user: stack.enter_context(logged_in(address, user, PASSWORD)) for user in PEOPLE})


@contextmanager
def at(place: Installation, user: str = "ratna") -> Iterator[httpx.Client]:
    with served(place.app) as address, logged_in(address, user, PASSWORD) as client:
        yield client


def section(page: str, panel: str) -> str:
    """A panel's part of the page."""
    return page.partition(f' id="{panel}"')[2].partition("</section>")[0]


def links(part: str) -> list[tuple[str, str]]:
    """The links of a panel's tables: address and words."""
    outside = re.sub(r"<svg.*?</svg>", "", part, flags=re.DOTALL)
    found = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', outside)
    return [(html.unescape(href), html.unescape(words)) for href, words in found]


def test_the_page_shows_every_panel_within_its_budget(town: Town) -> None:
    page = town.page("ratna")
    assert re.findall(r'<section class="panel trend \w+ \w+" id="(\w+)"', page) == list(GOLDEN)
    assert "style=" not in page
    without_charts = re.sub(r"<svg.*?</svg>|<details class=\"behind\">.*?</details>", "", page, flags=re.DOTALL)
    assert len(without_charts) <= 60 * 1024
    assert page.count("<h1>") == 1


def test_every_count_of_posts_opens_exactly_these_posts(town: Town) -> None:
    client, page = town.clients["ratna"], town.page("ratna", "hari=7")
    seen = 0
    for panel in ("kata", "topik", "wilayah", "sumber"):
        for href, words in links(section(page, panel)):
            if not words.replace(".", "").isdigit() or not href.startswith("/cari"):
                continue
            found = client.get(href).text
            told = re.search(r'<span class="small" role="status">([\d.]+) kiriman', found)
            assert (told.group(1) if told else "0") == words, (panel, href)
            seen += 1
    assert seen > 30


def test_every_count_of_stories_opens_exactly_these_stories(town: Town) -> None:
    client, page = town.clients["ratna"], town.page("ratna", "hari=7")
    seen = 0
    for href, words in (*links(section(page, "volume")), *links(section(page, "ringkasan"))[:4]):
        if words.replace(".", "").isdigit():
            told = re.search(r"· ([\d.]+) masalah berbeda", client.get(href).text)
            assert (told.group(1) if told else "0") == words, href
            seen += 1
    assert seen > 20


def test_every_count_of_tickets_opens_exactly_these_tickets(town: Town) -> None:
    zone = town.place.app.state.parts.zone_of(REGION)
    page = town.page("ratna", "hari=30")
    seen = 0
    for panel in ("opd", "desa"):
        for href, words in links(section(page, panel)):
            if words.isdigit():
                asked = read_ticket_asked(QueryParams(parse_qsl(urlsplit(href).query)))
                scope = Scope(frozenset({REGION}))
                found = town.place.store.tickets.list(asked.query(zone), scope, now=town.place.clock())
                assert found.total == int(words), (panel, href)
                seen += 1
    assert seen >= 4


def test_the_filter_stays_in_every_address(town: Town) -> None:
    page = town.page("ratna", "hari=7&topic=jalan&kecamatan=52.01.08&banding=0")
    for period in re.findall(r'<nav class="periods".*?</nav>', page, re.DOTALL)[0].split("<a ")[1:]:
        href = html.unescape(period.partition('href="')[2].partition('"')[0])
        pairs = dict(parse_qsl(urlsplit(href).query))
        assert (pairs["topic"], pairs["kecamatan"], pairs["banding"]) == ("jalan", "52.01.08", "0")
    assert "/tren/topik.csv?hari=7&amp;topic=jalan&amp;kecamatan=52.01.08&amp;banding=0" in page
    assert '<option value="jalan" selected>' in page
    assert '<option value="52.01.08" selected>' in page
    assert "dibanding" not in section(page, "volume")
    rows = town.csv("ratna", "topik", "hari=7&topic=jalan&kecamatan=52.01.08")
    assert {row["topik"] for row in rows} == {"jalan.rusak"}


def test_another_kecamatan_drops_the_village_that_was_chosen_before(town: Town) -> None:
    page = town.page("ratna", "hari=7&kecamatan=52.01.07&desa=52.01.08.2004&sentiment=negatif")
    assert "desa=52.01.08.2004" not in page.partition("<main")[2]
    form = page.partition('<form class="asks"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="sentiment" value="negatif">' in form
    assert '<input type="hidden" name="hari" value="7">' in form


def test_offices_stand_by_what_is_overdue_with_how_they_answered(town: Town) -> None:
    rows = town.csv("ratna", "opd", "hari=30")
    assert [row["opd"] for row in rows] == ["PUTR", "DISHUB"]
    first = rows[0]
    assert (first["masuk"], first["terbuka"], first["terlambat"], first["dijawab"]) == ("2", "2", "2", "1")
    assert (first["tepat_waktu_persen"], first["median_menit"]) == ("100", "300")
    assert "5 jam" in section(town.page("ratna", "hari=30"), "opd")


class TestWhoSeesWhat:
    def test_a_liaison_counts_only_what_is_its_offices(self, town: Town) -> None:
        own = sum(int(row["kiriman"]) for row in town.csv("putr", "topik"))
        every = sum(int(row["kiriman"]) for row in town.csv("ratna", "topik"))
        assert own < every
        assert {row["topik"] for row in town.csv("putr", "topik")} == {"jalan.rusak"}
        assert [row["opd"] for row in town.csv("putr", "opd")] == ["PUTR"]
        assert [row["opd"] for row in town.csv("dishub", "opd")] == ["DISHUB"]
        for suffix in ("svg", "csv"):
            told = town.clients["putr"].get(f"/tren/topik.{suffix}").text
            assert "Sampah" not in told
            assert "sampah" not in told
        assert "DISHUB" not in section(town.page("putr"), "opd")
        assert "DISHUB" not in town.clients["putr"].get("/tren/opd.svg").text

    def test_an_accusation_is_in_nobodys_numbers_but_the_overseers(self, town: Town) -> None:
        def total(user: str) -> int:
            rows = town.csv(user, "volume", f"dari={ZONE_DAY}&sampai={ZONE_DAY}&q=setoran")
            return sum(int(row["cerita"]) for row in rows)

        assert total("admin") == 1
        assert [total(user) for user in ("ratna", "putr", "bupati", "dishub", "kades")] == [0] * 5
        assert not any(row["opd"] == "INSPEKTORAT" for row in town.csv("ratna", "opd"))
        assert [row["opd"] for row in town.csv("irban", "opd")] == ["INSPEKTORAT"]
        for user in ("ratna", "putr", "bupati"):
            picture = town.clients[user].get("/tren/volume.svg?q=setoran").text
            assert "Tidak ada kiriman" in picture
            assert "setoran" not in section(town.page(user), "kata")

    def test_a_village_head_counts_only_his_village(self, town: Town) -> None:
        rows = town.csv("kades", "wilayah")
        assert {row["kode"] for row in rows} == {"52.01.08"}
        assert {row["kode"] for row in town.csv("kades", "desa", "hari=30")} == {"52.01.08.2004"}
        assert "Sekotong" not in town.clients["kades"].get("/tren/wilayah.svg").text
        assert '<option value="52.01.07">' not in town.page("kades")

    def test_an_analyst_elsewhere_sees_nothing_of_this_region(self, town: Town) -> None:
        assert town.csv("bengkulu", "opd") == []
        assert {row["topik"] for row in town.csv("bengkulu", "topik")} == {"sampah.angkut"}
        page = town.page("bengkulu", f"region={REGION}")
        assert "Info Lobar" not in page
        assert "<h1>Tren</h1>" in page
        assert town.csv("ratna", "opd", f"region={OTHER}") == []
        assert town.csv("ratna", "opd", f"region={OTHER}&opd=PUTR") == []

    def test_what_another_reader_was_told_is_not_kept_for_this_one(self, town: Town) -> None:
        town.page("admin", "q=setoran")
        assert "Tidak ada kata" in section(town.page("ratna", "q=setoran"), "kata")

    def test_nobody_without_a_scope_is_shown_a_panel(self, town: Town) -> None:
        answer = town.clients["kosong"].get("/tren")
        assert answer.status_code == 403
        assert "Belum ada yang boleh Anda lihat" in answer.text
        assert town.csv("kosong", "topik") == []
        assert 'class="strip"' not in town.clients["kosong"].get("/tren/panel/topik").text

    def test_files_leave_an_audit_line(self, town: Town) -> None:
        town.clients["bupati"].get("/tren/opd.png?hari=7")
        line = town.place.store.audit.list(action="export", actor="bupati", subject="trends")[0]
        assert (line.detail["panel"], line.detail["format"], line.detail["search"]) == ("opd", "png", "/tren?hari=7")


class TestFiles:
    @pytest.mark.parametrize("panel", GOLDEN)
    def test_every_panel_is_a_file_in_three_forms(self, town: Town, panel: str) -> None:
        client = town.clients["ratna"]
        for suffix, media in (("csv", "text/csv"), ("svg", "image/svg+xml"), ("png", "image/png")):
            answer = client.get(f"/tren/{panel}.{suffix}?hari=7")
            assert answer.headers["content-type"].startswith(media)
            assert f"jaring-{panel}-20261115-20261121.{suffix}" in answer.headers["content-disposition"]
        assert answer.content.startswith(b"\x89PNG")
        assert len(answer.content) > 10_000  # words are drawn, whatever fonts the machine has
        picture = client.get(f"/tren/{panel}.svg?hari=7").text
        ET.fromstring(picture)  # noqa: S314  our own drawing
        assert not re.search(r"href=|url\((?!#)|<script|<image", picture)

    def test_the_pictures_words_are_the_files_numbers(self, town: Town) -> None:
        client = town.clients["ratna"]
        for panel, column in (("topik", "kiriman"), ("opd", "terbuka"), ("desa", "masuk"), ("sumber", "kiriman")):
            drawn = re.findall(r"<text[^>]*>([^<]*)</text>", client.get(f"/tren/{panel}.svg?hari=30").text)
            for row in town.csv("ratna", panel, "hari=30"):
                assert row[column] in drawn, (panel, row)

    def test_the_page_shows_the_files_numbers(self, town: Town) -> None:
        page = town.page("ratna", "hari=7")
        for panel, column in (("topik", "kiriman"), ("volume", "cerita"), ("wilayah", "kiriman"), ("kata", "kiriman")):
            shown = re.sub(r"<svg.*?</svg>", "", section(page, panel), flags=re.DOTALL)
            cells = [html.unescape(re.sub(r"<[^>]+>", "", x)) for x in re.findall(r"<td.*?</td>", shown, re.DOTALL)]
            for row in town.csv("ratna", panel, "hari=7"):
                assert row[column] in cells, (panel, row)

    def test_what_is_no_panel_or_no_form_is_absent(self, town: Town) -> None:
        for name in ("tiada.csv", "volume.pdf", "volume", ".csv", "panel/tiada"):
            assert town.clients["ratna"].get(f"/tren/{name}").status_code == 404


class TestApi:
    def test_the_api_tells_the_files_numbers(self, town: Town) -> None:
        token = {"Authorization": f"Bearer {town.place.token('putr', 'read')}"}
        client = town.clients["ratna"]
        for panel in GOLDEN:
            answer = httpx.get(f"{client.base_url}/api/v1/trends/{panel}", params={"from": "2026-11-15"}, headers=token)
            assert answer.status_code == 200, answer.text
            found = answer.json()
            assert (found["from"], found["to"]) == ("2026-11-15", ZONE_DAY)
            rows = town.csv("putr", panel, "dari=2026-11-15")
            assert [{k: "" if v is None else str(v) for k, v in row.items()} for row in found["items"]] == rows

    def test_what_is_no_panel_or_no_day_is_refused(self, town: Town) -> None:
        token = {"Authorization": f"Bearer {town.place.token('ratna', 'read')}"}
        base = f"{town.clients['ratna'].base_url}/api/v1/trends"
        for address, status in (
            ("tiada", 404), ("opd?from=kemarin", 422), ("opd?from=2026-11-02&to=2026-11-01", 422), ("opd?hari=7", 422),
            ('volume?q="belum', 400), ("volume?from=0001-01-01", 200), ("volume?to=9999-12-31", 200),
        ):  # fmt: skip
            assert httpx.get(f"{base}/{address}", headers=token).status_code == status, address
        assert httpx.get(f"{base}/opd").status_code == 401


class TestFaces:
    def test_a_stretch_without_posts_says_how_to_find_some(self, town: Town) -> None:
        answer = town.clients["ratna"].get("/tren?dari=2025-01-01&sampai=2025-01-07&lengkap=1&topic=jalan")
        assert answer.status_code == 200
        assert "Tidak ada kiriman pada hari-hari ini" in section(answer.text, "volume")

    def test_a_wrong_query_is_told_with_a_way_on(self, town: Town) -> None:
        answer = town.clients["ratna"].get('/tren?q="belum tutup')
        assert answer.status_code == 422
        assert "Saringan ini tidak dapat dipakai" in answer.text
        assert "Lepas semua saringan" in answer.text
        assert town.clients["ratna"].get('/tren/volume.csv?q="belum tutup').status_code == 400

    def test_an_index_that_does_not_answer_fails_only_what_it_counts(self, place: Installation) -> None:
        with at(place) as client:
            for file in (place.home / "index").glob("*"):
                file.unlink()
            answer = client.get("/tren?lengkap=1")
        assert answer.status_code in {200, 503}
        assert "tidak dapat dihitung" in answer.text

    def test_long_silence_is_told(self, place: Installation) -> None:
        place.clock.advance(days=3)
        with at(place) as client:
            assert "Tidak ada kiriman baru sejak" in client.get("/tren").text

    def test_a_late_panel_is_behind_a_link_until_it_was_counted(self, place: Installation) -> None:
        with at(place) as client:
            first = client.get("/tren?hari=7").text
            assert "Hitung sekarang" in section(first, "kata")
            href = html.unescape(re.findall(r'data-late="([^"]+)"', first)[0])
            assert client.get(href).status_code == 200
            assert "Hitung sekarang" not in section(client.get("/tren?hari=7").text, "kata")
            place.clock.advance(minutes=2)
            assert "dihitung 14.32" in section(client.get("/tren?hari=7").text, "kata")
            place.clock.advance(minutes=4)
            assert "Hitung sekarang" in section(client.get("/tren?hari=7").text, "kata")

    def test_the_page_speaks_english(self, town: Town) -> None:
        client = town.clients["bupati"]
        client.cookies.set("jaring_lang", "en")
        page = client.get("/tren?lengkap=1&hari=7").text
        client.cookies.delete("jaring_lang")
        assert "Trends of Lombok Barat" in page
        assert "Stories by sentiment" in page
        assert "Terapkan" not in page


@pytest.mark.parametrize(
    ("address", "days"),
    [
        ("", ("2026-10-23", "2026-11-21")),
        ("hari=7", ("2026-11-15", "2026-11-21")),
        ("hari=0", ("2025-11-22", "2026-11-21")),
        ("dari=2026-11-01&sampai=2026-11-03", ("2026-11-01", "2026-11-03")),
        ("dari=2026-11-03&sampai=2026-11-01", ("2026-11-01", "2026-11-03")),
        ("dari=2026-11-01", ("2026-11-01", "2026-11-21")),
        ("sampai=2026-11-01", ("2026-10-03", "2026-11-01")),
        ("dari=2027-01-01&sampai=2027-02-01", ("2026-11-21", "2026-11-21")),
        ("hari=99&dari=kapan", ("2026-10-23", "2026-11-21")),
    ],
)  # fmt: skip
def test_an_address_is_read_forgivingly(town: Town, address: str, days: tuple[str, str]) -> None:
    answer = town.clients["ratna"].get(f"/tren/sentimen.csv?{address}")
    name = answer.headers["content-disposition"]
    assert f"{days[0].replace('-', '')}-{days[1].replace('-', '')}.csv" in name
