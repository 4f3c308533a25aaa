"""Which cases a reader's question is about: the query, the filters and the scope, as rows of the columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from domain.query.fields import normal_value
from domain.query.tree import And, Everything, FieldIs, Near, Node, Not, Or, Phrase, Prefix, Term
from domain.scope import Scope, within
from domain.search import Filters
from indexer.moments import microseconds
from indexer.sqlite.columns import Rows, Snapshot
from indexer.sqlite.layout import SEVERAL, YES, number_of
from indexer.sqlite.words import match_expression, rows_matching, split

Mask = NDArray[np.bool_]
_PLAIN_FILTERS = (
    "region", "kecamatan", "desa", "sentiment", "intent", "urgency", "opd", "source", "channel", "language", "state",
    "urusan", "authority",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Selector:
    """Finds rows in one snapshot, through the connection whose transaction it belongs to."""

    connection: sqlite3.Connection
    snapshot: Snapshot

    def select(self, node: Node, filters: Filters, scope: Scope, *, born_until: int | None = None) -> Rows:
        """Return the rows that match and may be seen; `born_until` leaves out cases first written later."""
        asked = (node, filters, scope, born_until)
        kept = self.snapshot.found.get(asked)
        return kept if kept is not None else self.snapshot.keep(asked, self._select(*asked))

    def _select(self, node: Node, filters: Filters, scope: Scope, born_until: int | None) -> Rows:
        expression, rest = split(node)
        if expression is None:
            rows = np.flatnonzero(self.snapshot.alive)
        else:
            rows = rows_matching(self.connection, self.snapshot, expression)
        if born_until is not None:
            rows = rows[self.snapshot.columns["born"][rows] <= born_until]
        for narrowed in (self._in_scope, self._filtered):
            rows = narrowed(rows, scope, filters)
        return rows if isinstance(rest, Everything) else rows[self._holds(rest, rows)]

    def having(self, rows: Rows, field: str, holds: Callable[[str], bool]) -> Mask:
        """Say for which rows a field's text fulfils a condition. Asked once per text, not once per row."""
        texts = self.snapshot.texts[field]
        answers = np.fromiter(map(holds, texts), np.bool_, len(texts))
        answers[0] = False  # no value fulfils nothing
        mask: Mask = answers[self.snapshot.columns[field][rows]]
        return mask

    def _in_scope(self, rows: Rows, scope: Scope, _: Filters) -> Rows:
        rows = rows[self.having(rows, "region", scope.regions.__contains__)]
        if not scope.may_oversee:
            rows = rows[~self.having(rows, "oversight", YES.__eq__)]
        if scope.opds is not None:
            rows = rows[self._of_agencies(rows, scope)]
        if (areas := scope.areas) is not None:
            rows = rows[self.having(rows, "areas", lambda text: _any_within(text.split(SEVERAL), areas))]
        return rows

    def _of_agencies(self, rows: Rows, scope: Scope) -> Mask:
        mask = np.zeros(len(rows), np.bool_)
        for region in scope.regions:
            own = scope.agencies_in(region)
            answers = self.having(rows, "region", region.__eq__) & self.having(rows, "opd", own.__contains__)
            mask |= answers & ~self.having(rows, "accused", partial(_any_of, own))
        return mask

    def _filtered(self, rows: Rows, _: Scope, filters: Filters) -> Rows:
        columns = self.snapshot.columns
        if filters.since is not None:
            rows = rows[columns["published"][rows] >= microseconds(filters.since)]
        if filters.until is not None:
            rows = rows[columns["published"][rows] < microseconds(filters.until)]
        for field in _PLAIN_FILTERS:
            wanted: tuple[str, ...] = getattr(filters, field)
            if wanted:
                rows = rows[self.having(rows, field, frozenset(wanted).__contains__)]
        if filters.topic:
            topics = frozenset(filters.topic).__contains__
            rows = rows[self.having(rows, "topic", topics) | self.having(rows, "topic_main", topics)]
        if filters.story:
            rows = rows[np.isin(columns["story"][rows], [number_of(x) for x in filters.story])]
        if filters.oversight is not None:
            rows = rows[self.having(rows, "oversight", YES.__eq__) == filters.oversight]
        return rows

    def _holds(self, node: Node, rows: Rows) -> Mask:
        expression = match_expression(node)
        if expression is not None:
            member = np.zeros(self.snapshot.count, np.bool_)
            member[rows_matching(self.connection, self.snapshot, expression)] = True
            return member[rows]
        match node:
            case Everything():
                return np.ones(len(rows), np.bool_)
            case FieldIs():
                return self._field_is(node, rows)
            case Not(child):
                return ~self._holds(child, rows)
            case And(children):
                return _reduced(np.logical_and, [self._holds(child, rows) for child in children])
            case Or(children):
                return _reduced(np.logical_or, [self._holds(child, rows) for child in children])
            case Term() | Phrase() | Prefix() | Near():
                raise AssertionError("words always have an expression")
            case _:
                assert_never(node)

    def _field_is(self, asked: FieldIs, rows: Rows) -> Mask:
        if asked.field == "author":
            mask: Mask = self.snapshot.columns["author"][rows] == number_of(asked.value)
            return mask
        if asked.field in {"kecamatan", "desa"}:
            return self.having(rows, f"{asked.field}_is", lambda text: asked.value in text.split(SEVERAL))

        def same(text: str) -> bool:
            return normal_value(text) == asked.value

        if asked.field == "topic":
            return self.having(rows, "topic", same) | self.having(rows, "topic_main", same)
        return self.having(rows, asked.field, same)


def _reduced(operation: np.ufunc, masks: list[Mask]) -> Mask:
    mask: Mask = operation.reduce(masks)
    return mask


def _any_of(codes: AbstractSet[str], text: str) -> bool:
    return not codes.isdisjoint(text.split(SEVERAL))


def _any_within(codes: Iterable[str], areas: AbstractSet[str]) -> bool:
    return any(within(code, area) for code in codes for area in areas)
