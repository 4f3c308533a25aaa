"""The gazetteer of a region: what is typed finds places, each told with the kecamatan that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from domain.regions import PlaceEntry, RegionProfile, fold_name, gazetteer_entries

MOST_FOUND: Final = 8  # a list that is read at a glance
SHORTEST: Final = 2  # letters: one finds everything
ALIKE: Final = 82.0  # of 100: "telagawru" is Telagawaru, "labuan" is not Labuapi
FOLDED: Final = 20_000  # names of a whole province, with their other spellings
WITHIN: Final = 3  # how well it fits where what is typed stands inside a word
GUESSED: Final = 9  # behind everything that was typed right
SAID: Final = {
    "desa": "desa", "ds": "desa", "kelurahan": "desa", "kel": "desa", "kecamatan": "kecamatan", "kec": "kecamatan",
    "jalan": "jalan", "jl": "jalan", "jln": "jalan", "dusun": "dusun", "dsn": "dusun",
}  # fmt: skip
ORDER: Final = ("kabupaten", "kota", "kecamatan", "desa", "dusun", "tempat", "jalan")


def find_spots(profile: RegionProfile, q: str) -> list[tuple[int, PlaceEntry]]:
    """Places for what is typed, best first, each with how well it fits: 0 is the very name."""
    if len(q) < SHORTEST:
        return []
    words = q.casefold().split()
    wanted = SAID.get(words[0].rstrip("."))
    typed = fold_name(" ".join(words[1:] if wanted == "jalan" and words[1:] else words))
    ranked = [(rank, e) for e in _entries(profile) if (rank := _rank(e, typed, words)) is not None]
    if not ranked:
        alike = [(max(fuzz.ratio(typed, _folded(name)) for name in (e.name, *e.aliases)), e) for e in _entries(profile)]
        ranked = [(GUESSED, e) for like, e in sorted(alike, key=lambda one: -one[0]) if like >= ALIKE]
        return ranked[:MOST_FOUND]
    if any(rank < WITHIN for rank, _ in ranked):  # "labu" is not meant for every Pelabuhan
        ranked = [one for one in ranked if one[0] < WITHIN]
    ranked.sort(key=lambda one: (one[0], one[1].level != wanted, ORDER.index(one[1].level), one[1].name))
    if wanted and ranked[0][1].level == wanted and ranked[0][0] == 0:  # "kec. kediri" is not the village
        ranked = [ranked[0], *((max(rank, 1), entry) for rank, entry in ranked[1:])]
    return ranked[:MOST_FOUND]


def spot_of(profile: RegionProfile, code: str) -> PlaceEntry | None:
    """The place of a region that a code of the gazetteer names."""
    return next((entry for entry in _entries(profile) if entry.kode == code), None)


def place_words(profile: RegionProfile, entry: PlaceEntry) -> str:
    """A place as an address has it: "Desa Telagawaru, Kec. Labuapi"."""
    kind = {"kecamatan": "Kec. ", "desa": "Desa ", "kelurahan": "Kelurahan ", "jalan": "Jalan "}
    named = f"{kind.get(entry.kind if entry.level == 'desa' else entry.level, '')}{entry.name}"
    return ", ".join([named, *(part for part in [where_of(entry, profile)] if part)])


def where_of(entry: PlaceEntry, profile: RegionProfile) -> str:
    """What holds a place, from the kecamatan up: "Kec. Labuapi"; of a road, every kecamatan that it passes."""
    kode = area_of(profile, entry.kode)
    if kode is None and entry.kode.startswith("road:"):
        passed = profile.roads[entry.kode.rpartition("/")[2]].areas
        held = dict.fromkeys(a.name for code in passed for a in profile.lineage(code) if a.level == "kecamatan")
        return ", ".join(f"Kec. {name}" for name in held)
    above = [a for a in profile.lineage(kode or "") if a.kode != entry.kode]
    short = {"kecamatan": "Kec. ", "desa": "Desa "}  # a regency's name says itself what it is
    return ", ".join(f"{short.get(a.level, '')}{a.name}" for a in above)


def area_of(profile: RegionProfile, code: str) -> str | None:
    """The one area that a place is or lies in."""
    key = code.rpartition("/")[2]
    if code.startswith("road:"):
        areas = profile.roads[key].areas if key in profile.roads else ()
        return areas[0] if len(areas) == 1 else None
    if code.startswith("point:"):
        return profile.points[key].area if key in profile.points else None
    return code if code in profile.areas else None


def earth_of(profile: RegionProfile, code: str) -> tuple[float, float] | None:
    """Where a service point stands, as far as the region's data knows."""
    point = profile.points.get(code.rpartition("/")[2]) if code.startswith("point:") else None
    return (point.lat, point.lon) if point and point.lat is not None and point.lon is not None else None


def kecamatan_of(profile: RegionProfile, code: str) -> str | None:
    """The kecamatan that holds a place, None where it is not known or larger."""
    kode = area_of(profile, code)
    return next((area.kode for area in profile.lineage(kode) if area.level == "kecamatan"), None) if kode else None


@lru_cache(maxsize=FOLDED)
def _folded(name: str) -> str:
    return fold_name(name)


def _entries(profile: RegionProfile) -> Iterator[PlaceEntry]:
    return (entry for entry in gazetteer_entries([profile], national=False) if entry.kode != profile.kode)


def _rank(entry: PlaceEntry, typed: str, words: list[str]) -> int | None:
    ranks = []
    for name in (entry.name, *entry.aliases):
        folded = _folded(name)
        if folded == typed:
            return 0
        if folded.startswith(typed):
            ranks.append(1)
        elif all(any(part.startswith(word) for part in name.casefold().split()) for word in words):
            ranks.append(2)
        elif typed in folded:
            ranks.append(WITHIN)
    return min(ranks, default=None)
