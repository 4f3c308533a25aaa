"""The code that a reporter keeps to ask after a report: short, read over the telephone, guessed by nobody. Pure.

`LB-7K2M-9QXD`: the region's prefix, seven random letters of 32 and a check letter (Luhn, modulo 32). Letters that
are taken for digits are not in it, and are read as those digits.
"""

from __future__ import annotations

import re
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM: Final = 7  # letters: 34 thousand million codes for each region
_HALF: Final = 4
_TAKEN_FOR: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_WRITTEN: Final = re.compile(r"([A-Z]{2,4})([0-9A-Z]{8})")
_BETWEEN: Final = re.compile(r"[\s\-\u2010-\u2015._]+")


def receipt(prefix: str, letters: str) -> str:
    """The code of a region for seven random letters of the alphabet."""
    body = letters + check_letter(letters)
    return f"{prefix}-{body[:_HALF]}-{body[_HALF:]}"


def read_receipt(written: str) -> str | None:
    """The code that somebody typed, however it was written; None for what cannot be one."""
    found = _WRITTEN.fullmatch(_BETWEEN.sub("", written[:40]).upper())
    if found is None:
        return None
    prefix, body = found[1], found[2].translate(_TAKEN_FOR)
    return receipt(prefix, body[:RANDOM]) if check_letter(body[:RANDOM]) == body[RANDOM] else None


def check_letter(letters: str) -> str:
    """The letter by which one wrong letter, or two neighbours changed about, are noticed."""
    total = 0
    for place, letter in enumerate(reversed(letters)):
        value = ALPHABET.index(letter) * (1 if place % 2 else 2)
        total += value // len(ALPHABET) + value % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]
