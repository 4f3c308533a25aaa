"""What a person says about a case, checked at the door: each task takes only values that mean something."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from api.parts import Parts
from domain.errors import Refused
from domain.labels import Authority, Intent, LabelTask, Sentiment, Urgency
from domain.regions import RegionProfile

CLOSED: Final[dict[LabelTask, type[StrEnum]]] = {
    LabelTask.INTENT: Intent,
    LabelTask.SENTIMENT: Sentiment,
    LabelTask.URGENCY: Urgency,
    LabelTask.AUTHORITY: Authority,
}
MAX_NOTE: Final = 500


def checked(parts: Parts, region: str, task: LabelTask, value: str) -> str:
    """The value as it is stored. Refused, with what would do, when the task has no such value."""
    value = value.strip()
    if task in CLOSED:
        if value not in set(CLOSED[task]):
            raise Refused(f"{task.value}: {value!r} bukan salah satu dari {', '.join(CLOSED[task])}.")
        return value
    if task is LabelTask.TOPIC:
        if value not in parts.taxonomy.topic_codes:
            raise Refused(f"topic: tidak ada topik {value!r}; daftarnya di /api/v1/topics.")
        return value
    if task is LabelTask.RELEVANCE:
        if value not in {"0", "1"}:
            raise Refused("relevance: 1 (menyangkut wilayah ini) atau 0 (tidak).")
        return value
    profile = parts.profile(region)
    if profile is None:
        raise Refused(f"Wilayah {region} tidak dilayani lagi.")
    return _agency(profile, value) if task is LabelTask.OPD else _place(profile, value)


def _agency(profile: RegionProfile, value: str) -> str:
    if value not in profile.agencies:
        raise Refused(f"opd: {profile.name} tidak punya OPD {value!r}.")
    return value


def _place(profile: RegionProfile, value: str) -> str:
    """A code, or a name that only one area has ("Labuapi (kecamatan)" tells which of several)."""
    if value in profile.areas:
        return value
    name, _, level = value.partition("(")
    found = profile.areas_by_name(name.strip(), level.rstrip(") ").strip() or None)
    if len(found) == 1:
        return found[0].kode
    if not found:
        raise Refused(f"place: tidak ada wilayah bernama {value!r} di {profile.name}.")
    choices = ", ".join(f"{area.kode} {area.name} ({area.level})" for area in found[:6])
    raise Refused(f"place: {value!r} dapat berarti beberapa wilayah; tulis kodenya: {choices}.")
