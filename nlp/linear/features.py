"""From tokens to features: word 1-2-grams of the exact and stem streams, character n-grams of words, surface cues.

A feature is a string with a mark for its kind, so that a vocabulary can be read: `jalan`, `jalan rusak` (exact),
`~rusak` (stem), `#^jal` (characters), `<mohon` and `>kasih` (at an end),
`@selong` (address), `!shout` (cue). A post's row is binary presence x idf,
of length 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from domain.text.tokens import Token
from nlp.deciders import Heard
from nlp.linear.cues import cues

CUE_AT = -1  # position of a feature that no single token carries
MAX_TOKENS = 400  # an article says what it is about before this; it bounds the time a post can take
EDGE = 3  # words at either end that count by their place: greetings, wishes, thanks
CUE_REACH = 2_500  # code points of a post in which cues are looked for, for the same reason
CHAR_SIZES = (3, 4, 5)
NUMBER = "0"  # every number is the same word: which one it is says nothing of what a post is about
_REMEMBERED = 100_000  # words whose n-grams are kept at hand: one seen once must not stay for ever
WIDE = 4  # bytes of an int32
_MIN_CHAR_WORD = 4  # shorter words say no more by their characters than by themselves

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
_NONE: Ints = np.empty(0, dtype=np.int32)


def char_grams(word: str) -> tuple[str, ...]:
    """Return the character n-grams of a word with its edges marked; none for short words."""
    if len(word) < _MIN_CHAR_WORD:
        return ()
    edged = f"^{word}$"
    return tuple(f"#{edged[n : n + size]}" for size in CHAR_SIZES for n in range(len(edged) - size + 1))


def features(post: Heard) -> dict[str, int]:
    """Return a post's features, each with the index of a token where it begins."""
    found: dict[str, int] = {}
    before = stem_before = ""
    tokens = post.tokens[:MAX_TOKENS]
    for at, token in enumerate(tokens):
        word = NUMBER if token.exact.isdigit() else token.exact
        found[word] = at
        if before:
            found[f"{before} {word}"] = at - 1
        before = word
        if word is not NUMBER:
            found.update(dict.fromkeys(char_grams(word), at))
            if token.stem:
                found[f"~{token.stem}"] = at
                if stem_before:
                    found[f"~{stem_before} {token.stem}"] = at
                stem_before = token.stem
    found.update(_ends_and_cues(post, tokens))
    return found


def _ends_and_cues(post: Heard, tokens: Sequence[Token]) -> Iterator[tuple[str, int]]:
    """Features that do not come word by word."""
    for at in range(min(EDGE, len(tokens))):
        yield f"<{tokens[at].exact}", at
        yield f">{tokens[-1 - at].exact}", len(tokens) - 1 - at
    for token in post.address:
        yield f"@{token.exact}", CUE_AT
    for name in cues(post.words[:CUE_REACH], tokens):
        yield f"!{name}", CUE_AT


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch as the models see it. `at` gives, beside each stored value of `matrix`, its token index."""

    matrix: csr_matrix
    at: Ints


class Featuriser:
    """Turns posts into rows of a fixed vocabulary; the n-grams of a word are looked up once per word.

    Numbers of features are kept as the bytes of an int32: those of a post are one buffer, however many words gave them.
    """

    def __init__(self, vocabulary: Sequence[str], idf: Floats) -> None:
        packed = np.arange(len(vocabulary), dtype=np.int32).tobytes()
        self._number: Mapping[str, bytes] = {
            name: packed[n * WIDE : (n + 1) * WIDE] for n, name in enumerate(vocabulary)
        }
        self._idf = idf
        self._words: dict[str, bytes] = {}
        self.size = len(vocabulary)

    def rows(self, posts: Iterable[Heard]) -> Rows:
        """Return one row per post, each of euclidean length 1 (or 0 where nothing is known)."""
        seen = np.empty(self.size, dtype=np.int32)
        every = [_distinct(*self._found(post), seen) for post in posts]
        columns = np.concatenate([_NONE, *(numbers for numbers, _ in every)])
        at = np.concatenate([_NONE, *(places for _, places in every)])
        values = self._idf[columns]
        pointers = np.cumsum([0, *(len(numbers) for numbers, _ in every)], dtype=np.int32)
        squares = np.concatenate(([0.0], np.cumsum(values.astype(np.float64) ** 2)))
        norms = np.sqrt(np.maximum(squares[pointers[1:]] - squares[pointers[:-1]], 1e-12))
        values = (values / np.repeat(norms, np.diff(pointers))).astype(np.float32)
        matrix = csr_matrix((values, columns, pointers), shape=(len(every), self.size))
        return Rows(matrix, at)

    def _found(self, post: Heard) -> tuple[Ints, Ints]:
        """What `features` finds, in its order, as numbers of the vocabulary, each with its token.

        Its fast twin, but for those found again, which stand here each time; a test holds them together.
        """
        get, known = self._number.get, self._words
        parts: list[bytes] = []
        places: list[int] = []
        before = stem_before = ""
        tokens = post.tokens[:MAX_TOKENS]
        for at, (exact, stem, _, _) in enumerate(tokens):
            packed = known.get(exact)
            parts.append(self._learn(exact, stem) if packed is None else packed)
            places.append(at)
            word = NUMBER if exact.isdigit() else exact
            if before and (packed := get(f"{before} {word}")) is not None:
                parts.append(packed)
                places.append(at - 1)
            before = word
            if stem and word is not NUMBER:
                if stem_before and (packed := get(f"~{stem_before} {stem}")) is not None:
                    parts.append(packed)
                    places.append(at)
                stem_before = stem
        for name, at in _ends_and_cues(post, tokens):
            if (packed := get(name)) is not None:
                parts.append(packed)
                places.append(at)
        sizes = np.fromiter(map(len, parts), dtype=np.int32, count=len(parts)) // WIDE
        return np.frombuffer(b"".join(parts), dtype=np.int32), np.repeat(np.array(places, dtype=np.int32), sizes)

    def _learn(self, exact: str, stem: str) -> bytes:
        """The numbers of what a word says alone. A token's stem follows from its exact form."""
        if len(self._words) >= _REMEMBERED:
            self._words.clear()
        names = (NUMBER,) if exact.isdigit() else (exact, *((f"~{stem}",) if stem else ()), *char_grams(exact))
        numbers = b"".join([n for name in names if (n := self._number.get(name)) is not None])
        self._words[exact] = numbers
        return numbers


def _distinct(numbers: Ints, places: Ints, seen: Ints) -> tuple[Ints, Ints]:
    """Return each number once, where it stood first, with the place given it last. `seen` is room for any number."""
    order = np.arange(len(numbers), dtype=np.int32)
    seen[numbers[::-1]] = order[::-1]  # of several values for one number the last one stays
    once = numbers[seen[numbers] == order]
    seen[numbers] = places
    return once, seen[once]
