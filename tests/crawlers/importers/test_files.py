"""Files as people have them: delimiters, encodings, quotes, spreadsheets, broken rows."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from domain.errors import Refused
from domain.posts import Incoming, IntakeReport
from tests.contracts.sources.ports import MemorySink
from tests.crawlers.importers.conftest import Desk

EIGHT_THIRTY = datetime(2026, 11, 1, 8, 30)  # noqa: DTZ001  a spreadsheet knows no zones


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(desk: Desk, delimiter: str) -> None:
    file = desk.write("a.csv", delimiter.join(("id", "teks")) + "\n" + delimiter.join(("1", "Jalan rusak")) + "\n")
    desk.take(file)
    assert [post.text for post in desk.posts()] == ["Jalan rusak"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_is_found(desk: Desk, encoding: str) -> None:
    file = desk.write("a.csv", "id,teks\n1,Lubang “besar” selebar 2 m² – café\n".encode(encoding))
    desk.take(file)
    assert [post.text for post in desk.posts()] == ["Lubang “besar” selebar 2 m² – café"]


def test_one_broken_letter_sets_one_row_aside_and_leaves_the_rest_utf8(desk: Desk) -> None:
    file = desk.write("a.csv", "id,teks\n1,café\n".encode() + b"2,caf\xe9\n" + "3,“rusak”\n".encode())
    report = desk.take(file)

    assert {post.text for post in desk.posts()} == {"café", "“rusak”"}
    assert [row["line"] for row in desk.aside(report)] == [3]


def test_quotes_may_hold_line_breaks_and_delimiters(desk: Desk) -> None:
    file = desk.write("a.csv", 'id,teks\r\n1,"Jalan, di depan\r\npasar ""Uji"" rusak"\r\n2,\r\n')
    report = desk.take(file)

    assert [post.text for post in desk.posts()] == ['Jalan, di depan\r\npasar "Uji" rusak']
    assert desk.aside(report)[0]["line"] == 4


def test_a_quote_that_is_never_closed_costs_one_row_not_the_file(desk: Desk) -> None:
    rows = "".join(f"{number},Aduan nomor {number}\n" for number in range(2, 40))
    file = desk.write("a.csv", f'id,teks\n1,"lupa menutup\n{rows}')
    report = desk.take(file)

    assert report.added == 38
    assert [row["line"] for row in desk.aside(report)] == [2]


def test_a_row_of_another_width_is_set_aside_with_its_line(desk: Desk) -> None:
    file = desk.write("a.csv", "id,teks\n1,baik\n2,terlalu,banyak\n3\n4,baik juga\n")
    report = desk.take(file)

    assert report.added == 2
    assert [(row["line"], row["reason"]) for row in desk.aside(report)] == [
        (3, "3 kolom, seharusnya 2"),
        (4, "1 kolom, seharusnya 2"),
    ]


def test_empty_lines_and_empty_cells_at_the_end_are_no_fault(desk: Desk) -> None:
    report = desk.take(desk.write("a.csv", "id,teks\n\n1,baik,,\n,\n"))
    assert (report.read, report.added) == (1, 1)


def test_a_spreadsheet_is_read_with_its_dates_numbers_and_title_line(desk: Desk) -> None:
    path = desk.folder / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "Rekap aduan")
    sheet.write_row(2, 1, ["ID", "Isi Laporan", "Tanggal"])
    sheet.write_row(3, 1, [155340, "Jalan rusak"])
    sheet.write_datetime(
        3,
        3,
        EIGHT_THIRTY,
        book.add_format({"num_format": "dd/mm/yyyy"}),
    )
    sheet.write_row(5, 1, [155341, ""])
    book.close()
    report = desk.take(path)

    (post,) = desk.posts()
    assert (post.native_id, post.text) == ("155340", "Jalan rusak")
    assert post.published_at == datetime(2026, 11, 1, 0, 30, tzinfo=UTC)
    assert desk.aside(report)[0]["line"] == 6


def test_json_lines_may_nest_and_leave_names_out(desk: Desk) -> None:
    file = desk.write(
        "a.jsonl",
        '{"id": 1, "text": "Jalan rusak", "user": {"name": "Amaq"}}\n\n[1]\nbukan\n'
        '{"id": 2, "text": "Lampu", "url": null}\n',
    )
    report = desk.take(file, desk.map('[columns]\ntext="text"\nid="id"\nauthor="user.name"\n'))

    assert {(post.native_id, post.author) for post in desk.posts()} == {("1", "Amaq"), ("2", None)}
    assert [row["line"] for row in desk.aside(report)] == [3, 4]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "", "kosong"),
        ("a.csv", b"PK\x03\x04\x00\x00", "bukan teks"),
        ("a.xlsx", "bukan", "bukan lembar kerja"),
        ("a.jsonl", "bukan\n", "objek JSON"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(desk: Desk, name: str, content: str | bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        desk.take(desk.write(name, content))


def test_an_absent_file_and_a_folder_are_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="tidak ada"):
        desk.take(Path("tidak-ada.csv"))
    with pytest.raises(Refused, match="bukan berkas"):
        desk.take(desk.folder)


class Forgetful(MemorySink):
    """Counts and keeps nothing."""

    def accept(self, posts: Sequence[Incoming]) -> IntakeReport:
        return IntakeReport(added=len(posts))


def test_memory_does_not_grow_with_the_file(desk: Desk) -> None:
    """The sink here keeps nothing, so what is left is the importer's own."""
    desk.sink = Forgetful()
    line = "Warga mengeluh jalan di depan pasar berlubang dan belum ditambal. " * 5

    def peak(rows: int) -> int:
        file = desk.folder / f"{rows}.csv"
        with file.open("w") as stream:
            stream.write("id,teks\n")
            stream.writelines(f"{number},{line}\n" for number in range(rows))
        tracemalloc.start()
        try:
            assert desk.take(file).added == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(20_000) < peak(2_000) * 1.5


def test_an_open_quote_that_ends_at_another_rows_quote_swallows_nothing(desk: Desk) -> None:
    report = desk.take(desk.write("a.csv", 'id,teks\n1,"lupa\n2,baik\n3,"kutip"\n4,akhir\n'))
    assert {post.native_id for post in desk.posts()} == {"2", "3", "4"}
    assert [row["line"] for row in desk.aside(report)] == [2]


def test_a_stray_quote_inside_a_line_is_no_fault(desk: Desk) -> None:
    desk.take(desk.write("a.csv", 'id,teks\n1,ban 17" pecah\n2,"kata "dia" rusak"\n'))
    assert len(desk.posts()) == 2
