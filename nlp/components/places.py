"""Names in the words that may be places, with the word before them that says what they are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from domain.reading import PlaceMention
from domain.regions import RegionProfile
from domain.text.tokens import Token
from nlp.gazetteer import Gazetteer, PlaceName
from nlp.phrases import Match, longest, span_of

_CUES = tomllib.loads((files("nlp") / "lexicons" / "place_cues.toml").read_text("utf-8"))
LEVEL, WHERE, PERSON, KIN, CAPITAL_ANYWAY = (
    frozenset(_CUES["words"][x]) for x in ("level", "where", "person", "kin", "capital_anyway")
)
DIGITS: dict[str, int] = _CUES["digits"]
DATELINE = "titimangsa"  # cue of the town a news item is filed from
_ANNOUNCING = LEVEL | WHERE
_TOLD = LEVEL | WHERE | PERSON | {DATELINE}
_CUE_GAP = re.compile(r"\.? ?|[ :/(\"“'-]{1,3}")
_SENTENCE_END = re.compile(r"[.!?:;\n\"“”|(]|^$")
_DATELINE = re.compile(r" ?[-–—] ")
_SHOUTED = 0.6  # share of capitals among letters, or of capitalised words, from which capitals tell nothing


class Sight:
    """What the writing of one post tells about its words: capitals, sentences, the word before."""

    def __init__(self, words: str, tokens: Sequence[Token], folded: Sequence[str]) -> None:
        self.words, self.tokens, self.folded = words, tokens, folded
        self._body = max(words.find("\n\n"), 0)

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
        """The word right before a token, where nothing separates them."""
        return self.folded[n - 1] if n and _CUE_GAP.fullmatch(self.gap(n)) else None

    def capital(self, n: int) -> bool:
        return self.words[self.tokens[n].start].isupper()

    def telling(self, n: int) -> bool:
        """Whether a capital here means a name: not at a sentence's start, nor where all is written large."""
        start = self.tokens[n].start
        if not self.capital(n) or self._shouted or (self._titled and start < self._body):
            return False
        return n > 0 and not _SENTENCE_END.search(self.gap(n))

    def dateline(self, first: int, after: int) -> bool:
        """Whether tokens open the text of a news item: "LEMBAR - Warga ..."."""
        opens = first == 0 or "\n\n" in self.gap(first)
        written = self.words[self.tokens[first].start : self.tokens[after - 1].end]
        follows = after < len(self.tokens) and _DATELINE.fullmatch(self.gap(after)) is not None
        return opens and follows and written.isupper()


def mentions(gazetteer: Gazetteer, words: str, tokens: Sequence[Token], folded: Sequence[str]) -> list[PlaceMention]:
    """Return the places that the words may name, in order."""
    found = gazetteer.find(f" {' '.join(folded)} ")
    if not found and _ANNOUNCING.isdisjoint(folded):
        return []
    sight = Sight(words, tokens, folded)
    starts = {m.first for m in found}
    kept = longest(m for m in found if _meant(sight, m, starts))
    inner = [m for outer in kept if not outer.value.located for m in longest(_inside(outer, found))]
    taken = {n for m in kept for n in range(m.first, m.after)}
    fuzzy = _slips(gazetteer, sight, taken)
    named = [_Named(m, _cue_of(sight, m)) for m in (*kept, *inner)]
    named += [_Named(m, _cue_of(sight, m), fuzzy=True) for m in fuzzy]
    named = [x for x in named if not (x.cue in KIN and _goes_on(sight, x.match.after))]  # part of a person's name
    levels = _levels(named)
    return [_mention(sight, x, levels) for x in sorted(named, key=lambda x: (x.match.first, x.match.after))]


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
    if not name.ordinary:
        return True
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
    apart = {n: name for n, (a, b) in enumerate(pairwise(folded)) if (name := gazetteer.split(a, b)) is not None}
    announced = {n for n, word in enumerate(folded[:-1], 1) if word in _ANNOUNCING}
    for n in sorted(announced | apart.keys()):
        near = n in announced and sight.cue(n) is not None
        if n in taken or not (near or sight.capital(n)):
            continue
        pair = n + 1 < len(folded) and n + 1 not in taken and sight.gap(n + 1) in {" ", "-"}
        name, size = (apart.get(n), 2) if pair else (None, 0)
        if name is None and near and pair:
            name, size = gazetteer.typo(folded[n], folded[n + 1]), 2
        if name is None and near:
            name, size = gazetteer.typo(folded[n]), 1
        if name is not None and not (size == 1 and name.ordinary and not sight.capital(n)):
            found.append(Match(n, n + size, name))
            taken.update(range(n, n + size))
    return found


def _mention(sight: Sight, named: _Named, levels: Mapping[str, set[int]]) -> PlaceMention:
    (first, after, name), cue, fuzzy = (named.match.first, named.match.after, named.match.value), named.cue, named.fuzzy
    wanted = {DIGITS[cue]} if cue in DIGITS else levels.get(name.name, ())
    fitting = tuple(c for c in name.candidates if c[0].isdigit() and len(c.replace(".", "")) in wanted)
    return PlaceMention(
        span=span_of(sight.words, sight.tokens, first, after),
        name=name.name,
        candidates=fitting or name.candidates,
        cue=cue if cue in _TOLD else None,
        fuzzy=fuzzy,
    )


def _goes_on(sight: Sight, n: int) -> bool:
    """Whether a capitalised word follows without a break, as in a name of several words."""
    return n < len(sight.tokens) and sight.gap(n) == " " and sight.capital(n)


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
        given = doc._
        given.places = tuple(mentions(self._gazetteer, given.words, given.tokens, given.folded))
        given.decided_by["places"] = self.by
        return doc
