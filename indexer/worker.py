"""The indexing belt's handler: current documents in, the fate of each out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.documents import PostDocument
from domain.ports import PostIndex
from domain.search import BulkItem, Tombstone

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
