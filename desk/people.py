"""What an account may be given: regions that are served, agencies and areas that are there."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.errors import Refused
from domain.regions import RegionProfile
from store.people import Role

ONE_TIME_BYTES: Final = 9  # twelve letters: long enough to guess in vain, short enough to read out


@dataclass(frozen=True, slots=True)
class Reach:
    """Regions, agency keys ("lombok-barat/PUTR") and area codes as an account holds them."""

    regions: tuple[str, ...]
    opds: tuple[str, ...]
    areas: tuple[str, ...]


def reach_of(
    profiles: Mapping[str, RegionProfile], regions: Sequence[str], opds: Sequence[str], areas: Sequence[str]
) -> Reach:
    """What people typed, checked; a bare agency code stands for that agency in each of the regions.

    Refused for what is not there: an account with a slip in it would see nothing, and nobody would know why.
    """
    keys = [opd.strip().rpartition("/") for opd in opds if opd.strip()]
    wanted = tuple(dict.fromkeys([*regions, *(region for region, _, _ in keys if region)]))
    for slug in wanted:
        if slug not in profiles:
            raise Refused(f"Wilayah {slug} tidak dilayani di sini; yang dilayani: {', '.join(profiles)}.")
    held = [profiles[slug] for slug in wanted] or list(profiles.values())
    named: dict[str, None] = {}
    for region, _, code in keys:
        found = [p.slug for p in held if region in {"", p.slug} and code in p.agencies]
        if not found:
            raise Refused(f"OPD {code} tidak ada di {region or ', '.join(p.slug for p in held)}.")
        named |= dict.fromkeys(f"{slug}/{code}" for slug in found)
    codes = tuple(dict.fromkeys(_area(held, area.strip()) for area in areas if area.strip()))
    return Reach(wanted, tuple(named), codes)


def must_see_something(role: Role | str, reach: Reach) -> None:
    """Refuse a liaison without an agency and a village head without a village: they would see nothing at all."""
    if role == Role.LIAISON and not reach.opds:
        raise Refused("Penghubung harus punya OPD: tanpa itu tidak ada yang dapat dilihatnya.")
    if role == Role.VILLAGE_HEAD and not reach.areas:
        raise Refused("Kepala desa harus punya desa: tanpa itu tidak ada yang dapat dilihatnya.")


def one_time_password() -> str:
    """A password to be told once and changed at the first login."""
    return secrets.token_urlsafe(ONE_TIME_BYTES)


def _area(held: Sequence[RegionProfile], typed: str) -> str:
    """An area by its code, or by a name that only one has."""
    for profile in held:
        if typed == profile.kode or typed in profile.areas:
            return typed
    name, _, level = typed.partition("(")
    found = [a for p in held for a in p.areas_by_name(name.strip(), level.rstrip(") ").strip() or None)]
    if len(found) == 1:
        return found[0].kode
    if not found:
        raise Refused(f"Kode wilayah {typed} tidak ada di {', '.join(p.slug for p in held)}.")
    choices = ", ".join(f"{area.kode} {area.name} ({area.level})" for area in found[:6])
    raise Refused(f"{typed} dapat berarti beberapa wilayah; tulis kodenya: {choices}.")
