"""Places for the intake form: the gazetteer searched by what is typed, a point of the map, and the map itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from api.contexts.post import Option
from api.contexts.record import DrawnArea, MapView, PlacePicker, SpotView
from api.maps import Level, RegionMap
from api.parts import Parts
from api.records.gazetteer import SHORTEST, area_of, find_spots, kecamatan_of, spot_of, where_of
from api.speech import N_, Speech
from domain.errors import NotFound
from domain.regions import PlaceEntry, RegionProfile

WIDE, NARROW = 460, 320  # pixels of the map on a desk and on a phone: fixed, for points come back in them
LETTER, LINE = 8, 18  # units that a letter of a label takes, and its line
WHOLE: Final = "semua"  # the map shows the whole region, whatever is chosen
LABELLED: Final = 24  # areas: a map of more is read by its outline
NOT_CHOSEN: Final = N_("Pilih salah satu tempat yang ditemukan, atau kosongkan isian ini.")
NOT_FOUND: Final = N_("Tempat itu tidak ada dalam daftar wilayah ini. Tulis nama lain, atau kosongkan isian ini.")
OUTSIDE: Final = N_("Titik itu di luar wilayah. Pilih titik di dalam batasnya.")
KINDS: Final = {
    "kecamatan": N_("Kecamatan"), "desa": N_("Desa"), "kelurahan": N_("Kelurahan"), "kabupaten": N_("Kabupaten"),
    "kota": N_("Kota"), "jalan": N_("Jalan"), "dusun": N_("Dusun"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskedPlace:
    """What a form says about its place. `clicked` is a point of the map in pixels, with the map's width in them."""

    region: str
    q: str = ""
    spot: str = ""
    point: tuple[float, float] | None = None  # latitude, longitude
    zoom: str = ""
    search: bool = False
    clicked: tuple[float, float, int] | None = None


def read_place(fields: Mapping[str, str], region: str) -> AskedPlace:
    """What a form's fields say; what cannot be read is as if it were not there."""
    clicked = next(
        (c for name, width in (("peta", WIDE), ("petak", NARROW)) if (c := _click(fields, name, width))), None
    )
    deed = fields.get("aksi", "")
    asked = AskedPlace(
        region=region,
        q=fields.get("tempat", "").strip()[:120],
        spot=fields.get("kode", "")[:120],
        point=_point(fields.get("titik", "")),
        zoom=WHOLE if deed == "peta_luas" else fields.get("zum", "")[:20],
        search=deed == "cari_tempat",
        clicked=clicked,
    )
    if deed == "lepas_tempat":
        return AskedPlace(region=region)
    return replace(asked, spot="", point=None) if asked.search else asked


def resolved(parts: Parts, asked: AskedPlace) -> tuple[AskedPlace, str]:
    """What is asked once clicks and typed names are turned into places; and what is wrong, in a message."""
    if asked.clicked:
        return _pointed(parts, asked)
    profile = parts.profiles[asked.region]
    if asked.spot and spot_of(profile, asked.spot) is None:
        asked = replace(asked, spot="", point=None)
    if asked.spot and not asked.zoom:
        asked = replace(asked, zoom=kecamatan_of(profile, asked.spot) or "")
    if asked.spot or not asked.q or asked.search:
        return asked, ""
    found = list(find_spots(profile, asked.q))
    exact = [e for rank, e in found if rank == 0]
    if len(exact) == 1:  # typed in full: there is nothing to choose
        return replace(asked, spot=exact[0].kode), ""
    return asked, NOT_CHOSEN if found else NOT_FOUND


def picker(  # noqa: PLR0913  what is asked, what may be, and how it is told
    parts: Parts, asked: AskedPlace, regions: tuple[Option, ...], says: Speech, error: str = "", *, drawn: bool = True
) -> PlacePicker:
    """The part of the form that asks where; not `drawn`, without its map."""
    profile = parts.profiles[asked.region]
    spot = spot_of(profile, asked.spot) if asked.spot else None
    found = () if spot else tuple(_view(entry, profile, says) for _, entry in find_spots(profile, asked.q))
    return PlacePicker(
        regions=regions,
        region=asked.region,
        q=asked.q,
        spot=_view(spot, profile, says) if spot else None,
        point=f"{asked.point[0]:.6f},{asked.point[1]:.6f}" if asked.point and spot else "",
        zoom=asked.zoom,
        found=found,
        searched=not spot and len(asked.q) >= SHORTEST,
        error=says.say(error),
        map=_map(parts, asked, profile, says) if drawn else None,
    )


def _pointed(parts: Parts, asked: AskedPlace) -> tuple[AskedPlace, str]:
    assert asked.clicked is not None  # noqa: S101  the caller asked
    x, y, width = asked.clicked
    drawn = _drawn(parts, asked)
    if drawn is None:
        return asked, ""
    scale = drawn.width / width
    lat, lon = drawn.projection.earth(x * scale, y * scale)
    kode = parts.maps.area_at(asked.region, lat, lon)
    profile = parts.profiles[asked.region]
    if kode is None or kode not in profile.areas:
        return replace(asked, clicked=None), OUTSIDE
    zoom = kecamatan_of(profile, kode) or ""
    return AskedPlace(region=asked.region, spot=kode, point=(round(lat, 6), round(lon, 6)), zoom=zoom), ""


def _view(entry: PlaceEntry, profile: RegionProfile, says: Speech) -> SpotView:
    kind = entry.kind if entry.level in {"desa", "tempat"} else entry.level
    where = where_of(entry, profile)
    return SpotView(entry.kode, entry.name, says.say(KINDS[kind]) if kind in KINDS else kind.capitalize(), where)


def _map(parts: Parts, asked: AskedPlace, profile: RegionProfile, says: Speech) -> MapView | None:
    drawn = _drawn(parts, asked)
    if drawn is None:
        return None
    chosen = area_of(profile, asked.spot) or ""
    pin = drawn.projection.xy(*asked.point) if asked.point and asked.spot else None
    zoomed = asked.zoom in profile.areas
    labelled = _labelled(drawn, chosen)
    of = profile.areas[asked.zoom].name if zoomed else profile.short
    return MapView(
        title=says.say(N_("Peta %(area)s"), area=f"Kec. {of}" if zoomed else of),
        view_box=drawn.view_box,
        wide=(WIDE, round(WIDE * drawn.height / drawn.width)),
        narrow=(NARROW, round(NARROW * drawn.height / drawn.width)),
        areas=tuple(
            DrawnArea(
                kode=s.kode, name=s.name, d=s.d, x=s.label_x, y=s.label_y, label=s.name if s.kode in labelled else "",
                chosen=bool(chosen) and (chosen == s.kode or chosen.startswith(f"{s.kode}.")),
            )
            for s in drawn.shapes
        ),
        pin=(round(pin[0]), round(pin[1])) if pin else None,
        zoomed=zoomed,
    )  # fmt: skip


def _labelled(drawn: RegionMap, chosen: str) -> frozenset[str]:
    """The areas whose names stand on the map without covering another's; the chosen one first."""
    if len(drawn.shapes) > LABELLED:
        return frozenset()
    kept: dict[str, tuple[int, int, int]] = {}
    for shape in sorted(drawn.shapes, key=lambda one: (not chosen.startswith(one.kode), -len(one.d))):
        half = LETTER * len(shape.name) // 2
        free = all(
            abs(shape.label_x - x) >= half + other or abs(shape.label_y - y) >= LINE for x, y, other in kept.values()
        )
        if free:
            kept[shape.kode] = shape.label_x, shape.label_y, half
    return frozenset(kept)


def _drawn(parts: Parts, asked: AskedPlace) -> RegionMap | None:
    """The map that the form shows: a kecamatan by its villages, else the region by what is right below it."""
    try:
        if asked.zoom in parts.profiles[asked.region].areas:
            return parts.maps.drawn(asked.region, "desa", within=asked.zoom)
        level: Level = "kecamatan"
        return parts.maps.drawn(asked.region, level)
    except NotFound:
        return None


def _point(written: str) -> tuple[float, float] | None:
    lat, _, lon = written.partition(",")
    try:
        point = float(lat), float(lon)
    except ValueError:
        return None
    return point if -90 <= point[0] <= 90 and -180 <= point[1] <= 180 else None  # noqa: PLR2004  degrees


def _click(fields: Mapping[str, str], name: str, width: int) -> tuple[float, float, int] | None:
    x, y = fields.get(f"{name}.x", ""), fields.get(f"{name}.y", "")
    if not (x.isascii() and y.isascii() and x.isdigit() and y.isdigit()) or len(x) > 5 or len(y) > 5:  # noqa: PLR2004  pixels
        return None
    return float(x), float(y), width
