"""The indexing belt's handlers: current documents in, the fate of each out, and the watched searches that found it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from domain.documents import PostDocument
from domain.errors import QueryRefused
from domain.ports import PostIndex
from domain.query import Node
from domain.search import BulkItem, Tombstone
from domain.watches import Watch, WatchIndex, WatchRule
from domain.watches.anchors import Rarity
from domain.watches.conditions import tree_of

log = structlog.get_logger("jaring.watches")

Upsert = Callable[[Sequence[PostDocument | Tombstone]], Sequence[BulkItem]]


def index_step(index: PostIndex) -> Upsert:
    """Return what the belt calls with a batch: it writes and answers one fate per document, in order.

    Raises: IndexUnavailable where the engine does not answer: the whole batch is tried again later.
    A document that the engine cannot hold is `poison` and leaves the others alone.
    """

    def upsert(documents: Sequence[PostDocument | Tombstone]) -> Sequence[BulkItem]:
        fates = index.upsert(documents)
        index.refresh()
        return fates

    return upsert


class Watcher:
    """The watched searches as one index, made anew when one of them changes. What is rare it learns as it goes."""

    def __init__(self) -> None:
        self._edition: object = None
        self._rarity = Rarity()
        self._watches: dict[str, Watch] = {}
        self._index = WatchIndex(())

    def read(self, edition: object, watched: Callable[[], Sequence[Watch]]) -> None:
        """Take in the searches of an edition, where it is another than the last one."""
        if edition == self._edition:
            return
        self._watches = {watch.id: watch for watch in watched()}
        rules = [WatchRule(watch.id, watch.region, node) for watch in self._watches.values() if (node := _tree(watch))]
        self._index = WatchIndex(rules, self._rarity)
        self._edition = edition

    def found(self, documents: Sequence[PostDocument]) -> list[tuple[Watch, PostDocument]]:
        """Which searches found which of these documents."""
        return [(self._watches[id_], document) for document in documents for id_ in self._index.matching(document)]


def _tree(watch: Watch) -> Node | None:
    """The tree of a watch; None for one that an older version let through and this one cannot read."""
    try:
        return tree_of(watch.q, watch.filters)
    except QueryRefused as refused:
        log.warning("pantauan tidak terbaca", watch=watch.id, reason=str(refused))
        return None
