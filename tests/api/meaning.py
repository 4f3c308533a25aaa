"""An encoder of a few words that mean the same, for tests: not how good one is, but what is made of it."""

from __future__ import annotations

from domain.text.tokens import tokenize
from domain.vectors import Vector
from tests.api.installation import Installation
from tests.contracts.index.meanings import toward

MEANINGS = (
    frozenset({"jalan", "kubangan", "lubang", "aspal", "langan"}),
    frozenset({"air", "pdam", "keran", "ledeng"}),
    frozenset({"sampah", "limbah"}),
    frozenset({"pungli", "pungutan", "suap"}),
)


class ToyEncoder:
    """Implements `domain.ports.QueryEncoder`: the first word that it knows is what a text means."""

    name = "mainan-1"

    def vector_of(self, words: str) -> Vector:
        for token in tokenize(words):
            for number, meaning in enumerate(MEANINGS):
                if token.exact in meaning:
                    return toward(number, model=self.name)
        return toward(99, model=self.name)


def place_all(place: Installation, encoder: ToyEncoder) -> None:
    """Put every post where its words point, as a backfill does."""
    missing = place.store.vectors.without(encoder.name, limit=1_000)
    place.store.vectors.keep([(post, encoder.vector_of(post.words)) for post in missing])
    place.work()
