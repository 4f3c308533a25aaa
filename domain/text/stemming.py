"""Indonesian roots: affixes are stripped only where a known root remains ("perintah" stays "perintah")."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

_SHORTEST_ROOT = 3
_SHORTEST_WORD = 5  # shorter words carry no affix that is worth the risk
_MOST_PREFIXES = 3  # "mem-per-se-..."
_CACHED_ROOTS = 100_000


def shipped(name: str) -> list[str]:
    """Return the lines of a data file of this package, without empty ones."""
    return [x for x in (files("domain.text") / name).read_text(encoding="utf-8").splitlines() if x]


_ROOTS = frozenset(shipped("roots.txt"))
_IRREGULAR = {"pengawasan": "awas", "pengawas": "awas", "mengetahui": "tahu", "diketahui": "tahu", "belajar": "ajar"}

# prefix -> what may stand in its place before the rest: "meny-apu" is "s-apu". Longest first.
_PREFIXES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("menge", ("",)), ("penge", ("",)),
    ("meng", ("", "k")), ("peng", ("", "k")), ("meny", ("s",)), ("peny", ("s",)),
    ("mem", ("", "p")), ("pem", ("", "p")), ("men", ("", "t")), ("pen", ("", "t")),
    ("ber", ("",)), ("ter", ("",)), ("per", ("",)), ("bel", ("",)), ("pel", ("",)),
    ("nge", ("",)), ("ng", ("", "k")), ("ny", ("s", "c")),
    ("me", ("",)), ("pe", ("",)), ("be", ("",)), ("te", ("",)), ("di", ("",)), ("ke", ("",)), ("se", ("",)),
    ("n", ("", "t", "c")), ("m", ("", "p")),
)  # fmt: skip
_NASALS_BEFORE_VOWEL = ("meng", "peng", "meny", "peny", "mem", "pem", "men", "pen", "ng", "ny", "n", "m")


def is_root(word: str) -> bool:
    """Say whether a folded word is a root itself."""
    return word in _ROOTS


def known(word: str) -> bool:
    """Say whether a word is a root or an inflection of one."""
    return word in _ROOTS or root(word) != word


@lru_cache(maxsize=_CACHED_ROOTS)
def root(word: str) -> str:
    """Return the root of a folded word, or the word itself where none is known.

    Of several roots the longest wins ("pe-layan-an", not "pel-ayan-an"), then the one under fewer prefixes.
    """
    if word in _ROOTS or len(word) < _SHORTEST_WORD:
        return word
    irregular = _IRREGULAR.get(word)
    if irregular:
        return irregular
    best, best_rank = word, (0, -_MOST_PREFIXES - 1)
    for base in _without_endings(word):
        for found, prefixes in _under_prefixes(base, 0):
            rank = (len(found), -prefixes)
            if found in _ROOTS and rank > best_rank:
                best, best_rank = found, rank
    return best


def _without_endings(word: str) -> Iterator[str]:
    """Yield the word with ever more of its endings gone, itself first."""
    bare = [word]
    for endings in (("lah", "kah", "pun"), ("nya", "ku", "mu")):
        bare += [form[: -len(x)] for form in bare for x in endings if form.endswith(x)]
    for form in bare:
        yield form
        yield from (form[: -len(x)] for x in ("kan", "an", "i", "in") if form.endswith(x))


def _under_prefixes(word: str, gone: int) -> Iterator[tuple[str, int]]:
    """Yield what a word may be under its prefixes, with how many are gone; the word itself first."""
    yield word, gone
    if gone == _MOST_PREFIXES:
        return
    for prefix, heads in _PREFIXES:
        rest = word[len(prefix) :]
        if len(rest) >= _SHORTEST_ROOT - 1 and word.startswith(prefix):
            for head in heads:
                if _fits(prefix, head, rest) and len(head + rest) >= _SHORTEST_ROOT:
                    yield from _under_prefixes(head + rest, gone + 1)


def _fits(prefix: str, head: str, rest: str) -> bool:
    """Say whether a nasal prefix may have swallowed a consonant here, or stand before this sound."""
    if prefix not in _NASALS_BEFORE_VOWEL:
        return True
    vowel = rest[0] in "aiueo"
    if head:
        return vowel
    if prefix in {"meng", "peng", "ng"}:
        return vowel or rest[0] in "ghk"
    if prefix in {"mem", "pem", "m"}:
        return rest[0] in "bpfv"
    return rest[0] in "cdjstz"
