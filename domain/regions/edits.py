"""What a center changes of its own region: fields of one entry, laid over package and overlay. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from domain.errors import Refused
from domain.regions.folder import SHAPES, RegionFiles, Table, overlay

PARTS: Final[Mapping[str, str]] = {
    "agencies": "agencies.toml",
    "areas": "areas.csv",
    "roads": "roads.toml",
    "points": "points.toml",
    "sources": "sources.toml",
    "sla": "sla.toml",
    "calendar": "calendar.toml",
}
WHOLE: Final = "sla"  # the key of an edit of the deadlines: there is one table of them
DAYS: Final = ("holidays", "workdays")  # lists of the calendar; an edit's key is "holidays/2027-04-17"
REMOVE: Final = "remove"


@dataclass(frozen=True, slots=True)
class RegionEdit:
    """Fields over one entry of a part. A field that is None is taken away, `remove` takes the entry itself away."""

    part: str
    key: str
    fields: Mapping[str, object]

    @property
    def removes(self) -> bool:
        """Whether the entry is to go."""
        return self.fields.get(REMOVE) is True


def removal(part: str, key: str) -> RegionEdit:
    """The edit that takes an entry away."""
    return RegionEdit(part, key, {REMOVE: True})


def grown(standing: Iterable[RegionEdit], edits: Iterable[RegionEdit]) -> dict[tuple[str, str], RegionEdit]:
    """The edits that count once `edits` are laid over those that stand, by part and key.

    Fields that an earlier edit of the entry set stay, unless either takes the entry away.
    """
    found = {(edit.part, edit.key): edit for edit in standing}
    for edit in edits:
        under = found.pop((edit.part, edit.key), None)
        kept = {} if under is None or under.removes or edit.removes else dict(under.fields)
        found[(edit.part, edit.key)] = RegionEdit(edit.part, edit.key, kept | dict(edit.fields))
    return found


def edited(below: RegionFiles, edits: Iterable[RegionEdit]) -> RegionFiles:
    """The files with edits laid over them, in their order. Refused names a part that cannot be edited."""
    found = RegionFiles(dict(below.tables), {name: dict(entries) for name, entries in below.entries.items()})
    for edit in edits:
        if edit.part not in PARTS:
            raise Refused(f"Bagian {edit.part} tidak dapat diubah; yang ada: {', '.join(PARTS)}.")
        file = PARTS[edit.part]
        if SHAPES[file].kind != "table":
            _lay_entry(found.entries.setdefault(file, {}), SHAPES[file].key, edit)
        elif edit.part == "calendar":
            found.tables[file] = _with_day(found.tables.get(file, {}), edit)
        else:
            found.tables[file] = overlay(found, RegionFiles({file: dict(edit.fields)})).tables[file]
    return found


def _lay_entry(entries: dict[str, Table], key_name: str, edit: RegionEdit) -> None:
    if edit.removes:
        entries.pop(edit.key, None)
        return
    entry = {**entries.get(edit.key, {}), key_name: edit.key, **edit.fields}
    entries[edit.key] = {name: value for name, value in entry.items() if value is not None and name != REMOVE}


def _with_day(table: Table, edit: RegionEdit) -> Table:
    """A calendar in which one day off, or one day of work, is named anew or gone."""
    name, _, day = edit.key.partition("/")
    if name not in DAYS or not day:
        raise Refused(f"Hari {edit.key} tidak dapat diubah: kuncinya holidays/2027-04-17 atau workdays/2027-04-17.")
    listed = table.get(name, [])
    kept = [one for one in listed if str(one.get("day")) != day] if isinstance(listed, list) else []
    added = [] if edit.removes else [{"day": day, **edit.fields}]
    return {**table, name: sorted([*kept, *added], key=lambda one: str(one["day"]))}
