from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nlp
from domain.errors import CatalogueError
from domain.labels import Intent, Sentiment, Urgency
from domain.taxonomy import load_taxonomy
from domain.text.tokens import tokenize
from nlp.deciders import NO, RANKED, YES, Heard, Task
from nlp.linear.cues import cues
from nlp.linear.decider import LinearDecider, load_decider
from nlp.linear.features import MAX_TOKENS, Featuriser, features
from nlp.linear.weights import Head, Weights, load_weights, save_weights

SHIPPED = Path(nlp.__path__[0]) / "weights" / "reading.npz"


def heard(words: str) -> Heard:
    return Heard(words, tokenize(words))


@pytest.fixture(scope="module")
def decider() -> LinearDecider:
    return load_decider()


def a_small_decider(name: str, *, label: str, temperature: float = 1.0) -> LinearDecider:
    weight = np.array([[5.0, -5.0]], dtype=np.float32)
    labels = (label, "lainnya")
    head = Head(Task.INTENT.value, labels, weight, np.zeros(2, np.float32), temperature)
    return LinearDecider(Weights(name, ("jalan",), np.ones(1, np.float32), (head,)))


def test_a_pothole_is_a_complaint_about_a_damaged_road(decider: LinearDecider) -> None:
    (answer,) = decider.decide([heard("Jalan raya depan pasar berlubang parah, tolong segera ditambal")])
    assert answer[Task.TOPIC].best.label == "jalan.rusak"
    assert answer[Task.INTENT].best.label == Intent.COMPLAINT
    assert answer[Task.SENTIMENT].best.label == Sentiment.NEGATIVE


def test_thanks_at_the_end_of_a_letter_are_not_praise(decider: LinearDecider) -> None:
    letter = "Yth. Dinas Perhubungan. Kami melaporkan lampu jalan padam sudah sebulan, mohon diperbaiki. Terima kasih."
    (answer,) = decider.decide([heard(letter)])
    assert answer[Task.INTENT].best.label == Intent.COMPLAINT


def test_evidence_points_at_words_of_the_post(decider: LinearDecider) -> None:
    words = "Sudah 3 hari air PDAM mati di perumahan kami 😭 tolong"
    (answer,) = decider.decide([heard(words)])
    evidence = answer[Task.TOPIC].best.evidence
    assert "PDAM" in {span.text for span in evidence}
    assert all(words[span.start : span.end] == span.text for span in evidence)
    assert [span.start for span in evidence] == sorted(span.start for span in evidence)


@pytest.mark.parametrize("words", ["", " ", "😂😂😂", "?", "[telepon]", "a" * 10_000, "jalan rusak " * 1_000])
def test_any_text_gets_probabilities_that_sum_to_at_most_one(decider: LinearDecider, words: str) -> None:
    (answer,) = decider.decide([heard(words)])
    assert set(answer) >= set(RANKED)
    for ranking in answer.values():
        shares = [x.p for x in ranking.answers]
        assert shares == sorted(shares, reverse=True)
        assert 0 < sum(shares) <= 1 + 1e-5


def test_a_batch_answers_as_its_posts_alone_do(decider: LinearDecider) -> None:
    posts = [heard(x) for x in ("lampu jalan mati", "", "KTP saya belum jadi", "makasih pak bupati, jalannya mulus")]
    together = [{t: r.best.label for t, r in x.items()} for x in decider.decide(posts)]
    alone = [{t: r.best.label for t, r in decider.decide([post])[0].items()} for post in posts]
    assert together == alone
    assert decider.decide([]) == []


def test_the_shipped_heads_know_every_label_of_the_vocabulary(decider: LinearDecider) -> None:
    weights = load_weights(SHIPPED)
    labels = {head.task: set(head.labels) for head in weights.heads}
    assert labels[Task.TOPIC] == set(load_taxonomy().topic_codes)
    assert labels[Task.INTENT] == set(Intent)
    assert labels[Task.SENTIMENT] == set(Sentiment)
    assert labels[Task.URGENCY] == set(Urgency)
    assert labels[Task.OVERSIGHT] == {YES, NO}


def test_heads_that_only_rules_lean_on_are_answered_and_no_task_of_the_decider(decider: LinearDecider) -> None:
    assert decider.tasks == {Task.INTENT, Task.TOPIC, Task.SENTIMENT}
    (answers,) = decider.decide([heard("kades makan uang desa")])
    assert {Task.URGENCY, Task.OVERSIGHT} <= set(answers)


def test_weights_come_back_from_disk_as_they_were(tmp_path: Path) -> None:
    weight = np.array([[1.27, -0.5], [0.0, 0.5]], dtype=np.float32)
    kept = Weights(
        "t-1",
        ("jalan", "#^é"),
        np.ones(2, np.float32),
        (Head("topic", ("a", "b"), weight, np.zeros(2, np.float32), 0.5),),
    )
    size = save_weights(kept, tmp_path / "w.npz")
    back = load_weights(tmp_path / "w.npz")
    assert size == (tmp_path / "w.npz").stat().st_size
    assert (back.name, back.vocabulary, back.heads[0].labels) == ("t-1", ("jalan", "#^é"), ("a", "b"))
    assert np.allclose(back.heads[0].weight, weight, atol=0.02)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_weights_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "w.npz").write_bytes(content)
    with pytest.raises(CatalogueError, match="cannot be read"):
        load_weights(tmp_path / "w.npz")


def test_weights_that_hold_code_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "w.npz", format=np.array([1]), name=np.array([{"a": 1}], dtype=object))
    with pytest.raises(CatalogueError, match="cannot be read"):
        load_weights(tmp_path / "w.npz")


def test_a_long_article_is_read_by_its_beginning() -> None:
    post = heard("kata " * (MAX_TOKENS + 50) + "akhirnya")
    assert "akhirnya" not in features(post)


@pytest.mark.parametrize(
    ("words", "cue"),
    [
        ("GERUNG - Warga menggelar kerja bakti, Kamis (9/1).", "dateline"),
        ("Kapan jalan kami diperbaiki?", "question_asked"),
        ("Mantap pak, jalannya bisa buat kolam lele", "mocks"),
        ("TOLONG DISHARE banjir", "shout"),
        ("sudah tiga bulan tidak diangkut", "counts_time"),
        ("hubungi [telepon]", "phone"),
        ("keren 😂", "laugh"),
    ],
)
def test_surface_cues_are_seen(words: str, cue: str) -> None:
    assert cue in cues(words, tokenize(words))


@pytest.mark.parametrize(
    "words",
    ["", "Jalan2 rusak 3 bulan, jalan rusak lagi!!", "terima kasih terima kasih pak 2 2 2", "😂 mantap [telepon]"],
)
def test_rows_hold_the_features_of_their_post(words: str) -> None:
    post = Heard(words, tokenize(words), tokenize("Gerung 5"))
    names = sorted(features(post))
    rows = Featuriser(names, np.ones(len(names), np.float32)).rows([post, heard("")])
    assert dict(zip(rows.matrix.indices[: len(names)].tolist(), rows.at[: len(names)].tolist(), strict=True)) == {
        names.index(name): at for name, at in features(post).items()
    }
    assert np.isclose(np.sqrt((rows.matrix[0].data ** 2).sum()), 1.0)
