"""The tables of one generation of the index, and how its file is opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from domain.errors import IndexUnavailable
from domain.text.tokens import NORM_VERSION

MAPPING_VERSION = 3  # grows with any change of these tables: the index must then be rebuilt
BUSY_SECONDS = 10.0

# `seq` grows with every write; a rewritten case gets a new one, so what readers hold in memory is only
# ever appended to. `words` reads its text from `bodies`: FTS5 must be given the old text to forget it.
# A case keeps its month, so that `month, id` is as unique as `id`; ids come in no order, and a batch would touch most
# pages of an index by `id` alone. Tokens are [a-z0-9]+, where the ascii tokenizer cuts as unicode61 does, and faster.
_TABLES = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL,
       last_seq INTEGER NOT NULL, forgotten INTEGER NOT NULL)""",
    """CREATE TABLE docs (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, rev INTEGER NOT NULL,
       born INTEGER NOT NULL, region TEXT NOT NULL, month TEXT NOT NULL, packed BLOB NOT NULL,
       UNIQUE (month, id))""",
    "CREATE TABLE bodies (seq INTEGER PRIMARY KEY, exact TEXT NOT NULL, stem TEXT NOT NULL, document BLOB NOT NULL)",
    "CREATE TABLE vectors (seq INTEGER PRIMARY KEY, model TEXT NOT NULL, scale REAL NOT NULL, steps BLOB NOT NULL)",
    "CREATE VIRTUAL TABLE words USING fts5(exact, stem, content='bodies', content_rowid='seq', tokenize='ascii')",
    "CREATE VIRTUAL TABLE word_places USING fts5vocab(words, 'instance')",
    "CREATE TABLE gone (version INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (version, seq)) WITHOUT ROWID",
    "CREATE TABLE tombstones (id TEXT PRIMARY KEY, rev INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE texts (n INTEGER PRIMARY KEY, field TEXT NOT NULL, code INTEGER NOT NULL, text TEXT NOT NULL)",
    "INSERT INTO state VALUES (1, 0, 0, 0)",
)
# NORMAL: a killed process loses nothing; a power cut may lose the last writes, which reconcile finds.
# Pages of 32 KiB: a document and its words take 5 KB, and smaller pages split too often (writes 5 % faster than at 8).
_PRAGMAS = ("page_size = 32768", "journal_mode = WAL", "synchronous = NORMAL", "temp_store = MEMORY")
# A checkpoint every 64 MiB instead of 4: pages that many batches touch are then copied, and synced, once.
_WRITER_PRAGMAS = ("cache_size = -65536", "wal_autocheckpoint = 2048")
_READER_PRAGMAS = ("query_only = 1", "cache_size = -16384")


def create(file: Path) -> None:
    """Make an empty generation. Its file must not exist."""
    with translated(), closing(_connect(file, mode="rwc")) as connection:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN IMMEDIATE")
        for statement in _TABLES:
            connection.execute(statement)
        connection.executemany(
            "INSERT INTO meta VALUES (?, ?)", [("mapping_version", MAPPING_VERSION), ("norm_version", NORM_VERSION)]
        )
        connection.execute("COMMIT")


def open_writer(file: Path) -> sqlite3.Connection:
    """Open an existing generation for writing."""
    return _opened(file, _PRAGMAS + _WRITER_PRAGMAS)


def open_reader(file: Path) -> sqlite3.Connection:
    """Open an existing generation for reading."""
    return _opened(file, _PRAGMAS[3:] + _READER_PRAGMAS)


def versions_of(file: Path) -> dict[str, int]:
    """Return the versions that a generation was made with; of a damaged one, none."""
    try:
        with translated(), closing(_connect(file, mode="rw")) as connection:
            return dict(connection.execute("SELECT name, value FROM meta"))
    except IndexUnavailable:
        return {}


def _opened(file: Path, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    connection = _connect(file, mode="rw")
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        found = connection.execute("SELECT value FROM meta WHERE name = 'mapping_version'").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    if found is None or found[0] != MAPPING_VERSION:
        connection.close()
        raise IndexUnavailable("Indeks ini dibuat oleh versi lain. Jalankan: jaring index rebuild")
    return connection


def _connect(file: Path, *, mode: str) -> sqlite3.Connection:
    # mode=rw never creates: a generation that was just replaced must not come back as an empty file.
    uri = f"{file.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


@contextmanager
def translated() -> Iterator[None]:
    """Turn SQLite's and the file system's errors into ours."""
    try:
        yield
    except sqlite3.OperationalError as cause:
        raise IndexUnavailable(f"Indeks tidak menjawab: {cause}") from cause
    except sqlite3.DatabaseError as cause:
        if type(cause) is not sqlite3.DatabaseError:  # our own mistake, not the file's
            raise
        raise IndexUnavailable("Berkas indeks rusak. Jalankan: jaring index rebuild") from cause
    except OSError as cause:
        raise IndexUnavailable(f"Berkas indeks tidak dapat dipakai: {cause}") from cause
