"""Chats of village groups as phones export them: told apart, members hidden, again and longer without doubles."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawlers.importers.chat_heads import Order
from crawlers.importers.chat_names import Names
from domain.errors import Refused
from domain.labels import Channel, DateTrust
from domain.posts import Incoming, IntakeReport
from tests.contracts.sources.ports import MemorySink
from tests.crawlers.importers.conftest import Desk

ANDROID = (
    "18/11/26 07.01 - Pesan dan panggilan terenkripsi secara end-to-end.\n"
    '18/11/26 07.01 - Amaq Sahrul membuat grup "Warga Gerung: RT 03"\n'
    "18/11/26 07.05 - +62 819-1722-2333: Jalan depan pasar Gerung berlubang,\n"
    "sudah dua motor jatuh.\n"
    "\n"
    "Mohon pak kades\n"
    "18/11/26 07.06 - Amaq Sahrul: <Media tidak disertakan>\n"
    "18/11/26 07.06 - Amaq Sahrul: IMG-20261118-WA0001.jpg (file terlampir)\n"
    "Ini fotonya\n"
    "18/11/26 07.09 - Inaq Rohani: Betul kata pak Sahrul <Pesan ini diedit>\n"
    "18/11/26 07.10 - Inaq Rohani: Pesan ini dihapus\n"
    "18/11/26 07.10 - Amaq Sahrul keluar\n"
)
IPHONE = (
    "\u200e[11/18/26, 7:01:02\u202fAM] Warga Gerung: \u200eMessages and calls are end-to-end encrypted.\r\n"
    "[11/18/26, 7:05:40\u202fPM] ~\u202fSahrul: Lampu jalan mati\r\n"
    "[11/18/26, 12:05:40\u202fAM] Inaq Rohani: \u200eimage omitted\r\n"
    "[11/19/26, 12:06:00\u202fPM] Inaq Rohani: @\u2068Sahrul\u2069 lapor saja \u200e<This message was edited>\r\n"
    "[11/19/26, 12:07:00\u202fPM] Inaq Rohani: \u200eThis message was deleted.\r\n"
)


def said(desk: Desk) -> list[str]:
    return [post.text for post in desk.posts()]


def test_an_androids_chat_gives_its_messages_with_lines_and_captions(desk: Desk) -> None:
    report = desk.take(desk.write("Chat WhatsApp dengan Warga.txt", ANDROID), "whatsapp")

    first, second, third = desk.posts()
    assert first.text == "Jalan depan pasar Gerung berlubang,\nsudah dua motor jatuh.\n\nMohon pak kades"
    assert (second.text, third.text) == ("Ini fotonya", "Betul kata pak [nama]")
    assert first.published_at == datetime(2026, 11, 17, 23, 5, tzinfo=UTC)
    assert (first.date_trust, first.channel, first.source) == (
        DateTrust.EXACT,
        Channel.WHATSAPP,
        "whatsapp-lombok-barat",
    )
    assert (report.read, report.added, report.skipped, report.quarantine) == (3, 3, 5, None)


def test_an_iphones_chat_in_english_is_read_month_first_with_twelve_hours(desk: Desk) -> None:
    report = desk.take(desk.write("_chat.txt", IPHONE), "whatsapp")

    assert said(desk) == ["Lampu jalan mati", "@[nama] lapor saja"]
    lamp, answer = desk.posts()
    assert lamp.published_at == datetime(2026, 11, 18, 11, 5, 40, tzinfo=UTC)
    assert answer.published_at == datetime(2026, 11, 19, 4, 6, tzinfo=UTC)
    assert (lamp.author, report.skipped) == ("Sahrul", 3)


@pytest.mark.parametrize(
    ("stamp", "local"),
    [
        ("18/11/2026, 14:32 - ", (14, 32)),
        ("18/11/26, 2.32 PM - ", (14, 32)),
        ("18/11/26 2:32 p.m. - ", (14, 32)),
        ("18/11/26 2.32 siang - ", (14, 32)),
        ("18/11/26 11.05 siang - ", (11, 5)),
        ("18/11/26 12.05 malam - ", (0, 5)),
        ("18/11/26 7.05 malam - ", (19, 5)),
        ("18/11/26 5.05 sore - ", (17, 5)),
        ("18/11/26 6.05 pagi - ", (6, 5)),
        ("[18/11/26 14.32.00] ", (14, 32)),
        ("[2026-11-18, 14:32:00] ", (14, 32)),
        ("18.11.26, 14:32 - ", (14, 32)),
    ],
)
def test_moments_are_read_as_phones_write_them(desk: Desk, stamp: str, local: tuple[int, int]) -> None:
    desk.take(desk.write("a.txt", f"{stamp}Amaq: Jalan rusak\n"), "whatsapp")
    (post,) = desk.posts()
    assert post.published_at == datetime(2026, 11, 18, *local, tzinfo=ZoneInfo("Asia/Makassar"))


def test_the_whole_file_decides_the_order_of_day_and_month(desk: Desk) -> None:
    lines = ["03/04/26, 07:00 - A: satu", "04/04/26, 07:00 - A: dua", "25/04/26, 07:00 - A: tiga"]
    desk.take(desk.write("a.txt", "\n".join(lines)), "whatsapp")
    assert [post.published_at.month for post in desk.posts() if post.published_at] == [4, 4, 4]


def test_chats_are_written_in_order_of_time_and_that_decides_too(desk: Desk) -> None:
    lines = ["10/09/26, 07:00 - A: satu", "10/10/26, 07:00 - A: dua", "11/01/26, 07:00 - A: tiga"]
    desk.take(desk.write("a.txt", "\n".join(lines)), "whatsapp")  # day first, the third would go back to January
    assert [post.published_at.month for post in desk.posts() if post.published_at] == [10, 10, 10]


def test_days_after_today_decide_too(desk: Desk) -> None:
    desk.take(desk.write("a.txt", "11/12/26, 07:00 - A: satu\n"), "whatsapp")  # 11 December is still to come
    assert [post.published_at.month for post in desk.posts() if post.published_at] == [11]


def test_an_order_that_cannot_be_decided_is_refused_with_the_way_out(desk: Desk) -> None:
    file = desk.write("a.txt", "01/02/26, 07:00 - A: satu\n02/02/26, 07:00 - A: dua\n")
    with pytest.raises(Refused, match="--dates dmy"):
        desk.take(file, "whatsapp")
    assert desk.posts() == []
    desk.take(file, "whatsapp", order=Order.MONTH)
    assert [post.published_at.month for post in desk.posts() if post.published_at] == [1, 2]


def test_two_orders_in_one_file_are_refused_with_their_lines(desk: Desk) -> None:
    file = desk.write("a.txt", "18/11/26, 07:00 - A: satu\n11/19/26, 07:00 - A: dua\n")
    with pytest.raises(Refused, match=r"baris 1 menulis hari dahulu, baris 2"):
        desk.take(file, "whatsapp")
    report = desk.take(file, "whatsapp", order=Order.DAY)
    assert (said(desk), [row["line"] for row in desk.aside(report)]) == (["satu"], [2])


def test_the_same_chat_again_changes_nothing_and_a_longer_one_adds_only_what_is_new(desk: Desk) -> None:
    desk.take(desk.write("a.txt", ANDROID), "whatsapp")
    assert desk.take(desk.write("lain.txt", ANDROID), "whatsapp").unchanged == 3

    saved_meanwhile = ANDROID.replace("+62 819-1722-2333", "Papuq Mahnun")
    longer = desk.take(desk.write("b.txt", saved_meanwhile + "19/11/26 06.00 - Inaq Rohani: Belum ada\n"), "whatsapp")
    assert (longer.added, longer.unchanged) == (1, 3)


def test_the_same_words_twice_in_a_minute_are_two_messages(desk: Desk) -> None:
    desk.take(desk.write("a.txt", "18/11/26 07.05 - A: banjir\n18/11/26 07.05 - B: banjir\n" * 2), "whatsapp")
    assert said(desk) == ["banjir"] * 4


def test_who_wrote_stands_nowhere_but_as_the_author_that_intake_hashes(desk: Desk) -> None:
    broken = "18/11/26 07.00 - Amaq Sahrul: kata\n18/11/26 25.00 - Inaq Rohani: kata amaq Sahrul, 081917222333\n"
    report = desk.take(desk.write("a.txt", "pak Sahrul benar\n" + broken), "whatsapp")
    (post,) = desk.posts()
    assert post.author == "Amaq Sahrul"
    assert re.fullmatch(r"wa:[0-9a-f]{32}", post.native_id)
    rows = desk.aside(report)
    assert [(row["line"], row["reason"]) for row in rows] == [
        (1, "baris tanpa tanggal dan pengirim"),
        (3, "tanggal atau jam tidak ada di kalender"),
    ]
    assert not any(name in str(rows) for name in ("Sahrul", "Rohani", "0819"))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Pak Budi Santoso sudah lapor", "Pak [nama] sudah lapor"),
        ("kata pak budi dan bu. Ani jalan rusak", "kata pak [nama] dan bu. [nama] jalan rusak"),
        ("@6281917222333 tolong", "@[nama] tolong"),
        ("@\u2068~ Budi\u2069 tolong", "@[nama] tolong"),
        ("@Ani tolong", "@[nama] tolong"),
        ("budi pekerti anak sekolah", "budi pekerti anak sekolah"),
        ("jalan Gerung rusak", "jalan Gerung rusak"),
        ("Sapardi sakit", "[nama] sakit"),
        ("pak kades, pak RT, warga desa", "pak kades, pak RT, warga desa"),
        ("@dishub_lobar lampu mati", "@dishub_lobar lampu mati"),
    ],
)
def test_members_are_hidden_and_places_words_and_offices_are_not(text: str, hidden: str) -> None:
    names = Names(
        {"Budi Santoso", "Ani RT 02", "Gerung", "Sapardi", "Kepala Desa", "+62 819-1722-2333"}, frozenset({"gerung"})
    )
    assert names.hide(text) == hidden


def test_a_pasted_chat_of_the_other_shape_stays_words(desk: Desk) -> None:
    desk.take(desk.write("a.txt", "18/11/26 07.00 - A: teruskan:\n[17/11/26 10.00.00] B: banjir\n"), "whatsapp")
    assert said(desk) == ["teruskan:\n[17/11/26 10.00.00] B: banjir"]


def test_a_broken_letter_costs_one_message(desk: Desk) -> None:
    file = desk.write("a.txt", "18/11/26 07.00 - A: “baik”\n18/11/26 07.01 - A: caf".encode() + b"\xe9\n")
    report = desk.take(file, "whatsapp")
    assert (said(desk), [row["line"] for row in desk.aside(report)]) == (["“baik”"], [2])


@pytest.mark.parametrize(("name", "content"), [("a.txt", "bukan obrolan\n"), ("a.txt", ""), ("a.zip", "PK")])
def test_what_is_no_chat_is_refused(desk: Desk, name: str, content: str) -> None:
    with pytest.raises(Refused, match=r"bukan ekspor obrolan|zip"):
        desk.take(desk.write(name, content), "whatsapp")


def test_the_order_of_dates_is_only_for_chats(desk: Desk) -> None:
    with pytest.raises(Refused, match="--dates hanya untuk obrolan"):
        desk.take(desk.write("a.csv", "id,teks\n1,baik\n"), order=Order.DAY)


class Counting(MemorySink):
    """Counts and forgets."""

    def accept(self, posts: Sequence[Incoming]) -> IntakeReport:
        return IntakeReport(added=len(posts))


def test_memory_does_not_grow_with_the_chat(desk: Desk) -> None:
    def peak(messages: int) -> int:
        lines = (
            f"18/11/26 {n // 60 % 24:02d}.{n % 60:02d} - Warga {n % 40}: jalan rusak {n}\n" for n in range(messages)
        )
        file = desk.write("a.txt", "".join(lines))
        desk.sink = Counting()
        tracemalloc.start()
        desk.take(file, "whatsapp")
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held

    peak(100)
    assert peak(6_000) < peak(600) * 2
