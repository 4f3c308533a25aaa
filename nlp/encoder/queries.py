"""What people search for, in the space where posts stand."""

from __future__ import annotations

from functools import lru_cache

from domain.vectors import Vector
from nlp.encoder.encoder import Encoder

REMEMBERED = 2_000  # queries kept: pages, facets and counts of one search ask for the same words


class Queries:
    """Implements `domain.ports.QueryEncoder`."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.vector_of = lru_cache(maxsize=REMEMBERED)(self._vector_of)

    @property
    def name(self) -> str:
        """Name and version of the encoder, as in `Vector.model`."""
        return self._encoder.name

    def _vector_of(self, words: str) -> Vector:
        (numbers,) = self._encoder.encode([words], kind="query").vectors
        return Vector.of(numbers, self.name)
