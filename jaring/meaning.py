"""Vectors for posts that were read before there was an encoder, or by another one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from domain.vectors import Vector

if TYPE_CHECKING:
    from nlp.encoder.encoder import Encoded
    from store import Store

BATCH = 200  # posts encoded between two writes: a kill loses some seconds of work


class PassageEncoder(Protocol):
    """An encoder as posts see it."""

    @property
    def name(self) -> str: ...
    def encode(self, texts: Sequence[str]) -> Encoded: ...


def encode_missing(store: Store, encoder: PassageEncoder, advance: Callable[[int], None]) -> int:
    """Encode the posts that have no vector by this encoder, and queue their cases for the index. Returns how many.

    Each batch is kept before the next begins: killed and started again, it goes on where it was.
    """
    last, done = "", 0
    while some := store.vectors.without(encoder.name, after=last, limit=BATCH):
        numbers = encoder.encode([post.words for post in some]).vectors
        store.vectors.keep(
            [(post, Vector.of(vector, encoder.name)) for post, vector in zip(some, numbers, strict=True)]
        )
        last, done = some[-1].id, done + len(some)
        advance(len(some))
    return done
