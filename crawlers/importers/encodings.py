"""Which encoding a text file is in, decided on the whole file without holding it."""

from __future__ import annotations

import codecs
from pathlib import Path

from domain.errors import Refused

CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SURROGATES = range(0xDC80, 0xDD00)  # what `surrogateescape` makes of a byte that is no UTF-8


def sniff_encoding(path: Path) -> str:
    """Return utf-8, utf-8-sig, utf-16 or cp1252. Refused for a file that is no text.

    A file with fewer broken bytes than good letters beyond ASCII is UTF-8 with broken rows, not cp1252 as a whole.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
        for bom, name in _BOMS:
            if start.startswith(bom):
                return name
        stream.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        good = bad = 0
        while chunk := stream.read(CHUNK):
            if b"\0" in chunk:
                raise Refused(f"Berkas {path} bukan teks: simpan sebagai CSV berkode UTF-8, atau beri akhiran .xlsx.")
            text = decoder.decode(chunk)
            if text.isascii():
                continue
            beyond = [ord(letter) for letter in text if letter > "\x7f"]
            broken = sum(code in _SURROGATES for code in beyond)
            bad += broken
            good += len(beyond) - broken
    return "cp1252" if bad and bad >= good else "utf-8"


def known_encoding(name: str) -> str:
    """The encoding that a map names. Refused when Python knows none of that name."""
    try:
        return codecs.lookup(name).name
    except LookupError as cause:
        raise Refused(f"Pengodean {name} tidak dikenal; yang biasa: utf-8, cp1252.") from cause


def broken_letters(text: str) -> bool:
    """Whether a text holds bytes that could not be decoded."""
    return not text.isascii() and any(0xDC80 <= ord(letter) < 0xDD00 for letter in text)  # noqa: PLR2004  see _SURROGATES
