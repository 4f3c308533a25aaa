"""People as the store knows them, and what each role may see. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.scope import Scope

SESSION_IDLE: Final = timedelta(hours=12)  # a working day: nobody is thrown out between two meetings
SESSION_LONGEST: Final = timedelta(days=7)


class Role(StrEnum):
    """What a person does here. Roles grant pages; what of truth they show is the scope's matter."""

    ADMIN = "admin"
    ANALYST = "analis"
    LIAISON = "penghubung"  # answers for agencies
    LEADER = "pimpinan"
    VILLAGE_HEAD = "kades"


class TokenScope(StrEnum):
    """What an API token opens."""

    READ = "read"
    WRITE = "write"
    INTAKE = "intake"


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account. Empty `regions` means all that are served.

    `opds` are keys ("lombok-barat/PUTR"); a bare code stands for that agency in each of the person's regions.
    """

    name: str
    display: str
    role: Role
    regions: tuple[str, ...] = ()
    opds: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    may_reveal: bool = False
    may_oversee: bool = False
    active: bool = True
    must_change: bool = False  # the password was made by somebody else: change it first


@dataclass(frozen=True, slots=True)
class Session:
    """A login. `csrf` is what its forms must bring back; `id` tells it apart in lists and opens nothing."""

    id: str
    user: User
    csrf: str
    created_at: datetime
    seen_at: datetime
    address: str | None
    agent: str | None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as lists show it; its text was told once and is not kept."""

    id: str
    user: User
    name: str
    scope: TokenScope
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


def scope_of(user: User, all_regions: Iterable[str]) -> Scope:
    """What of truth a person may see. A liaison without an agency and a village head without a village see nothing."""
    served = frozenset(all_regions)
    bound_to_opd = user.role is Role.LIAISON or bool(user.opds)
    bound_to_area = user.role is Role.VILLAGE_HEAD or bool(user.areas)
    regions = served & frozenset(user.regions) if user.regions else served
    keys = {key for opd in user.opds for key in ((opd,) if "/" in opd else (f"{slug}/{opd}" for slug in regions))}
    return Scope(
        regions=regions,
        opds=frozenset(keys) if bound_to_opd else None,
        areas=frozenset(user.areas) if bound_to_area else None,
        may_reveal=user.may_reveal,
        may_oversee=user.may_oversee,
    )
