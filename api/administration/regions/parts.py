"""The parts of a region's profile that a page may correct, each with its entries and its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.administration.regions import deadlines
from api.administration.regions.entries import Told, areas, day_off, days_off, points, roads
from api.administration.regions.fields import Spec
from api.speech import N_, Speech
from domain.errors import NotFound
from domain.regions import RegionProfile


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the profile. `entries` gives (key, title, about) of all; `value` turns one into its fields."""

    key: str
    title: str
    about: str
    fields: tuple[Spec, ...]
    entries: Callable[[RegionProfile, Speech], list[Told]]
    value: Callable[[RegionProfile, str], Mapping[str, Any]]
    addable: bool = True

    def has(self, profile: RegionProfile, key: str) -> bool:
        """Whether an entry is there."""
        return key in self.keys(profile)

    def keys(self, profile: RegionProfile) -> set[str]:
        """The keys of all its entries."""
        return {key for key, _, _ in self.entries(profile, _SILENT)}


def part_of(name: str) -> Part:
    """The part of that name. NotFound for another."""
    if name not in PARTS:
        raise NotFound(N_("Bagian itu tidak ada."))
    return PARTS[name]


NAME: Final = Spec("name", N_("Nama"), required=True)
ALIASES: Final = Spec("aliases", N_("Alias"), "list", N_("dipisah titik koma"))
PARTS: Final[Mapping[str, Part]] = {
    part.key: part
    for part in (
        Part(
            "areas", N_("Kecamatan dan desa"),
            N_("Nama lain membuat tempat dikenali dalam kiriman; jumlah penduduk dipakai peta per 1.000 jiwa."),
            (NAME, ALIASES, Spec("population", N_("Penduduk"), "whole")),
            areas, lambda p, key: p.areas[key].model_dump(), addable=False,
        ),
        Part(
            "roads", N_("Jalan"), N_("Pemilik jalan menentukan siapa yang memperbaikinya."),
            (NAME, Spec("owner", N_("Pemilik"), "choice", required=True), ALIASES,
             Spec("areas", N_("Melewati"), "places", N_("nama atau kode, dipisah titik koma"))),
            roads, lambda p, key: p.roads[key].model_dump(),
        ),
        Part(
            "points", N_("Titik layanan"), N_("Tempat yang disebut orang: puskesmas, pasar, pelabuhan, dusun, pantai."),
            (NAME, Spec("kind", N_("Jenis"), hint=N_("puskesmas, pasar, dusun, …"), required=True),
             Spec("area", N_("Letak"), "place", N_("nama atau kode desa")), Spec("agency", N_("Pengelola"), "choice"),
             ALIASES, Spec("lat", N_("Lintang"), "degrees"), Spec("lon", N_("Bujur"), "degrees")),
            points, lambda p, key: p.points[key].model_dump(),
        ),
        Part(
            "calendar", N_("Hari libur"),
            N_("Libur nasional dan cuti bersama sudah ada; tulis di sini hanya yang khusus daerah ini."),
            (Spec("day", N_("Tanggal"), "date", required=True), Spec("name", N_("Nama"), required=True),
             Spec("list", N_("Jenis"), "choice", required=True)),
            days_off, day_off,
        ),
        Part(
            "sla", N_("Tenggat"), N_("Hari kerja. Tiket yang sudah berjalan tetap memakai tenggat yang dijanjikan."),
            deadlines.fields(), deadlines.deadlines, deadlines.standing, addable=False,
        ),
    )
}  # fmt: skip
_SILENT: Final = Speech("id")
