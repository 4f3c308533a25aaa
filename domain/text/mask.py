"""Personal data out of words: found by validated rules, replaced before anything is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.labels import PiiKind
from domain.posts import PiiSpan
from domain.text.pii.emails import find_emails
from domain.text.pii.found import PiiFound
from domain.text.pii.numbers import find_numbers
from domain.text.pii.plates import find_plates
from domain.text.pii.spoken import find_spoken

__all__ = ["MASKS", "Masked", "PiiFound", "find_pii", "mask"]

MASKS = {
    PiiKind.NIK: "[nik]",
    PiiKind.KK: "[kk]",
    PiiKind.PHONE: "[telepon]",
    PiiKind.EMAIL: "[surel]",
    PiiKind.PLATE: "[pelat]",
    PiiKind.ACCOUNT: "[rekening]",
}
_MAYBE = re.compile(r"[@\d]|[(\[{] ?[ae]t|\b[ae]t (?:g|y|hot|out|ic|roc|pro|liv)|lapan", re.IGNORECASE)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data. `spans` are offsets of the masks in `text`; `originals` the values, in order."""

    text: str
    spans: tuple[PiiSpan, ...] = ()
    originals: tuple[tuple[PiiKind, str], ...] = ()


def find_pii(text: str) -> list[PiiFound]:
    """Return the personal data of a text in order, without overlap: addresses win over numbers, numbers over plates."""
    if not _MAYBE.search(text):
        return []
    finds = list(find_emails(text))
    if _DIGIT.search(text):
        finds += find_numbers(text)
        finds += find_plates(text)
    if "lapan" in text.lower():
        finds += find_spoken(text)
    kept: list[PiiFound] = []
    for found in finds:
        if all(found.end <= x.start or x.end <= found.start for x in kept):
            kept.append(found)
    return sorted(kept, key=lambda x: x.start)


def mask(text: str) -> Masked:
    """Return a text with its personal data masked. Masking a masked text changes nothing.

    What stands beside a number may look like one once that is gone, so it looks again until nothing is left;
    every round takes digits or signs away, so it ends.
    """
    marks: list[tuple[PiiFound, int]] = []  # find, start of its mask
    while found := find_pii(text):
        parts: list[str] = []
        at, shift = 0, 0
        moved: list[tuple[PiiFound, int]] = []
        old = iter(marks)
        pending = next(old, None)
        for find in found:
            while pending and pending[1] < find.start:
                moved.append((pending[0], pending[1] + shift))
                pending = next(old, None)
            label = MASKS[find.kind]
            moved.append((find, find.start + shift))
            parts += (text[at : find.start], label)
            at = find.end
            shift += len(label) - (find.end - find.start)
        while pending:
            moved.append((pending[0], pending[1] + shift))
            pending = next(old, None)
        text = "".join(parts) + text[at:]
        marks = moved
    return Masked(
        text,
        tuple(PiiSpan(kind=f.kind, start=start, end=start + len(MASKS[f.kind])) for f, start in marks),
        tuple((f.kind, f.value) for f, _ in marks),
    )
