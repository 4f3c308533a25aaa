"""Column maps: which column of a file is which part of a post. Some ship with Jaring, a site writes its own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError

from crawlers.importers.chat_heads import Order
from domain.errors import Refused
from domain.labels import Channel
from domain.posts import Frozen
from domain.wording import describe

_PIECE = re.compile(r"\{([^{}]+)\}")


def _one_or_many(value: object) -> object:
    return {"names": (value,), "required": True} if isinstance(value, str) else {"names": value, "required": False}


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as cause:
        raise ValueError(f"zona waktu tidak dikenal: {name}") from cause
    return name


class Column(Frozen):
    """A column by name. A lone name must be in the file; of several, the first that is there is taken, or none."""

    names: Annotated[tuple[str, ...], Field(min_length=1)]
    required: bool


ColumnName = Annotated[Column, BeforeValidator(_one_or_many)]


class Columns(Frozen):
    """The `[columns]` table. Only the text must be there."""

    text: ColumnName
    id: ColumnName | None = None
    published_at: ColumnName | None = None
    title: ColumnName | None = None
    place: ColumnName | None = None
    agency: ColumnName | None = None
    topic: ColumnName | None = None
    author: ColumnName | None = None
    contact: ColumnName | None = None
    url: ColumnName | None = None
    channel: ColumnName | None = None
    likes: ColumnName | None = None
    replies: ColumnName | None = None
    shares: ColumnName | None = None
    views: ColumnName | None = None


class Dates(Frozen):
    """The `[dates]` table: strptime formats tried before the usual ones, and the zone of dates that name none.

    `order` says of a chat, whose dates are numbers alone, whether the day or the month stands first.
    """

    formats: tuple[str, ...] = ()
    order: Order | None = None
    zone: Annotated[str, AfterValidator(_zone)] | None = None


class Join(Frozen):
    """The `[join]` table: pieces such as "Kecamatan {kecamatan}"; one whose column is empty or absent falls away."""

    place: tuple[str, ...] = ()


class Constants(Frozen):
    """The `[constants]` table: what every row of the file has."""

    channel: Channel = Channel.OTHER
    agency: str | None = None
    topic: str | None = None
    place: str | None = None


class ColumnMap(Frozen):
    """One map. `source` is the source's key; `{region}` in it becomes the region's slug; `reader` what the file is."""

    key: str
    source: Annotated[str, StringConstraints(pattern=r"^[a-z0-9{}-]+$", max_length=80)]
    reader: Literal["table", "whatsapp"] = "table"
    encoding: str | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None
    columns: Columns
    dates: Dates = Dates()
    join: Join = Join()
    constants: Constants = Constants()


@dataclass(frozen=True, slots=True)
class BoundMap:
    """A map that has met a file's header: column names as the file writes them."""

    map: ColumnMap
    columns: dict[str, str]  # part of a post -> column
    pieces: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # template and its (piece, column) pairs

    def place(self, values: dict[str, str]) -> str | None:
        """The place in words: the joined pieces, else the place column."""
        said: list[str] = []
        for template, names in self.pieces:
            filled = template
            for piece, column in names:
                filled = filled.replace("{" + piece + "}", values.get(column, "").strip())
            if all(values.get(column, "").strip() for _, column in names) and filled not in said:
                said.append(filled)
        return ", ".join(said) or None


def shipped_maps() -> tuple[str, ...]:
    """Names of the maps that come with Jaring."""
    return tuple(sorted(p.name.removesuffix(".toml") for p in _folder().iterdir() if p.name.endswith(".toml")))


def load_map(name: str) -> ColumnMap:
    """A shipped map by name, or one from a TOML file. Refused when there is none or it cannot be used."""
    if name in shipped_maps():
        return _parse(_folder().joinpath(f"{name}.toml").read_text(encoding="utf-8"), key=name, where=name)
    path = Path(name)
    if not path.is_file():
        raise Refused(
            f"Peta kolom {name} tidak ada; yang bawaan: {', '.join(shipped_maps())}, atau tunjuk berkas TOML."
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as cause:
        raise Refused(f"Peta kolom {name} tidak dapat dibaca: {cause.strerror}.") from cause
    except UnicodeDecodeError as cause:
        raise Refused(f"Peta kolom {name} bukan teks UTF-8.") from cause
    return _parse(text, key=_slug(path.stem), where=name)


def bind(column_map: ColumnMap, header: Sequence[str]) -> BoundMap:
    """Find the map's columns in a header; case, spaces and underscores do not matter. Refused names what is missing."""
    present = {fold(name): name for name in reversed(header) if name}
    found: dict[str, str] = {}
    for part in Columns.model_fields:
        column: Column | None = getattr(column_map.columns, part)
        if column is None:
            continue
        match = next((present[fold(name)] for name in column.names if fold(name) in present), None)
        if match is not None:
            found[part] = match
        elif column.required or part == "text":
            wanted, there = " / ".join(column.names), ", ".join(header)
            raise Refused(f"Kolom {wanted} ({part}) dari peta {column_map.key} tidak ada; yang ada: {there}.")
    pieces = tuple(
        (template, tuple((piece, present.get(fold(piece), piece)) for piece in _PIECE.findall(template)))
        for template in column_map.join.place
    )
    return BoundMap(map=column_map, columns=found, pieces=pieces)


def fold(name: str) -> str:
    """A column name as it is compared."""
    return re.sub(r"[\s_.\-]+", "_", name.strip().casefold())


def _folder() -> Traversable:
    return files(__package__).joinpath("maps")


def _slug(stem: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", stem.casefold()).strip("-") or "impor"


def _parse(text: str, *, key: str, where: str) -> ColumnMap:
    try:
        table = tomllib.loads(text)
        return ColumnMap.model_validate({"source": key, **table, "key": key})
    except tomllib.TOMLDecodeError as cause:
        raise Refused(f"Peta kolom {where} bukan TOML yang benar: {cause}.") from cause
    except ValidationError as cause:
        raise Refused(f"Peta kolom {where}: {describe(cause.errors()[0])}.") from cause
