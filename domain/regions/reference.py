"""Place names as one flat list, for whoever looks for them in texts: the regions' own, those around, all Indonesia."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.regions.national import NationalArea, read_national
from domain.regions.records import Area
from domain.regions.region import RegionProfile

_TYPE = re.compile(r"^(?:Kabupaten|Kota|Provinsi) (?:Administrasi )?")
JOINED_MIN = 8  # letters: below, a joined name ("Suka Rara" -> "sukarara") is likelier a word than a place
KNOWN_AS: dict[str, tuple[str, ...]] = {
    "31": ("Jakarta", "DKI Jakarta", "DKI"),
    "34": ("Yogyakarta", "Jogja", "Jogjakarta", "Yogya", "DIY"),
    "33.72": ("Solo",),
    "35": ("Jatim",),
    "33": ("Jateng",),
    "32": ("Jabar",),
    "16": ("Sumsel",),
    "12": ("Sumut",),
    "13": ("Sumbar",),
    "19": ("Bangka Belitung", "Babel"),
    "21": ("Kepri",),
    "52": ("NTB",),
    "53": ("NTT",),
    "52.01": ("Lobar",),
    "52.02": ("Loteng",),
    "52.03": ("Lotim",),
    "52.07": ("KSB",),
    "52.08": ("KLU", "Lotara"),
    "61": ("Kalbar",),
    "62": ("Kalteng",),
    "63": ("Kalsel",),
    "64": ("Kaltim",),
    "65": ("Kaltara",),
    "71": ("Sulut",),
    "72": ("Sulteng",),
    "73": ("Sulsel",),
    "74": ("Sultra",),
    "76": ("Sulbar",),
}


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """A name and what it may mean.

    `kode` is a Kemendagri code, `road:<region>/<key>` or `point:<region>/<key>`. `level` is provinsi, kabupaten, kota,
    kecamatan, desa, dusun, jalan or tempat. `region` is the slug whose data it is, None for the national list.
    `kind` says more: kelurahan or desa, a road's owner, what a point is. `aliases` are other spellings.
    """

    name: str
    kode: str
    level: str
    region: str | None
    aliases: tuple[str, ...]
    kind: str


def gazetteer_entries(profiles: Iterable[RegionProfile], *, national: bool = True) -> Iterator[PlaceEntry]:
    """Entries of the profiles, then of the national list.

    The national part is every province, regency and city, and the kecamatan of the profiles' provinces, so that a name
    that only exists elsewhere is known as such; it leaves out what a profile holds. Two profiles may hold one code.
    """
    held = list(profiles)
    for profile in held:
        yield from _of_profile(profile)
    if national:
        yield from _elsewhere(held)


def _of_profile(profile: RegionProfile) -> Iterator[PlaceEntry]:
    own = (profile.short, *KNOWN_AS.get(profile.kode, ()), *profile.aliases)
    yield _entry(profile.name, profile.kode, profile.level, profile.slug, own, profile.level)
    for area in profile.areas.values():
        yield _of_area(area, profile.slug)
    for road in profile.roads.values():
        yield _entry(road.name, f"road:{profile.slug}/{road.key}", "jalan", profile.slug, road.aliases, road.owner)
    for point in profile.points.values():
        level = "dusun" if point.kind == "dusun" else "tempat"
        yield _entry(point.name, f"point:{profile.slug}/{point.key}", level, profile.slug, point.aliases, point.kind)


def _of_area(area: Area, slug: str) -> PlaceEntry:
    joined = area.name.replace(" ", "")
    spelt = (joined.capitalize(),) if " " in area.name and len(joined) >= JOINED_MIN and area.level == "desa" else ()
    return _entry(area.name, area.kode, area.level, slug, (*area.aliases, *spelt), area.kind)


def _elsewhere(held: list[RegionProfile]) -> Iterator[PlaceEntry]:
    told = {profile.kode for profile in held} | {kode for profile in held for kode in profile.areas}
    around = {profile.kode[:2] for profile in held}
    for area in read_national(villages=False):
        near = area.level != "kecamatan" or area.kode[:2] in around
        if near and area.kode not in told:
            yield _of_national(area)


def _of_national(area: NationalArea) -> PlaceEntry:
    return _entry(area.name, area.kode, area.level, None, KNOWN_AS.get(area.kode, ()), area.level)


def _entry(  # noqa: PLR0913 - one argument per field
    name: str, kode: str, level: str, region: str | None, aliases: Iterable[str], kind: str
) -> PlaceEntry:
    """An entry whose name goes without "Kabupaten" or "Kota"; the name with it becomes an alias."""
    plain = _TYPE.sub("", name)
    named = (name, *aliases) if plain != name else tuple(aliases)
    others = tuple(dict.fromkeys(alias for alias in named if alias.casefold() != plain.casefold()))
    return PlaceEntry(name=plain, kode=kode, level=level, region=region, aliases=others, kind=kind)
