"""From names in the words to areas of one region.

Order of belief, from the field's traps ("Surabaya", "Kediri", "Narmada" are places, and sometimes not the one you
think): a person's name is no place; what the writer calls it ("desa", "kec") decides the level; a candidate inside
a kecamatan that the same text names beats the others; a name that exists only elsewhere says where else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.cases import ResolvedPlace
from domain.reading import PlaceMention
from domain.regions import RegionProfile, Road

PERSON_CUES = frozenset(
    (
        "pak", "bapak", "bpk", "bu", "ibu", "haji", "hj", "h", "mas", "mbak", "kak", "bang", "bung", "tuan", "guru",
        "tgh", "ustaz", "ustadz", "dr", "drs", "prof", "saudara", "sdr", "lalu", "baiq", "amaq", "inaq", "papuk", "an",
        "atasnama",
    )
)  # fmt: skip
VILLAGE_CUES = frozenset(["desa", "ds", "kelurahan", "kel", "kades", "lurah", "pemdes", "dasan"])
KECAMATAN_CUES = frozenset(["kecamatan", "kec", "camat", "polsek", "puskesmas"])
REGENCY_CUES = frozenset(["kabupaten", "kab", "kota", "pemkot", "pemkab", "bupati", "walikota"])
LEVEL_NAMES = {"desa": "desa", "kecamatan": "kecamatan", "kabupaten": "kabupaten", "kota": "kabupaten"}


@dataclass(frozen=True, slots=True)
class Located:
    """What the words say about where: areas of the region, roads of it, and whether elsewhere is meant."""

    places: tuple[ResolvedPlace, ...]
    roads: tuple[Road, ...]
    here: bool  # the region itself or a part of it is named
    elsewhere: bool  # a place that lies only outside is named


def locate(mentions: Sequence[PlaceMention], profile: RegionProfile, *, hint: str | None = None) -> Located:
    """Resolve mentions for a region. `hint` is the sender's own address: believed where the words name nothing."""
    named = [m for m in mentions if m.cue not in PERSON_CUES]
    outside = [m for m in named if is_elsewhere(m, profile)]
    known = _kecamatan_named(named, profile)
    found: dict[str, ResolvedPlace] = {}
    roads: dict[str, Road] = {}
    here = False
    for mention in named:
        for road in _roads(mention, profile):
            roads[road.key] = road
        if profile.kode in mention.candidates:
            here = True
        kode = _choose(mention, profile, known)
        if kode is None:
            continue
        if _means_the_stranger(mention, outside, known - {kode}, profile):
            continue  # "Kediri, Jawa Timur": the ambiguous name stands beside a stranger
        found.setdefault(kode, _resolved(kode, mention, profile))
    if not found and hint:
        found = {p.kode: p for p in _from_hint(hint, profile)}
    places = _most_specific(found.values())
    return Located(places=places, roads=tuple(roads.values()), here=here or bool(places), elsewhere=bool(outside))


def is_elsewhere(mention: PlaceMention, profile: RegionProfile) -> bool:
    """Whether a name can only mean a place outside the region and what holds the region."""
    codes = [c for c in mention.candidates if c[:1].isdigit()]
    return bool(codes) and not any(profile.holds(c) or profile.kode.startswith(c) for c in codes)


def _means_the_stranger(
    mention: PlaceMention, outside: Sequence[PlaceMention], known: frozenset[str], profile: RegionProfile
) -> bool:
    """Whether a name that lies here and elsewhere means elsewhere: its holder is named, or only strangers are."""
    away = [
        c for c in mention.candidates if c[:1].isdigit() and not profile.holds(c) and not profile.kode.startswith(c)
    ]
    if not away or not outside:
        return False
    holders = tuple(c for m in outside for c in m.candidates)
    return not known or any(c.startswith(h + ".") for c in away for h in holders)


def _kecamatan_named(mentions: Iterable[PlaceMention], profile: RegionProfile) -> frozenset[str]:
    named = set()
    for mention in mentions:
        for code in mention.candidates:
            area = profile.areas.get(code)
            if area is not None and area.level == "kecamatan" and mention.cue not in VILLAGE_CUES:
                named.add(code)
    return frozenset(named)


def _choose(mention: PlaceMention, profile: RegionProfile, known: frozenset[str]) -> str | None:
    """The one code that a mention means in this region, or None where it means none or cannot be told."""
    codes = [c for c in (_area_of(c, profile) for c in mention.candidates) if c is not None and c != profile.kode]
    if not codes:
        return None
    wanted = _wanted_levels(mention.cue)
    fitting = [c for c in codes if profile.areas[c].level in wanted] or codes
    inside = [c for c in fitting if any(c.startswith(k + ".") for k in known)] or fitting
    by_level = sorted(set(inside), key=lambda c: (len(c), c))
    if mention.cue in VILLAGE_CUES:
        villages = [c for c in by_level if profile.areas[c].level == "desa"]
        by_level = villages or by_level
    broadest = [c for c in by_level if len(c) == len(by_level[0])]
    if len(broadest) > 1:
        return _common_parent(broadest, profile)
    return broadest[0]


def _area_of(candidate: str, profile: RegionProfile) -> str | None:
    if candidate in profile.areas:
        return candidate
    kind, _, key = candidate.partition(":")
    slug, _, name = key.partition("/")
    if kind == "point" and slug == profile.slug and (point := profile.points.get(name)) is not None:
        return point.area if point.area in profile.areas else None
    return None


def _roads(mention: PlaceMention, profile: RegionProfile) -> Iterable[Road]:
    for candidate in mention.candidates:
        kind, _, key = candidate.partition(":")
        slug, _, name = key.partition("/")
        if kind == "road" and slug == profile.slug and name in profile.roads:
            yield profile.roads[name]


def _wanted_levels(cue: str | None) -> frozenset[str]:
    if cue in VILLAGE_CUES:
        return frozenset({"desa"})
    if cue in KECAMATAN_CUES:
        return frozenset({"kecamatan"})
    if cue in REGENCY_CUES:
        return frozenset({"kabupaten", "kota"})
    return frozenset({"desa", "kecamatan", "kabupaten", "kota"})


def _common_parent(codes: Sequence[str], profile: RegionProfile) -> str | None:
    """Two villages of one name and no way to tell them apart: what holds both, when it is not the whole region."""
    parents = {profile.areas[c].parent for c in codes}
    only = parents.pop() if len(parents) == 1 else None
    return only if only in profile.areas and only != profile.kode else None


def _resolved(kode: str, mention: PlaceMention, profile: RegionProfile) -> ResolvedPlace:
    area = profile.areas[kode]
    how = f"“{mention.span.text}”"
    if mention.cue:
        how += f" setelah kata “{mention.cue}”"
    if mention.fuzzy:
        how += ", dengan salah ketik"
    return ResolvedPlace(kode=kode, name=area.name, level=LEVEL_NAMES[area.level], why=how)


def _from_hint(hint: str, profile: RegionProfile) -> Iterable[ResolvedPlace]:
    """Areas that an address names, by its comma-separated parts; the most specific wins."""
    for part in hint.replace("/", ",").split(","):
        areas = profile.areas_by_name(part.strip()) if part.strip() else ()
        if len(areas) == 1 and areas[0].kode != profile.kode:
            area = areas[0]
            yield ResolvedPlace(
                kode=area.kode, name=area.name, level=LEVEL_NAMES[area.level], why=f"alamat: {part.strip()}"
            )


def _most_specific(places: Iterable[ResolvedPlace]) -> tuple[ResolvedPlace, ...]:
    """Drop what holds another found place; longest codes first, else in the order of the words."""
    every = list(places)
    kept = [p for p in every if not any(o.kode.startswith(p.kode + ".") for o in every)]
    return tuple(sorted(kept, key=lambda p: -len(p.kode)))
