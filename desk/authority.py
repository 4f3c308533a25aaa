"""Which level of government, or which company, owns the matter of a post in a region.

The writer's own words win ("jalan provinsi"), then the owner of a road that is named, then what kind of school or
office it is, then the topic's usual owner (Law 23/2014).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.labels import Authority
from domain.regions import RegionProfile, Road
from domain.taxonomy import Topic


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owns the matter, and in words why; `why` is empty when it is only the topic's usual owner."""

    authority: Authority
    why: str = ""


ROAD_TOPICS = frozenset(
    {
        "jalan.rusak", "jalan.jembatan", "jalan.trotoar", "drainase.saluran", "penerangan.pju", "perhubungan.lalin",
        "bencana.alam",
    }
)  # fmt: skip
ROAD_WORDS: tuple[tuple[re.Pattern[str], Authority], ...] = (
    (
        re.compile(
            r"\b(?:jalan|jln?|ruas|jembatan)(?: raya| lintas| utama)? prov(?:insi)?\b"
            r"|\b(?:aset|kewenangan|wewenang|milik|status(?:nya)?)(?: jalan)?(?: pemerintah| pemprov)? prov(?:insi)?\b"
        ),
        Authority.PROVINCE,
    ),
    (
        re.compile(
            r"\b(?:jalan|jln?|ruas|jembatan)(?: raya| lintas| utama)? (?:nasional|negara|trans)\b|\bbpjn\b"
            r"|\b(?:aset|kewenangan|wewenang|milik|status(?:nya)?)(?: jalan)? (?:nasional|negara|pusat)\b"
        ),
        Authority.CENTRE,
    ),
)
SCHOOL_TOPICS = frozenset(
    {"pendidikan.sarana", "pendidikan.biaya", "pendidikan.ppdb", "pendidikan.guru", "pendidikan.menengah"}
)
UPPER_SCHOOL = re.compile(r"\b(?:sma|smk|smu|sman|smkn|slb|slbn)\b|\b(?:sma|smk|slb)\s?n?\s?\d")
MADRASAH = re.compile(r"\b(?:madrasah|mts|mtsn|man|min|mi|ma|ponpes|pondok pesantren|kemenag)\b")
VILLAGE_ROAD = re.compile(r"\b(?:jalan|jln?) (?:desa|dusun|usaha tani)\b|\bdana desa\b|\bkantor desa\b|\bpemdes\b")
NO_MATTER = "lainnya.umum"
PROVINCIAL = frozenset({"perikanan.nelayan", NO_MATTER})  # the sea to 12 miles is the province's; no matter is nobody's
OWN_LEVEL = {"kabupaten": Authority.REGENCY, "kota": Authority.CITY, "provinsi": Authority.PROVINCE}
ROAD_OWNER = {
    "nasional": Authority.CENTRE, "provinsi": Authority.PROVINCE, "kabupaten": Authority.REGENCY,
    "kota": Authority.CITY, "desa": Authority.VILLAGE,
}  # fmt: skip


def owner(topic: Topic, words: str, roads: Sequence[Road], profile: RegionProfile, holder: str | None) -> Ownership:
    """Decide who owns the matter. `words` are lower case; `holder` is the level of the area named, for a province."""
    if topic.code in ROAD_TOPICS:
        for pattern, authority in ROAD_WORDS:
            if found := pattern.search(words):
                return Ownership(authority, f"disebut “{found.group(0)}”")
        for road in roads:
            return Ownership(ROAD_OWNER[road.owner], f"ruas {road.name}: jalan {road.owner}")
    if topic.main == "pendidikan":
        if MADRASAH.search(words):
            return Ownership(Authority.CENTRE, "madrasah dan pesantren: Kementerian Agama")
        if topic.code in SCHOOL_TOPICS and (found := UPPER_SCHOOL.search(words)):
            return Ownership(Authority.PROVINCE, f"{found.group(0).upper()}: kewenangan provinsi")
    if topic.authority != "daerah":
        return Ownership(Authority(topic.authority))
    if profile.level != "provinsi" or topic.code in PROVINCIAL:
        return Ownership(OWN_LEVEL[profile.level])
    return _within_province(words, holder)


CITY_WORDS = re.compile(r"\b(?:pemkot|wali ?kota|kelurahan|lurah|dinas \w+ kota|kota bengkulu)\b")
REGENCY_WORDS = re.compile(r"\b(?:pemkab|bupati|kabupaten|kab|kecamatan|camat|desa|dprd kab\w*)\b")
PROVINCE_WORDS = re.compile(r"\b(?:gubernur|pemprov|provinsi|prov)\b")


def _within_province(words: str, holder: str | None) -> Ownership:
    """Inside a province a local matter belongs to the regency or city that is named, unless the province is."""
    if found := PROVINCE_WORDS.search(words):
        return Ownership(Authority.PROVINCE, f"disebut “{found.group(0)}”")
    if holder == "kota" or CITY_WORDS.search(words):
        return Ownership(Authority.CITY)
    if holder == "kabupaten" or REGENCY_WORDS.search(words):
        return Ownership(Authority.REGENCY)
    return Ownership(Authority.PROVINCE)
