"""A region as every room sees it: one frozen value, merged from package, overlay and the center's own edits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PrivateAttr, StringConstraints

from domain.errors import NotFound
from domain.posts import Frozen, Latitude, Longitude
from domain.regions.records import Agency, Area, Code, Key, Kode, Level, Name, Road, ServicePoint, Source
from domain.regions.worktime import Sla, WorkCalendar
from domain.taxonomy import load_taxonomy

MAX_SUCCESSIONS = 10  # an office renamed more often than this is a circle in the file
Owner = Literal["daerah", "kabupaten", "kota", "provinsi", "pusat", "bumn", "bumd", "desa"]
_TYPE_WORDS = re.compile(
    r"^(?:kab\.?|kabupaten|kota|kec\.?|kecamatan|kel\.?|kelurahan|ds\.?|desa|dsn\.?|dusun|provinsi|prov\.?)\s+"
)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as cause:
        raise ValueError(f"zona waktu {name} tidak dikenal") from cause
    return name


def fold_name(name: str) -> str:
    """A place name as it is compared: lower case, without its type word, spaces, hyphens and apostrophes."""
    return re.sub(r"[\W_]+", "", _TYPE_WORDS.sub("", name.casefold().strip()))


class Point(Frozen):
    """A place on the earth in degrees (WGS 84)."""

    lat: Latitude
    lon: Longitude


class BoundingBox(Frozen):
    """The smallest box of degrees around a region."""

    west: Longitude
    south: Latitude
    east: Longitude
    north: Latitude


class Population(Frozen):
    """How many people live in the region, and who says so."""

    people: Annotated[int, Field(ge=0)]
    year: int
    source: str
    verified: bool = False


class RegionHead(Frozen):
    """What `region.toml` holds."""

    name: Name
    short: Name
    kode: Kode
    level: Level
    province: Name
    capital: Name | None = None
    zone: Annotated[str, AfterValidator(_zone)]
    zone_label: Literal["WIB", "WITA", "WIT"]
    ticket_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}$")]
    languages: tuple[str, ...] = ("id",)
    aliases: tuple[Name, ...] = ()
    center: Point | None = None
    bbox: BoundingBox | None = None
    population: Population | None = None


class UrusanMap(Frozen):
    """What `urusan.toml` holds: who answers for which affair."""

    oversight: Code
    urusan: dict[str, Code]
    topic: dict[str, Code] = Field(default_factory=dict)
    authority: dict[Owner, dict[str, Code]] = Field(default_factory=dict)

    def candidates(self, topic: str, urusan: str, owner: Owner | None) -> Iterator[Code]:
        """Agency codes in the order in which the rules stand, most particular first."""
        elsewhere: Mapping[str, Code] = self.authority.get(owner, {}) if owner else {}
        found = (elsewhere.get(topic), self.topic.get(topic), elsewhere.get(urusan), elsewhere.get("*"))
        yield from (code for code in (*found, self.urusan.get(urusan)) if code)


class RegionProfile(RegionHead):
    """One region, whole. `version` changes with anything in it; `slug` is the first half of every agency key."""

    slug: Key
    version: str
    agencies: dict[Code, Agency]
    urusan: UrusanMap
    areas: dict[Kode, Area]
    roads: dict[Key, Road]
    points: dict[Key, ServicePoint]
    sources: dict[Key, Source]
    calendar: WorkCalendar
    sla: Sla
    _by_name: dict[str, tuple[Area, ...]] = PrivateAttr(default_factory=dict)

    def model_post_init(self, _context: object, /) -> None:
        """Index areas by folded name, once: the desk asks for every post."""
        for area in self.areas.values():
            for name in {fold_name(name) for name in (area.name, *area.aliases)}:
                self._by_name[name] = (*self._by_name.get(name, ()), area)

    @property
    def tz(self) -> ZoneInfo:
        """The region's time zone."""
        return ZoneInfo(self.zone)

    def agency_key(self, code: str) -> str:
        """The key of an agency outside the region: "lombok-barat/PUTR"."""
        return f"{self.slug}/{code}"

    def agency(self, code: str, on: date | None = None) -> Agency:
        """The agency that holds the office `code` on a day, following successors; without a day, the entry itself.

        NotFound when the region has no such code, or when nobody holds the office that day.
        """
        agency = self.agencies.get(code)
        if agency is None:
            raise NotFound(f"{self.slug} tidak mempunyai OPD {code}.")
        for _ in range(MAX_SUCCESSIONS):
            if on is None or agency.in_office(on):
                return agency
            heir = self._next(agency, on)
            if heir is None:
                break
            agency = heir
        raise NotFound(f"{self.slug}: tidak ada yang memegang tugas {code} pada {on}.")

    def agency_for(self, topic: str, authority: str | None = None, on: date | None = None) -> Agency:
        """Who answers for a topic when `authority` owns the matter (None: the topic's usual owner).

        Order: topic of that authority, topic, urusan of that authority, any of that authority, urusan. An office that
        nobody holds on the day is passed over. NotFound for an unknown topic, or when no rule is left.
        """
        known = load_taxonomy().topic(topic)
        for code in self.urusan.candidates(topic, known.urusan, self._owner(authority or known.authority)):
            try:
                return self.agency(code, on)
            except NotFound:
                continue
        raise NotFound(f"{self.slug}: nobody answers for {topic} on {on}")

    def oversight_agency(self, on: date | None = None) -> Agency:
        """Who receives a report that accuses someone in office."""
        return self.agency(self.urusan.oversight, on)

    def areas_by_name(self, name: str, level: str | None = None) -> tuple[Area, ...]:
        """Areas of that name or alias in the file's order; "Desa Suka Makmur" finds "Sukamakmur" and the reverse."""
        found = self._by_name.get(fold_name(name), ())
        return tuple(area for area in found if level is None or area.level == level)

    def lineage(self, kode: str) -> tuple[Area, ...]:
        """The area and what holds it inside the region, most specific first; empty for a code that is not here."""
        chain: list[Area] = []
        area = self.areas.get(kode)
        while area is not None:
            chain.append(area)
            area = self.areas.get(area.parent)
        return tuple(chain)

    def children(self, kode: str) -> tuple[Area, ...]:
        """Areas directly under a code, in the file's order."""
        return tuple(area for area in self.areas.values() if area.parent == kode)

    def holds(self, kode: str) -> bool:
        """Whether a Kemendagri code lies in the region, known there or not."""
        return kode == self.kode or kode.startswith(f"{self.kode}.")

    def _owner(self, authority: str | None) -> Owner | None:
        own = {self.level} if self.level == "provinsi" else {"kabupaten", "kota"}
        if authority in own:
            return "daerah"
        owners: dict[str, Owner] = {
            owner: owner for owner in ("daerah", "kabupaten", "kota", "provinsi", "pusat", "bumn", "bumd", "desa")
        }
        return owners.get(authority) if authority else None

    def _next(self, agency: Agency, on: date) -> Agency | None:
        """The office's holder one step nearer to the day: a successor, or before its time a predecessor."""
        if agency.valid_to is not None and on >= agency.valid_to:
            return self.agencies.get(agency.successor) if agency.successor else None
        return next((other for other in self.agencies.values() if other.successor == agency.code), None)
