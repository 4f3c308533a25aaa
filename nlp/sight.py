"""What the writing of one post tells about its words: capitals, sentences, the word before."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files

from domain.text.tokens import Token

DEGREES = frozenset(
    tomllib.loads((files("nlp") / "lexicons" / "place_cues.toml").read_text("utf-8"))["given"]["degrees"]
)
ON_BEHALF = "an"  # "a.n.", "a/n", "an.": the name of whom a thing is in
_CUE_GAP = re.compile(r"\.? ?|[ :/(\"“'-]{1,3}")
_WITHIN_AN = frozenset({".", "/"})
_SENTENCE_END = re.compile(r"[.!?:;\n\"“”|(]|^$")
_DATELINE = re.compile(r" ?[-–—] ")
_SHOUTED = 0.6  # share of capitals among letters, or of capitalised words, from which capitals tell nothing


class Sight:
    """What the writing of one post tells about its words: capitals, sentences, the word before."""

    def __init__(self, words: str, tokens: Sequence[Token], folded: Sequence[str]) -> None:
        self.words, self.tokens, self.folded = words, tokens, folded
        self._body = max(words.find("\n\n"), 0)
        self.degrees = not DEGREES.isdisjoint(folded)  # whether a degree may stand anywhere: most posts hold none

    @cached_property
    def _shouted(self) -> bool:
        letters = sum(map(str.isalpha, self.words))
        return sum(map(str.isupper, self.words)) > _SHOUTED * letters

    @cached_property
    def _titled(self) -> bool:
        head = [t for t in self.tokens if t.start < self._body]
        return bool(head) and sum(self.words[t.start].isupper() for t in head) > _SHOUTED * len(head)

    def gap(self, n: int) -> str:
        """What stands between a token and the one before it."""
        return self.words[self.tokens[n - 1].end : self.tokens[n].start] if n else ""

    def cue(self, n: int) -> str | None:
        """The word right before a token, where nothing separates them; "a.n." is "an"."""
        if not n:
            return None
        gap = self.words[self.tokens[n - 1].end : self.tokens[n].start]
        if gap != " " and not _CUE_GAP.fullmatch(gap):
            return None
        word = self.folded[n - 1]
        if word == "n" and n > 1 and self.folded[n - 2] == "a" and self.gap(n - 1) in _WITHIN_AN:
            return ON_BEHALF
        return word

    def capital(self, n: int) -> bool:
        return self.words[self.tokens[n].start].isupper()

    def telling(self, n: int) -> bool:
        """Whether a capital here means a name: not at a sentence's start, nor where all is written large."""
        start = self.tokens[n].start
        if not self.capital(n) or self._shouted or (self._titled and start < self._body):
            return False
        gap = self.gap(n)
        return n > 0 and (gap == " " or not _SENTENCE_END.search(gap))

    def dateline(self, first: int, after: int) -> bool:
        """Whether tokens open the text of a news item: "LEMBAR - Warga ..."."""
        if (first and "\n\n" not in self.gap(first)) or after >= len(self.tokens):
            return False
        written = self.words[self.tokens[first].start : self.tokens[after - 1].end]
        return written.isupper() and _DATELINE.fullmatch(self.gap(after)) is not None
