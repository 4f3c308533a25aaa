"""What the center changed of its regions: lines that are only ever added; the newest of an entry counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, and_, func, insert, select

from domain.errors import Conflict, NotFound
from domain.regions import RegionEdit, grown
from store.audit import record
from store.database import Database
from store.rows import dump
from store.tables import region_edits
from store.types import AnyRow

Check = Callable[[Sequence[RegionEdit]], None]  # raises when the region would not hold together with these edits

_NEWEST: Final = (
    select(func.max(region_edits.c.id)).group_by(region_edits.c.region, region_edits.c.part, region_edits.c.key)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EditLine:
    """One line of the history. No `fields`: the edits of this entry were taken back, what lies below counts."""

    id: int
    region: str
    part: str
    key: str
    fields: dict[str, object] | None
    by: str
    at: datetime
    note: str | None
    newest: bool  # of its entry: what counts, and what can be undone


class RegionEdits:
    """The third layer of a profile, over package and overlay. Whether it holds together is asked of `check`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def version(self) -> int:
        """A number that grows with every change of any region; 0 where nothing was ever changed."""
        with self._database.read() as connection:
            return connection.execute(select(func.coalesce(func.max(region_edits.c.id), 0))).scalar_one()

    def current(self, region: str) -> list[RegionEdit]:
        """The edits that count, in the order in which they were made."""
        with self._database.read() as connection:
            return [edit for _, edit in _current(connection, region)]

    def history(
        self,
        region: str,
        *,
        part: str | None = None,
        key: str | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> list[EditLine]:
        """Lines of a region, newest first; `before` is the id of the last line of the page before."""
        query = select(region_edits, region_edits.c.id.in_(_NEWEST).label("newest"))
        query = query.where(region_edits.c.region == region).order_by(region_edits.c.id.desc()).limit(limit)
        for column, wanted in ((region_edits.c.part, part), (region_edits.c.key, key)):
            if wanted is not None:
                query = query.where(column == wanted)
        if before is not None:
            query = query.where(region_edits.c.id < before)
        with self._database.read() as connection:
            return [_line(row) for row in connection.execute(query)]

    def change(  # noqa: PLR0913  what is changed, by whom, when, why, and who says that it holds
        self, region: str, edits: Sequence[RegionEdit], by: str, now: datetime, *, check: Check, note: str | None = None
    ) -> None:
        """Lay fields over entries, in one transaction and with a line in the audit trail.

        Fields that an earlier edit of the entry set stay. What `check` raises undoes all of it.
        """
        with self._database.write() as connection:
            _alone(connection)
            standing = grown((edit for _, edit in _current(connection, region)), edits)
            check(list(standing.values()))
            for edit in edits:
                body = dict(standing[(edit.part, edit.key)].fields)
                _write(connection, region, edit.part, edit.key, body, by, now, note)
                record(connection, by, "region.edit", _subject(region, edit), _told(edit.fields, note), now)

    def undo(self, region: str, ids: Sequence[int], by: str, now: datetime, *, check: Check) -> None:
        """Take lines back, so that what counted before them counts again.

        NotFound for a line of another region, Conflict for one that a later line has replaced.
        """
        with self._database.write() as connection:
            _alone(connection)
            standing = {(edit.part, edit.key): edit for _, edit in _current(connection, region)}
            before: dict[tuple[str, str], dict[str, object] | None] = {}
            for line_id in ids:
                line = _one(connection, region, line_id)
                name = (line.part, line.key)
                before[name] = _before(connection, line)
                standing.pop(name, None)
                fields = before[name]
                if fields is not None:
                    standing[name] = RegionEdit(line.part, line.key, fields)
            check(list(standing.values()))
            for (part, key), fields in before.items():
                _write(connection, region, part, key, fields, by, now, "diurungkan")
                record(connection, by, "region.undo", f"{region}/{part}/{key}", {}, now)


def _current(connection: Connection, region: str) -> list[tuple[int, RegionEdit]]:
    mine = _NEWEST.where(region_edits.c.region == region)
    query = select(region_edits).where(region_edits.c.id.in_(mine), region_edits.c.body.is_not(None))
    return [
        (row.id, RegionEdit(row.part, row.key, orjson.loads(row.body)))
        for row in connection.execute(query.order_by(region_edits.c.id))
    ]


def _one(connection: Connection, region: str, line_id: int) -> EditLine:
    newest = region_edits.c.id.in_(_NEWEST).label("newest")
    row = connection.execute(
        select(region_edits, newest).where(region_edits.c.id == line_id, region_edits.c.region == region)
    ).first()
    if row is None:
        raise NotFound("Perubahan itu tidak ada.")
    if not row.newest:
        raise Conflict("Perubahan itu sudah diganti yang lebih baru: urungkan yang lebih baru dahulu.")
    return _line(row)


def _before(connection: Connection, line: EditLine) -> dict[str, object] | None:
    """What counted for an entry before a line."""
    same = and_(region_edits.c.region == line.region, region_edits.c.part == line.part, region_edits.c.key == line.key)
    earlier = select(region_edits.c.body).where(same, region_edits.c.id < line.id)
    body = connection.execute(earlier.order_by(region_edits.c.id.desc()).limit(1)).scalar()
    return None if body is None else orjson.loads(body)


def _write(  # noqa: PLR0913  a line has that many columns
    connection: Connection,
    region: str,
    part: str,
    key: str,
    fields: dict[str, object] | None,
    by: str,
    now: datetime,
    note: str | None,
) -> None:
    values: dict[str, Any] = {"region": region, "part": part, "key": key, "by": by, "at": now, "note": note}
    connection.execute(insert(region_edits).values(values | {"body": None if fields is None else dump(fields)}))


def _alone(connection: Connection) -> None:
    """One writer at a time: two changes that hold each for itself may not hold together. Readers are not kept out."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE region_edits IN SHARE ROW EXCLUSIVE MODE")


def _subject(region: str, edit: RegionEdit) -> str:
    return f"{region}/{edit.part}/{edit.key}"


def _told(fields: Any, note: str | None) -> dict[str, str]:
    told = {
        str(name): "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")
        for name, value in dict(fields).items()
    }
    return told | ({"note": note} if note else {})


def _line(row: AnyRow) -> EditLine:
    fields = None if row.body is None else orjson.loads(row.body)
    return EditLine(row.id, row.region, row.part, row.key, fields, row.by, row.at, row.note, bool(row.newest))
