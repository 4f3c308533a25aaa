"""From names in the words to areas of one region.

Order of belief, from the field's traps ("Surabaya", "Kediri", "Narmada" are places, and sometimes not the one you
think): a person's name is no place; what the writer calls it ("desa", "kec") decides the level; a candidate inside
a kecamatan that the same text names beats the others; a bare name that a kecamatan and its village share is the
kecamatan's; the town a news item is filed from is not what it is about; a street bears the name of
a place that it need not lie in, so the sender's own address goes before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from domain.cases import ResolvedPlace
from domain.reading import PlaceMention
from domain.regions import Area, RegionProfile, Road, ServicePoint

PERSON_CUES = frozenset(
    (
        "pak", "bapak", "bpk", "bu", "ibu", "haji", "hj", "h", "mas", "mbak", "kak", "bang", "bung", "tuan", "guru",
        "tgh", "ustaz", "ustadz", "dr", "drs", "prof", "saudara", "sdr", "lalu", "baiq", "amaq", "inaq", "papuk", "an",
        "atasnama",
    )
)  # fmt: skip
DATELINE = "titimangsa"
VILLAGE_CUES = frozenset({"desa", "ds", "kelurahan", "kel", "kades", "lurah", "pemdes", "dasan"})
KECAMATAN_CUES = frozenset({"kecamatan", "kec", "camat", "polsek", "puskesmas"})
REGENCY_CUES = frozenset({"kabupaten", "kab", "kota", "pemkot", "pemkab", "bupati", "walikota"})
STREET_CUES = frozenset({"jalan", "jl", "jln", "gang", "gg"})
LEVEL_NAMES = {"desa": "desa", "kecamatan": "kecamatan", "kabupaten": "kabupaten", "kota": "kabupaten"}
CHOSEN = "dipilih saat dicatat"
SERVES_ALL = "rumah sakit"  # where it stands says nothing of where the patient's matter is


Entry = TypeVar("Entry", Road, ServicePoint)


@dataclass(frozen=True, slots=True)
class Located:
    """What the words say about where: areas, roads and service points of the region, and whether elsewhere is meant."""

    places: tuple[ResolvedPlace, ...] = ()
    roads: tuple[Road, ...] = ()
    points: tuple[ServicePoint, ...] = ()
    here: bool = False  # the region itself or a part of it is named
    elsewhere: bool = False  # a place that lies only outside is named
    doubtful: bool = False  # every name that lies here lies elsewhere too, and nothing says which is meant


def locate(mentions: Sequence[PlaceMention], profile: RegionProfile, *, hint: str | None = None) -> Located:
    """Resolve mentions for a region. `hint`, the sender's address, is believed where they name no more than streets."""
    named = [m for m in mentions if m.cue not in PERSON_CUES]
    outside = [m for m in named if is_elsewhere(m, profile)]
    meant = [m for m in named if m.cue != DATELINE]
    known = _kecamatan_named(meant, profile)
    found: dict[str, ResolvedPlace] = {}
    streets_only = doubtful = True
    for mention in meant:
        kode = _choose(mention, profile, known)
        if kode is not None and not _means_the_stranger(mention, outside, known - {kode}, profile):
            found.setdefault(kode, _resolved(kode, mention, profile))
            streets_only = streets_only and mention.cue in STREET_CUES
            doubtful = doubtful and bool(_away(mention, profile))
    if streets_only and hint and (told := {p.kode: p for p in _from_hint(hint, profile)}):
        found, doubtful = told, False
    return Located(
        places=_most_specific(found.values()),
        roads=tuple(_kept(named, "road", profile, profile.roads)),
        points=tuple(_kept(named, "point", profile, profile.points)),
        here=bool(found) or any(_names_region(m, profile) for m in named),
        elsewhere=bool(outside),
        doubtful=bool(found) and doubtful and not any(_names_region(m, profile) for m in named),
    )


def chosen(located: Located, spot: str, profile: RegionProfile) -> Located:
    """What is located once a person chose a place of this region: the words may only say more exactly where in it.

    `spot` is a code of the gazetteer. One of another region changes nothing.
    """
    kode, road, point = _meant(spot, profile)
    if kode is None:
        return located
    inside = tuple(p for p in located.places if p.kode.startswith(kode))
    area = profile.areas.get(kode) if kode != profile.kode else None
    if area and not inside:
        inside = (ResolvedPlace(kode=kode, name=area.name, level=LEVEL_NAMES[area.level], why=CHOSEN),)
    return Located(
        places=inside,
        roads=tuple(dict.fromkeys((*road, *located.roads))),
        points=tuple(dict.fromkeys((*point, *located.points))),
        here=True,
        elsewhere=False,
    )


def _meant(spot: str, profile: RegionProfile) -> tuple[str | None, tuple[Road, ...], tuple[ServicePoint, ...]]:
    """The area that a chosen place names or lies in, the region itself where that is all one knows."""
    kind, _, key = spot.partition(f":{profile.slug}/")
    if kind == "road" and key in profile.roads:
        road = profile.roads[key]
        return (road.areas[0] if len(road.areas) == 1 else profile.kode), (road,), ()
    if kind == "point" and key in profile.points:
        point = profile.points[key]
        return point.area or profile.kode, (), (point,)
    return (spot if spot == profile.kode or spot in profile.areas else None), (), ()


def is_elsewhere(mention: PlaceMention, profile: RegionProfile) -> bool:
    """Whether a name can only mean a place outside the region and what holds the region."""
    return all(c[:1].isdigit() and not _here_or_above(c, profile) for c in mention.candidates)


def _away(mention: PlaceMention, profile: RegionProfile) -> list[str]:
    """The areas outside the region that bear the name too."""
    return [c for c in mention.candidates if c[:1].isdigit() and not _here_or_above(c, profile)]


def _here_or_above(code: str, profile: RegionProfile) -> bool:
    return profile.holds(code) or profile.kode.startswith(code)


def _names_region(mention: PlaceMention, profile: RegionProfile) -> bool:
    """Whether a mention is the region itself, or the town of it that a news item was filed from."""
    if profile.kode in mention.candidates:
        return True
    return mention.cue == DATELINE and any(profile.holds(c) for c in mention.candidates)


def _means_the_stranger(
    mention: PlaceMention, outside: Sequence[PlaceMention], known: frozenset[str], profile: RegionProfile
) -> bool:
    """Whether a name that lies here means elsewhere: its holder is named, or only strangers are.

    "Kediri, Jawa Timur" is not our Kediri; "Sukaraja, walikota Bogor tolong" is not our Sukaraja.
    """
    if not outside:
        return False
    away = _away(mention, profile)
    holders = tuple(c for m in outside for c in m.candidates)
    if any(c.startswith(h + ".") for c in away for h in holders):
        return True
    if mention.cue in VILLAGE_CUES | KECAMATAN_CUES:
        return False
    return not known and (bool(away) or any(m.cue in REGENCY_CUES for m in outside))


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
    if profile.kode in mention.candidates and mention.cue not in REGENCY_CUES:
        return None  # "Bengkulu" alone is the province, not the city that bears its name
    codes = [c for c in mention.candidates if c in profile.areas and c != profile.kode] or _of_points(mention, profile)
    if not codes:
        return None
    wanted = _wanted_levels(mention.cue)
    fitting = [c for c in codes if profile.areas[c].level in wanted] or codes
    inside = [c for c in fitting if c in known or any(c.startswith(k + ".") for k in known)] or fitting
    shortest = min(map(len, inside))
    broadest = sorted({c for c in inside if len(c) == shortest})
    return broadest[0] if len(broadest) == 1 else _common_parent(broadest, profile)


def _of_points(mention: PlaceMention, profile: RegionProfile) -> list[str]:
    """Areas in which the service points stand that a mention may mean."""
    said = mention.span.text.casefold()
    return [
        point.area
        for point in _kept([mention], "point", profile, profile.points)
        if point.area in profile.areas
        and (point.kind != SERVES_ALL or profile.areas[point.area].name.casefold() in said)
    ]


def _kept(
    mentions: Iterable[PlaceMention], kind: str, profile: RegionProfile, entries: dict[str, Entry]
) -> list[Entry]:
    """Entries of the region that mentions name as `<kind>:<region>/<key>`, each once, in order."""
    prefix = f"{kind}:{profile.slug}/"
    keys = (c.removeprefix(prefix) for m in mentions for c in m.candidates if c.startswith(prefix))
    return [entries[key] for key in dict.fromkeys(keys) if key in entries]


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
    """Areas that an address names, by its comma-separated parts; the most specific wins.

    "Kelurahan" and "Kecamatan" tell a village from the kecamatan of its name, and the kecamatan that an address
    names tells two villages of one name apart.
    """
    parts = [part.strip() for part in hint.replace("/", ",").split(",") if part.strip()]
    named = {part: _areas_called(part, profile) for part in parts}
    holders = {areas[0].kode for areas in named.values() if len(areas) == 1 and areas[0].level == "kecamatan"}
    for part, areas in named.items():
        inside = [area for area in areas if area.kode in holders or area.parent in holders] or areas
        if len(inside) == 1:
            (area,) = inside
            yield ResolvedPlace(kode=area.kode, name=area.name, level=LEVEL_NAMES[area.level], why=f"alamat: {part}")


def _areas_called(part: str, profile: RegionProfile) -> list[Area]:
    """The areas of a name, at the level that its first word says; a bare name that levels share is the upper one's."""
    wanted = _wanted_levels(part.casefold().split()[0].rstrip("."))
    areas = [a for a in profile.areas_by_name(part) if a.kode != profile.kode]
    fitting = [area for area in areas if area.level in wanted] or areas
    broadest = min((len(area.kode) for area in fitting), default=0)
    return [area for area in fitting if len(area.kode) == broadest]


def _most_specific(places: Iterable[ResolvedPlace]) -> tuple[ResolvedPlace, ...]:
    """Drop what holds another found place; longest codes first, else in the order of the words."""
    every = list(places)
    kept = [p for p in every if not any(o.kode.startswith(p.kode + ".") for o in every)]
    return tuple(sorted(kept, key=lambda p: -len(p.kode)))
