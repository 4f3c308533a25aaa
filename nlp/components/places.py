"""Names in the words that may be places, with the word before them that says what they are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from domain.reading import PlaceMention
from domain.regions import RegionProfile
from domain.text.tokens import Token
from nlp.document import notes_of
from nlp.gazetteer import Gazetteer, PlaceName
from nlp.phrases import Match, longest, span_of
from nlp.sight import DEGREES, Sight

_CUES = tomllib.loads((files("nlp") / "lexicons" / "place_cues.toml").read_text("utf-8"))
LEVEL, WHERE, PERSON, KIN, CAPITAL_ANYWAY = (
    frozenset(_CUES["words"][x]) for x in ("level", "where", "person", "kin", "capital_anyway")
)
DIGITS: dict[str, int] = _CUES["digits"]
GIVEN = frozenset(_CUES["given"]["before"])
DATELINE = "titimangsa"  # cue of the town a news item is filed from
_ANNOUNCING = LEVEL | WHERE
_TOLD = LEVEL | WHERE | PERSON | {DATELINE}
_NAMES_BEHIND = 3  # capitalised words that may follow in one person's name


def mentions(gazetteer: Gazetteer, words: str, tokens: Sequence[Token], folded: Sequence[str]) -> list[PlaceMention]:
    """Return the places that the words may name, in order."""
    found = gazetteer.find(f" {' '.join(folded)} ")
    if not found and _ANNOUNCING.isdisjoint(folded):
        return []
    sight = Sight(words, tokens, folded)
    starts = {m.first for m in found}
    kept = longest([m for m in found if not m.value.ordinary or _meant(sight, m, starts)])
    inner = [m for outer in kept if not outer.value.located for m in longest(_inside(outer, found))]
    taken = {n for m in kept for n in range(m.first, m.after)}
    fuzzy = _slips(gazetteer, sight, taken)
    named = [_Named(m, _cue_of(sight, m)) for m in (*kept, *inner)]
    named += [_Named(m, _cue_of(sight, m), fuzzy=True) for m in fuzzy]
    named = [x for x in named if not _of_a_person(sight, x)]
    levels = _levels(named)
    if len(named) > 1:
        named.sort(key=_where)
    return [_mention(sight, x, levels) for x in named]


def _where(named: _Named) -> tuple[int, int]:
    return named.match.first, named.match.after


class _Named(NamedTuple):
    """A name that is meant as one, with the word before it."""

    match: Match[PlaceName]
    cue: str | None
    fuzzy: bool = False


def _cue_of(sight: Sight, match: Match[PlaceName]) -> str | None:
    return DATELINE if sight.dateline(match.first, match.after) else sight.cue(match.first)


def _levels(named: Sequence[_Named]) -> dict[str, set[int]]:
    """Return, by name, the levels that the writer gives it anywhere: "kecamatan Sembalun" tells what "Sembalun" is."""
    levels: dict[str, set[int]] = {}
    for match, cue, fuzzy in named:
        if cue in DIGITS and not fuzzy:
            levels.setdefault(match.value.name, set()).add(DIGITS[cue])
    return levels


def _inside(outer: Match[PlaceName], found: Sequence[Match[PlaceName]]) -> list[Match[PlaceName]]:
    return [
        m
        for m in found
        if m is not outer
        and outer.first <= m.first
        and m.after <= outer.after
        and m.value.located
        and not m.value.ordinary
    ]


def _meant(sight: Sight, match: Match[PlaceName], starts: set[int]) -> bool:
    """Whether an everyday word or phrase is used as a name here; other names always are."""
    name = match.value
    if name.words == 1 and _part_of_another(sight, match, starts):
        return False
    cue = sight.cue(match.first)
    if cue in LEVEL:
        return True
    if name.words == 1:
        return sight.folded[match.first] not in CAPITAL_ANYWAY and (
            sight.telling(match.first)
            or (cue in WHERE and sight.capital(match.first))
            or sight.dateline(match.first, match.after)
        )
    return cue in WHERE or all(sight.capital(n) for n in range(match.first, match.after))


def _part_of_another(sight: Sight, match: Match[PlaceName], starts: set[int]) -> bool:
    """Whether a capital stands right beside an everyday word: "Manyar Baru", "dusun Batu Leong" are other names."""
    before, after = match.first - 1, match.after
    leads = before >= 0 and sight.gap(match.first) == " " and sight.telling(before)
    if leads and sight.folded[before] not in _ANNOUNCING and before + 1 in starts and before not in starts:
        return True
    follows = after < len(sight.tokens) and sight.gap(after) == " " and sight.telling(after)
    return follows and after not in starts and sight.folded[after] not in _ANNOUNCING


def _slips(gazetteer: Gazetteer, sight: Sight, taken: set[int]) -> list[Match[PlaceName]]:
    """Return names with a typing error after words that announce a place, and names written apart."""
    folded = sight.folded
    found = []
    apart = gazetteer.apart(folded)
    starts = [n for n, word in enumerate(folded, 1) if word in _ANNOUNCING]
    for n in sorted({*starts, *apart}) if apart else starts:
        if n in taken or n >= len(folded):
            continue
        one = gazetteer.typo(folded[n])
        two = gazetteer.typo(folded[n], folded[n + 1]) if n + 1 < len(folded) else None
        if one is None and two is None and n not in apart:
            continue
        near = n > 0 and folded[n - 1] in _ANNOUNCING and sight.cue(n) is not None
        if not (near or sight.capital(n)):
            continue
        pair = n + 1 < len(folded) and n + 1 not in taken and sight.gap(n + 1) in {" ", "-"}
        name, size = (apart.get(n), 2) if pair else (None, 0)
        if name is None and near:
            name, size = (two, 2) if pair and two is not None else (one, 1)
        if name is not None and not (size == 1 and name.ordinary and not sight.capital(n)):
            found.append(Match(n, n + size, name))
            taken.update(range(n, n + size))
    return found


def _mention(sight: Sight, named: _Named, levels: Mapping[str, set[int]]) -> PlaceMention:
    (first, after, name), cue, fuzzy = (named.match.first, named.match.after, named.match.value), named.cue, named.fuzzy
    wanted = {DIGITS[cue]} if cue in DIGITS else levels.get(name.name, ())
    fitting = (
        tuple(c for c in name.candidates if c[0].isdigit() and len(c.replace(".", "")) in wanted) if wanted else ()
    )
    return PlaceMention(
        span=span_of(sight.words, sight.tokens, first, after),
        name=name.name,
        candidates=fitting or name.candidates,
        cue=cue if cue in _TOLD else None,
        fuzzy=fuzzy,
    )


def _of_a_person(sight: Sight, named: _Named) -> bool:
    """Whether a name is part of a person's: after a given name, of several words after kin, or before a degree."""
    first, after = named.match.first, named.match.after
    if named.cue in GIVEN and sight.capital(first) and sight.capital(first - 1):
        return True
    if named.cue not in KIN and not sight.degrees:
        return False
    last = after
    while last < min(after + _NAMES_BEHIND, len(sight.tokens)) and sight.gap(last) == " " and sight.capital(last):
        last += 1
    if named.cue in KIN and last > after:
        return True
    if last >= len(sight.tokens) or not sight.gap(last).startswith(","):
        return False
    return sight.folded[last] in DEGREES and sight.capital(last) and named.cue not in _ANNOUNCING


@Language.factory("places", assigns=["doc._.places"], requires=["doc._.words", "doc._.tokens", "doc._.folded"])
def create_places(nlp: Language, name: str) -> Places:  # noqa: ARG001  spaCy's signature
    """Make the component; it knows no name until `prepare`."""
    return Places()


class Places:
    """Writes the place mentions; `prepare` gives it the regions' names."""

    by = "aturan-tempat/1"

    def __init__(self) -> None:
        self._gazetteer = Gazetteer({})

    def prepare(self, profiles: Mapping[str, RegionProfile]) -> None:
        """Look for these regions' names from now on."""
        self._gazetteer = Gazetteer(profiles)

    def __call__(self, doc: Doc) -> Doc:
        given = notes_of(doc)
        given.places = tuple(mentions(self._gazetteer, given.words, given.tokens, given.folded))
        given.decided_by["places"] = self.by
        return doc
