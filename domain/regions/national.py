"""The national list of areas: Kemendagri codes and names of all Indonesia, for new regions and for places elsewhere."""

from __future__ import annotations

import csv
import lzma
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from domain.errors import NotFound

NationalLevel = Literal["provinsi", "kabupaten", "kota", "kecamatan", "desa"]
Zone = Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
# Keppres 41/1987 by province code; provinces made since then keep the zone they had.
WITA = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
WIT = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})


class NationalArea(NamedTuple):
    """One row of the list; `kode` is dotted, names of regencies and cities begin with "Kabupaten" or "Kota"."""

    kode: str
    name: str
    level: NationalLevel


def read_national(under: str = "", *, villages: bool = True) -> Iterator[NationalArea]:
    """Rows of the list in the order of their codes, at or under a dotted code; without desa if so asked."""
    wanted = under.replace(".", "")
    with files(__package__).joinpath("national.csv.xz").open("rb") as packed:
        text = lzma.decompress(packed.read()).decode()
    for digits, name in csv.reader(text.splitlines()):
        if digits.startswith(wanted) and (villages or len(digits) < 10):  # noqa: PLR2004 - a desa has ten digits
            yield NationalArea(_dotted(digits), name, _level(digits, name))


@cache
def regencies() -> dict[str, NationalArea]:
    """All provinces, regencies and cities by dotted code."""
    return {area.kode: area for area in read_national(villages=False) if area.level != "kecamatan"}


def national_area(kode: str) -> NationalArea:
    """A province, regency or city by its code, dotted ("52.04") or not ("5204"). NotFound when there is none."""
    area = regencies().get(_dotted(kode.replace(".", "")))
    if area is None:
        raise NotFound(f"Tidak ada provinsi, kabupaten, atau kota berkode {kode}.")
    return area


def zone_of(kode: str) -> tuple[Zone, Literal["WIB", "WITA", "WIT"]]:
    """Time zone and its label by province."""
    province = kode[:2]
    if province in WITA:
        return "Asia/Makassar", "WITA"
    if province in WIT:
        return "Asia/Jayapura", "WIT"
    return "Asia/Jakarta", "WIB"


def _dotted(digits: str) -> str:
    parts = (digits[:2], digits[2:4], digits[4:6], digits[6:])
    return ".".join(part for part in parts if part)


def _level(digits: str, name: str) -> NationalLevel:
    if len(digits) == 4:  # noqa: PLR2004 - a regency or city has four digits
        return "kota" if name.startswith("Kota ") else "kabupaten"
    return _LEVELS[len(digits)]


_LEVELS: dict[int, NationalLevel] = {2: "provinsi", 6: "kecamatan", 10: "desa"}
