"""What of a chat's message is words: marks of pictures, edits and deletions are not, nor what the program says."""

from __future__ import annotations

import re
from typing import Final

from crawlers.importers.chat_heads import UNSEEN

_KINDS = (
    "media|gambar|foto|image|photo|video|audio|stiker|sticker|gif|dokumen|document|kartu kontak|contact card|"
    "catatan video|video note|pesan suara|voice message"
)
_OMITTED = re.compile(
    rf"<?(?:{_KINDS}) (?:omitted|tidak disertakan)>?|<(?:attached|terlampir|lampiran): ?[^<>\n]+>|null",
    re.IGNORECASE,
)
_ATTACHED = re.compile(r"[^\n]{1,200}\.\w{2,5} \((?:file attached|(?:file|berkas) terlampir)\)", re.IGNORECASE)
_AT_END = re.compile(r"\s*<(?:attached|terlampir|lampiran): ?[^<>\n]+>\s*$", re.IGNORECASE)
_EDITED = re.compile(r"\s*<(?:this message was edited|pesan ini (?:telah )?di\s?edit)>\s*", re.IGNORECASE)
_DELETED = re.compile(
    r"(?:this message was deleted(?: by admin [^\n]*)?|you deleted this message(?: as admin)?|"
    r"pesan ini (?:telah )?dihapus(?: oleh admin [^\n]*)?|anda (?:telah )?menghapus pesan ini(?: sebagai admin)?|"
    r"waiting for this message[^\n]*|menunggu pesan ini[^\n]*|(?:missed|panggilan) [^\n]{0,20}"
    r"(?:call|tak terjawab)[^\n]{0,40})\.?",
    re.IGNORECASE,
)
_MARKS: Final = dict.fromkeys(map(ord, UNSEEN))


def words_of(body: str) -> str | None:
    """The words that a person wrote; None where there are none.

    iPhones put a mark of direction before all that the program writes in a person's stead.
    """
    by_program = body[:1] in {"\u200e", "\u200f"}
    text = _EDITED.sub("", body).translate(_MARKS).strip()
    first, _, more = text.partition("\n")
    for pattern in (_OMITTED, _ATTACHED):
        if pattern.fullmatch(first.strip()):
            return more.strip() or None
    if by_program or _DELETED.fullmatch(text):
        return None
    return _AT_END.sub("", text) or None
