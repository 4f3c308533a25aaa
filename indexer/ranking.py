"""What is nearest in meaning, alone or fused with what words find: the same in every engine.

An engine lists its best by words and its nearest by meaning, of those cases only that a reader may see and that fulfil
his conditions. What is found is these few hundred cases: totals, stories and pages are of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import Final

from domain.errors import QueryRefused, Refused
from domain.query import parse_query, wanted_words
from domain.query.tree import Node, Or, Words
from domain.search import Order, SearchQuery
from domain.vectors import Vector
from indexer.cursors import Cursor

NEAREST: Final = 500  # cases that each list holds: 25 pages, and what a cluster still finds quickly
REACH: Final = 0.05  # cosine behind the nearest case: answers seldom lie farther off, see benches.meaning
RRF: Final = 60  # Cormack, Clarke, Buettcher 2009: how little the first ranks weigh more than the next
DIGITS: Final = 6  # of a score: equal on every machine, and what a cursor carries
RRF_DIGITS: Final = 8  # the last ranks differ by three millionths
KEPT: Final = 64  # searches whose order is remembered while they are paged through; about 100 KB each

Key = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that may be shown. `row` is where the engine finds it, if it knows rows."""

    id: str
    story: Hashable
    published: int  # microseconds
    score: float = 0.0
    row: int = -1


@dataclass(frozen=True)
class Ranking:
    """What a search by meaning found, in the order it is shown in."""

    candidates: tuple[Candidate, ...]
    order: Order

    @cached_property
    def sizes(self) -> Counter[Hashable]:
        """How many cases of each story were found."""
        return Counter(x.story for x in self.candidates)

    def page(self, size: int, after: Cursor | None, *, fold: bool) -> tuple[list[tuple[Candidate, int]], bool]:
        """Return the hits behind a cursor with the sizes of their stories, and whether more follow.

        A hit that is gone since is looked for by its sort keys. Raises: Refused for a cursor without them.
        """
        shown = self._heads if fold else [(x, 1) for x in self.candidates]
        start = 0 if after is None else self._place(shown, after)
        return shown[start : start + size], len(shown) > start + size

    def key(self, candidate: Candidate) -> Key:
        """Return what a case is sorted by, ascending; its id breaks ties."""
        by_time = float(-candidate.published)
        return (-candidate.score, by_time) if self.order is Order.BEST else (by_time,)

    @cached_property
    def _heads(self) -> list[tuple[Candidate, int]]:
        firsts: dict[Hashable, Candidate] = {}
        for candidate in self.candidates:
            firsts.setdefault(candidate.story, candidate)
        return [(x, self.sizes[x.story]) for x in firsts.values()]

    def _place(self, shown: Sequence[tuple[Candidate, int]], after: Cursor) -> int:
        if len(after.keys) != (2 if self.order is Order.BEST else 1):
            raise Refused("Penanda halaman (after) tidak dapat dibaca. Mulai lagi dari halaman pertama.")
        for place, (candidate, _) in enumerate(shown):
            if candidate.id == after.id:
                return place + 1
        return bisect_right(shown, (after.keys, after.id), key=lambda x: (self.key(x[0]), x[0].id))


class Kept:
    """Rankings of the searches that are being paged through. Safe among threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: OrderedDict[Hashable, Ranking] = OrderedDict()

    def of(self, asked: Hashable, make: Callable[[], Ranking]) -> Ranking:
        """Return the ranking of a search, made where it is not remembered."""
        with self._lock:
            held = self._held.get(asked)
            if held is not None:
                self._held.move_to_end(asked)
                return held
        return self.keep(asked, make())

    def keep(self, asked: Hashable, ranking: Ranking) -> Ranking:
        """Remember a ranking under another name too."""
        with self._lock:
            self._held[asked] = ranking
            self._held.move_to_end(asked)
            while len(self._held) > KEPT:
                self._held.popitem(last=False)
        return ranking


def asked_words(query: SearchQuery) -> tuple[Node, tuple[Words, ...], Vector]:
    """Return the tree of a query, the words it asks for, and their vector. Raises: QueryRefused without one."""
    node = parse_query(query.q)
    if query.vector is None:
        raise QueryRefused("Pencarian menurut makna membutuhkan kata, dan mesin yang memahaminya.", position=0)
    return node, tuple(dict.fromkeys(wanted_words(node))), query.vector


def any_of_words(words: Sequence[Words]) -> Node | None:
    """Return what finds the cases with at least one of some words."""
    return (words[0] if len(words) == 1 else Or(tuple(words))) if words else None


def within_reach(near: Sequence[Candidate]) -> list[Candidate]:
    """Return the cases, of which the nearest comes first, that are not too far behind it."""
    return [x for x in near if x.score >= near[0].score - REACH]


def fused(by_words: Sequence[Candidate], near: Sequence[Candidate]) -> list[Candidate]:
    """Return the cases of two lists, best first each, with the sum of 1 / (RRF + rank) as their scores."""
    scores: dict[str, float] = {}
    found: dict[str, Candidate] = {}
    for listed in (by_words, near):
        for rank, candidate in enumerate(listed, 1):
            scores[candidate.id] = scores.get(candidate.id, 0.0) + 1 / (RRF + rank)
            found[candidate.id] = candidate
    return [replace(x, score=round(scores[x.id], RRF_DIGITS)) for x in found.values()]


def ranked(found: Sequence[Candidate], order: Order) -> Ranking:
    """Put what was found in order."""
    plain = Ranking((), order)
    return Ranking(tuple(sorted(found, key=lambda x: (plain.key(x), x.id))), order)
