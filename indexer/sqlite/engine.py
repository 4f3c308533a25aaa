"""The embedded engine as the port knows it: opens, reopens after a rebuild, translates errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TypeVar

from domain.digests import digests_of
from domain.documents import PostDocument
from domain.errors import IndexUnavailable
from domain.scope import Scope
from domain.search import (
    BulkItem,
    CaseVersion,
    DayDigest,
    EmergingTerm,
    FacetValue,
    IndexStatus,
    Mode,
    SearchPage,
    SearchQuery,
    TermsQuery,
    Tombstone,
    TrendQuery,
    TrendSeries,
)
from domain.text.tokens import NORM_VERSION
from indexer.moments import moment
from indexer.ranking import Kept
from indexer.sqlite.columns import Behind, Columns
from indexer.sqlite.home import Home
from indexer.sqlite.meaning import search_by_meaning
from indexer.sqlite.schema import MAPPING_VERSION, open_reader, open_writer, translated, versions_of
from indexer.sqlite.search import View, search
from indexer.sqlite.space import Space
from indexer.sqlite.terms import emerging, similar, top_terms
from indexer.sqlite.trends import aggregate
from indexer.sqlite.write import Writer

KEPT_READERS = 8  # idle connections kept open; more are opened while more threads read
_TRIES = 5  # a generation may be replaced between reading its name and opening it
_BATCH = 1_000  # rows that `versions` fetches at a time

Answer = TypeVar("Answer")


def open_index(path: Path | str) -> SqliteIndex:
    """Open the index in a folder of its own, making an empty one where there is none.

    Raises: IndexUnavailable where the folder cannot be used.
    """
    home = Home(Path(path))
    home.prepare()
    return SqliteIndex(home)


@dataclass(slots=True)
class _Generation:
    """One generation's idle readers and its columns."""

    file: Path
    name: str
    columns: Columns = field(default_factory=Columns)
    space: Space = field(default_factory=Space)
    kept: Kept = field(default_factory=Kept)
    idle: list[sqlite3.Connection] = field(default_factory=list)


class SqliteIndex:
    """`domain.ports.PostIndex` on SQLite. Safe among threads and processes; writers take turns."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._lock = Lock()
        self._generation: _Generation | None = None
        self._writers: dict[str, Writer] = {}

    def upsert(self, documents: Sequence[PostDocument | Tombstone]) -> Sequence[BulkItem]:
        if not documents:
            return []
        with translated(), self.home.writing():
            fates = [self._writer(name).write(documents) for name in self.home.targets()]
        return fates[0]

    @contextmanager
    def rebuilding(self) -> Iterator[Building]:
        """Build a new generation beside the current one, see `indexer.rebuild.Rebuildable`."""
        with self.home.building() as name:
            self._carry_deletions(name)
            yield Building(self, name)

    def write_to(self, generation: str, documents: Sequence[PostDocument | Tombstone]) -> list[BulkItem]:
        """Write to one generation only: how a rebuild fills the one that nobody reads yet."""
        with translated(), self.home.writing():
            return self._writer(generation).write(documents)

    def outdated(self) -> bool:
        """Say whether another version of this program made the index: it must be rebuilt to be used."""
        made = versions_of(self.home.file(self.home.pointer().current))
        return made != {"mapping_version": MAPPING_VERSION, "norm_version": NORM_VERSION}

    def search(self, query: SearchQuery, scope: Scope) -> SearchPage:
        ask = search if query.mode is Mode.TEXT else search_by_meaning
        return self._read(lambda view: ask(view, query, scope))

    def aggregate(self, query: TrendQuery, scope: Scope) -> TrendSeries:
        return self._read(lambda view: aggregate(view, query, scope))

    def top_terms(self, query: TermsQuery, scope: Scope) -> Sequence[FacetValue]:
        return self._read(lambda view: top_terms(view, query, scope))

    def emerging(self, query: TermsQuery, scope: Scope) -> Sequence[EmergingTerm]:
        return self._read(lambda view: emerging(view, query, scope))

    def similar(self, case_id: str, scope: Scope, *, size: int = 10) -> SearchPage:
        return self._read(lambda view: similar(view, case_id, scope, size))

    def digests(self) -> Sequence[DayDigest]:
        with self._connected() as (connection, _):
            return digests_of(connection.execute("SELECT region, month, id, rev FROM docs"))

    def versions(self, region: str, month: str) -> Iterator[CaseVersion]:
        statement = "SELECT id, rev FROM docs WHERE region = ? AND month = ? AND id > ? ORDER BY id LIMIT ?"
        last = ""
        while True:  # by the page: no transaction stays open while the caller thinks
            with self._connected() as (connection, _):
                rows = connection.execute(statement, (region, month, last, _BATCH)).fetchall()
            yield from (CaseVersion(id=case, rev=rev) for case, rev in rows)
            if len(rows) < _BATCH:
                return
            last = rows[-1][0]

    def refresh(self) -> None:
        """A write is visible once it is accepted."""

    def clear(self) -> None:
        with translated():
            self.home.replace_by_empty()

    def status(self) -> IndexStatus:
        with self._connected() as (connection, generation):
            documents = connection.execute("SELECT count(*) FROM docs").fetchone()[0]
            meta = dict(connection.execute("SELECT name, value FROM meta"))
        newest = self._read(_newest)
        files = generation.file.parent.glob(f"{generation.name}*")
        return IndexStatus(
            engine="sqlite",
            documents=documents,
            newest=moment(newest) if newest is not None else None,
            size_bytes=sum(x.stat().st_size for x in files),
            mapping_version=MAPPING_VERSION,
            norm_version=meta["norm_version"],
        )

    def close(self) -> None:
        with self._lock:
            for writer in self._writers.values():
                writer.connection.close()
            self._writers = {}
            self._leave()

    def _read(self, question: Callable[[View], Answer]) -> Answer:
        """Ask a question of one snapshot."""
        while True:
            with self._connected() as (connection, generation):
                connection.execute("BEGIN")
                try:
                    snapshot = generation.columns.at(connection)
                    return question(View(connection, snapshot, generation.name, generation.space, generation.kept))
                except Behind:
                    continue
                finally:
                    connection.execute("ROLLBACK")

    @contextmanager
    def _connected(self) -> Iterator[tuple[sqlite3.Connection, _Generation]]:
        with translated():
            connection, generation = self._reader()
            try:
                yield connection, generation
            finally:
                self._give_back(connection, generation)

    def _reader(self) -> tuple[sqlite3.Connection, _Generation]:
        for _ in range(_TRIES):
            name = self.home.pointer().current
            with self._lock:
                if self._generation is None or self._generation.name != name:
                    self._leave()
                    self._generation = _Generation(self.home.file(name), name)
                generation = self._generation
                if generation.idle:
                    return generation.idle.pop(), generation
            try:
                return open_reader(generation.file), generation
            except sqlite3.OperationalError:
                if generation.file.exists():
                    raise
        raise IndexUnavailable("Indeks sedang diganti. Coba lagi.")

    def _give_back(self, connection: sqlite3.Connection, generation: _Generation) -> None:
        with self._lock:
            if generation is self._generation and len(generation.idle) < KEPT_READERS:
                generation.idle.append(connection)
                return
        connection.close()

    def _leave(self) -> None:
        """Close what is idle of the generation that was read so far. The lock is held."""
        if self._generation is not None:
            for connection in self._generation.idle:
                connection.close()
            self._generation = None

    def _carry_deletions(self, to: str) -> None:
        """Copy the tombstones of the current generation, where it can still be read."""
        with self.home.writing():
            try:
                with closing(open_reader(self.home.file(self.home.pointer().current))) as old:
                    rows = old.execute("SELECT id, rev FROM tombstones").fetchall()
            except (sqlite3.DatabaseError, IndexUnavailable):
                return  # a damaged or outdated file is why one rebuilds
            self._writer(to).copy_tombstones(rows)

    def _writer(self, name: str) -> Writer:
        """Return the writer of a generation, closing those of generations that are gone. The right to write is held."""
        for other in [x for x in self._writers if not self.home.file(x).exists()]:
            self._writers.pop(other).connection.close()
        if name not in self._writers:
            self._writers[name] = Writer(open_writer(self.home.file(name)))
        return self._writers[name]


@dataclass(frozen=True, slots=True)
class Building:
    """The generation that a rebuild fills."""

    index: SqliteIndex
    generation: str

    def write(self, documents: list[PostDocument]) -> list[BulkItem]:
        """Write a batch; what the usual door already brought in a newer state is stale."""
        return self.index.write_to(self.generation, documents)


def _newest(view: View) -> int | None:
    published = view.snapshot.columns["published"][view.snapshot.alive]
    return int(published.max()) if len(published) else None
