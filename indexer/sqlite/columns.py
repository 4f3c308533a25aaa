"""The columns of one generation in memory, kept in step with its file.

Rows are appended and marked dead, never changed, so a snapshot that a search holds stays as it was while
newer ones are made. Memory: about 160 bytes a case.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.sqlite.layout import CODED, RECORD, WIDE

Numbers: TypeAlias = NDArray[np.signedinteger[Any]]
Rows: TypeAlias = NDArray[np.intp]  # positions in the columns, ascending unless said otherwise
_FEW = 1_024  # room of a new column
MOST_KEPT = 48  # selections of one version: what the panels of a few pages ask for; 8 bytes a case that each found


class Behind(Exception):
    """The columns are already newer than the reader's transaction: it takes a newer one and goes on."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All cases as one version of the index has them. `columns` holds one array per name of the layout."""

    version: int
    count: int
    seqs: NDArray[np.int64]
    alive: NDArray[np.bool_]
    columns: Mapping[str, Numbers]
    stories: NDArray[np.int32]  # stories numbered from 0 without gaps
    story_count: int
    texts: Mapping[str, Sequence[str]]  # field -> text of each code; code 0 is ""
    found: dict[Hashable, Rows] = field(default_factory=dict)  # what selections found in this version, a few of them

    def keep(self, asked: Hashable, rows: Rows) -> Rows:
        """Remember what a selection found: a page asks for the same cases several times over."""
        if len(self.found) >= MOST_KEPT:
            self.found.clear()  # threads that meet here at most select once more
        rows.flags.writeable = False
        self.found[asked] = rows
        return rows

    def rows_of(self, seqs: NDArray[np.int64]) -> Rows:
        """Return the positions of rows that are alive in this version."""
        return np.searchsorted(self.seqs, seqs)

    def born_last(self) -> int:
        """Return the highest `born`: no case of this snapshot was first written after it."""
        return int(self.columns["born"].max(initial=0))


@dataclass(slots=True)
class _Growing:
    """An array with room at its end: what was handed out before stays as it was."""

    room: Numbers
    count: int = 0

    def extend(self, values: Numbers) -> None:
        end = self.count + len(values)
        if end > len(self.room):
            wider = np.empty(max(end, 2 * len(self.room)), self.room.dtype)
            wider[: self.count] = self.room[: self.count]
            self.room = wider
        self.room[self.count : end] = values
        self.count = end

    def view(self) -> Numbers:
        return self.room[: self.count]


@dataclass(slots=True)
class Columns:
    """Makes snapshots. One per generation and process, shared by its threads."""

    _lock: Lock = field(default_factory=Lock)
    _arrays: dict[str, _Growing] = field(default_factory=dict)
    _seqs: _Growing = field(default_factory=lambda: _growing(np.dtype(np.int64)))
    _stories: _Growing = field(default_factory=lambda: _growing(np.dtype(np.int32)))
    _story_numbers: dict[int, int] = field(default_factory=dict)
    _texts: dict[str, list[str]] = field(default_factory=dict)
    _texts_known: int = 0
    _held: Snapshot | None = None

    def at(self, connection: sqlite3.Connection) -> Snapshot:
        """Return the snapshot of the read transaction that the connection is in. Raises: Behind."""
        version, forgotten = connection.execute("SELECT version, forgotten FROM state").fetchone()
        held = self._held
        if held is not None and held.version == version:
            return held
        with self._lock:
            held = self._held
            if held is not None and held.version >= version:
                if held.version > version:
                    raise Behind
                return held
            if held is None or held.version < forgotten or int(held.alive.sum()) * 2 < held.count:
                held = self._empty()
            self._held = self._advance(connection, held, version)
            return self._held

    def _empty(self) -> Snapshot:
        self._arrays = {name: _growing(RECORD[name]) for name in RECORD.names or ()}
        self._seqs, self._stories = _growing(np.dtype(np.int64)), _growing(np.dtype(np.int32))
        self._story_numbers = {}
        none = np.empty(0, np.int64)
        return Snapshot(-1, 0, none, np.empty(0, np.bool_), {}, np.empty(0, np.int32), 0, {})

    def _advance(self, connection: sqlite3.Connection, held: Snapshot, version: int) -> Snapshot:
        last = int(held.seqs[-1]) if held.count else 0
        rows = connection.execute("SELECT seq, packed FROM docs WHERE seq > ? ORDER BY seq", (last,)).fetchall()
        gone = connection.execute("SELECT seq FROM gone WHERE version > ?", (held.version,)).fetchall()
        self._learn_texts(connection)
        # Nothing below asks the file: the columns grow together or not at all.
        record = np.frombuffer(b"".join([packed for _, packed in rows]), RECORD)
        for name, growing in self._arrays.items():
            growing.extend(record[name])
        self._seqs.extend(np.fromiter((seq for seq, _ in rows), np.int64, len(rows)))
        self._stories.extend(self._numbered(record["story"]))
        alive = np.concatenate((held.alive, np.ones(len(rows), np.bool_)))
        if gone and held.count:
            dead = np.fromiter((seq for (seq,) in gone), np.int64, len(gone))
            alive[: held.count][np.isin(held.seqs, dead)] = False
        seqs, stories = self._seqs.view(), self._stories.view()
        return Snapshot(
            version=version,
            count=len(alive),
            seqs=seqs.astype(np.int64, copy=False),
            alive=alive,
            columns={name: growing.view() for name, growing in self._arrays.items()},
            stories=stories.astype(np.int32, copy=False),
            story_count=len(self._story_numbers),
            texts=self._texts,
        )

    def _numbered(self, stories: NDArray[np.int64]) -> NDArray[np.int32]:
        numbers = self._story_numbers
        return np.fromiter((numbers.setdefault(x, len(numbers)) for x in stories.tolist()), np.int32, len(stories))

    def _learn_texts(self, connection: sqlite3.Connection) -> None:
        if not self._texts:
            self._texts = {name: [""] for name in CODED}
        new = connection.execute("SELECT n, field, text FROM texts WHERE n > ? ORDER BY n", (self._texts_known,))
        for n, name, text in new.fetchall():
            self._texts[name].append(text)
            self._texts_known = n


def _growing(dtype: np.dtype[Any]) -> _Growing:
    return _Growing(np.empty(_FEW, dtype))


assert set(WIDE) | set(CODED) | {"length"} == set(RECORD.names or ())  # noqa: S101
