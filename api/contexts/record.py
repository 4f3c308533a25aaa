"""The intake form, what stands around its place, what may be the same, and the page after saving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.contexts.post import Option, Piece


@dataclass(frozen=True, slots=True)
class SpotView:
    """A place of the gazetteer that may be meant: its name, what it is, and where it lies."""

    code: str
    name: str
    kind: str
    where: str


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """One area of the map; `label` is empty where it would not fit."""

    kode: str
    name: str
    d: str
    x: int
    y: int
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class MapView:
    """A map to point at. `wide` and `narrow` are the pixels it is shown at: points come back in them."""

    title: str
    view_box: str
    wide: tuple[int, int]
    narrow: tuple[int, int]
    areas: tuple[DrawnArea, ...]
    pin: tuple[int, int] | None
    zoomed: bool


@dataclass(frozen=True, slots=True)
class PlacePicker:
    """Where it is: what was typed, what was found for it, what is chosen, and the map."""

    regions: tuple[Option, ...]
    region: str
    q: str = ""
    spot: SpotView | None = None
    point: str = ""  # "lat,lon" of a click on the map
    zoom: str = ""  # code of the kecamatan that the map shows; empty for the whole region
    found: tuple[SpotView, ...] = ()
    searched: bool = False
    error: str = ""
    map: MapView | None = None


@dataclass(frozen=True, slots=True)
class HeldPhoto:
    """A photo that the form holds already."""

    id: str
    href: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class LikelyView:
    """A case that may tell of the same, and why one may think so. `ticket` is its ticket's code, where it has one."""

    case: str
    href: str
    text: tuple[Piece, ...]
    lang: str
    origin: str
    when: str
    place: str
    why: str
    ticket: str


@dataclass(frozen=True, slots=True)
class RecordView:
    """The form. `values` are the fields as typed, `errors` what is wrong with them, by the field's name."""

    draft: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    channels: tuple[Option, ...]
    today: str
    place: PlacePicker
    photos: tuple[HeldPhoto, ...]
    most_photos: int
    photo_megabytes: int
    notice: str = ""
    likely: tuple[LikelyView, ...] = ()
    unchecked: bool = False  # the search did not answer: nobody knows whether there are likely ones
    status: int = 200


@dataclass(frozen=True, slots=True)
class SavedView:
    """After saving, until the case is there. `again` is the address to look at next, empty once looking ended."""

    code: str
    here: str
    again: str
