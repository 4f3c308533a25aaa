"""From rows to posts: the map decides, bad rows say why, and the same again changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.importers.dates import parse_date
from crawlers.importers.mapping import bind, load_map, shipped_maps
from domain.errors import Refused
from domain.ids import post_id
from domain.labels import Channel, DateTrust
from domain.posts import MAX_TEXT, Engagement, Hints
from tests.crawlers.importers.conftest import NOW, Desk

CITY = (
    "id,keluhan,alamat,tanggal_keluhan,tanggal_ditanggapi,topik,instansi,kecamatan,kelurahan\n"
    '7,"Lampu PJU padam",Jl Uji 5,2026-11-01 21:14:00,2026-11-02 08:00:00,PJU,Dinas Uji,Gerung,Gerung Utara\n'
    "8,Saluran mampet,,2026-11-02 07:00:00,,Saluran,Dinas Uji,Gerung,\n"
)


def test_a_city_service_gives_place_agency_topic_and_local_time(desk: Desk) -> None:
    report = desk.take(desk.write("kota.csv", CITY), "surabaya")

    assert (report.read, report.added, report.quarantine) == (2, 2, None)
    first, second = desk.posts()
    assert first.id == post_id("import:surabaya", "7")
    assert first.published_at == datetime(2026, 11, 1, 14, 14, tzinfo=UTC)
    assert first.date_trust is DateTrust.EXACT
    assert first.hints == Hints(
        place="Jl Uji 5, Kelurahan Gerung Utara, Kecamatan Gerung", agency="Dinas Uji", topic="PJU"
    )
    assert first.regions == ("lombok-barat",)
    assert first.channel is Channel.FORM
    assert second.hints.place == "Kecamatan Gerung"


def test_an_import_again_changes_nothing_and_more_rows_add_only_themselves(desk: Desk) -> None:
    desk.take(desk.write("kota.csv", CITY), "surabaya")
    again = desk.take(desk.write("kota.csv", CITY), "surabaya")
    assert (again.added, again.revised, again.unchanged) == (0, 0, 2)

    longer = CITY + "9,Pohon tumbang,,2026-11-03 07:00:00,,Pohon,Dinas Uji,Gerung,\n"
    more = desk.take(desk.write("kota-lain.csv", longer), "surabaya")
    assert (more.added, more.unchanged) == (1, 2)

    edited = desk.take(desk.write("kota.csv", CITY.replace("padam", "padam total")), "surabaya")
    assert (edited.added, edited.revised, edited.unchanged) == (0, 1, 1)


@pytest.mark.parametrize(
    "header",
    [
        "Tracking ID,Tanggal Laporan,Judul Laporan,Isi Laporan,Kategori,Instansi Terdisposisi,Kecamatan,Pelapor,No HP",
        "tracking_id,tanggal,judul,isi laporan awal,topik,disposisi,lokasi,pelapor,telepon pelapor",
    ],
)
def test_an_sp4n_export_is_read_under_either_names(desk: Desk, header: str) -> None:
    row = "5012345,17 November 2026 09:15 WITA,Jalan rusak,Mohon diperbaiki,Infrastruktur,Dinas PUPR,Labuapi,Amaq,0812"
    desk.take(desk.write("lapor.csv", f"{header}\n{row}\n"), "sp4n")

    (post,) = desk.posts()
    assert post.id == post_id("import:sp4n", "5012345")
    assert (post.title, post.text, post.channel) == ("Jalan rusak", "Mohon diperbaiki", Channel.SP4N)
    assert post.published_at == datetime(2026, 11, 17, 1, 15, tzinfo=UTC)
    assert (post.author, post.contact, post.hints.agency) == ("Amaq", "0812", "Dinas PUPR")
    assert "Labuapi" in (post.hints.place or "")


def test_the_columns_of_a_national_export_are_all_known_or_passed_over(desk: Desk) -> None:
    header = (
        "Tracking ID;Tanggal Laporan Masuk;Judul Laporan;Isi Laporan Akhir;Kategori;Instansi Terdisposisi;Status;"
        "Kanal;Klasifikasi Laporan;Kecamatan;Alasan Diarsipkan"
    )
    row = "77;17/11/2026 09:15;Air mati;Sudah tiga hari;Air Bersih;PDAM;Selesai;SMS;Pengaduan;Gerung;"
    desk.take(desk.write("lapor.csv", f"{header}\n{row}\n"), "sp4n")

    (post,) = desk.posts()
    assert (post.native_id, post.title, post.text) == ("77", "Air mati", "Sudah tiga hari")
    assert post.hints == Hints(place="Kecamatan Gerung", agency="PDAM", topic="Air Bersih")
    assert post.channel is Channel.SP4N  # by whatever door the report reached the national service
    assert post.published_at == datetime(2026, 11, 17, 1, 15, tzinfo=UTC)


def test_a_listening_tools_export_keeps_platform_author_and_counts(desk: Desk) -> None:
    rows = (
        "id,date,platform,author,url,text,likes,comments,shares,views\n"
        'm-1,2026-11-18 09:15:00,Twitter,@warga,https://x.example/1,Jalan Gerung rusak,12,3,"1.284",banyak\n'
        ",2026-11-18 10:00:00,Online News,Kabar,https://kabar.example/2,Banjir di Labuapi,,,,\n"
    )
    desk.take(desk.write("alat.csv", rows), "pendengar")

    first, second = desk.posts()
    assert (first.source, first.native_id, first.channel) == ("pendengar-lombok-barat", "m-1", Channel.X)
    assert first.engagement == Engagement(likes=12, replies=3, shares=1284)
    assert (first.author, first.url) == ("@warga", "https://x.example/1")
    assert (second.channel, second.engagement) == (Channel.WEB, Engagement())
    assert desk.take(desk.folder / "alat.csv", "pendengar").unchanged == 2


def test_rows_without_an_id_are_known_by_their_words(desk: Desk) -> None:
    file = desk.write("a.csv", "teks,tanggal\nJalan rusak,2026-11-01\nJalan rusak,2026-11-01\nJalan rusak,2026-11-02\n")
    report = desk.take(file)
    assert (report.added, report.unchanged) == (2, 1)
    assert desk.take(file).added == 0


def test_a_quarantine_line_says_where_and_why_and_hides_who(desk: Desk) -> None:
    file = desk.write(
        "a.csv", "id,teks,tanggal,nama,no_hp\n1,Hubungi 081234567890 ya,kapan-kapan,Amaq Rahasia,081200001111\n"
    )
    report = desk.take(file)

    (row,) = desk.aside(report)
    assert (row["line"], row["reason"]) == (2, "tanggal tidak terbaca")
    assert report.quarantine is not None
    text = report.quarantine.read_text()
    assert "[telepon]" in text
    assert not any(secret in text for secret in ("081234567890", "Amaq Rahasia", "081200001111"))


def test_a_clean_import_leaves_no_old_quarantine_behind(desk: Desk) -> None:
    broken = desk.take(desk.write("a.csv", "id,teks\n1,\n"))
    mended = desk.take(desk.write("a.csv", "id,teks\n1,Jalan rusak\n"))
    assert mended.quarantine is None
    assert broken.quarantine is not None
    assert not broken.quarantine.exists()


def test_a_text_longer_than_a_post_is_cut_and_marked(desk: Desk) -> None:
    desk.take(desk.write("a.csv", f"id,teks\n1,{'a' * (MAX_TEXT + 9)}\n"))
    (post,) = desk.posts()
    assert len(post.text) == MAX_TEXT
    assert post.text.endswith("[…]")


def test_a_row_with_a_title_alone_has_it_as_its_words(desk: Desk) -> None:
    desk.take(desk.write("a.csv", "id,judul,teks\n1,Lampu mati,\n"))
    (post,) = desk.posts()
    assert (post.title, post.text) == (None, "Lampu mati")


def test_the_channel_column_is_understood_and_constants_fill_in(desk: Desk) -> None:
    table = 'source="posko"\n[columns]\ntext="isi"\nchannel="kanal"\n[constants]\nchannel="surat"\nagency="Dinas Uji"\n'
    desk.take(desk.write("a.csv", "isi,kanal\nsatu,WhatsApp\ndua,Tatap Muka\ntiga,\nempat,merpati\n"), desk.map(table))
    assert {post.text: post.channel for post in desk.posts()} == {
        "satu": Channel.WHATSAPP, "dua": Channel.FACE_TO_FACE, "tiga": Channel.LETTER, "empat": Channel.LETTER,
    }  # fmt: skip
    assert {post.hints.agency for post in desk.posts()} == {"Dinas Uji"}


@pytest.mark.parametrize(
    ("said", "moment", "trust"),
    [
        ("2026-11-01 08:30:00", datetime(2026, 11, 1, 0, 30, tzinfo=UTC), DateTrust.EXACT),
        ("2026-11-01T08:30:00+07:00", datetime(2026, 11, 1, 1, 30, tzinfo=UTC), DateTrust.EXACT),
        ("2026-11-01T08:30:00Z", datetime(2026, 11, 1, 8, 30, tzinfo=UTC), DateTrust.EXACT),
        ("01/11/2026 08:30", datetime(2026, 11, 1, 0, 30, tzinfo=UTC), DateTrust.EXACT),
        ("1 November 2026, 08.30 WIB", datetime(2026, 11, 1, 1, 30, tzinfo=UTC), DateTrust.EXACT),
        ("Minggu, 1 Nov 2026 pukul 08:30", datetime(2026, 11, 1, 0, 30, tzinfo=UTC), DateTrust.EXACT),
        ("2026-11-01", datetime(2026, 10, 31, 16, 0, tzinfo=UTC), DateTrust.DAY),
        ("1 Agustus 2026", datetime(2026, 7, 31, 16, 0, tzinfo=UTC), DateTrust.DAY),
        ("31-12-2025", datetime(2025, 12, 30, 16, 0, tzinfo=UTC), DateTrust.DAY),
        ("7 jam yang lalu", NOW - timedelta(hours=7), DateTrust.INFERRED),
        ("sebulan lalu", NOW - timedelta(days=30), DateTrust.INFERRED),
        ("Kemarin", NOW - timedelta(days=1), DateTrust.INFERRED),
    ],
)
def test_dates_are_read_as_people_write_them(said: str, moment: datetime, trust: DateTrust) -> None:
    assert parse_date(said, formats=(), zone="Asia/Makassar", now=NOW) == (moment, trust)


@pytest.mark.parametrize("said", ["kapan-kapan", "32/01/2026", "0022-01-01", "12", "2026-13-01"])
def test_what_is_no_date_is_none(said: str) -> None:
    assert parse_date(said, formats=(), zone="Asia/Makassar", now=NOW) is None


def test_a_maps_own_format_comes_first() -> None:
    found = parse_date("11/01/2026", formats=("%m/%d/%Y",), zone="UTC", now=NOW)
    assert found == (datetime(2026, 11, 1, tzinfo=UTC), DateTrust.DAY)


def test_a_missing_column_is_named_with_those_that_are_there(desk: Desk) -> None:
    with pytest.raises(Refused, match=r"Kolom keluhan \(text\).*yang ada: id, isi"):
        desk.take(desk.write("a.csv", "id,isi\n1,Jalan rusak\n"), "surabaya")
    with pytest.raises(Refused, match=r"Kolom nomor \(id\)"):
        desk.take(desk.write("a.csv", "id,isi\n1,Jalan rusak\n"), desk.map('[columns]\ntext="isi"\nid="nomor"\n'))


def test_an_unknown_map_names_the_shipped_ones() -> None:
    with pytest.raises(Refused, match="pendengar, sp4n, surabaya, umum, whatsapp"):
        load_map("tidak-ada")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[columns]\n", "columns.text"),
        ('[columns]\ntext="a"\nteks="b"\n', "columns.teks"),
        ('[columns]\ntext="a"\n[constants]\nchannel="merpati"\n', "constants.channel"),
        ('[columns]\ntext="a"\n[dates]\nzone="Lombok"\n', "dates.zone"),
        ("[columns\n", "bukan TOML"),
    ],
)
def test_a_map_that_cannot_be_used_says_where(desk: Desk, table: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        load_map(desk.map(table))


@pytest.mark.parametrize("name", shipped_maps())
def test_every_shipped_map_needs_only_its_text(name: str) -> None:
    column_map = load_map(name)
    required = [c.names[0] for _, c in column_map.columns if c is not None and c.required]
    bound = bind(column_map, [*required, *column_map.columns.text.names])
    assert "text" in bound.columns
