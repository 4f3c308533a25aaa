"""MinHash signature of a post, see domain.stories."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from domain.stories import MIN_TOKENS, SIGNATURE_SIZE
from domain.text.tokens import Token
from nlp.document import notes_of

SHINGLE = 3  # words
_SEED = 20_263  # signatures of all times must be comparable: never changes
_MIXING = np.uint64(0x9E3779B97F4A7C15)  # golden ratio, Knuth's multiplicative hashing

_random = random.Random(_SEED)  # noqa: S311  hash keys, no secret
_FACTORS = np.array([_random.getrandbits(63) * 2 + 1 for _ in range(SIGNATURE_SIZE)], dtype=np.uint64)
_SHIFTS = np.array([_random.getrandbits(64) for _ in range(SIGNATURE_SIZE)], dtype=np.uint64)


def signature(tokens: Sequence[Token]) -> tuple[int, ...]:
    """Return the minima of `SIGNATURE_SIZE` keyed 32-bit hashes over the word 3-shingles; () for a short post."""
    if len(tokens) < MIN_TOKENS:
        return ()
    words = np.array([zlib.crc32(t.exact.encode()) for t in tokens], dtype=np.uint64)
    shingles = (
        words[:-2] * _FACTORS[0] ^ (words[1:-1] * _FACTORS[1] + _SHIFTS[0]) ^ (words[2:] * _FACTORS[2] + _SHIFTS[1])
    )
    shingles = (shingles ^ (shingles >> np.uint64(29))) * _MIXING
    keyed = np.multiply.outer(shingles, _FACTORS)
    keyed += _SHIFTS
    least: list[int] = (keyed.min(axis=0) >> np.uint64(32)).tolist()  # of the upper halves, for they order the whole
    return tuple(least)


@Language.factory("near", assigns=["doc._.near"], requires=["doc._.tokens"])
def create_near(nlp: Language, name: str) -> Near:  # noqa: ARG001  spaCy's signature
    """Make the component."""
    return Near()


class Near:
    """Writes the signature that stories are found by."""

    def __call__(self, doc: Doc) -> Doc:
        given = notes_of(doc)
        given.near = signature(given.tokens)
        return doc
