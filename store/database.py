"""An engine of either kind, and the two ways to use it: a short write, a consistent read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

from domain.errors import SettingsError, StoreUnavailable

BUSY_MS: Final = 20_000  # longer than any write transaction of ours, short enough to tell a stuck writer
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
            return create_engine(
                parsed,
                pool_pre_ping=True,
                connect_args={"options": "-c timezone=UTC -c lock_timeout=20000", "application_name": "jaring"},
            )
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


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as cause:
        raise StoreUnavailable(f"Basis data tidak menjawab: {_first_line(cause)}") from cause


def _first_line(cause: DBAPIError) -> str:
    return str(cause.orig).strip().partition("\n")[0]


def insert(connection: Connection, table: Any) -> Any:
    """An INSERT that knows `on_conflict_do_update` and `on_conflict_do_nothing` of the engine at hand."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
