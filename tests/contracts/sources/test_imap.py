"""A folder of e-mail on a real server: what people wrote comes once, whole and alone; nothing there changes."""

from __future__ import annotations

import imaplib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from crawlers.kinds import load_kinds
from crawlers.mailbox import folder_of
from crawlers.parsing.mails import Mail, mail_id, own_words, parse_mail
from crawlers.sources import imap
from domain.ids import post_id
from domain.labels import Channel, SourceState
from tests.contracts.sources.ports import NOW, Listener
from tests.services.dovecot import PASSWORD, MailServer, mail_server


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


class Folder:
    """A mailbox of its own on the server: tests put mails in as a delivery would."""

    def __init__(self, server: MailServer, name: str) -> None:
        self.name, self.url = name, server.url(name)
        self._server = server

    def put(self, *mails: bytes | EmailMessage, at: datetime = NOW - timedelta(hours=2)) -> None:
        with self.client() as client:
            for mail in mails:
                client.append("INBOX", "", imaplib.Time2Internaldate(at), bytes(mail))

    def client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self._server.port, timeout=20)
        client.login(self.name, PASSWORD)
        client.select("INBOX")
        return client

    def flags(self) -> list[bytes]:
        with self.client() as client:
            _, told = client.uid("FETCH", "1:*", "(FLAGS)")
        return [line for line in told if isinstance(line, bytes)]


@pytest.fixture
def folder(server: MailServer) -> Folder:
    return Folder(server, f"aduan-{uuid.uuid4().hex[:8]}")


@pytest.fixture
def listener(folder: Folder) -> Listener:
    return Listener("imap", folder.url, key=PASSWORD)


def mail(number: int, text: str = "Jalan di Gerung rusak parah.", **headers: str) -> EmailMessage:
    """A person's mail; another number is another mail."""
    made = EmailMessage()
    fields = {
        "From": "Siti Aminah <siti.aminah@contoh.id>", "To": "aduan@lobar.contoh.id", "Subject": f"Laporan {number}",
        "Date": format_datetime(NOW - timedelta(hours=3)), "Message-ID": f"<surat-{number}@contoh.id>",
    }  # fmt: skip
    for name, value in (fields | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        made[name] = value
    made.set_content(text)
    return made


def id_of(number: int) -> str:
    return post_id("email", mail_id([f"<surat-{number}@contoh.id>"]))


def test_a_mail_is_a_report_with_its_writer_kept_apart(listener: Listener, folder: Folder) -> None:
    folder.put(mail(1, "Jalan di Gerung rusak parah.\n\nSejak tiga bulan.\n-- \nSiti, 0812 3456 7890\n"))
    outcome = listener.crawl()
    assert (outcome.state, outcome.report.added) == (SourceState.OK, 1)
    post = listener.sink.posts[id_of(1)]
    assert post.text == "Jalan di Gerung rusak parah.\n\nSejak tiga bulan."
    assert (post.title, post.channel, post.url) == ("Laporan 1", Channel.EMAIL, None)
    assert (post.author, post.contact) == ("siti.aminah@contoh.id", "Siti Aminah · siti.aminah@contoh.id")
    assert post.published_at == NOW - timedelta(hours=3)
    assert "contoh.id" not in post.native_id


def test_a_second_crawl_brings_what_is_new_and_no_mail_is_marked(listener: Listener, folder: Folder) -> None:
    folder.put(mail(1), mail(2))
    assert listener.crawl().report.added == 2
    assert listener.crawl().state is SourceState.UNCHANGED
    folder.put(mail(3))
    outcome = listener.crawl()
    assert (outcome.seen, outcome.report.added) == (1, 1)
    assert len(folder.flags()) == 3
    assert not any(b"Seen" in line or b"Deleted" in line for line in folder.flags())


def test_the_same_mail_delivered_twice_is_one_report(listener: Listener, folder: Folder) -> None:
    folder.put(mail(1), mail(1))
    assert listener.crawl().report.added == 1


def test_an_answer_joins_what_it_answers_and_repeats_nothing_of_it(listener: Listener, folder: Folder) -> None:
    folder.put(mail(1))
    listener.crawl()
    folder.put(
        mail(2, "Belum juga diperbaiki.\n\nPada Jum, 20 Nov 2026 pukul 09.00 Siti <siti.aminah@contoh.id>\nmenulis:\n"
                "> Jalan di Gerung rusak parah.\n", In_Reply_To="<surat-1@contoh.id>", Subject="Re: Laporan 1"),
        mail(3, "Tambahan lagi.", References="<surat-1@contoh.id> <surat-2@contoh.id>"),
        mail(4, "Balasan atas surat orang lain.", References="<tidak-ada@contoh.id>"),
    )  # fmt: skip
    listener.crawl()
    posts = listener.sink.posts
    assert posts[id_of(2)].text == "Belum juga diperbaiki."
    assert posts[id_of(2)].title == "Laporan 1"
    assert posts[id_of(2)].parent == posts[id_of(3)].parent == id_of(1)
    assert posts[id_of(4)].parent is None


def test_what_machines_send_is_passed_over_and_counted(listener: Listener, folder: Folder) -> None:
    folder.put(
        mail(1, Auto_Submitted="auto-replied"), mail(2, Precedence="bulk"), mail(3, List_Id="<kabar.contoh.id>"),
        mail(4, Auto_Submitted="no"),
    )  # fmt: skip
    outcome = listener.crawl()
    assert outcome.report.added == 1
    assert outcome.message == "3 surel otomatis atau milis dilewati."
    assert listener.crawl().seen == 0, "they are not looked at again"


def test_plain_words_go_before_markup_and_attachments_are_told(listener: Listener, folder: Folder) -> None:
    both = mail(1, "Kata polos.")
    both.add_alternative("<p>Kata berhias.</p>", subtype="html")
    only = mail(2)
    only.set_content(
        "<div>Selokan <b>mampet</b>.</div><blockquote>yang dahulu</blockquote><script>x()</script>", subtype="html"
    )
    with_file = mail(3, "Lihat lampiran.")
    with_file.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename="a.jpg")
    folder.put(both, only, with_file)
    listener.crawl()
    posts = listener.sink.posts
    assert posts[id_of(1)].text == "Kata polos."
    assert posts[id_of(2)].text == "Selokan mampet."
    assert posts[id_of(3)].text == "Lihat lampiran.\n\n(lampiran tidak disimpan: 1 berkas)"


def test_a_wrong_password_is_the_keys_fault_and_nothing_is_lost(listener: Listener, folder: Folder) -> None:
    folder.put(mail(1))
    listener.crawl()
    folder.put(mail(2))
    good = listener.credential
    listener.credential = None
    assert listener.crawl().state is SourceState.AUTH_EXPIRED
    wrong = Listener("imap", folder.url, key="salah")
    outcome = wrong.crawl()
    assert outcome.state is SourceState.AUTH_EXPIRED
    assert "salah" not in str(outcome.message).replace("sandi", "")
    listener.credential = good
    assert listener.crawl().report.added == 1


def test_a_folder_that_is_not_there_and_a_server_that_does_not_answer_are_told(server: MailServer) -> None:
    absent = Listener("imap", server.url("aduan", "Tidak Ada"), key=PASSWORD).crawl()
    assert absent.state is SourceState.BLOCKED
    assert "Tidak Ada" in str(absent.message)
    assert Listener("imap", "imap://aduan@127.0.0.1:9/INBOX", key=PASSWORD).crawl().state is SourceState.FAILED


def test_since_walks_back_and_leaves_the_place_where_it_was(listener: Listener, folder: Folder) -> None:
    folder.put(mail(1), at=NOW - timedelta(days=40))
    folder.put(mail(2))
    assert listener.crawl().report.added == 1, "a new folder is read a month back"
    place = listener.memory.cursor
    assert listener.crawl(since=NOW - timedelta(days=60)).report.added == 1
    assert listener.memory.cursor == place


def test_a_walk_back_reads_all_of_it(listener: Listener, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "MOST", 2)
    folder.put(*(mail(n) for n in range(1, 6)))
    assert listener.crawl().report.added == 2, "an ordinary crawl reads so many, the next one goes on"
    assert listener.crawl(since=NOW - timedelta(days=1)).report.added == 3


def test_numbers_that_began_anew_bring_no_mail_twice(listener: Listener, folder: Folder) -> None:
    folder.put(mail(1), mail(2))
    listener.crawl()
    with folder.client() as client:
        client.create("Arsip")
        client.copy("1:2", "Arsip")
    moved = Listener("imap", folder.url.replace("INBOX", "Arsip"), key=PASSWORD)
    moved.sink, moved.book = listener.sink, listener.book
    outcome = moved.crawl()
    assert (outcome.report.added, outcome.report.unchanged) == (0, 2)


def test_a_crawl_that_ends_early_goes_on_where_it_was(listener: Listener, folder: Folder) -> None:
    folder.put(*(mail(n) for n in range(1, 6)))
    assert listener.crawl(limit=2).seen == 2
    assert "uid" not in str(listener.memory.cursor), "a proof reads nothing for good"
    assert listener.crawl().report.added == 3


def test_what_is_no_mail_is_set_aside_and_holds_up_no_other(listener: Listener, folder: Folder) -> None:
    folder.put(b"From: \r\nSubject: tanpa pengirim\r\n\r\nhalo\r\n", mail(2, "", Subject=""), mail(3))
    outcome = listener.crawl()
    assert (outcome.report.added, outcome.report.quarantined) == (1, 2)
    assert set(listener.sink.aside.values()) == {"surel tanpa pengirim", "surel tanpa kata-kata"}


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("imaps://aduan%40c.id@surel.c.id/INBOX", ("surel.c.id", 993, "aduan@c.id", "INBOX")),
        ("imaps://aduan@surel.contoh.id:10993", ("surel.contoh.id", 10993, "aduan", "INBOX")),
        ("imap://aduan@127.0.0.1/Laporan%20Warga", ("127.0.0.1", 143, "aduan", "Laporan Warga")),
        ("imap://aduan@surel.contoh.id/INBOX", None),
        ("imaps://aduan:sandi@surel.contoh.id/INBOX", None),
        ("imaps://surel.contoh.id/INBOX", None),
        ("https://surel.contoh.id/", None),
    ],
)  # fmt: skip
def test_an_address_names_its_folder_and_never_a_password(url: str, folder: tuple[str, int, str, str] | None) -> None:
    found = folder_of(url)
    assert (found and (found.host, found.port, found.user, found.name)) == folder
    owns = load_kinds()["imap"].owns
    assert owns is not None
    assert owns(url) == (url if folder else None)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Baik.\n\nOn Fri, Nov 20, 2026 at 9:00 AM Siti <s@c.id> wrote:\n> lama", "Baik."),
        ("Baik.\n\n-----Original Message-----\nFrom: Siti\nlama", "Baik."),
        ("Baik.\n\n________________________________\nDari: Siti\nlama", "Baik."),
        ("> apa kabar\nSudah baik", "Sudah baik"),
        ("> hanya kutipan", "hanya kutipan"),
        ("Pada Senin jalan rusak, warga menulis surat.", "Pada Senin jalan rusak, warga menulis surat."),
    ],
)  # fmt: skip
def test_only_what_was_newly_said_is_kept(text: str, own: str) -> None:
    assert own_words(text) == own


@pytest.mark.parametrize("charset", ["windows-1252", "utf-8", "x-tidak-dikenal"])
def test_mails_in_any_encoding_are_read(charset: str) -> None:
    head = "From: a@b.id\r\nMessage-ID: <1@b>\r\nSubject: =?utf-8?b?SmFsYW4=?=\r\n"
    head += f"Content-Type: text/plain; charset={charset}\r\n"
    body = "Air “keruh”".encode("utf-8" if charset == "x-tidak-dikenal" else charset)
    found = parse_mail(f"{head}Content-Transfer-Encoding: 8bit\r\n\r\n".encode() + body, "x")
    assert isinstance(found, Mail)
    assert (found.subject, found.text) == ("Jalan", "Air “keruh”")


def test_a_date_from_the_future_is_not_believed(listener: Listener, folder: Folder) -> None:
    folder.put(mail(1, Date=format_datetime(datetime(2039, 1, 1, tzinfo=UTC))), at=NOW - timedelta(hours=2))
    listener.crawl()
    assert listener.sink.posts[id_of(1)].published_at == NOW - timedelta(hours=2)
