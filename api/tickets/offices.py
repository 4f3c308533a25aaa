"""The offices and areas that a ticket's forms and filters offer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from api.contexts.post import Option
from api.parts import Parts
from domain.scope import Scope

KECAMATAN = "kecamatan"


def offices(parts: Parts, region: str, now: datetime) -> tuple[Option, ...]:
    """The offices of a region that are in office, by name; their codes are what a form brings back."""
    profile = parts.profile(region)
    if profile is None:
        return ()
    today = now.astimezone(profile.tz).date()
    ordered = sorted(profile.agencies.values(), key=lambda agency: agency.name)
    return tuple(Option(agency.code, agency.name) for agency in ordered if agency.in_office(today))


def office_keys(
    parts: Parts, scope: Scope, chosen: Iterable[str], *, regions: Collection[str] = ()
) -> tuple[Option, ...]:
    """The offices that a reader's tickets may be with, as keys, beside those chosen already.

    Of several regions only the offices of those asked for: all of a province would be longer than the list itself.
    """
    several = len(scope.regions) > 1
    found = []
    for slug, profile in parts.profiles.items():
        if slug not in scope.regions or (several and slug not in regions):
            continue
        own = scope.agencies_in(slug) if scope.opds is not None else None
        for agency in sorted(profile.agencies.values(), key=lambda agency: agency.code):
            if own is None or agency.code in own:
                label = parts.names.short_agency(agency.code)
                found.append(Option(profile.agency_key(agency.code), label, profile.short if several else ""))
    known = {option.value for option in found}
    return (*found, *(Option(key, key) for key in chosen if key not in known))


def areas(parts: Parts, scope: Scope, chosen: Iterable[str]) -> tuple[Option, ...]:
    """The kecamatan of a reader's regions, and whatever area is asked for besides."""
    several = len(scope.regions) > 1
    found = [
        Option(area.kode, area.name, profile.short if several else "")
        for slug, profile in parts.profiles.items()
        if slug in scope.regions
        for area in sorted(profile.areas.values(), key=lambda area: area.name)
        if area.level == KECAMATAN
    ]
    known = {option.value for option in found}
    return (*found, *(Option(kode, parts.names.area(kode)) for kode in chosen if kode not in known))
