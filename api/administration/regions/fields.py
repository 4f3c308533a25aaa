"""A field of a region's entry: how it is typed, what it offers, how it is shown and read back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from api.contexts.settings import Choice
from api.speech import N_, Speech
from domain.errors import Refused
from domain.regions import RegionProfile

OWNERS: Final = {
    "desa": N_("desa"), "kabupaten": N_("kabupaten"), "kota": N_("kota"), "provinsi": N_("provinsi"),
    "nasional": N_("nasional"),
}  # fmt: skip
DAYS: Final = {"holidays": N_("libur"), "workdays": N_("hari kerja pengganti")}


@dataclass(frozen=True, slots=True)
class Spec:
    """A field of an entry: how it is typed, and how it is read back."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = False


def shown(value: object) -> str:
    """A standing value as it is typed."""
    if isinstance(value, tuple | list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def choices(spec: Spec, profile: RegionProfile, chosen: str, says: Speech) -> tuple[Choice, ...]:
    """What a field offers to choose from; nothing where it is typed freely."""
    values: Mapping[str, str] = {}
    if spec.name == "owner":
        values = {code: says.say(word) for code, word in OWNERS.items()}
    elif spec.name == "list":
        values = {code: says.say(word) for code, word in DAYS.items()}
    elif spec.name == "agency":
        values = {"": "—"} | {agency.code: f"{agency.code} — {agency.name}" for agency in profile.agencies.values()}
    return tuple(Choice(code, word, code == chosen) for code, word in values.items())


def read(spec: Spec, said: str, profile: RegionProfile) -> Any:
    """The value of what was typed; for nothing, None or an empty list. Refused for what the field cannot hold."""
    said = " ".join(said.split())
    if not said:
        if spec.required:
            raise Refused(f"{spec.label} wajib diisi.")
        return [] if spec.kind in {"list", "places"} else None
    match spec.kind:
        case "list":
            return [part.strip() for part in said.split(";") if part.strip()]
        case "places":
            return [_place(part.strip(), profile) for part in said.split(";") if part.strip()]
        case "place":
            return _place(said, profile)
        case "whole":
            digits = re.sub(r"[.\s_](?=\d{3}\b)", "", said)
            if not digits.isdecimal() or len(digits) > 9:  # noqa: PLR2004  no number of people or days is longer
                raise Refused(f"{spec.label}: {said} bukan bilangan bulat.")
            return int(digits)
        case "degrees":
            return _degrees(spec, said)
        case "date":
            return _day(spec, said)
    return said


def _degrees(spec: Spec, said: str) -> float:
    try:
        return float(said.replace(",", "."))
    except ValueError as cause:
        raise Refused(f"{spec.label}: {said} bukan derajat, misalnya -8,6810.") from cause


def _day(spec: Spec, said: str) -> str:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError as cause:
        raise Refused(f"{spec.label}: {said} bukan tanggal (2027-01-31).") from cause


def _place(said: str, profile: RegionProfile) -> str:
    if said in profile.areas:
        return said
    name, _, level = said.partition("(")
    found = profile.areas_by_name(name.strip(), level.rstrip(") ").strip() or None)
    if len(found) != 1:
        codes = ", ".join(f"{area.kode} {area.name} ({area.level})" for area in found[:5])
        raise Refused(f"{said}: {f'tulis kodenya: {codes}' if found else 'tidak ada wilayah bernama itu'}.")
    return found[0].kode
