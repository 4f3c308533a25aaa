"""Which level of government, or which company, owns the matter of a post in a region.

The table of `domain.jurisdiction` decides by the writer's own words ("jalan provinsi", "SMKN 1"); then the owner of a
road that is named; then the topic's usual owner (Law 23/2014).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from domain.jurisdiction import Rule, load_jurisdiction
from domain.labels import Authority
from domain.regions import RegionProfile, Road
from domain.taxonomy import Topic


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owns the matter, and in words why; `why` is empty when it is only the topic's usual owner.

    `agencies` answer before the region's own map, where the region has one of them; `said` are the writer's words
    that decided.
    """

    authority: Authority
    why: str = ""
    agencies: tuple[str, ...] = ()
    said: str = ""


ROAD_TOPICS = frozenset(
    {
        "jalan.rusak", "jalan.jembatan", "jalan.trotoar", "drainase.saluran", "penerangan.pju", "perhubungan.lalin",
        "bencana.alam",
    }
)  # fmt: skip
NO_MATTER = "lainnya.umum"
PROVINCIAL = frozenset({"perikanan.nelayan", NO_MATTER})  # the sea to 12 miles is the province's; no matter is nobody's
OWN_LEVEL = {"kabupaten": Authority.REGENCY, "kota": Authority.CITY, "provinsi": Authority.PROVINCE}
ROAD_OWNER = {
    "nasional": Authority.CENTRE, "provinsi": Authority.PROVINCE, "kabupaten": Authority.REGENCY,
    "kota": Authority.CITY, "desa": Authority.VILLAGE,
}  # fmt: skip
LOCAL = frozenset({Authority.REGENCY, Authority.CITY})


def owner(topic: Topic, words: str, roads: Sequence[Road], profile: RegionProfile, holder: str | None) -> Ownership:
    """Decide who owns the matter. `words` are lower case; `holder` is the level of the area named, for a province."""
    rules = _rules(topic.code, profile.level)
    for rule in rules:
        if (said := rule.cue_in(words)) is not None:
            return Ownership(_level(rule, words, profile, holder), f"“{said}”: {rule.reason}", rule.agencies, said)
    if topic.code in ROAD_TOPICS:
        for road in roads:
            return Ownership(ROAD_OWNER[road.owner], _of_road(road))
    if topic.authority != "daerah":
        usual = next((rule for rule in rules if not rule.cues), None)
        return Ownership(Authority(topic.authority), usual.reason if usual is not None else "")
    if profile.level != "provinsi" or topic.code in PROVINCIAL:
        return Ownership(OWN_LEVEL[profile.level])
    return _within_province(words, holder)


@cache
def _rules(topic: str, level: str) -> tuple[Rule, ...]:
    return load_jurisdiction().of_topic(topic, level)


def _of_road(road: Road) -> str:
    """Whose road it is, and whether anybody has checked that."""
    return f"ruas {road.name}: jalan {road.owner}{'' if road.verified else ' (belum diperiksa)'}"


def _level(rule: Rule, words: str, profile: RegionProfile, holder: str | None) -> Authority:
    if rule.owner not in {"setempat", "daerah"}:
        return Authority(rule.owner)
    if profile.level != "provinsi":
        return OWN_LEVEL[profile.level]
    within = _within_province(words, holder).authority
    if rule.owner == "daerah" or within in LOCAL:
        return within
    return Authority.REGENCY


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
