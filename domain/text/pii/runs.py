"""Digits as people write them: groups with dots, dashes and spaces between, and letters typed for digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# "o82l": a letter stands for 0 or 1 only beside a digit. A digit on a key cap carries two marks.
_GROUP = re.compile(r"(?:\d|(?<![A-Za-z])[oOlI](?=[oOlI]*\d))[\doOlI]*(?<![oOlI](?=[A-Za-z]))(?:\ufe0f?\u20e3)?")
_GAP = re.compile(r"| {1,2}|[.\-–—_]| ?[-–—] ?|\)[ .\-]?|[\u00a0\u200b-\u200f\u2060\u202f]{1,2}")
_GLUED_CUE = re.compile(
    r"(?:^|[^A-Za-z])(?:wa|hp|no|nomor|telp|tlp|hub|sms|call|cp|nik|ktp|kk|rek|norek|saya|ke)$", re.IGNORECASE
)
_LONE_WORD = 10  # digits: a group this long may run into a word ("08123456789ya") and still be a number
_AS_DIGIT = {"o": "0", "O": "0", "l": "1", "I": "1"}


@dataclass(frozen=True, slots=True)
class Group:
    """Digits without a gap. `gap` is what stands between it and the group before, in its run."""

    digits: str
    start: int
    end: int
    gap: str


def runs(text: str) -> Iterator[list[Group]]:
    """Yield the runs of digit groups that could belong to one number, in order."""
    run: list[Group] = []
    for found in _GROUP.finditer(text):
        start, end = found.span()
        digits = as_digits(found[0])
        if not _stands_alone(text, start, end, digits):
            if run:
                yield run
            run = []
            continue
        gap = text[run[-1].end : start] if run else ""
        if run and not _GAP.fullmatch(gap):
            yield run
            run = []
        run.append(Group(digits, start, end, gap if run else ""))
    if run:
        yield run


def as_digits(written: str) -> str:
    """Return the ASCII digits that a group stands for."""
    if written.isascii() and written.isdigit():
        return written
    return "".join(_AS_DIGIT.get(c) or str(unicodedata.decimal(c, "")) for c in written)


def _stands_alone(text: str, start: int, end: int, digits: str) -> bool:
    """Say whether letters touch a group in a way that makes it part of a word ("150rb", "blok12")."""
    if start and text[start - 1].isalpha() and not _GLUED_CUE.search(text[max(0, start - 8) : start]):
        return False
    return not (end < len(text) and text[end].isalpha() and len(digits) < _LONE_WORD)
