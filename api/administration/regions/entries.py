"""What a region's profile lists, an entry a row: its key, its title, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.administration.regions.fields import DAYS, OWNERS
from api.speech import Speech
from domain.regions import RegionProfile

Told = tuple[str, str, str]  # key, title, about


def areas(profile: RegionProfile, says: Speech) -> list[Told]:
    """The kecamatan and desa, with their other names and their people."""

    def about(kode: str) -> str:
        area = profile.areas[kode]
        holder = profile.areas.get(area.parent)
        people = says.say("%(n)s jiwa", n=says.number(area.population)) if area.population is not None else ""
        told = (area.kind, holder.name if holder else "", "; ".join(area.aliases), people)
        return " · ".join(part for part in told if part)

    return [(kode, area.name, about(kode)) for kode, area in profile.areas.items()]


def roads(profile: RegionProfile, says: Speech) -> list[Told]:
    """The roads, with who owns each."""
    return [
        (road.key, road.name, " · ".join(x for x in (says.say(OWNERS[road.owner]), "; ".join(road.aliases)) if x))
        for road in profile.roads.values()
    ]


def points(profile: RegionProfile, _says: Speech) -> list[Told]:
    """The places that people name, with where they lie and who keeps them."""

    def about(key: str) -> str:
        point = profile.points[key]
        area = profile.areas.get(point.area or "")
        told = (point.kind, area.name if area else "", point.agency or "", "; ".join(point.aliases))
        return " · ".join(part for part in told if part)

    return [(key, point.name, about(key)) for key, point in profile.points.items()]


def days_off(profile: RegionProfile, says: Speech) -> list[Told]:
    """The region's own holidays, and the days that are worked instead."""
    listed = {"holidays": profile.calendar.holidays, "workdays": profile.calendar.workdays}
    return [
        (f"{name}/{one.day.isoformat()}", one.name, f"{says.weekday(one.day)} · {says.say(DAYS[name])}")
        for name, days in listed.items()
        for one in days
    ]


def day_off(profile: RegionProfile, key: str) -> Mapping[str, Any]:
    """The fields of a day; none for one that is not there."""
    name, _, day = key.partition("/")
    found = profile.calendar.holidays if name == "holidays" else profile.calendar.workdays
    return next(({"list": name, "day": day, "name": one.name} for one in found if one.day.isoformat() == day), {})
