"""An engine of either kind, and the two ways to use it: a short write, a consistent read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from sqlite3 import SQLITE_CANTOPEN, SQLITE_CORRUPT, SQLITE_FULL, SQLITE_IOERR, SQLITE_NOTADB, SQLITE_READONLY
from sqlite3 import Connection as SqliteConnection
from typing import Any, Final

import psycopg
from sqlalchemy import (
    URL,
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Table,
    any_,
    bindparam,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DatabaseError, DataError, DBAPIError, InterfaceError, OperationalError

from domain.errors import Refused, SettingsError, StoreUnavailable
from store.rows import dump

BUSY_MS: Final = 20_000  # longer than any write transaction of ours, short enough to tell a stuck writer
_SPOILT: Final = frozenset({SQLITE_NOTADB, SQLITE_CORRUPT})
_REMEDIES: Final = {
    SQLITE_FULL: "kosongkan disk",
    SQLITE_READONLY: "perbaiki izin berkas dan foldernya",
    SQLITE_CANTOPEN: "periksa alamatnya, dan izin berkas dan foldernya",
    SQLITE_IOERR: "periksa disknya",
}
_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # an accepted post survives a power cut
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",  # 64 MiB: the bands of a month of posts stay in memory
    "PRAGMA journal_size_limit = 67108864",  # a burst must not leave a huge log file behind
)


class Database:
    """Connections to one database. `write` commits or leaves nothing; `read` sees one moment of truth (SQLite)."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(writes=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether truth is one file."""
        return self.engine.dialect.name == "sqlite"

    @property
    def url(self) -> URL:
        """Where it is."""
        return self.engine.url

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Run one write transaction. StoreUnavailable when the engine is away or a lock is not to be had."""
        with _translated(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Run one read transaction. StoreUnavailable when the engine is away."""
        with _translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def migrate(self) -> Iterator[Connection]:
        """Run one transaction that may copy tables: SQLite does not judge references until it is over."""
        with _translated(), self._writer.connect() as connection:
            connection.detach()  # its foreign_keys setting must not go back to the pool
            if self.is_sqlite:
                raw = connection.connection.dbapi_connection
                assert isinstance(raw, SqliteConnection)  # noqa: S101  the driver that `open_engine` chose
                raw.execute("PRAGMA foreign_keys = OFF").close()  # heard only outside a transaction
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    """Build an engine for `sqlite:////path` or `postgresql+psycopg://...`. SettingsError for anything else."""
    try:
        parsed = make_url(url)
    except ArgumentError as cause:
        raise SettingsError("JARING_DATABASE_URL tidak terbaca; contoh: sqlite:////srv/jaring/truth.sqlite") from cause
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return _open_sqlite(parsed)
        case "postgresql":
            return _open_postgresql(parsed)
        case _:
            raise SettingsError(
                "JARING_DATABASE_URL harus sqlite:////path/berkas atau postgresql+psycopg://pengguna@host/nama"
            )


def _open_sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def prepare(dbapi: SqliteConnection, _record: Any) -> None:
        dbapi.isolation_level = None  # transactions begin where we say so, DDL included
        for pragma in _PRAGMAS:
            dbapi.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock at once: a read that turns into a write can fail without ever waiting.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _open_postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"options": f"-c timezone=UTC -c lock_timeout={BUSY_MS}", "application_name": "jaring"},
    )
    # Many rows as one statement: half the time of one statement a row, even pipelined.
    engine.dialect.use_insertmanyvalues_wo_returning = True
    return engine


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as cause:
        remedy = _REMEDIES.get(getattr(cause.orig, "sqlite_errorcode", 0) & 0xFF)
        if remedy:
            raise StoreUnavailable(f"Basis data tidak dapat dipakai ({_first_line(cause)}): {remedy}.") from cause
        raise StoreUnavailable(f"Basis data tidak menjawab: {_first_line(cause)}") from cause
    except DataError as cause:
        raise Refused(f"Ada isian yang tidak dapat disimpan: {_first_line(cause)}.") from cause
    except DatabaseError as cause:
        if getattr(cause.orig, "sqlite_errorcode", None) in _SPOILT:
            raise SettingsError(
                f"Basis data bukan berkas SQLite atau rusak ({_first_line(cause)}): "
                "periksa JARING_DATABASE_URL, atau pulihkan cadangan."
            ) from cause
        raise


def _first_line(cause: DBAPIError) -> str:
    return str(cause.orig).strip().partition("\n")[0]


def among(connection: Connection, column: ColumnElement[int], numbers: Sequence[int]) -> ColumnElement[bool]:
    """Say that a column is one of many numbers, as ONE parameter: lists of thousands are slow to compile."""
    if connection.dialect.name == "postgresql":
        return column == any_(bindparam(None, list(numbers), postgresql.ARRAY(BigInteger)))
    listed = func.json_each(dump(list(numbers))).table_valued("value")
    return column.in_(select(listed.c.value))


def pour(connection: Connection, table: Table, rows: Sequence[tuple[int, ...]]) -> None:
    """Insert many rows of plain numbers, all columns in order: straight to the driver, several times as fast."""
    columns = ", ".join(column.name for column in table.c)
    if connection.dialect.name == "postgresql":
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, psycopg.Connection)  # noqa: S101  the driver that `open_engine` chose
        with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" for _ in table.c)
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", list(rows))  # noqa: S608


def insert(connection: Connection, table: Any) -> Any:
    """An INSERT that knows `on_conflict_do_update` and `on_conflict_do_nothing` of the engine at hand."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
