"""A sheet of agencies against a region's profile: what it would change, and which rows cannot be used. Pure.

An empty cell leaves things as they are, "-" takes a value away. `berlaku sampai` is the last day in office, as people
write it; the profile keeps the day after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pydantic import ValidationError

from domain.errors import Refused
from domain.regions import Agency, RegionEdit, RegionProfile
from domain.wording import describe

COLUMNS: Final = ("kode", "nama", "alias", "berlaku sejak", "berlaku sampai", "penerus", "tugas")
_NAMES: Final[Mapping[str, str]] = {
    "kode": "code", "kode opd": "code", "code": "code",
    "nama": "name", "nama opd": "name", "name": "name",
    "alias": "aliases", "nama lain": "aliases", "singkatan": "aliases", "aliases": "aliases",
    "berlaku sejak": "valid_from", "sejak": "valid_from", "mulai": "valid_from", "valid_from": "valid_from",
    "berlaku sampai": "valid_to", "sampai": "valid_to", "berakhir": "valid_to", "valid_to": "valid_to",
    "penerus": "successor", "opd penerus": "successor", "successor": "successor",
    "tugas": "duties", "tugas dan fungsi": "duties", "duties": "duties",
}  # fmt: skip
CLEAR: Final = "-"
ONE_DAY: Final = timedelta(days=1)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
_LISTED = frozenset({"aliases", "duties"})


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row by its number in the sheet, with the cells by the names of their columns."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SheetFault:
    """A row that cannot be used and why; row 0 is the sheet as a whole."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class AgencyChange:
    """What one row would do. `before` and `after` hold the fields that change."""

    number: int
    code: str
    name: str
    is_new: bool
    before: Mapping[str, object]
    after: Mapping[str, object]
    ends: date | None = None  # the last day in office, where this row sets one
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """What a sheet would do. With faults nothing of it is applied."""

    changes: tuple[AgencyChange, ...]
    faults: tuple[SheetFault, ...]
    same: int  # rows that change nothing

    def edits(self, source: str) -> list[RegionEdit]:
        """The changes as edits of the profile; `source` says where they come from."""
        told = {"source": source, "verified": True}
        return [RegionEdit("agencies", change.code, {**change.after, **told}) for change in self.changes]


def plan(profile: RegionProfile, rows: Sequence[SheetRow]) -> SheetPlan:
    """Hold a sheet against a profile. Refused when it has no column for the code, or no rows."""
    if not rows:
        raise Refused("Lembar ini tidak berisi baris.")
    if not any(_NAMES.get(_plain(name)) == "code" for name in rows[0].cells):
        raise Refused(f"Lembar ini tidak punya kolom kode; kolomnya: {', '.join(COLUMNS)}.")
    changes: list[AgencyChange] = []
    faults: list[SheetFault] = []
    first: dict[str, int] = {}
    same = 0
    for row in rows:
        fields, wrong = _read(row)
        code = str(fields.pop("code", ""))
        reasons = [*wrong, *_faults_of_code(code, first.get(code))]
        first.setdefault(code, row.number)
        if not reasons:
            change = _change(profile, row.number, code, fields)
            reasons = list(_faults_of_change(profile, change))
            if change.after:
                changes.append(change)
            elif not reasons:
                same += 1
        faults += [SheetFault(row.number, reason) for reason in reasons]
    known = set(profile.agencies) | {change.code for change in changes}
    for change in changes:
        if change.successor and change.successor not in known:
            faults.append(SheetFault(change.number, f"penerus {change.successor} tidak ada dalam lembar maupun profil"))
    faulty = {fault.number for fault in faults}
    kept = tuple(change for change in changes if change.number not in faulty)
    return SheetPlan(kept, tuple(sorted(faults, key=lambda fault: fault.number)), same)


def sheet_row(agency: Agency) -> tuple[str, ...]:
    """An agency as the sheet tells it, in the order of COLUMNS."""
    return (
        agency.code, agency.name, "; ".join(agency.aliases),
        agency.valid_from.isoformat() if agency.valid_from else "",
        (agency.valid_to - ONE_DAY).isoformat() if agency.valid_to else "",
        agency.successor or "", "; ".join(agency.duties),
    )  # fmt: skip


def _read(row: SheetRow) -> tuple[dict[str, object], list[str]]:
    """The fields that a row says; None for one that it takes away."""
    fields: dict[str, object] = {}
    wrong: list[str] = []
    for title, cell in row.cells.items():
        field, said = _NAMES.get(_plain(title)), " ".join(cell.split()) if ";" not in cell else cell.strip()
        if field is None or not said:
            continue
        if said == CLEAR and field not in {"code", "name"}:
            fields[field] = () if field in _LISTED else None
        elif field in _LISTED:
            mark = ";" if ";" in said else ","
            fields[field] = tuple(part for one in said.split(mark) if (part := " ".join(one.split())))
        elif field in {"valid_from", "valid_to"}:
            day = day_of(said)
            if day is None:
                wrong.append(f"{title} {said!r} bukan tanggal (2027-01-31 atau 31/01/2027)")
            else:
                fields[field] = day + ONE_DAY if field == "valid_to" else day
        else:
            fields[field] = said.upper() if field in {"code", "successor"} else said
    return fields, wrong


def day_of(said: str) -> date | None:
    """A day as people write it: 2027-01-31, 31/01/2027, 31.1.2027; None for what is none."""
    found = _DAY_FIRST.match(said)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(said[:10]) if said[10:].strip(" T0:") == "" else None
    except ValueError:
        return None


def _faults_of_code(code: str, earlier: int | None) -> Iterator[str]:
    if not code:
        yield "kode kosong"
    elif not re.fullmatch(r"[A-Z][A-Z0-9_]*", code):
        yield f"kode {code} hanya boleh huruf kapital, angka, dan garis bawah, misalnya PUTR"
    elif earlier is not None:
        yield f"kode {code} sudah ada di baris {earlier}"


def _change(profile: RegionProfile, number: int, code: str, fields: Mapping[str, object]) -> AgencyChange:
    known = profile.agencies.get(code)
    was = {} if known is None else {name: getattr(known, name) for name in fields}
    after = {name: value for name, value in fields.items() if known is None or was[name] != value}
    if known is None:
        after = {name: value for name, value in after.items() if value is not None} | {"level": profile.level}
    valid_to = after.get("valid_to")
    successor = fields.get("successor") or (known.successor if known else None)
    return AgencyChange(
        number=number,
        code=code,
        name=str(fields.get("name") or (known.name if known else "")),
        is_new=known is None,
        before={name: was[name] for name in after if name in was},
        after={name: _plain_value(value) for name, value in after.items()},
        ends=valid_to - ONE_DAY if isinstance(valid_to, date) else None,
        successor=str(successor) if successor else None,
    )


def _faults_of_change(profile: RegionProfile, change: AgencyChange) -> Iterator[str]:
    """What is wrong with a row for itself: the agency that it would make."""
    if change.is_new and not change.name:
        yield f"{change.code} belum ada, jadi namanya wajib diisi"
        return
    known = profile.agencies.get(change.code)
    whole = {**(known.model_dump() if known else {"code": change.code, "source": "lembar"}), **change.after}
    try:
        made = Agency.model_validate(whole)
    except ValidationError as cause:
        yield from (describe(error) for error in cause.errors())
        return
    if made.valid_to and not made.successor:
        yield f"{change.code} berakhir tanpa penerus"
    if made.successor == change.code:
        yield f"{change.code} tidak dapat menjadi penerusnya sendiri"
    if made.valid_from and made.valid_to and made.valid_from >= made.valid_to:
        yield "berlaku sampai harus sesudah berlaku sejak"


def _plain_value(value: object) -> object:
    """A value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _plain(title: str) -> str:
    return " ".join(title.lower().replace("_", " ").split()) if title.lower() not in _NAMES else title.lower()
