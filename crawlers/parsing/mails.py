"""A mail as bytes becomes what its writer said in it: no quotes, no signature, nothing that a machine sent."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from crawlers.markup import cut, html_text
from domain.posts import MAX_TITLE

_ID: Final = re.compile(r"<[^<>\s]{1,500}>")
_QUOTES: Final = "blockquote, .gmail_quote, .gmail_signature, .moz-cite-prefix, #divRplyFwdMsg, #appendonsend"
_REPLY: Final = re.compile(r"^\s*((re|bls|balas|aw)\s*:\s*)+", re.IGNORECASE)
# How programs introduce what is answered: everything from there on was said before.
_ATTRIBUTION: Final = re.compile(
    r"^[ \t]*(?:On|Pada)\b[^\n]{3,200}(?:\n[^\n]{0,200}){0,2}?(?:wrote|menulis)[ \t]*:[ \t]*$"
    r"|^-{2,}[ \t]*(?:Original Message|Pesan Asli|Original-Nachricht)[ \t]*-{2,}[ \t]*$"
    r"|^_{10,}[ \t]*\n(?:From|Dari)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNATURE: Final = re.compile(r"^-- ?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mail:
    """What somebody wrote. `earlier` are the mails that it answers, the first one first; ids are hashes."""

    id: str
    earlier: tuple[str, ...]
    subject: str | None
    text: str
    name: str
    address: str
    sent_at: datetime | None
    attachments: int


@dataclass(frozen=True, slots=True)
class Machines:
    """Nobody wrote this: a list, a receipt, an answer in somebody's absence."""

    why: str


def parse_mail(body: bytes, fallback_id: str) -> Mail | Machines:
    """The mail in a message's bytes, whole or cut off. ValueError when nobody's address stands in it."""
    try:
        message = message_from_bytes(body, policy=default)
        if why := _of_a_machine(message):
            return Machines(why)
        name, address = _sender(message)
        return Mail(
            id=mail_id(_ids(_header(message, "Message-ID"))[:1] or [fallback_id]),
            earlier=tuple(mail_id([one]) for one in _earlier(message)),
            subject=cut(_REPLY.sub("", " ".join(_header(message, "Subject").split())), MAX_TITLE) or None,
            text=cut(_words(message)),
            name=name,
            address=address,
            sent_at=_sent_at(message),
            attachments=_attachments(message),
        )
    except (MessageError, LookupError, AttributeError, TypeError) as cause:  # the library's ways to say: not a mail
        raise ValueError(f"surel tidak terbaca: {type(cause).__name__}") from cause


def mail_id(ids: list[str]) -> str:
    """What stands for a mail's own id: some programs write the sender's address into it."""
    return hashlib.sha256(ids[0].encode("utf-8", "replace")).hexdigest()[:40]


def own_words(text: str) -> str:
    """A mail's text without what it quotes and without the signature; all of it where nothing else is left."""
    plain = text.replace("\r\n", "\n")
    found = _ATTRIBUTION.search(plain)
    said = plain[: found.start()] if found else plain
    lines = [line.rstrip() for line in said.split("\n") if not line.lstrip().startswith(">")]
    said = _SIGNATURE.split("\n".join(lines), maxsplit=1)[0].strip()
    if not said:
        said = "\n".join(line.lstrip("> ").rstrip() for line in plain.split("\n")).strip()
    return re.sub(r"\n{3,}", "\n\n", said)


def _of_a_machine(message: EmailMessage) -> str:
    """Why nobody is to be answered for this; empty for a person's mail. RFC 3834 and what programs really send."""
    submitted = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return "dikirim otomatis"
    if _header(message, "Precedence").strip().lower() in {"bulk", "list", "junk", "auto_reply"}:
        return "kiriman massal"
    if any(_header(message, name) for name in ("List-Id", "List-Unsubscribe", "List-Post")):
        return "milis"
    if any(_header(message, name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")):
        return "dikirim otomatis"
    if message.get_content_type() == "multipart/report" or _header(message, "Return-Path").strip() == "<>":
        return "laporan pengiriman"
    return ""


def _sender(message: EmailMessage) -> tuple[str, str]:
    found = getaddresses([_header(message, "From")])
    name, address = next(((name, address) for name, address in found if "@" in address), ("", ""))
    if not address:
        raise ValueError("surel tanpa pengirim")
    return " ".join(name.split())[:120], address.strip().lower()[:200]


def _earlier(message: EmailMessage) -> list[str]:
    return list(dict.fromkeys([*_ids(_header(message, "References")), *_ids(_header(message, "In-Reply-To"))]))


def _ids(header: str) -> list[str]:
    return _ID.findall(header)


def _header(message: EmailMessage, name: str) -> str:
    """A header as text, whatever bytes it holds."""
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, MessageError):  # the library refuses some malformed ones when they are looked at
        raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
        return str(raw)


def _words(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    content = _content(part)
    if part.get_content_subtype() != "html":
        return own_words(content)
    tree = LexborHTMLParser(content)
    for node in tree.css(_QUOTES):
        node.decompose()
    return own_words(html_text(tree.html or "")) or own_words(html_text(content))


def _content(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):  # an encoding that nobody knows
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _sent_at(message: EmailMessage) -> datetime | None:
    try:
        found = parsedate_to_datetime(_header(message, "Date"))
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _attachments(message: EmailMessage) -> int:
    return sum(part.get_content_disposition() == "attachment" for part in message.walk())
