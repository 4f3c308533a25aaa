"""A post's title and text masked together: each by itself, with spans that point into the two joined."""

from __future__ import annotations

from dataclasses import dataclass

from domain.labels import PiiKind
from domain.posts import PiiSpan, words
from domain.text.mask import mask


@dataclass(frozen=True, slots=True)
class MaskedWords:
    """`spans` are offsets in `domain.posts.words(title, text)`; `originals` the values, in the same order."""

    title: str | None
    text: str
    spans: tuple[PiiSpan, ...]
    originals: tuple[tuple[PiiKind, str], ...]


def mask_words(title: str | None, text: str) -> MaskedWords:
    """Mask what a post says. An empty title counts as none."""
    heading, body = mask(title or ""), mask(text)
    shift = len(words(heading.text or None, body.text)) - len(body.text)
    return MaskedWords(
        title=heading.text or None,
        text=body.text,
        spans=(*heading.spans, *(PiiSpan(kind=s.kind, start=s.start + shift, end=s.end + shift) for s in body.spans)),
        originals=(*heading.originals, *body.originals),
    )
