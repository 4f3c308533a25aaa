"""Words with their places: the one normaliser behind search, models, places and near-duplicates.

Every surface word becomes at most one token. `exact` is NFKC, lower case, without diacritics,
de-elongated, and mapped from slang where one word stands for one word; `stem` is its dictionary root.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from domain.text.stemming import known, root, shipped

NORM_VERSION = 1  # grows whenever any text could yield other tokens: indexes must then be rebuilt

_CACHED_WORDS = 200_000  # distinct surface forms; a year of a regency's posts holds fewer
_MAX_WORD = 64  # longer runs of letters are noise; cut so that one word cannot fill the cache or an index

_MASK = r"\[(?:nik|kk|telepon|surel|pelat|rekening)\]"
_ASCII_WORD = r"[A-Za-z0-9]+(?:['`]+[A-Za-z0-9]+)*"
# Combining marks, soft hyphens, zero-width joiners and apostrophes hold a word together.
_ANY_WORD = r"[^\W_]+(?:[\u0300-\u036f\u00ad\u200b-\u200d'’ʼ`´]+[^\W_]+)*"
_ASCII = re.compile(_ASCII_WORD)
_ANY = re.compile(_ANY_WORD)
_ASCII_MASKED = re.compile(f"{_MASK}|{_ASCII_WORD}")
_ANY_MASKED = re.compile(f"{_MASK}|{_ANY_WORD}")

_SLANG: dict[str, str] = dict(line.split("\t") for line in shipped("slang.tsv"))
_STOP = frozenset(word for line in shipped("stopwords.txt") for word in line.split())

_NOT_TOKEN = re.compile(r"[^a-z0-9]+")
_DOUBLED = re.compile(r"([a-z]{3,})2(nya|an|ku|mu|in|kan)?")  # "anak2", "pelan2an"
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_ANY_RUN = re.compile(r"([a-z])\1+")
_LAST_PAIR = re.compile(r"([a-z])\1$")  # not inside: "Manna" and "Barru" are places
_LAUGH = re.compile(r"(?:a?(?:ha){2,}h?a*|(?:he){2,}h?|(?:hi){2,}h?|(?:wk){2,}w?|w?(?:kw){2,}k?)")
_ROMAN_OR_WEB = re.compile(r"[ivx]+|w{3}")
_TRY_UNDOUBLE = 5  # letters: shorter words with a double letter are too often names or abbreviations


class Token(NamedTuple):
    """One word of a text. A named tuple, because a frozen dataclass costs three times as much to make.

    `start` and `end` are code points of the text; `stem` is empty for stop words.
    """

    exact: str
    stem: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Return the words of a text in order. Masked personal data and symbols yield none; total on any string."""
    forms = _forms
    tokens = []
    for found in _pattern(text).finditer(text):
        surface = found[0]
        if surface[0] == "[":
            continue
        exact, stem = forms(surface)
        if exact:
            tokens.append(Token(exact, stem, found.start(), found.end()))
    return tokens


def word_forms(text: str) -> list[tuple[str, str]]:
    """Return (exact, stem) of each token, as `tokenize` has them: in a third of its time, for want of offsets."""
    forms = [_forms(surface) for surface in _pattern(text).findall(text) if surface[0] != "["]
    return forms if text.isascii() else [x for x in forms if x[0]]  # every ASCII word has a form


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each token, parallel to `word_forms`."""
    found = _pattern(text).finditer(text)
    if text.isascii() and "[" not in text:
        return [x.span() for x in found]
    return [x.span() for x in found if x[0][0] != "[" and _forms(x[0])[0]]


def streams(text: str) -> tuple[str, str, int]:
    """Return both streams of a text and its number of tokens: as through `tokenize`, in half the time."""
    forms = word_forms(text)
    return " ".join([exact for exact, _ in forms]), " ".join([stem for _, stem in forms if stem]), len(forms)


def _pattern(text: str) -> re.Pattern[str]:
    if text.isascii():
        return _ASCII_MASKED if "[" in text else _ASCII
    return _ANY_MASKED if "[" in text else _ANY


def exact_stream(tokens: Iterable[Token]) -> str:
    """Join the exact forms by spaces: for phrases, NEAR and prefixes."""
    return " ".join([t.exact for t in tokens])


def stem_stream(tokens: Iterable[Token]) -> str:
    """Join the stems by spaces, stop words left out: for plain words."""
    return " ".join([t.stem for t in tokens if t.stem])


def fold(surface: str) -> str:
    """Return a word as [a-z0-9]*: NFKC, lower case, diacritics dropped, digits of any script as ASCII."""
    if surface.isascii():
        return surface.lower().replace("'", "").replace("`", "")
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", surface).casefold())
    digits = (str(unicodedata.decimal(c, c)) for c in bare)
    return _NOT_TOKEN.sub("", "".join(digits).lower())


@lru_cache(maxsize=_CACHED_WORDS)
def _forms(surface: str) -> tuple[str, str]:
    exact = normal(fold(surface)[:_MAX_WORD])
    return exact, ("" if exact in _STOP else _stem(exact))


def everyday(word: str) -> bool:
    """Say whether a folded word belongs to the language, its slang included: a name seldom does."""
    return word in _STOP or word in _SLANG or known(word)


def normal(word: str) -> str:
    """Return the exact form of a folded word. Normalising twice changes nothing.

    Each step either ends in a word that maps to itself (slang targets do) or makes the word shorter.
    """
    while True:
        if word in _SLANG:
            return _SLANG[word]
        shorter = _shorter(word)
        if shorter == word:
            return word
        word = shorter


def _shorter(word: str) -> str:
    """Return a word one step nearer to its normal form, or the word itself; never a longer one."""
    if len(word) <= 2 or word.isdigit():  # noqa: PLR2004  "rt", "ya": nothing to take away
        return word
    doubled = _DOUBLED.fullmatch(word)
    if doubled and (doubled[1] in _SLANG or known(doubled[1])):
        return doubled[1] + (doubled[2] or "")
    if _LAUGH.fullmatch(word):
        return "wkwk" if "k" in word else "haha"
    if known(word) or _ROMAN_OR_WEB.fullmatch(word):
        return word
    return _without_runs(word)


def _without_runs(word: str) -> str:
    """Undo drawn-out letters: "bangeeet", "jalann"; letters doubled by right ("saat") are known words."""
    if _LONG_RUN.search(word):
        short = _LONG_RUN.sub(r"\1", word)
        guesses = (short, _LONG_RUN.sub(r"\1\1", word), _ANY_RUN.sub(r"\1", word))
        return next((x for x in guesses if x in _SLANG or known(x)), short)
    single = _LAST_PAIR.sub(r"\1", word)
    return single if len(word) >= _TRY_UNDOUBLE and known(single) else word


def _stem(exact: str) -> str:
    found = root(exact)
    # A root that is a stop word ("pengadaan" -> "ada") or slang would vanish or change when read again.
    return exact if found in _STOP or found in _SLANG else found
