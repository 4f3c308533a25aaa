"""Addresses and landmarks in the words: "Jl. Melati No. 12 RT 03/RW 05", "BTN Graha blok C5", "depan Alfamart Gerung".

They are stretches for people, who find the spot by them; no area is read from them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from domain.reading import Span
from domain.text.tokens import Token
from nlp.document import notes_of
from nlp.phrases import span_of

_CUES = tomllib.loads((files("nlp") / "lexicons" / "place_cues.toml").read_text("utf-8"))["address"]
STREET, NUMBERED, ESTATE, JUNCTION, BESIDE, LANDMARK, MODIFIER, NAMELESS, TIME = (
    frozenset(_CUES[x])
    for x in (
        "street", "numbered", "estate", "junction", "beside", "landmark", "modifier", "nameless", "time",
    )
)  # fmt: skip
JOINED = frozenset(f"{kind}{n:0{size}d}" for kind in ("rt", "rw") for size in (1, 2, 3) for n in range(1, 100))
_OPENERS = STREET | NUMBERED | ESTATE | JUNCTION | BESIDE | JOINED
_CONTINUING = frozenset({"no", "nomor", "lantai"})  # no address by themselves
_ABBREVIATED = STREET - {"jalan", "lorong", "jlan"}  # a name follows even in small letters: "jl mawar"
_NAME = 4  # capitalised words of one name: "Jl. Tuan Guru Haji Umar"
_MOST = 6  # stretches of one post: more are a list of streets, which shows no spot
_WITHIN = re.compile(r"\.? ?|-")  # within a name
_BETWEEN = re.compile(r"[ ,./]{0,3}")  # between the parts of one address
_NUMBER = re.compile(r"\d{1,4}[a-z]?|[ivx]{1,4}")
_BLOCK = re.compile(r"[a-z]{1,2}\d{0,3}|\d{1,3}")


class _Words(NamedTuple):
    """One post as addresses are looked for in it."""

    words: str
    tokens: Sequence[Token]
    folded: Sequence[str]

    def gap(self, n: int) -> str:
        """What stands between a token and the one before it."""
        return self.words[self.tokens[n - 1].end : self.tokens[n].start]

    def follows(self, n: int) -> bool:
        """Whether a token stands right behind the one before it."""
        return n < len(self.tokens) and _WITHIN.fullmatch(self.gap(n)) is not None

    def capital(self, n: int) -> bool:
        """Whether a word is written large."""
        return self.words[self.tokens[n].start].isupper()


def addresses_in(words: str, tokens: Sequence[Token], folded: Sequence[str]) -> list[Span]:
    """Return the stretches that tell the spot, in order, neighbouring ones as one; at most `_MOST`."""
    if _OPENERS.isdisjoint(folded):
        return []
    post = _Words(words, tokens, folded)
    stretches: list[tuple[int, int]] = []
    n = 0
    while n < len(tokens):
        after = _end(post, n) if folded[n] in _OPENERS else n
        goes_on = bool(stretches) and stretches[-1][1] == n and _BETWEEN.fullmatch(post.gap(n)) is not None
        if after == n or (folded[n] in _CONTINUING and not goes_on):
            n += 1
            continue
        if goes_on:
            stretches[-1] = (stretches[-1][0], after)
        else:
            stretches.append((n, after))
        n = after
    return [span_of(words, tokens, *pair) for pair in stretches[:_MOST]]


def _end(post: _Words, n: int) -> int:
    """Where an address that opens at a token ends; the token itself where none does."""
    word = post.folded[n]
    if word in JOINED:
        return n + 1
    if word in NUMBERED:
        return _numbered(post, n)
    if word in STREET:
        return _named(post, n, small=word in _ABBREVIATED)
    if word in ESTATE:
        return _named(post, n, small=word == "btn")
    if n and post.folded[n - 1] in TIME:
        return n
    return _landmark(post, n + 1, n)


def _numbered(post: _Words, n: int) -> int:
    """The number right behind "RT", "No.", "blok", "km"; a block may have its own: "blok C 5"."""
    block = post.folded[n] in {"blok", "blk"}
    shape = _BLOCK if block else _NUMBER
    if not post.follows(n + 1) or not shape.fullmatch(post.folded[n + 1]):
        return n
    after = n + 2
    if block and post.follows(after) and post.folded[after].isdigit():
        after += 1
    return after


def _named(post: _Words, n: int, *, small: bool) -> int:
    """The name behind "Jl." or "BTN": capitalised words, or one small one after an abbreviation."""
    after = n + 1
    if not post.follows(after) or (not small and "." in post.gap(after)):
        return n
    while after <= n + _NAME and post.follows(after) and _names(post, after, first=after == n + 1):
        after += 1
    if after > n + 1:
        return after
    named = small and post.follows(after) and post.folded[after] not in NAMELESS and post.folded[after].isalpha()
    if not named:
        return n
    after += 1
    while post.follows(after) and (post.folded[after] in MODIFIER or _NUMBER.fullmatch(post.folded[after])):
        after += 1
    return after


def _names(post: _Words, n: int, *, first: bool) -> bool:
    """Whether a word goes on a street's name: written large, or the number of a street that has several."""
    word = post.folded[n]
    if word in _OPENERS or (first and word in NAMELESS and word != "raya"):
        return False
    return post.capital(n) or (not first and _NUMBER.fullmatch(word) is not None)


def _landmark(post: _Words, first: int, opener: int) -> int:
    """The landmark at `first`, "the" opener where there is none: known words in small letters, any written large."""
    after = first
    while after < first + _NAME and post.follows(after):
        word = post.folded[after]
        known = word in LANDMARK or (word in MODIFIER and (after > first or post.folded[opener] in JUNCTION))
        if not known and not (post.capital(after) and word not in NAMELESS) and not (after > first and word.isdigit()):
            break
        after += 1
    return after if after > first else opener


@Language.factory("addresses", assigns=["doc._.addresses"], requires=["doc._.words", "doc._.tokens", "doc._.folded"])
def create_addresses(nlp: Language, name: str) -> Addresses:  # noqa: ARG001  spaCy's signature
    """Make the component."""
    return Addresses()


class Addresses:
    """Writes the addresses and landmarks."""

    by = "aturan-alamat/1"

    def __call__(self, doc: Doc) -> Doc:
        given = notes_of(doc)
        given.addresses = tuple(addresses_in(given.words, given.tokens, given.folded))
        given.decided_by["addresses"] = self.by
        return doc
