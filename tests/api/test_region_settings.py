"""Settings of a region: agencies by a sheet, corrections with a way back, modes; in force at once, everywhere."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

import httpx
import pytest
import xlsxwriter

from desk.actors import Actor
from desk.agencysheet import COLUMNS
from desk.profiles import ProfileBook
from domain.scope import Scope
from domain.tickets import Party, RoutingMode
from tests.api.installation import PASSWORD, Installation, case
from tests.api.serving import csrf_of, logged_in
from tests.api.told import OTHER, REGION

EVERYTHING = Scope(frozenset({REGION, OTHER}), may_oversee=True)


@pytest.fixture
def admin(address: str) -> Iterator[httpx.Client]:
    with logged_in(address, "admin", PASSWORD) as client:
        yield client


@pytest.fixture
def book(place: Installation) -> ProfileBook:
    profiles: ProfileBook = place.app.state.parts.profiles
    return profiles


def correct(client: httpx.Client, part: str, key: str = "", **fields: str) -> httpx.Response:
    page = client.get("/pengaturan/wilayah").text
    said = {"csrf": csrf_of(page), "wilayah": REGION, "bagian": part, "kunci": key, **fields}
    return client.post("/pengaturan/wilayah", data=said)


def workbook(*rows: tuple[str, ...]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for line, cells in enumerate((COLUMNS, *rows)):
        sheet.write_row(line, 0, cells)
    book.close()
    return out.getvalue()


def upload(client: httpx.Client, body: bytes, name: str = "opd.xlsx") -> httpx.Response:
    csrf = csrf_of(client.get("/pengaturan/opd").text)
    return client.post("/pengaturan/opd", data={"csrf": csrf, "wilayah": REGION}, files={"lembar": (name, body)})


def apply(client: httpx.Client, preview: str) -> httpx.Response:
    form = preview.partition('class="row end"')[2]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    return client.post("/pengaturan/opd", data={name: unescape(value) for name, value in fields.items()})


def test_a_sheet_is_shown_before_it_is_applied(place: Installation, admin: httpx.Client, book: ProfileBook) -> None:
    sheet = workbook(
        ("DISKES", "Dinas Kesehatan dan KB", "Diskes; Dinkes KB", "2027-01-01"),
        ("DIKES", "", "", "", "2026-12-31", "DISKES"),
        ("DLH", "Dinas Lingkungan Hidup"),
    )
    preview = upload(admin, sheet).text
    assert "2 berubah, 1 sama, 0 salah" in preview
    assert "Mulai 1 Jan 2027 tugas DIKES dipegang DISKES" in preview
    assert "DISKES" not in book[REGION].agencies
    answer = apply(admin, preview)
    assert answer.status_code == 303
    assert "2 OPD diubah; 0 tiket beralih." in admin.get(answer.headers["location"]).text
    agencies = book[REGION].agencies
    assert (agencies["DISKES"].aliases, agencies["DIKES"].successor) == (("Diskes", "Dinkes KB"), "DISKES")
    assert agencies["DISKES"].source == "lembar opd.xlsx, 2026-11-21"
    assert "sampai 31 Des 2026" in admin.get("/pengaturan/opd").text
    assert {line.subject for line in place.store.audit.list(action="region.edit")} == {
        f"{REGION}/agencies/DISKES", f"{REGION}/agencies/DIKES",
    }  # fmt: skip


def test_a_merger_whose_day_has_come_moves_open_tickets_at_once(
    place: Installation, admin: httpx.Client, address: str
) -> None:
    desk = place.app.state.parts.desk.tickets
    ticket = desk.open([case("kubangan")], Actor("ratna", EVERYTHING, Party.CENTER), opd="PUTR")
    preview = upload(admin, workbook(("PUTR", "", "", "", "2026-11-20", "PERKIM"))).text
    assert "tiketnya yang masih terbuka (kini 1) ikut beralih" in preview
    assert "Akun yang perlu OPD baru: Lalu Made." in preview
    answer = apply(admin, preview)
    assert "1 tiket beralih" in admin.get(answer.headers["location"]).text
    assert place.store.tickets.ticket(ticket.code, EVERYTHING).opd == "PERKIM"
    with logged_in(address, "putr", PASSWORD) as putr:
        assert putr.get(f"/tiket/{ticket.code}").status_code == 404


def test_bad_rows_are_refused_by_number_and_nothing_is_applied(admin: httpx.Client, book: ProfileBook) -> None:
    before = book[REGION].version
    answer = upload(admin, workbook(("DLH", "Dinas Baru Namanya"), ("BARU", ""), ("DIKES", "", "", "kemarin")))
    assert answer.status_code == 422
    assert re.search(r"<b>Baris 3</b>: BARU belum ada", answer.text)
    assert re.search(r"<b>Baris 4</b>: .*bukan tanggal", answer.text)
    assert "Terapkan" not in answer.text
    assert book[REGION].version == before


def test_rows_that_only_together_do_not_hold_are_told(admin: httpx.Client) -> None:
    sheet = workbook(("DIKES", "", "", "", "2026-12-31", "DLH"), ("DLH", "", "", "", "2026-12-31", "DIKES"))
    answer = upload(admin, sheet)
    assert answer.status_code == 422
    assert "berputar" in answer.text


NO_SHEETS: Final[tuple[Any, ...]] = (
    ("opd.xlsx", b""),
    ("opd.pdf", b"%PDF-1.4"),
    ("opd.xlsx", b"PK\x03\x04rusak"),
    ("opd.csv", b"kode,nama\n"),
    ("opd.csv", b"instansi,alamat\nDinas,Gerung\n"),
    ("opd.csv", b"\0\0"),
)


def test_what_is_no_sheet_is_refused_in_a_sentence(admin: httpx.Client) -> None:
    for name, body in NO_SHEETS:
        answer = upload(admin, body, name)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text


def test_a_preview_of_data_that_changed_meanwhile_is_shown_again(admin: httpx.Client, book: ProfileBook) -> None:
    preview = upload(admin, "kode;nama\nDLH;Dinas Lingkungan Hidup dan Kehutanan\n".encode("cp1252"), "opd.csv").text
    assert correct(admin, "areas", "52.01.01", name="Gerung", aliases="Gerung Kota").status_code == 303
    answer = apply(admin, preview)
    assert (answer.status_code, "periksa lagi" in answer.text) == (200, True)
    assert apply(admin, answer.text).status_code == 303
    assert book[REGION].agencies["DLH"].name == "Dinas Lingkungan Hidup dan Kehutanan"


def test_the_sheet_that_is_handed_out_is_taken_back_unchanged(admin: httpx.Client) -> None:
    for suffix in ("xlsx", "csv"):
        body = admin.get(f"/pengaturan/opd/unduh.{suffix}?wilayah={REGION}").content
        assert "tidak ada yang berubah" in upload(admin, body, f"opd.{suffix}").text
    head = next(csv.reader(io.StringIO(admin.get("/pengaturan/opd/unduh.csv").content.decode("utf-8-sig"))))
    assert tuple(head) == COLUMNS


def test_a_correction_holds_at_once_with_its_history_and_a_way_back(
    place: Installation, admin: httpx.Client, book: ProfileBook
) -> None:
    form = admin.get("/pengaturan/wilayah?ubah=52.01.01&q=gerung").text
    assert 'name="name" value="Gerung"' in form
    answer = correct(
        admin,
        "areas",
        "52.01.01",
        name="Gerung",
        aliases="Gerung Kota; Kota Gerung",
        population="98.765",
        catatan="BPS 2025",
    )
    assert answer.headers["location"].endswith("bagian=areas&kabar=simpan")
    area = book[REGION].areas["52.01.01"]
    assert (area.aliases, area.population) == (("Gerung Kota", "Kota Gerung"), 98_765)
    page = admin.get("/pengaturan/wilayah").text
    assert "Penduduk: 98765" in page
    assert "(BPS 2025)" in page
    (line,) = place.store.region_edits.history(REGION)
    csrf = csrf_of(page)
    fields = {"csrf": csrf, "wilayah": REGION, "bagian": "areas", "baris": str(line.id)}
    assert admin.post("/pengaturan/wilayah/urung", data=fields).status_code == 303
    assert book[REGION].areas["52.01.01"].population is None
    assert admin.post("/pengaturan/wilayah/urung", data=fields).status_code == 409
    assert correct(admin, "areas", "52.01.01", name="Gerung").headers["location"].endswith("kabar=sama")


def test_roads_points_days_and_deadlines_are_corrected(admin: httpx.Client, book: ProfileBook) -> None:
    correct(admin, "roads", name="Jalan Uji Coba", owner="desa", aliases="", areas="Dasan Geres; 52.01.08")
    road = book[REGION].roads["jalan-uji-coba"]
    assert (road.owner, road.areas) == ("desa", ("52.01.01.1004", "52.01.08"))
    correct(
        admin,
        "points",
        name="Pasar Uji",
        kind="pasar",
        area="Dasan Geres",
        agency="DISPERINDAG",
        lat="-8,68",
        lon="116,13",
    )
    assert (book[REGION].points["pasar-uji"].lat, book[REGION].points["pasar-uji"].agency) == (-8.68, "DISPERINDAG")
    correct(admin, "points", "pasar-uji", hapus="1")
    assert "pasar-uji" not in book[REGION].points
    correct(admin, "calendar", list="holidays", day="2027-04-17", name="Hari jadi")
    correct(admin, "calendar", "holidays/2027-04-17", list="holidays", day="2027-04-18", name="Hari jadi")
    assert [day.day.isoformat() for day in book[REGION].calendar.holidays] == ["2027-04-18"]
    page = admin.get("/pengaturan/wilayah?bagian=sla").text
    fields = dict(re.findall(r'name="([\w.]+)" value="(\d+)"', page))
    correct(admin, "sla", "sla", **{**fields, "verify": "2", "kind.pengaduan": "10", "classes.cepat.resolve": "6"})
    sla = book[REGION].sla
    assert (sla.verify, sla.kind["pengaduan"], sla.classes["cepat"].resolve, sla.classes["cepat"].response) == (
        2,
        10,
        6,
        3,
    )


BREAKING: Final[tuple[Any, ...]] = (
    ("areas", "52.01.01", {"name": ""}, "wajib diisi"),
    ("areas", "52.01.01", {"name": "Gerung", "population": "banyak"}, "bukan bilangan"),
    ("roads", "", {"name": "Jalan", "owner": "siapa"}, "owner"),
    ("roads", "", {"name": "Jalan", "owner": "desa", "areas": "Atlantis"}, "Atlantis"),
    ("points", "", {"name": "Pasar", "kind": "pasar", "lat": "utara"}, "bukan derajat"),
    ("points", "", {"name": "Pasar", "kind": "pasar", "lat": "-8.6"}, "diisi bersama"),
    ("points", "", {"name": "Pasar", "kind": "pasar", "lat": "50", "lon": "10"}, "di luar wilayah"),
    ("calendar", "", {"list": "holidays", "day": "kapan", "name": "Libur"}, "bukan tanggal"),
    ("calendar", "", {"list": "liburan", "day": "2027-01-01", "name": "Libur"}, "tidak dapat diubah"),
)


def test_a_correction_that_would_break_the_data_is_refused_and_kept_in_the_form(
    admin: httpx.Client, book: ProfileBook
) -> None:
    for part, key, fields, said in BREAKING:
        before = book[REGION].version
        answer = correct(admin, part, key, **fields)
        assert answer.status_code == 422
        assert said in answer.text
        assert book[REGION].version == before


NOT_THERE: Final[tuple[Any, ...]] = (
    ("areas", "99.99"),
    ("roads", "tidak-ada"),
    ("rahasia", ""),
    ("calendar", "holidays/x"),
)


def test_what_is_not_there_cannot_be_corrected(admin: httpx.Client) -> None:
    for part, key in NOT_THERE:
        assert correct(admin, part, key, name="Apa Saja").status_code == 404
        assert admin.get(f"/pengaturan/wilayah?bagian={part}&ubah={key or 'x'}").status_code == 404


def test_a_shipped_place_cannot_be_taken_away(admin: httpx.Client, book: ProfileBook) -> None:
    assert correct(admin, "areas", "52.01.01", hapus="1").headers["location"].endswith("kabar=sama")
    assert "52.01.01" in book[REGION].areas


def test_the_new_name_is_shown_on_other_pages(place: Installation, admin: httpx.Client) -> None:
    correct(admin, "areas", "52.01.08", name="Labuapi Baru")
    place.work()
    assert "Labuapi Baru" in admin.get("/cari?hari=0").text


def test_the_mode_of_a_region_is_set(place: Installation, admin: httpx.Client) -> None:
    csrf = csrf_of(admin.get("/pengaturan/mode").text)
    fields = {"csrf": csrf, "wilayah": REGION, "mode": "otomatis", "batas": "40", "yakin": "0,985"}
    assert admin.post("/pengaturan/mode", data=fields).status_code == 303
    mode = place.store.modes.mode(REGION)
    assert (mode.mode, mode.daily_cap, mode.sure, mode.by) == (RoutingMode.AUTOMATIC, 40, 0.985, "admin")
    for wrong in ({"mode": "bebas"}, {"batas": "banyak"}, {"yakin": "nan"}, {"yakin": "7"}, {"batas": "-1"}):
        assert admin.post("/pengaturan/mode", data={**fields, **wrong}).status_code == 422, wrong
    assert place.store.modes.mode(OTHER).mode is RoutingMode.PROPOSE
    assert place.store.audit.list(action="region.mode")[0].subject == REGION
