"""A folder of a mail server, read and never changed: EXAMINE and BODY.PEEK leave no trace. Blocking: use in threads."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

from crawlers.asking import KeyRefused, SourceBlocked
from domain.errors import SourceUnavailable

TIMEOUT: Final = 30.0  # seconds of silence
MOST_BYTES: Final = 2_000_000  # of one mail that are read: its words stand before its attachments
SECURE, PLAIN = 993, 143
_LOCAL: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_PASSES: Final = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]|try again|temporar", re.IGNORECASE)
_DATE: Final = re.compile(rb'INTERNALDATE "([^"]+)"')
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Folder:
    """Where mails are read: `imaps://user@host[:port]/FOLDER`."""

    host: str
    port: int
    user: str
    name: str
    secure: bool = True
    url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail's bytes, as far as they are read, and when the server got it."""

    uid: int
    body: bytes
    received_at: datetime | None


def folder_of(url: str) -> Folder | None:
    """The folder that an address names; None for an address of something else. `imap:` only for this machine."""
    try:
        parts: SplitResult = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    host, user = (parts.hostname or "").lower(), unquote(parts.username or "")
    name = unquote(parts.path.strip("/")) or "INBOX"
    if parts.scheme not in {"imaps", "imap"} or not host or not user or parts.password is not None:
        return None
    if (parts.scheme == "imap" and host not in _LOCAL) or not (name.isascii() and name.isprintable()):
        return None
    secure = parts.scheme == "imaps"
    return Folder(host, port or (SECURE if secure else PLAIN), user, name, secure, url)


class Mailbox:
    """An open folder. `validity` changes when its numbers mean other mails than before."""

    def __init__(self, connection: imaplib.IMAP4, validity: int) -> None:
        self._connection = connection
        self.validity = validity

    def after(self, uid: int) -> Sequence[int]:
        """The numbers beyond one, in order."""
        found = self._search(f"UID {uid + 1}:*")
        return [one for one in found if one > uid]  # `n:*` names the last mail even where it is before n

    def since(self, day: date) -> Sequence[int]:
        """The numbers of the mails that the server got on a day or later, in order."""
        return self._search(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}")  # English, whatever the locale

    def fetch(self, uid: int) -> Fetched | None:
        """One mail; None where it is gone meanwhile."""
        answer = self._ask("FETCH", str(uid), f"(INTERNALDATE BODY.PEEK[]<0.{MOST_BYTES}>)")
        found = next((one for one in answer if isinstance(one, tuple)), None)
        if found is None:
            return None
        heads = b" ".join(one if isinstance(one, bytes) else one[0] for one in answer if one)
        return Fetched(uid, found[1], _moment(heads))

    def _search(self, what: str) -> list[int]:
        return sorted(int(one) for line in self._ask("SEARCH", what) if line for one in line.split())

    def _ask(self, command: str, *words: str) -> list[Any]:
        with _translated():
            state, answer = self._connection.uid(command, *words)
            if state != "OK":
                raise SourceUnavailable(f"Server surel menolak {command}: {_said(answer)}")
            return list(answer)


@contextmanager
def opened(folder: Folder, password: str) -> Iterator[Mailbox]:
    """A folder for the length of a crawl.

    Raises: KeyRefused for name or password, SourceBlocked for a folder that is not there, else SourceUnavailable.
    """
    with _translated():
        connection = _connected(folder)
    try:
        _log_in(connection, folder, password)
        with _translated():
            state, answer = connection.select(_quoted(folder.name), readonly=True)
            if state != "OK":
                raise SourceBlocked(f"Folder {folder.name} tidak dapat dibuka: {_said(answer)}. Periksa namanya.")
            _, validity = connection.response("UIDVALIDITY")
        number = validity[0] if validity else None
        yield Mailbox(connection, int(number) if number else 0)
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            connection.logout()


def _connected(folder: Folder) -> imaplib.IMAP4:
    if folder.secure:
        trusted = ssl.create_default_context()
        return imaplib.IMAP4_SSL(folder.host, folder.port, ssl_context=trusted, timeout=TIMEOUT)
    return imaplib.IMAP4(folder.host, folder.port, timeout=TIMEOUT)


def _log_in(connection: imaplib.IMAP4, folder: Folder, password: str) -> None:
    try:
        with _translated():
            connection.login(folder.user, password)
    except SourceUnavailable as cause:
        if isinstance(cause.__cause__, imaplib.IMAP4.abort) or _PASSES.search(str(cause)):
            raise
        raise KeyRefused(f"Server surel menolak nama atau sandi {folder.user}.") from cause


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError as cause:
        raise SourceUnavailable(f"Sertifikat server surel tidak dapat dipercaya: {cause.verify_message}.") from cause
    except (imaplib.IMAP4.error, OSError, ValueError) as cause:
        raise SourceUnavailable(f"Server surel tidak terbaca: {_said([cause])}.") from cause


def _said(answer: Sequence[Any]) -> str:
    first = answer[0] if answer else b""
    words = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)
    return " ".join(words.split())[:200] or type(first).__name__


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _moment(head: bytes) -> datetime | None:
    """INTERNALDATE: " 1-Nov-2026 14:32:00 +0800"."""
    found = _DATE.search(head)
    if found is None:
        return None
    try:
        return parsedate_to_datetime(found[1].decode("ascii").strip().replace("-", " ", 2))
    except (ValueError, UnicodeError):
        return None
