"""Place names as the reader looks for them: every spelling of every area, road and point that the profiles know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from domain.regions import RegionProfile
from domain.regions.reference import PlaceEntry, gazetteer_entries
from domain.text.stemming import is_root, known
from domain.text.tokens import everyday, fold, tokenize
from nlp.phrases import Match, Phrases, lexicon

_JOINED_LETTERS = 8  # "bukitgeru": shorter joined names are likelier words
_SPLIT_LETTERS = 7  # "banyu mulek" for "Banyumulek"
_SHORT = 3  # letters: abbreviations ("NTB", "KLU") and tiny names
_ONE_SLIP, _TWO_SLIPS = 6, 12  # letters from which one or two typing errors are forgiven
_CACHED_TYPOS = 50_000
_KECAMATAN = len("52.01.01")
_ORDINARY = frozenset(lexicon("ordinary_names.txt"))


@dataclass(frozen=True, slots=True)
class PlaceName:
    """One spelling and all that it may mean.

    `ordinary`: made of everyday words ("Bengkel", "Jembatan Kecil"), so that it needs a sign that a place is meant.
    `located`: an area, or a road or point whose area is not needed; else the area names inside it count too.
    """

    name: str
    candidates: tuple[str, ...]
    words: int
    ordinary: bool
    located: bool


class Gazetteer:
    """All names, matched by folded words; typing errors are forgiven on request."""

    def __init__(self, profiles: Mapping[str, RegionProfile]) -> None:
        placed = {
            f"point:{p.slug}/{key}"
            for p in profiles.values()
            for key, point in p.points.items()
            if point.area is not None
        }
        by_words: dict[tuple[str, ...], list[PlaceEntry]] = defaultdict(list)
        for entry in gazetteer_entries(profiles.values()):
            for spelling in dict.fromkeys((entry.name, *entry.aliases)):
                by_words[words_of(spelling)].append(entry)
        names = {words: _place_name(words, entries, placed) for words, entries in by_words.items() if words}
        for words, name in list(names.items()):
            joined = "".join(words)
            if len(words) > 1 and len(joined) >= _JOINED_LETTERS and name.candidates[0][:1].isdigit():
                names.setdefault((joined,), name)
        self._phrases = Phrases(names.items())
        self._split = {w[0]: n for w, n in names.items() if len(w) == 1 and len(w[0]) >= _SPLIT_LETTERS}
        self._heads = frozenset(name[:size] for name in self._split for size in range(1, len(name)))
        self._alike: dict[str, list[tuple[str, PlaceName]]] = defaultdict(list)
        for words, name in names.items():
            joined = "".join(words)
            if len(joined) >= _ONE_SLIP and any(p.holds(c) for p in profiles.values() for c in name.candidates):
                self._alike[joined[0]].append((joined, name))
        self.typo = lru_cache(maxsize=_CACHED_TYPOS)(self._typo)

    def find(self, folded_stream: str) -> list[Match[PlaceName]]:
        """Return every name in a stream of folded words, overlapping ones too."""
        return self._phrases.find(folded_stream)

    def apart(self, folded: Sequence[str]) -> dict[int, PlaceName]:
        """Return the one-word names that two neighbouring words make together, by where they begin."""
        heads, split = self._heads, self._split
        return {
            n: split[whole]
            for n, word in enumerate(folded[:-1])
            if word in heads and (whole := word + folded[n + 1]) in split
        }

    def _typo(self, *words: str) -> PlaceName | None:
        """Return the regions' one name that words may be a slip of; None for words of the language, and for ties."""
        joined = "".join(words)
        if len(joined) < _ONE_SLIP or all(everyday(w) or len(w) <= _SHORT for w in words) or everyday(joined):
            return None
        allowed = 2 if len(joined) >= _TWO_SLIPS else 1
        best: dict[tuple[str, ...], PlaceName] = {}  # by meaning: spellings of one place are no tie
        for spelling, name in self._alike.get(joined[0], ()):
            distance = OSA.distance(joined, spelling, score_cutoff=allowed)
            if distance > allowed:
                continue
            if distance < allowed:
                best.clear()
                allowed = distance
            best.setdefault(name.candidates, name)
        return next(iter(best.values())) if len(best) == 1 else None


def words_of(name: str) -> tuple[str, ...]:
    """Return a name's folded words."""
    return tuple(fold(name[t.start : t.end]) for t in tokenize(name))


def _place_name(words: tuple[str, ...], entries: Iterable[PlaceEntry], placed: set[str]) -> PlaceName:
    found = list(entries)
    if len(words) == 1:
        large = any(len(e.kode) <= _KECAMATAN and e.region for e in found)  # "Gerung" is a word, but better known
        ordinary = words[0] in _ORDINARY or len(words[0]) <= _SHORT or (is_root(words[0]) and not large)
    else:
        ordinary = all(w in _ORDINARY or known(w) or w.isdigit() for w in words)
    codes = tuple(dict.fromkeys(e.kode for e in found))
    located = any(c[0].isdigit() or c in placed for c in codes)
    return PlaceName(found[0].name, codes, len(words), ordinary, located)
