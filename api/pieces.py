"""Cuts a text into stretches that look alike: found words, evidence, masked personal data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from api.contexts.post import Piece
from api.names import MASKS
from api.speech import N_, Speech
from domain.documents import PostDocument
from domain.reading import Reading, Span

MASK: Final = re.compile(r"\[(" + "|".join(MASKS) + r")\]")
_WITHDRAWN: Final = N_("Kiriman ini dihapus di sumbernya")
LEAD: Final = 90  # code points before the first found word: enough to read into the sentence


def cut(
    text: str, says: Speech, *, at: int = 0, found: Iterable[Span] = (), why: Iterable[Span] = ()
) -> tuple[Piece, ...]:
    """Cut a text that begins at offset `at` of a post's words; spans are offsets of the words."""
    found_at, why_at = _inside(found, at, len(text)), _inside(why, at, len(text))
    masks = [(m.start(), m.end(), m.group(1)) for m in MASK.finditer(text)]
    edges = sorted({0, len(text), *(e for s in (*found_at, *why_at) for e in s), *(e for m in masks for e in m[:2])})
    pieces: list[Piece] = []
    for start, end in pairwise(edges):
        hidden = next((kind for first, last, kind in masks if first <= start < last), None)
        if hidden is not None:
            name = says.say(MASKS[hidden])
            if not pieces or pieces[-1].mask != name or text[start] == "[":
                pieces.append(Piece("", mask=name))
            continue
        pieces.append(Piece(text[start:end], found=_covers(found_at, start), why=_covers(why_at, start)))
    return tuple(pieces)


def window(text: str, found: Sequence[Span], *, at: int, limit: int) -> tuple[int, int]:
    """The stretch of a long text worth showing: around the first found word, cut between words."""
    if len(text) <= limit:
        return 0, len(text)
    first = next((s.start - at for s in found if at <= s.start < at + len(text)), 0)
    start = max(0, min(first - LEAD, len(text) - limit))
    if start:
        start = text.find(" ", start) + 1 or start
    end = min(len(text), start + limit)
    if end < len(text):
        end = text.rfind(" ", start + limit // 2, end) if " " in text[start + limit // 2 : end] else end
    for mask in MASK.finditer(text):  # never through a mask
        if mask.start() < start < mask.end():
            start = mask.start()
        if mask.start() < end < mask.end():
            end = mask.end()
    return start, end


def excerpt(  # noqa: PLR0913  a text, what is marked in it, and how much is shown
    text: str, says: Speech, *, at: int, found: Sequence[Span] = (), why: Sequence[Span] = (), limit: int
) -> tuple[Piece, ...]:
    """A text cut into pieces, shortened where it is long."""
    start, end = window(text, found or why, at=at, limit=limit)
    middle = cut(text[start:end], says, at=at + start, found=found, why=why)
    before = (Piece("… "),) if start else ()
    after = (Piece(" …"),) if end < len(text) else ()
    return (*before, *middle, *after)


def said(  # noqa: PLR0913  a post's text, what is marked in it, and how much is shown
    document: PostDocument, text: str, says: Speech, *,
    at: int = 0, found: Sequence[Span] = (), why: Sequence[Span] = (), limit: int,
) -> tuple[Piece, ...]:  # fmt: skip
    """Words of a post, see `excerpt`; of a withdrawn one that it is."""
    if document.withdrawn_at is not None:
        return (Piece(withdrawn_words(says), gone=True),)
    return excerpt(text, says, at=at, found=found, why=why, limit=limit)


def withdrawn_words(says: Speech) -> str:
    """What stands where the words of a withdrawn post stood."""
    return says.say(_WITHDRAWN)


def evidence(reading: Reading, topic: str, words: str) -> tuple[Span, ...]:
    """The words that spoke for the labels shown. Spans of an older wording are left out."""
    spans = [s for scored in reading.topics if scored.code == topic for s in scored.evidence]
    if reading.urgency_cue:
        spans.append(reading.urgency_cue)
    if reading.oversight:
        spans.extend(reading.oversight.evidence)
    return tuple(s for s in spans if words[s.start : s.end] == s.text)


def _inside(spans: Iterable[Span], at: int, length: int) -> list[tuple[int, int]]:
    moved = ((max(0, s.start - at), min(length, s.end - at)) for s in spans)
    return [(start, end) for start, end in moved if start < end]


def _covers(spans: Sequence[tuple[int, int]], offset: int) -> bool:
    return any(start <= offset < end for start, end in spans)
