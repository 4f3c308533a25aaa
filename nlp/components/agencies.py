"""Agencies that the writer names: "Yth. Dinas Perhubungan", "PUPR", "PDAM"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from domain.reading import Span
from domain.regions import RegionProfile
from domain.text.tokens import Token
from nlp.document import notes_of
from nlp.gazetteer import words_of
from nlp.phrases import Phrases, lexicon, longest, span_of

# Areas and heads of areas: named as places or greeted, seldom as the office that must answer.
_NO_OFFICE = frozenset(
    [
        ("kecamatan",), ("kelurahan",), ("desa",), ("lurah",), ("camat",), ("bupati",), ("gubernur",), ("walikota",),
        ("wali", "kota"), ("kades",), ("kepala", "desa"), ("ketapang",), ("polisi",), ("operator", "seluler"),
    ]
)  # fmt: skip
_BESIDE = frozenset(
    ["depan", "dekat", "deket", "samping", "belakang", "sebelah", "seberang", "dkt", "jalan", "jl", "simpang"]
)


def agency_phrases(profiles: Iterable[RegionProfile]) -> Phrases[None]:
    """Return every name, code and alias of the profiles' agencies, and what people call offices anywhere."""
    names = {words_of(line) for line in lexicon("agencies.txt")}
    for profile in profiles:
        for agency in profile.agencies.values():
            names.update(words_of(name) for name in (agency.code, agency.name, *agency.aliases))
    return Phrases((words, None) for words in names - _NO_OFFICE)


def agencies_in(phrases: Phrases[None], words: str, tokens: Sequence[Token], folded: Sequence[str]) -> Iterator[Span]:
    """Yield the names of agencies in order, the longest where they overlap; not where one only tells the way."""
    for match in longest(phrases.find(f" {' '.join(folded)} ")):
        if not match.first or folded[match.first - 1] not in _BESIDE:
            yield span_of(words, tokens, match.first, match.after)


@Language.factory("agencies", assigns=["doc._.agencies"], requires=["doc._.words", "doc._.tokens", "doc._.folded"])
def create_agencies(nlp: Language, name: str) -> Agencies:  # noqa: ARG001  spaCy's signature
    """Make the component; it knows the regions' agencies after `prepare`."""
    return Agencies()


class Agencies:
    """Writes the agencies named; `prepare` gives it the regions' own."""

    by = "aturan-instansi/1"

    def __init__(self) -> None:
        self._phrases = agency_phrases(())

    def prepare(self, profiles: Mapping[str, RegionProfile]) -> None:
        """Look for these regions' agencies from now on."""
        self._phrases = agency_phrases(profiles.values())

    def __call__(self, doc: Doc) -> Doc:
        given = notes_of(doc)
        given.agencies = tuple(agencies_in(self._phrases, given.words, given.tokens, given.folded))
        given.decided_by["agencies"] = self.by
        return doc
