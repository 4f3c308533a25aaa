"""Phone numbers spelled in words: "nol delapan satu dua ..."."""

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
_SPOKEN = re.compile(rf"\b(?:nol|kosong)[ ,\-]+(?:de)?lapan(?:[ ,\-]+(?:{_DIGIT})){{7,11}}\b", re.IGNORECASE)


def find_spoken(text: str) -> Iterator[PiiFound]:
    """Yield the mobile numbers that are spelled digit by digit."""
    for found in _SPOKEN.finditer(text):
        digits = "".join(_WORDS[w.lower()] for w in re.findall(r"[A-Za-z]+", found[0]))
        yield PiiFound(PiiKind.PHONE, found.start(), found.end(), digits)
