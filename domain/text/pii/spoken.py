"""Phone numbers spelled in words: "nol delapan satu dua ...", or "nol delapan satu dua, 1234-5678"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.labels import PiiKind
from domain.text.pii.found import PiiFound

_WORDS = {
    "nol": "0", "kosong": "0", "satu": "1", "dua": "2", "tiga": "3", "empat": "4", "lima": "5", "enam": "6",
    "tujuh": "7", "delapan": "8", "lapan": "8", "sembilan": "9",
}  # fmt: skip
_DIGIT = "|".join(_WORDS)
_SPOKEN = re.compile(
    rf"\b(?:nol|kosong)[ ,\-]+(?:de)?lapan(?:[ ,\-]+(?:{_DIGIT}|\d+)(?![A-Za-z])){{1,11}}", re.IGNORECASE
)
_PIECES = re.compile(r"[A-Za-z]+|\d+")
_LENGTH = range(10, 14)  # digits of a mobile number with its 0


def find_spoken(text: str) -> Iterator[PiiFound]:
    """Yield the mobile numbers that are spelled digit by digit, in words alone or words and then digits."""
    for found in _SPOKEN.finditer(text):
        digits = "".join(_WORDS.get(piece.lower(), piece) for piece in _PIECES.findall(found[0]))
        if len(digits) in _LENGTH:
            yield PiiFound(PiiKind.PHONE, found.start(), found.end(), digits)
