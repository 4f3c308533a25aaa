"""Insults and curses, also where letters are hidden ("b*ngsat", "g0bl0k", "a n j i n g"); animals are no insult."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from domain.text.tokens import Token, normal, tokenize
from nlp.document import notes_of
from nlp.phrases import Phrases

_NEAR = 3  # tokens on either side in which an animal is one
_AIM = 3  # tokens before in which "dasar" aims an insult
_MANY_WEAK = 2
_MIXED = re.compile(r"[*@$\d](?:(?<=[*@$])|(?=[A-Za-z])|(?<=[A-Za-z]\d))")  # a sign, or a figure beside a letter
_HIDDEN = re.compile(r"(?<!\w)(?=[A-Za-z]*[0-9@$*])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9@$*]{3,}(?!\w)")
_MAYBE_SPACED = re.compile(r"[ .\-_][A-Za-z][ .\-_]")  # what every such run holds, found far sooner
_SPACED = re.compile(r"(?<!\w)[A-Za-z](?:[ .\-_][A-Za-z]){3,11}(?!\w)")
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})
_CLAUSE_BREAK = re.compile(r"[!.,?;\n]")
_CLAUSE_END = re.compile(r"[!.,?\n]|^$")


class _Lists(NamedTuple):
    strong: frozenset[str]
    weak: frozenset[str]
    either: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    animals: frozenset[str]
    near: frozenset[str]
    phrases: Phrases[None]


@cache
def _lists() -> _Lists:
    read = tomllib.loads((files("nlp") / "lexicons" / "abuse.toml").read_text("utf-8"))
    strong, weak, before, after, animals, near = (
        frozenset(normal(w) for w in read[name].split())
        for name in ("strong", "weak", "aim_before", "aim_after", "animals", "animal_near")
    )
    lines = [line for line in read["phrases"].split("\n") if line]
    phrases = Phrases(([t.exact for t in tokenize(x)], None) for x in lines)
    return _Lists(strong, weak, strong | weak, before, after, animals, near, phrases)


def is_abusive(words: str, tokens: Sequence[Token], stream: str) -> bool:
    """Say whether a post insults or curses somebody."""
    lists = _lists()
    exact = [t.exact for t in tokens]
    weak = aimed = 0
    listed = () if lists.either.isdisjoint(exact) else enumerate(exact)
    for n, word in listed:
        if word in lists.strong:
            if word not in lists.animals or _insult(lists, words, tokens, exact, n):
                return True
        elif word in lists.weak:
            weak += 1
            aimed += "dasar" in exact[max(0, n - _AIM) : n] or not lists.before.isdisjoint(exact[max(0, n - 1) : n])
    if (aimed and weak + aimed >= _MANY_WEAK) or lists.phrases.find(stream):
        return True
    return _hidden(words, lists.strong)


def _insult(lists: _Lists, words: str, tokens: Sequence[Token], exact: Sequence[str], n: int) -> bool:
    """Say whether an animal's name is thrown at somebody."""
    around = _clause(words, tokens, exact, n)
    if "dasar" in exact[max(0, n - _AIM) : n]:
        return True
    if not lists.near.isdisjoint(around) or any(w.isdigit() for w in exact[max(0, n - 2) : n]):
        return False
    if not lists.before.isdisjoint(exact[max(0, n - 1) : n]):
        return True
    following = exact[n + 1] if n + 1 < len(exact) else ""
    ends = words[tokens[n].end : tokens[n + 1].start] if following else ""
    return (
        following in lists.after
        or bool(_CLAUSE_END.search(ends))
        or exact[n] != words[tokens[n].start : tokens[n].end].lower()
    )


def _clause(words: str, tokens: Sequence[Token], exact: Sequence[str], n: int) -> list[str]:
    """Return the words near one that no comma or stop parts from it."""
    first, last = n, n
    while first > max(0, n - _NEAR) and not _CLAUSE_BREAK.search(words[tokens[first - 1].end : tokens[first].start]):
        first -= 1
    while last < min(len(exact) - 1, n + _NEAR) and not _CLAUSE_BREAK.search(
        words[tokens[last].end : tokens[last + 1].start]
    ):
        last += 1
    return [*exact[first:n], *exact[n + 1 : last + 1]]


def _hidden(words: str, strong: frozenset[str]) -> bool:
    """Say whether an insult is written with signs, figures or spaces in it."""
    if _MIXED.search(words):
        for found in _HIDDEN.finditer(words):
            plain = found[0].lower().translate(_LEET)
            if "*" not in plain:
                if normal(plain) in strong and not found[0].isdigit():
                    return True
            elif plain.count("*") < len(plain) - 1 and _fits(plain, strong):
                return True
    if not _MAYBE_SPACED.search(words):
        return False
    return any(re.sub(r"[^a-z]", "", x[0].lower()) in strong for x in _SPACED.finditer(words))


def _fits(pattern: str, strong: frozenset[str]) -> bool:
    """Say whether a word with stars can be an insult: each star one letter, the first and the last known."""
    if pattern[0] == "*" or pattern[-1] == "*":
        return False
    expression = re.compile(pattern.replace("*", "[a-z]"))
    return any(len(word) == len(pattern) and expression.fullmatch(word) for word in strong)


@Language.factory("abuse", assigns=["doc._.abuse"], requires=["doc._.words", "doc._.tokens", "doc._.stream"])
def create_abuse(nlp: Language, name: str) -> AbuseReader:  # noqa: ARG001  spaCy's signature
    """Make the component."""
    return AbuseReader()


class AbuseReader:
    """Writes whether the post is abusive."""

    by = "aturan-kasar/1"

    def __call__(self, doc: Doc) -> Doc:
        given = notes_of(doc)
        given.abuse = is_abusive(given.words, given.tokens, given.stream)
        given.decided_by["abuse"] = self.by
        return doc
