"""The vectors of one generation in memory, kept in step with its file, and how near each is to another.

Every vector is compared: 200,000 of them take 20 ms and 77 MB, so no index over them is worth its errors. They are
loaded when first asked for.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.vectors import DIMENSIONS, Vector
from indexer.ranking import DIGITS
from indexer.sqlite.columns import Rows, Snapshot

NOWHERE: Final = -2.0  # stands for the cosine of a case without a vector of the asked model: below any
_CHUNK: Final = 1_024  # vectors turned into floats at once: what a core's cache holds
_FETCHED: Final = 10_000  # rows read at a time
_SPARE: Final = 4_096  # dead vectors kept before all are loaded anew

Cosines = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Held:
    """What was read so far; only ever replaced by a longer one that begins alike."""

    seqs: NDArray[np.int64]
    steps: NDArray[np.int8]
    lengths: NDArray[np.float32]
    models: NDArray[np.int32]


def _nothing(room: int) -> _Held:
    steps = np.empty((room, DIMENSIONS), np.int8)
    return _Held(np.empty(room, np.int64), steps, np.empty(room, np.float32), np.empty(room, np.int32))


@dataclass(slots=True)
class Space:
    """One per generation and process, shared by its threads."""

    _lock: Lock = field(default_factory=Lock)
    _room: _Held = field(default_factory=lambda: _nothing(0))
    _count: int = 0
    _last: int = 0
    _models: dict[str, int] = field(default_factory=dict)

    def cosines(self, connection: sqlite3.Connection, snapshot: Snapshot, rows: Rows, vector: Vector) -> Cosines:
        """Return how near each row is to a vector; `NOWHERE` for rows without a vector of its model.

        The connection is in the read transaction that the snapshot belongs to.
        """
        held, model = self._advanced(connection, snapshot, vector.model)
        found = np.full(len(rows), NOWHERE)
        seqs = snapshot.seqs[rows]
        places = np.searchsorted(held.seqs, seqs)
        there = places < len(held.seqs)
        there[there] = held.seqs[places[there]] == seqs[there]
        there[there] = held.models[places[there]] == model
        found[there] = _compared(held, places[there], vector.numbers)
        return found

    def vector_of(self, connection: sqlite3.Connection, snapshot: Snapshot, row: int) -> Vector | None:
        """Return the vector of a row."""
        statement = "SELECT model, scale, steps FROM vectors WHERE seq = ?"
        stored = connection.execute(statement, (int(snapshot.seqs[row]),)).fetchone()
        return Vector(model=stored[0], scale=stored[1], steps=stored[2]) if stored else None

    def _advanced(self, connection: sqlite3.Connection, snapshot: Snapshot, model: str) -> tuple[_Held, int]:
        with self._lock:
            if self._count > 2 * int(snapshot.alive.sum()) + _SPARE:
                self._room, self._count, self._last = _nothing(0), 0, 0
            statement = "SELECT count(*) FROM vectors WHERE seq > ?"
            coming = connection.execute(statement, (self._last,)).fetchone()[0]
            if coming:
                self._take(connection, coming)
            room, count = self._room, self._count
            held = _Held(room.seqs[:count], room.steps[:count], room.lengths[:count], room.models[:count])
            return held, self._models.get(model, -1)

    def _take(self, connection: sqlite3.Connection, coming: int) -> None:
        """Append what was written since. Views handed out before stay as they were."""
        if self._count + coming > len(self._room.seqs):
            # The first load is of the size it has; what comes later gets room to grow.
            wider = _nothing(max(self._count + coming, 3 * self._count // 2))
            for name in ("seqs", "steps", "lengths", "models"):
                getattr(wider, name)[: self._count] = getattr(self._room, name)[: self._count]
            self._room = wider
        statement = "SELECT seq, model, steps FROM vectors WHERE seq > ? ORDER BY seq"
        answer = connection.execute(statement, (self._last,))
        while rows := answer.fetchmany(_FETCHED):
            some = slice(self._count, self._count + len(rows))
            steps = np.frombuffer(b"".join([row[2] for row in rows]), np.int8).reshape(len(rows), DIMENSIONS)
            self._room.seqs[some] = [row[0] for row in rows]
            self._room.steps[some] = steps
            self._room.lengths[some] = np.linalg.norm(steps.astype(np.float32), axis=1)
            self._room.models[some] = [self._models.setdefault(row[1], len(self._models)) for row in rows]
            self._count, self._last = some.stop, rows[-1][0]


def _compared(held: _Held, places: Rows, unit: NDArray[np.float32]) -> Cosines:
    products = np.empty(len(places), np.float32)
    floats = np.empty((min(_CHUNK, len(places)), DIMENSIONS), np.float32)
    for start in range(0, len(places), _CHUNK):
        some = places[start : start + _CHUNK]
        part = floats[: len(some)]
        whole = int(some[-1]) - int(some[0]) == len(some) - 1  # without gaps: nothing needs to be picked out
        part[:] = held.steps[some[0] : some[-1] + 1] if whole else held.steps[some]
        np.dot(part, unit, out=products[start : start + len(some)])
    cosines: Cosines = np.round(products.astype(np.float64) / held.lengths[places], DIGITS)
    return cosines
