"""What a region folder's files hold, entry by entry. Unknown names are refused, so a typo is told, not ignored."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from domain.posts import Frozen, Latitude, Longitude

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
Kode = Annotated[str, StringConstraints(pattern=r"^\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]
OptionName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Level = Literal["kabupaten", "kota", "provinsi"]
AgencyLevel = Literal["kabupaten", "kota", "provinsi", "pusat", "bumn", "bumd", "desa"]
AreaLevel = Literal["kabupaten", "kota", "kecamatan", "desa"]


class Agency(Frozen):
    """An office that may answer. In office while `valid_from <= day < valid_to`; then `successor` takes over."""

    code: Code
    name: Name
    level: AgencyLevel
    aliases: tuple[Name, ...] = ()
    duties: tuple[str, ...] = ()
    parent: Code | None = None
    url: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: Code | None = None
    source: str
    verified: bool = False

    def in_office(self, day: date) -> bool:
        """Whether the agency answers on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


class Area(Frozen):
    """A place with a Kemendagri code. Both kelurahan and desa have level "desa"; `kind` tells them apart."""

    kode: Kode
    name: Name
    level: AreaLevel
    kind: Literal["kabupaten", "kota", "kecamatan", "desa", "kelurahan"]
    parent: Kode
    aliases: tuple[Name, ...] = ()
    lat: Latitude | None = None
    lon: Longitude | None = None
    population: Annotated[int, Field(ge=0)] | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: Kode | None = None


class Road(Frozen):
    """A stretch of road and who must repair it."""

    key: Key
    name: Name
    owner: Literal["nasional", "provinsi", "kabupaten", "kota", "desa"]
    aliases: tuple[Name, ...] = ()
    areas: tuple[Kode, ...] = ()  # kecamatan or desa it passes, where known
    source: str
    verified: bool = False


class ServicePoint(Frozen):
    """A place people name in complaints that is no area: puskesmas, market, port, dusun, beach."""

    key: Key
    name: Name
    kind: Name
    area: Kode | None = None  # the most specific area known to hold it
    agency: Code | None = None  # who runs it
    aliases: tuple[Name, ...] = ()
    lat: Latitude | None = None
    lon: Longitude | None = None
    source: str
    verified: bool = False


class Source(Frozen):
    """A public source to listen to. One key may stand in several regions, then with the same address."""

    key: Key
    name: Name
    kind: Name
    url: Annotated[str, StringConstraints(pattern=r"^(?:https?|imaps)://[^\s]+$")]
    channel: str = "web"
    every_minutes: Annotated[int, Field(ge=5, le=10_080)] = 60
    enabled: bool = True
    status: Literal["unproven", "ok", "failed"] = "unproven"
    note: str | None = None
    options: dict[OptionName, str] = Field(default_factory=dict)  # what its kind lets be set, see docs/sources
