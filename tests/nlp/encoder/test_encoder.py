"""Texts in, vectors and scores out: whatever the text, whatever its company, however many threads."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import CatalogueError
from nlp.deciders import Task
from nlp.encoder.batches import batches
from nlp.encoder.encoder import Encoder
from nlp.encoder.queries import Queries
from tests.nlp.encoder import tiny

STRANGE = ["", " \n ", "😡😡🙏", "!!!", "[nik] [telepon]", "١٢٣", "a" * 10_000, "jalan rusak " * 4_000, "\x00\ufffd"]


@given(lengths=st.lists(st.integers(1, 600), max_size=80), budget=st.integers(64, 1_024))
def test_every_text_runs_once_with_its_like(lengths: list[int], budget: int) -> None:
    planned = list(batches(lengths, budget=budget))
    assert sorted(at for batch in planned for at in batch) == list(range(len(lengths)))
    longest = [max(lengths[at] for at in batch) for batch in planned]
    assert longest == sorted(longest)
    for batch, most in zip(planned, longest, strict=True):
        assert len(batch) == 1 or len(batch) * most <= budget


@pytest.mark.parametrize("text", STRANGE)
def test_any_text_has_a_place(encoder: Encoder, text: str) -> None:
    encoded = encoder.encode([text])
    assert encoded.vectors.shape == (1, 384)
    assert np.isfinite(encoded.vectors).all()
    assert np.linalg.norm(encoded.vectors[0]) == pytest.approx(1, abs=1e-4)


def test_nothing_is_encoded_to_nothing(encoder: Encoder) -> None:
    encoded = encoder.encode([])
    assert encoded.vectors.shape == (0, 384)
    assert {task: table.shape[0] for task, table in encoded.logits.items()} == dict.fromkeys(Task, 0)


def test_texts_come_out_in_their_order_whatever_their_length(encoder: Encoder) -> None:
    texts = [f"{'lampu' if n % 3 else 'sampah'} {'kata ' * (n * 7 % 29)}" for n in range(150)]
    together = encoder.encode(texts)
    for n in (0, 1, 2, 77, 149):
        alone = encoder.encode([texts[n]])
        assert np.allclose(together.vectors[n], alone.vectors[0], atol=1e-5)
        assert np.allclose(together.logits[Task.TOPIC][n], alone.logits[Task.TOPIC][0], atol=1e-4)


def test_more_threads_say_the_same(weights: Path, encoder: Encoder) -> None:
    texts = [f"jalan {'rusak ' * (n % 20)}" for n in range(200)]
    both = Encoder.load(weights / "encoder", threads=2).encode(texts)
    assert np.allclose(both.vectors, encoder.encode(texts).vectors, atol=1e-6)


def test_what_stands_beyond_the_last_token_is_not_read(encoder: Encoder) -> None:
    within, beyond = "lampu " * (tiny.MAX_TOKENS - 1), "lampu " * (tiny.MAX_TOKENS - 1) + "sampah " * 500
    assert np.array_equal(encoder.encode([within]).vectors, encoder.encode([beyond]).vectors)


def test_probabilities_are_of_every_label_and_sum_to_one(encoder: Encoder) -> None:
    (encoding,) = encoder.encodings(["lampu mati, pungli"])
    assert encoding.by == encoding.vector.model == tiny.NAME
    assert set(encoding.p) == set(Task)
    assert all(sum(p.values()) == pytest.approx(1) for p in encoding.p.values())
    assert max(encoding.p[Task.TOPIC], key=encoding.p[Task.TOPIC].__getitem__) == "penerangan.pju"
    assert (encoding.yes(Task.OVERSIGHT) or 0) > 0.9 > (encoding.yes(Task.ABUSE) or 0)


def test_a_query_stands_near_the_posts_that_answer_it(encoder: Encoder) -> None:
    near, far = (x.vector for x in encoder.encodings(["lampu jalan", "sampah"]))
    queries = Queries(encoder)
    lamp = queries.vector_of("lampu")
    assert queries.name == lamp.model == tiny.NAME
    assert lamp.cosine(near) > lamp.cosine(far) + 0.3
    assert queries.vector_of("lampu") is lamp


def test_posts_and_queries_are_read_as_what_they_are(encoder: Encoder) -> None:
    post, query = (encoder.encode(["lampu"], kind=kind).vectors[0] for kind in ("passage", "query"))
    assert not np.array_equal(post, query)


def test_an_encoder_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="JARING_READ_MODE=fast"):
        Encoder.load(tmp_path)


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("model.onnx", "bukan model", "cannot be loaded"),
        ("tokenizer.json", "{}", "cannot be loaded"),
        ("card.toml", "name = 1 =", "is no card"),
        ("card.toml", 'name = "x"\nmax_tokens = 9\n[heads.peta]\nlabels = ["a"]\ntemperature = 1.0', "is no card"),
        (
            "card.toml",
            'name = "x"\nmax_tokens = 9\n[heads.abuse]\nlabels = ["a"]\ntemperature = 1.0',
            "1 labels of abuse",
        ),
        ("card.toml", 'name = "x"\nmax_tokens = 0\n[heads]', "above 0"),
    ],
)
def test_a_broken_encoder_is_told_in_one_sentence(
    weights: Path, tmp_path: Path, file: str, content: str, told: str
) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(weights / "encoder", folder)
    (folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError, match=told):
        Encoder.load(folder)
