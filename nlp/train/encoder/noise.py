"""Write a sentence as people type it: the same meaning in other letters, so that the encoder sees through them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_SHORT = 4  # letters: shorter words keep their vowels
_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = re.compile(r"(?<=\w)[aeiou](?=\w)")
_NEIGHBOURS = {
    "a": "s", "b": "v", "c": "x", "d": "s", "e": "r", "g": "h", "h": "j", "i": "o", "j": "k", "k": "l", "l": "k",
    "m": "n", "n": "m", "o": "i", "p": "o", "r": "t", "s": "d", "t": "y", "u": "i", "y": "u",
}  # fmt: skip
TOUCHED = 0.3  # share of texts that are written anew each time they are shown
_WORDS_TOUCHED = 0.15


def noisy(words: str, chance: random.Random) -> str:
    """Return the text, or now and then one with dropped vowels, slips, swaps, drawn-out ends, or other capitals."""
    if chance.random() >= TOUCHED:
        return words
    way = chance.random()
    if way < 0.2:  # noqa: PLR2004
        return words.lower()
    if way < 0.25:  # noqa: PLR2004
        return words.upper()
    change: Callable[[str, random.Random], str] = chance.choice((_shortened, _slipped, _swapped, _drawn_out))
    return _WORD.sub(lambda found: change(found[0], chance) if chance.random() < _WORDS_TOUCHED else found[0], words)


def _shortened(word: str, _: random.Random) -> str:
    return word if len(word) < _SHORT else _VOWELS.sub("", word)


def _slipped(word: str, chance: random.Random) -> str:
    n = chance.randrange(len(word))
    return word[:n] + _NEIGHBOURS.get(word[n], word[n]) + word[n + 1 :]


def _swapped(word: str, chance: random.Random) -> str:
    n = chance.randrange(max(1, len(word) - 1))
    return word[:n] + word[n : n + 2][::-1] + word[n + 2 :]


def _drawn_out(word: str, chance: random.Random) -> str:
    return word + word[-1] * chance.randint(1, 3)
