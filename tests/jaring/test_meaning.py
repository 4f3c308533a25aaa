"""Posts that were read before there was an encoder catch up, and go on after a kill."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from domain.vectors import DIMENSIONS
from jaring import meaning
from jaring.meaning import encode_missing
from nlp.encoder.encoder import Encoded
from store import KeyRing, Store, open_store
from tests.store.line import ALL, REGION, Clock, Shelf, incoming, run_line


class Counting:
    """Puts texts by their length, and counts them; after some it is killed."""

    name = "hitung-1"

    def __init__(self, *, until: int = 1_000) -> None:
        self.texts: list[str] = []
        self._until = until

    def encode(self, texts: Sequence[str]) -> Encoded:
        if len(self.texts) >= self._until:
            raise KeyboardInterrupt
        self.texts += texts
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            row[len(text) % DIMENSIONS] = 1
        return Encoded(vectors, {})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    keys = KeyRing.open(tmp_path / "keys", create=True)
    opened = open_store(f"sqlite:///{tmp_path / 'truth.sqlite'}", keys=keys, create=True, clock=Clock())
    opened.intake.accept([incoming(n) for n in range(7)])
    run_line(opened, Shelf())
    yield opened
    opened.close()


def test_every_post_gets_a_vector_and_its_case_goes_to_the_index(store: Store) -> None:
    told: list[int] = []
    assert encode_missing(store, Counting(), told.append) == sum(told) == 7
    assert store.vectors.missing("hitung-1") == 0
    shelf = Shelf()
    while store.belts.step_index(shelf.upsert):
        pass
    assert len(shelf.held) == 7
    document = store.cases.documents([f"{incoming(1).id}.{REGION}"], ALL, placed=True)[0]
    assert document.vector is not None
    assert document.vector.model == "hitung-1"


def test_killed_and_started_again_it_goes_on_where_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "BATCH", 3)
    killed = Counting(until=3)
    with pytest.raises(KeyboardInterrupt):
        encode_missing(store, killed, lambda _: None)
    again = Counting()
    assert encode_missing(store, again, lambda _: None) == 4
    assert not set(again.texts) & set(killed.texts)
    assert encode_missing(store, Counting(), lambda _: None) == 0
