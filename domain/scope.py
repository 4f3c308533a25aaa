"""Who may see what. Every read of truth or index takes a Scope; nothing is read without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Visible(Protocol):
    """What a scope must know of a thing to decide about it (a PostDocument, a ticket)."""

    @property
    def region(self) -> str: ...
    @property
    def opd(self) -> str | None: ...
    @property
    def area_codes(self) -> tuple[str, ...]: ...
    @property
    def oversight(self) -> bool: ...
    @property
    def accused_opd(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of truth that a reader may see. None means all of that kind; an empty set means nothing.

    `opds` are keys ("lombok-barat/PUTR"): the same code in another region is another agency. `areas` are
    Kemendagri codes: a code allows itself and everything below it. `may_oversee` opens what is *berkadar
    pengawasan*; even then an agency never sees what accuses it.
    """

    regions: frozenset[str]
    opds: frozenset[str] | None = None
    areas: frozenset[str] | None = None
    may_reveal: bool = False
    may_oversee: bool = False

    def allows(self, thing: Visible) -> bool:
        """Say whether the reader may know that this thing exists."""
        if thing.region not in self.regions:
            return False
        if thing.oversight and not self.may_oversee:
            return False
        if self.opds is not None:
            own = self.agencies_in(thing.region)
            if thing.opd not in own or own & set(thing.accused_opd):
                return False
        return self.areas is None or any(within(code, area) for code in thing.area_codes for area in self.areas)

    def agencies_in(self, region: str) -> frozenset[str]:
        """The codes of a region's agencies that the scope is bound to; empty, too, when it is bound to none."""
        return frozenset(code for slug, _, code in (key.rpartition("/") for key in self.opds or ()) if slug == region)


def within(kode: str, area: str) -> bool:
    """Say whether a Kemendagri code is an area or lies in it."""
    return kode == area or kode.startswith(area + ".")
