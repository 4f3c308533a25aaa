"""The order of hits, and cutting a page out of it: newest or best first, ties by id, one per story."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.sqlite.columns import Numbers, Rows, Snapshot
from indexer.sqlite.rank import Scores

Keys: TypeAlias = tuple[NDArray[np.float64] | Numbers, ...]
_OVERFETCH = 4  # rows looked at for one hit, before looking again at more


@dataclass(frozen=True, slots=True)
class Ordering:
    """Rows and their sort keys, ascending is first. `keys` run parallel to `rows`."""

    connection: sqlite3.Connection
    snapshot: Snapshot
    rows: Rows
    keys: Keys

    def after(self, keys: Sequence[float], case: str) -> NDArray[np.bool_]:
        """Say which rows come after a hit that had these keys and this id."""
        later = np.zeros(len(self.rows), np.bool_)
        tied = np.arange(len(self.rows))
        for column, value in zip(self.keys, keys, strict=True):
            ours = column[tied]
            later[tied[ours > value]] = True
            tied = tied[ours == value]
        for place, found in zip(tied.tolist(), self._ids(self.rows[tied]), strict=True):
            later[place] = found > case
        return later

    def first(self, count: int, *, among: NDArray[np.bool_], fold: bool) -> list[int]:
        """Return the places (in `rows`) of the first hits, with `fold` only the first of each story."""
        places = np.flatnonzero(among)
        wanted = count * _OVERFETCH if fold else count
        while True:
            ordered = self._ordered(self._head(places, wanted))
            if fold:
                stories = self.snapshot.stories[self.rows[ordered]]
                _, firsts = np.unique(stories, return_index=True)
                ordered = ordered[np.sort(firsts)]
            if len(ordered) >= count or wanted >= len(places):
                return [int(place) for place in ordered[:count]]
            wanted *= _OVERFETCH

    def _head(self, places: Rows, wanted: int) -> Rows:
        """Return the first `wanted` places by the first key, with all that tie with the last of them."""
        if wanted >= len(places):
            return places
        first = self.keys[0][places]
        border = np.partition(first, wanted - 1)[wanted - 1]
        head: Rows = places[first <= border]
        return head

    def _ordered(self, places: Rows) -> Rows:
        keys = [key[places] for key in self.keys]
        order = np.lexsort(tuple(reversed(keys)))
        places = places[order]
        if len(places) < 2:  # noqa: PLR2004  nothing to tie
            return places
        same = np.logical_and.reduce([key[order][1:] == key[order][:-1] for key in keys])
        if not same.any():
            return places
        # Runs of equal keys: the same post in several regions. Their ids decide.
        runs = np.concatenate(([0], np.cumsum(~same)))
        tied = np.isin(runs, runs[1:][same])
        ids = dict(zip(places[tied].tolist(), self._ids(self.rows[places[tied]]), strict=True))
        listed = sorted(zip(runs.tolist(), places.tolist(), strict=True), key=lambda x: (x[0], ids.get(x[1], "")))
        return np.array([place for _, place in listed], np.intp)

    def _ids(self, rows: Rows) -> list[str]:
        statement = "SELECT id FROM docs WHERE seq = ?"
        return [self.connection.execute(statement, (seq,)).fetchone()[0] for seq in self.snapshot.seqs[rows].tolist()]


def newest_first(connection: sqlite3.Connection, snapshot: Snapshot, rows: Rows) -> Ordering:
    """Order by publication, newest first, then by id."""
    return Ordering(connection, snapshot, rows, _by_time(snapshot, rows))


def best_first(connection: sqlite3.Connection, snapshot: Snapshot, rows: Rows, scores: Scores) -> Ordering:
    """Order by score, best first, then by publication and id."""
    return Ordering(connection, snapshot, rows, (-scores, *_by_time(snapshot, rows)))


def _by_time(snapshot: Snapshot, rows: Rows) -> Keys:
    columns = snapshot.columns
    return (-columns["published"][rows].astype(np.int64), columns["id_head"][rows], columns["id_next"][rows])
