"""BM25 over a snapshot, computed here: FTS5's own changes with every post that arrives, which no cursor survives."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.query.tree import Stream, Term, Words
from indexer.sqlite.columns import Rows, Snapshot
from indexer.sqlite.words import count_matching, match_expression, places_of_stem, rows_matching, streams_of

K1, B = 1.2, 0.75  # Robertson and Zaragoza 2009, the usual values
ROW_COST = 60  # reading one found text costs about as much as listing so many places of a word
COMMON = 4  # a word that more than every fourth case holds counts once: standing twice says nothing then
_DIGITS = 6  # of a score: equal on every machine, and what a cursor carries

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """What BM25 needs to know of the whole collection. A cursor carries it, so that later pages score alike."""

    documents: int
    mean_length: float
    holding: tuple[int, ...]  # cases that hold each leaf


def weigh(connection: sqlite3.Connection, snapshot: Snapshot, leaves: Sequence[Words]) -> Weights:
    """Take the collection's figures for the leaves of a query."""
    lengths = snapshot.columns["length"]
    documents = int(snapshot.alive.sum())
    total = int(np.dot(snapshot.alive, lengths.astype(np.int64)))
    holding = tuple(count_matching(connection, match_expression(leaf) or "") for leaf in leaves)
    return Weights(documents, round(total / max(documents, 1), _DIGITS) or 1.0, holding)


def scores(
    connection: sqlite3.Connection, snapshot: Snapshot, rows: Rows, leaves: Sequence[Words], weights: Weights
) -> Scores:
    """Return the BM25 score of each row: 0 where it holds none of the leaves.

    A plain word that is not common counts as often as it stands; phrases, prefixes and NEAR count once.
    """
    lengths = snapshot.columns["length"][rows] / weights.mean_length
    damping = K1 * (1 - B + B * lengths)
    found = np.zeros(len(rows), np.float64)
    often = [_counts_often(leaf, holding, weights) for leaf, holding in zip(leaves, weights.holding, strict=True)]
    listed = sum(holding for holding, counts in zip(weights.holding, often, strict=True) if counts)
    texts = streams_of(connection, snapshot, rows, stream="stem") if len(rows) * ROW_COST < listed else None
    for leaf, holding, counts in zip(leaves, weights.holding, often, strict=True):
        rarity = np.log1p((weights.documents - holding + 0.5) / (holding + 0.5)) if holding < weights.documents else 0.0
        if counts and isinstance(leaf, Term):
            if texts is not None:
                times = np.fromiter((words.count(leaf.token) for words in texts), np.float64, len(rows))
            else:
                places = places_of_stem(connection, snapshot, leaf.token)
                times = np.bincount(places, minlength=snapshot.count)[rows].astype(np.float64)
        else:
            member = np.zeros(snapshot.count, np.float64)
            member[rows_matching(connection, snapshot, match_expression(leaf) or "")] = 1.0
            times = member[rows]
        found += rarity * times * (K1 + 1) / (times + damping)
    return np.round(found, _DIGITS)


def _counts_often(leaf: Words, holding: int, weights: Weights) -> bool:
    return isinstance(leaf, Term) and leaf.stream is Stream.STEM and holding * COMMON <= weights.documents
