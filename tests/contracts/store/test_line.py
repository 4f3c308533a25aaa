"""The line through the store: posts in, readings, cases, documents out."""

from __future__ import annotations

from collections.abc import Sequence

from domain.documents import PostDocument
from domain.search import BulkItem, Tombstone
from store import Store
from tests.store.line import ALL, REGION, PureDecider, PureReader, incoming


class Shelf:
    """An index that remembers what it was handed, newest rev wins."""

    def __init__(self) -> None:
        self.held: dict[str, PostDocument | Tombstone] = {}
        self.handed = 0

    def upsert(self, documents: Sequence[PostDocument | Tombstone]) -> list[BulkItem]:
        self.handed += len(documents)
        for document in documents:
            before = self.held.get(document.id)
            if before is None or before.rev < document.rev:
                self.held[document.id] = document
        return [BulkItem(id=document.id, fate="written") for document in documents]


def run_line(store: Store, shelf: Shelf) -> None:
    reader, decider = PureReader(), PureDecider()
    while store.belts.step_read(reader) or store.belts.step_decide(decider) or store.belts.step_index(shelf.upsert):
        pass


def test_a_post_becomes_a_document_in_the_index(store: Store) -> None:
    report = store.intake.accept([incoming(1), incoming(2)])
    assert (report.added, report.unchanged) == (2, 0)
    shelf = Shelf()
    run_line(store, shelf)
    case = f"{incoming(1).id}.{REGION}"
    assert shelf.held[case] == store.cases.document(case, ALL)
    assert len(shelf.held) == 2


def test_the_same_post_twice_changes_nothing(store: Store) -> None:
    shelf = Shelf()
    store.intake.accept([incoming(1)])
    run_line(store, shelf)
    handed = shelf.handed
    report = store.intake.accept([incoming(1), incoming(1)])
    assert (report.added, report.revised, report.unchanged) == (0, 0, 2)
    assert all(d.waiting == 0 for d in store.belts.depth().values())
    run_line(store, shelf)
    assert shelf.handed == handed
