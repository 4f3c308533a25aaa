"""The language most of a post is in, by function words."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

from spacy.language import Language as SpacyLanguage
from spacy.tokens import Doc

from domain.labels import Language
from nlp.document import notes_of

_SHARED = 0.5  # weight of a word that more than one language uses
_ENDINGS = {"nyo": ("bkl", 0.6), "aq": ("sas", 0.6), "eq": ("sas", 0.5)}  # "umurnyo", "begawaq"
_ENDING_LETTERS = 5
_LEAST_WORDS = 1.5  # weight below which a regional language is not believed
_LEAST_SHARE = 0.12  # of all words: code-mixed Indonesian stays Indonesian
_OVER_INDONESIAN = 0.75  # regional languages borrow Indonesian function words, not the reverse
_FOREIGN_SHARE = 0.2  # English and the others stand in running text, not as borrowed words
_CACHED_WORDS = 50_000


@cache
def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    """What each word speaks for, with its weight."""
    lists = tomllib.loads((files("nlp") / "lexicons" / "languages.toml").read_text("utf-8"))
    weights: dict[str, dict[str, float]] = {}
    for language, words in lists.items():
        for word in words["shared"].split():
            weights.setdefault(word, {})[language] = _SHARED
        for word in words["sure"].split():
            weights.setdefault(word, {})[language] = 1.0
    return {word: tuple(by.items()) for word, by in weights.items()}


@lru_cache(maxsize=_CACHED_WORDS)
def _speaks(word: str) -> tuple[tuple[str, float], ...]:
    """What a word speaks for, by itself or else by its ending, with its weight."""
    weights = _weights()
    if word in weights or len(word) < _ENDING_LETTERS:
        return weights.get(word, ())
    return tuple(given for ending, given in _ENDINGS.items() if word.endswith(ending))


def language_of(folded: Sequence[str]) -> Language:
    """Return the language of folded words; Indonesian where nothing tells, `other` where no letters are known."""
    if not folded:
        return Language.OTHER
    scores: dict[str, float] = {}
    for word in folded:
        for language, weight in _speaks(word):
            scores[language] = scores.get(language, 0.0) + weight
    indonesian = scores.pop("id", 0.0)
    if not scores:
        return Language.INDONESIAN
    best = max(scores, key=lambda x: scores[x])
    score, share = scores[best], scores[best] / len(folded)
    if best == "en":
        return Language.ENGLISH if share >= _FOREIGN_SHARE and score > indonesian else Language.INDONESIAN
    if score < _LEAST_WORDS or share < _LEAST_SHARE or score < _OVER_INDONESIAN * indonesian:
        return Language.INDONESIAN
    return Language(best) if best in Language._value2member_map_ else Language.OTHER


@SpacyLanguage.factory("language", assigns=["doc._.language"], requires=["doc._.folded"])
def create_language(nlp: SpacyLanguage, name: str) -> LanguageReader:  # noqa: ARG001  spaCy's signature
    """Make the component."""
    return LanguageReader()


class LanguageReader:
    """Writes the language."""

    by = "aturan-bahasa/1"

    def __call__(self, doc: Doc) -> Doc:
        given = notes_of(doc)
        given.language = language_of(given.folded)
        given.decided_by["language"] = self.by
        return doc
