"""Truth in one file and back, from either engine into either engine.

The file is a ZIP: a manifest and, per table, its rows as JSON lines. SQLite is first copied whole by its online
backup, so writers are never held up; PostgreSQL is read inside one repeatable-read transaction. Logins, timers
and keys stay out of it; what is encrypted stays encrypted.
"""

from __future__ import annotations

import base64
import hashlib
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import Column, Connection, LargeBinary, Table, func, inspect, select

from domain.errors import Conflict, Refused, SettingsError
from store import migrations
from store.database import Database, open_engine
from store.tables import host_turns, leases, login_attempts, metadata, photo_drafts, sessions, work
from store.types import UtcTime, micros, moment_of

FORMAT: Final = 1
_LEFT_OUT: Final = frozenset({host_turns.name, leases.name, login_attempts.name, photo_drafts.name, sessions.name})
_ROWS: Final = 2_000  # rows held in memory at once
_MANIFEST: Final = "manifest.json"


def backup(database: Database, path: Path) -> int:
    """Write truth as it is at one moment to a file, whole or not at all. Returns its size in bytes."""
    part = path.with_name(path.name + ".part")
    try:
        with _snapshot(database, path.parent) as connection, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as file:
            tables = {str(table.name): _dump(connection, table, file) for table in _tables()}
            manifest = {
                "format": FORMAT,
                "schema": migrations.revision_of(connection),
                "made_at": datetime.now(UTC).isoformat(),
                "tables": tables,
            }
            file.writestr(_MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    except OSError as cause:
        raise SettingsError(f"Cadangan tidak dapat ditulis ke {path}: {cause.strerror or cause}.") from cause
    finally:
        part.unlink(missing_ok=True)
    return path.stat().st_size


def restore(path: Path, url: str, *, force: bool = False) -> None:
    """Fill a database from a backup; `force` replaces what is in it. The index has to be rebuilt afterwards.

    Raises:
        Refused: the file is not a backup, or its checksums do not match; nothing was touched.
        Conflict: the database holds something and `force` is not set.
    """
    try:
        with zipfile.ZipFile(path) as file:
            manifest = _manifest(file)
            _verify(file, manifest)
            _fill(file, manifest, url, force=force)
    except OSError as cause:
        raise Refused(f"Cadangan {path} tidak dapat dibaca: {cause.strerror or cause}.") from cause
    except (zipfile.BadZipFile, KeyError) as cause:
        raise Refused(f"{path} bukan cadangan Jaring yang utuh: {cause}.") from cause


def holds_something(url: str) -> bool:
    """Whether a database has any row of ours. A file that is not there yet holds nothing, and is not made."""
    database = Database(open_engine(url))
    try:
        if database.is_sqlite and not Path(database.url.database or "").exists():
            return False
        return _holds_something(database)
    finally:
        database.close()


def _fill(file: zipfile.ZipFile, manifest: dict[str, Any], url: str, *, force: bool) -> None:
    database = Database(open_engine(url))
    try:
        if database.is_sqlite:
            Path(database.url.database or "").parent.mkdir(parents=True, exist_ok=True)
        if _holds_something(database):
            if not force:
                raise Conflict("Basis data tujuan sudah berisi: pakai --force untuk menggantinya.")
            migrations.downgrade(url, "base")
        migrations.upgrade(url, manifest["schema"])
        with database.write() as connection:
            for table in _tables():
                if table.name in manifest["tables"]:
                    _load(connection, table, manifest["tables"][table.name]["columns"], file)
            _free_work(connection)
            _advance_serials(connection)
    finally:
        database.close()
    migrations.upgrade(url)


@contextmanager
def _snapshot(database: Database, folder: Path) -> Iterator[Connection]:
    """A connection that sees one moment of truth however long it reads."""
    if not database.is_sqlite:
        with (
            database.engine.connect().execution_options(isolation_level="REPEATABLE READ", stream_results=True) as live,
            live.begin(),
        ):
            yield live
        return
    with tempfile.TemporaryDirectory(dir=folder, prefix=".cadangan-") as scratch:
        copy = Path(scratch) / "truth.sqlite"
        source, target = sqlite3.connect(database.url.database or ""), sqlite3.connect(copy)
        try:
            source.backup(target)  # one step: a stepwise copy starts over whenever another process writes
        finally:
            target.close()
            source.close()
        copied = Database(open_engine(f"sqlite:///{copy}"))
        try:
            with copied.read() as connection:
                if (finding := connection.exec_driver_sql("PRAGMA integrity_check").scalar()) != "ok":
                    raise Conflict(f"Basis data rusak dan tidak dicadangkan: {finding}.")
                yield connection
        finally:
            copied.close()


def _tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if table.name not in _LEFT_OUT]


def _dump(connection: Connection, table: Table, file: zipfile.ZipFile) -> dict[str, Any]:
    checksum, rows = hashlib.sha256(), 0
    with file.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
        for page in connection.execute(select(table).order_by(*table.primary_key)).partitions(_ROWS):
            lines = b"".join(orjson.dumps([_plain(value) for value in row]) + b"\n" for row in page)
            out.write(lines)
            checksum.update(lines)
            rows += len(page)
    return {"columns": [str(c.name) for c in table.c], "rows": rows, "sha256": checksum.hexdigest()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return micros(value)
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _load(connection: Connection, table: Table, columns: list[str], file: zipfile.ZipFile) -> None:
    """Insert a table's rows by the columns that the backup has: an older schema may have others than today's."""
    present = [table.c[name] for name in columns if name in table.c]
    if len(present) != len(columns):
        raise Refused(f"Tabel {table.name} dalam cadangan berbeda dari yang versi ini kenal.")
    readers = [_reader(column) for column in present]
    for page in _pages(file, table.name):
        connection.execute(
            table.insert(),
            [
                {
                    name: None if value is None else read(value)
                    for name, read, value in zip(columns, readers, row, strict=True)
                }
                for row in page
            ],
        )


def _reader(column: Column[Any]) -> Any:
    if isinstance(column.type, UtcTime):
        return moment_of
    return base64.b64decode if isinstance(column.type, LargeBinary) else _same


def _same(value: Any) -> Any:
    return value


def _pages(file: zipfile.ZipFile, table: str) -> Iterator[list[Any]]:
    page: list[Any] = []
    with file.open(f"{table}.jsonl") as lines:
        for line in lines:
            page.append(orjson.loads(line))
            if len(page) == _ROWS:
                yield page
                page = []
    if page:
        yield page


def _manifest(file: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = dict(orjson.loads(file.read(_MANIFEST)))
    except (ValueError, TypeError) as cause:
        raise Refused(f"{file.filename} bukan cadangan Jaring: daftar isinya rusak.") from cause
    if manifest.get("format") != FORMAT:
        raise Refused(f"Cadangan berformat {manifest.get('format')}; versi ini membaca format {FORMAT}.")
    return manifest


def _verify(file: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    for name, told in manifest["tables"].items():
        checksum = hashlib.sha256()
        with file.open(f"{name}.jsonl") as lines:
            for block in iter(lambda: lines.read(1 << 20), b""):
                checksum.update(block)
        if checksum.hexdigest() != told["sha256"]:
            raise Refused(f"Cadangan rusak: isi tabel {name} tidak cocok dengan sidiknya.")


def _holds_something(database: Database) -> bool:
    with database.read() as connection:
        there = set(inspect(connection).get_table_names())
        return any(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name in there
        )


def _free_work(connection: Connection) -> None:
    """Nobody works in a restored database: claims that were held when it was saved are free."""
    connection.execute(
        work.update().where(work.c.holder.is_not(None)).values(holder=None, claimed=None, due_at=work.c.queued_at)
    )


def _advance_serials(connection: Connection) -> None:
    """PostgreSQL counts on from its own sequences, which know nothing of rows that brought their numbers."""
    if connection.dialect.name != "postgresql":
        return
    for table in _tables():
        column = table.autoincrement_column
        if column is not None:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            following = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(sequence, following, False)))  # noqa: FBT003  setval's is_called
