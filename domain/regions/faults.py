"""Whether the entries of a profile hold together. Pure; the loader stops at the first fault, the checker tells all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from domain.regions.region import RegionProfile
from domain.taxonomy import load_taxonomy


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in Indonesian. `entry` and `key` lead to the line: entry by code, kode or key; table by name."""

    file: str
    entry: str
    key: str
    message: str


def faults_of(profile: RegionProfile) -> Iterator[Fault]:
    """Every fault of a profile, file by file."""
    for check in _CHECKS:
        yield from check(profile)


def _urusan(profile: RegionProfile) -> Iterator[Fault]:
    taxonomy, mapped = load_taxonomy(), profile.urusan
    affairs = {urusan.code for urusan in taxonomy.urusan}
    topics = set(taxonomy.topic_codes)
    file = "urusan.toml"
    for urusan in taxonomy.urusan:
        if urusan.code not in mapped.urusan:
            yield Fault(file, "urusan", "", f"urusan {urusan.code} ({urusan.name}) belum dipetakan ke OPD mana pun")
    tables = {"urusan": (mapped.urusan, affairs), "topic": (mapped.topic, topics)}
    for owner, rules in mapped.authority.items():
        tables[f"authority.{owner}"] = (rules, affairs | topics | {"*"})
    for table, (rules, known) in tables.items():
        for code, agency in rules.items():
            if code not in known:
                yield Fault(file, table, code, f"{code} tidak ada dalam taksonomi")
            if agency not in profile.agencies:
                yield Fault(file, table, code, f"OPD {agency} tidak ada dalam agencies.toml")
    if mapped.oversight not in profile.agencies:
        yield Fault(file, "", "oversight", f"OPD {mapped.oversight} tidak ada dalam agencies.toml")


def _agencies(profile: RegionProfile) -> Iterator[Fault]:
    file = "agencies.toml"
    for code, agency in profile.agencies.items():
        if agency.parent and agency.parent not in profile.agencies:
            yield Fault(file, code, "parent", f"{code}: induk {agency.parent} tidak ada")
        if agency.successor and agency.successor not in profile.agencies:
            yield Fault(file, code, "successor", f"{code}: penerus {agency.successor} tidak ada")
        if agency.valid_to and not agency.successor:
            yield Fault(file, code, "valid_to", f"{code} berakhir {agency.valid_to} tanpa successor")
        if agency.valid_from and agency.valid_to and agency.valid_from >= agency.valid_to:
            yield Fault(file, code, "valid_to", f"{code}: valid_to harus sesudah valid_from")
        if _circles(profile, code):
            yield Fault(file, code, "successor", f"{code}: penerusnya berputar kembali kepadanya")


def _circles(profile: RegionProfile, code: str) -> bool:
    seen, heir = {code}, profile.agencies[code].successor
    while heir in profile.agencies:
        if heir in seen:
            return heir == code
        seen.add(heir)
        heir = profile.agencies[heir].successor
    return False


def _areas(profile: RegionProfile) -> Iterator[Fault]:
    file = "areas.csv"
    for kode, area in profile.areas.items():
        if not profile.holds(kode):
            yield Fault(file, kode, "kode", f"{kode} {area.name} bukan bagian dari {profile.kode} {profile.name}")
        elif area.parent != profile.kode and area.parent not in profile.areas:
            yield Fault(file, kode, "parent", f"{kode} {area.name}: induk {area.parent} tidak ada")
        elif kode.rpartition(".")[0] != area.parent:
            yield Fault(file, kode, "parent", f"{kode} {area.name}: induknya bukan {area.parent} menurut kodenya")
        if (area.lat is None) != (area.lon is None):
            yield Fault(file, kode, "lat", f"{kode} {area.name}: lat dan lon harus diisi bersama")
        if area.successor and area.successor not in profile.areas:
            yield Fault(file, kode, "successor", f"{kode} {area.name}: penerus {area.successor} tidak ada")
        if area.lat is not None and area.lon is not None and not _inside(profile, area.lat, area.lon):
            yield Fault(file, kode, "lat", f"{kode} {area.name}: titik ({area.lat}, {area.lon}) di luar wilayah")


MARGIN = 0.2  # degrees, about 22 km: islands and rounding stay in, swapped or foreign coordinates do not


def _inside(profile: RegionProfile, lat: float, lon: float) -> bool:
    box = profile.bbox
    if box is None:
        return True
    return box.south - MARGIN <= lat <= box.north + MARGIN and box.west - MARGIN <= lon <= box.east + MARGIN


def _places(profile: RegionProfile) -> Iterator[Fault]:
    for road in profile.roads.values():
        for kode in road.areas:
            if kode not in profile.areas:
                yield Fault("roads.toml", road.key, "areas", f"{road.key}: wilayah {kode} tidak ada dalam areas.csv")
    for point in profile.points.values():
        where = point.key
        if point.area and point.area not in profile.areas:
            yield Fault("points.toml", where, "area", f"{where}: wilayah {point.area} tidak ada dalam areas.csv")
        if point.agency and point.agency not in profile.agencies:
            yield Fault("points.toml", where, "agency", f"{where}: OPD {point.agency} tidak ada dalam agencies.toml")
        if (point.lat is None) != (point.lon is None):
            yield Fault("points.toml", where, "lat", f"{where}: lat dan lon harus diisi bersama")
        if point.lat is not None and point.lon is not None and not _inside(profile, point.lat, point.lon):
            yield Fault("points.toml", where, "lat", f"{where}: titik ({point.lat}, {point.lon}) di luar wilayah")


def _sources(profile: RegionProfile) -> Iterator[Fault]:
    counts = Counter(source.url for source in profile.sources.values())
    for source in profile.sources.values():
        if counts[source.url] > 1:
            yield Fault("sources.toml", source.key, "url", f"{source.key}: alamat {source.url} dipakai dua sumber")


_CHECKS: tuple[Callable[[RegionProfile], Iterator[Fault]], ...] = (_urusan, _agencies, _areas, _places, _sources)
