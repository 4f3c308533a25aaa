from __future__ import annotations

import pytest
from spacy.language import Language

from nlp.asking import linear_decider
from nlp.pipeline import build_language


@pytest.fixture(scope="module")
def language() -> Language:
    return build_language({})


def test_each_component_writes_its_ranking_and_who_answered(language: Language) -> None:
    (doc,) = language.pipe(["Sampah di TPS pasar menumpuk, tidak diangkut"])
    assert doc._.topic.best.label == "sampah.angkut"
    assert {doc._.decided_by[task] for task in ("intent", "topic", "sentiment")} == {linear_decider().name}


def test_a_stream_keeps_its_order_over_batches(language: Language) -> None:
    texts = ["lampu jalan padam" if n % 2 else "air pdam mati" for n in range(150)]
    topics = [doc._.topic.best.label for doc in language.pipe(texts, batch_size=40)]
    assert topics == ["penerangan.pju" if n % 2 else "air.pdam" for n in range(150)]


def test_one_doc_alone_is_read_too(language: Language) -> None:
    assert language("jembatan putus")._.topic.best.label == "jalan.jembatan"
