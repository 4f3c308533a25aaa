"""What FTS5 knows: which rows hold which words."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.query.tree import And, Everything, FieldIs, Near, Node, Not, Or, Phrase, Prefix, Term
from indexer.sqlite.columns import Rows, Snapshot


def match_expression(node: Node) -> str | None:
    """Return the node in FTS5's language, None where FTS5 alone cannot say it.

    FTS5 knows no fields of ours and no NOT without something to take away from. Tokens are [a-z0-9]+,
    so that nothing needs escaping.
    """
    match node:
        case Term(token, stream):
            return f'{stream} : "{token}"'
        case Phrase(tokens):
            return f'exact : "{" ".join(tokens)}"'
        case Prefix(prefix):
            return f'exact : "{prefix}" *'
        case Near(left, right, distance):
            return f'exact : NEAR("{" ".join(left)}" "{" ".join(right)}", {distance})'
        case Or(children):
            return _joined(" OR ", [match_expression(x) for x in children])
        case And(children):
            return _conjunction(children)
        case Not() | Everything() | FieldIs():
            return None


def _conjunction(children: Sequence[Node]) -> str | None:
    wanted = _joined(" AND ", [match_expression(x) for x in children if not isinstance(x, Not)])
    unwanted = [match_expression(x.child) for x in children if isinstance(x, Not)]
    if not wanted or not unwanted:
        return wanted if not unwanted else None
    away = _joined(" OR ", unwanted)
    return None if away is None else f"({wanted}) NOT ({away})"


def _joined(word: str, parts: Sequence[str | None]) -> str | None:
    if not parts or any(part is None for part in parts):
        return None
    return word.join(f"({part})" for part in parts)


def split(node: Node) -> tuple[str | None, Node]:
    """Return the part of a query that FTS5 can answer by itself, and the rest, both of which must hold."""
    whole = match_expression(node)
    if whole is not None:
        return whole, Everything()
    if not isinstance(node, And):
        return None, node
    said: list[Node] = []
    rest: list[Node] = []
    for child in node.children:
        told = match_expression(child.child if isinstance(child, Not) else child) is not None
        (said if told else rest).append(child)
    expression = _conjunction(said)
    if expression is None:  # nothing but NOTs
        return None, node
    return expression, And(tuple(rest)) if rest else Everything()


def rows_matching(connection: sqlite3.Connection, snapshot: Snapshot, expression: str) -> Rows:
    """Return the rows that an FTS5 expression finds."""
    # One long string is fetched four times faster than as many small rows.
    found = connection.execute("SELECT group_concat(rowid) FROM words WHERE words MATCH ?", (expression,)).fetchone()
    return snapshot.rows_of(_numbers(found[0]))


def count_matching(connection: sqlite3.Connection, expression: str) -> int:
    """Return how many rows an FTS5 expression finds."""
    found = connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (expression,)).fetchone()
    return int(found[0])


def places_of_stem(connection: sqlite3.Connection, snapshot: Snapshot, stem: str) -> Rows:
    """Return the row of every place where a stem stands: a row that holds it twice comes twice."""
    found = connection.execute(
        "SELECT group_concat(doc) FROM word_places WHERE term = ? AND col = 'stem'", (stem,)
    ).fetchone()
    return snapshot.rows_of(_numbers(found[0]))


def streams_of(connection: sqlite3.Connection, snapshot: Snapshot, rows: Rows, *, stream: str) -> list[list[str]]:
    """Return the tokens of one stream of some rows, in the order of the rows."""
    statement = f"SELECT {stream} FROM bodies WHERE seq = ?"  # noqa: S608  one of two column names
    return [connection.execute(statement, (seq,)).fetchone()[0].split() for seq in snapshot.seqs[rows].tolist()]


def _numbers(joined: str | None) -> NDArray[np.int64]:
    return np.fromstring(joined, np.int64, sep=",") if joined else np.empty(0, np.int64)
