"""Many phrases found in one pass over a token stream, at word boundaries (Aho-Corasick)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Generic, NamedTuple, TypeVar

import ahocorasick

from domain.reading import Span
from domain.text.tokens import Token

T = TypeVar("T")


class Match(NamedTuple, Generic[T]):
    """A phrase found: tokens `first` up to `after` (half-open) and what the phrase stands for.

    A named tuple, because a frozen dataclass costs three times as much to make.
    """

    first: int
    after: int
    value: T


class Phrases(Generic[T]):
    """Phrases of normalised words, each with a value; the value that comes last wins for a phrase given twice."""

    def __init__(self, entries: Iterable[tuple[Sequence[str], T]]) -> None:
        known = {f" {' '.join(words)} ": (len(words), value) for words, value in entries if words}
        self._any = bool(known)
        self._automaton = ahocorasick.Automaton()
        for phrase, value in known.items():
            self._automaton.add_word(phrase, value)
        if known:
            self._automaton.make_automaton()

    def find(self, stream: str) -> list[Match[T]]:
        """Return every match, overlapping ones too, by where they end. A stream is " word word word "."""
        if not self._any:
            return []
        matches = []
        for end, (length, value) in self._automaton.iter(stream):
            after = stream.count(" ", 0, end)
            matches.append(Match(after - length, after, value))
        return matches


def longest(matches: Iterable[Match[T]]) -> list[Match[T]]:
    """Return matches without overlap, longer ones first to choose, in the order of the words."""
    every = list(matches)
    if len(every) < 2:  # noqa: PLR2004  nothing to choose between
        return every
    taken: set[int] = set()
    kept = []
    for match in sorted(every, key=lambda m: (m.first - m.after, m.first)):
        places = range(match.first, match.after)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(match)
    return sorted(kept, key=lambda m: m.first)


def span_of(words: str, tokens: Sequence[Token], first: int, after: int) -> Span:
    """Return the stretch of the words that tokens `first` up to `after` cover."""
    start, end = tokens[first].start, tokens[after - 1].end
    return Span(start=start, end=end, text=words[start:end])


@cache
def lexicon(name: str) -> tuple[str, ...]:
    """Return the lines of a lexicon of this package, without comments and empty ones."""
    lines = (files("nlp") / "lexicons" / name).read_text(encoding="utf-8").splitlines()
    return tuple(x.strip() for x in lines if x.strip() and not x.startswith("#"))
