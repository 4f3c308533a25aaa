"""Linear decider and encoder together: who answers which post, and what becomes of the two answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from domain.errors import CatalogueError
from domain.text.tokens import tokenize
from nlp.deciders import RANKED, Decider, Heard, Task
from nlp.encoder.cascade import Cascade
from nlp.encoder.decider import EncoderDecider
from nlp.encoder.encoder import Encoder
from nlp.encoder.plan import Kind, Plan, Pool, aligned, read_plan
from nlp.linear.decider import LinearDecider, load_decider
from tests.nlp.encoder import tiny

SURE = "Jalan berlubang di depan pasar rusak parah, tolong segera diperbaiki, kami kecewa sekali"
UNSURE = "itu kemarin ramai di sana ya"
STRANGE = ["", " \n ", "😡😡🙏", "[nik] [telepon]", "a" * 10_000, "jalan rusak " * 4_000]


def heard(words: str) -> Heard:
    return Heard(words, tokenize(words))


@pytest.fixture(scope="module")
def linear() -> LinearDecider:
    return load_decider()


def cascade(weights: Path, linear: LinearDecider, encoder: Encoder, *, sure: float, **choices: object) -> Cascade:
    read = read_plan(weights / "cascade.toml")
    tasks = {task: type(x)(x.pool, sure) for task, x in read.tasks.items()}
    return Cascade(linear, encoder, Plan(read.linear, read.encoder, tasks), **choices)  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=["linear", "encoder", "cascade", "best"])
def decider(request: pytest.FixtureRequest, weights: Path, linear: LinearDecider, encoder: Encoder) -> Decider:
    deciders: dict[str, Decider] = {
        "linear": linear,
        "encoder": EncoderDecider(encoder),
        "cascade": cascade(weights, linear, encoder, sure=0.9),
        "best": cascade(weights, linear, encoder, sure=0.9, everything=True),
    }
    return deciders[request.param]


@pytest.mark.parametrize("words", [*STRANGE, SURE, UNSURE])
def test_every_decider_ranks_every_task_of_any_text(decider: Decider, words: str) -> None:
    (answer,) = decider.decide([heard(words)])
    assert set(answer) >= decider.tasks >= set(RANKED)
    for ranking in answer.values():
        shares = [x.p for x in ranking.answers]
        assert ranking.by
        assert shares == sorted(shares, reverse=True)
        assert 0 < sum(shares) <= 1 + 1e-5


def test_every_decider_answers_in_order_and_alone_as_in_company(decider: Decider) -> None:
    posts = [heard(f"{word} {'dekat pasar ' * (n % 5)}") for n, word in enumerate([SURE, UNSURE, *STRANGE] * 3)]
    together = decider.decide(posts)
    assert len(together) == len(posts)
    for post, answer in zip(posts, together, strict=True):
        (alone,) = decider.decide([post])
        for task in decider.tasks:
            assert alone[task].best.label == answer[task].best.label
            assert alone[task].best.p == pytest.approx(answer[task].best.p, abs=1e-4)


def test_every_decider_answers_nothing_with_nothing(decider: Decider) -> None:
    assert list(decider.decide([])) == []


def test_only_posts_of_which_the_linear_decider_is_unsure_are_encoded(
    weights: Path, linear: LinearDecider, encoder: Encoder
) -> None:
    posts = [heard(f"{word} {n}") for n in range(30) for word in (SURE, UNSURE, "terima kasih", "rapat")]
    reads = cascade(weights, linear, encoder, sure=0.8)
    unsure = [any(answers[task].best.p < 0.8 for task in RANKED) for answers in linear.decide(posts)]
    assert 0 < sum(unsure) < len(posts)
    told = reads.read(posts)
    assert [x.encoding is not None for x in told] == unsure
    for x in told:
        by = reads.name if x.encoding else linear.name
        assert {ranking.by for ranking in x.answers.values()} == {by}


def test_best_encodes_every_post(weights: Path, linear: LinearDecider, encoder: Encoder) -> None:
    reads = cascade(weights, linear, encoder, sure=0.0, everything=True)
    assert all(x.encoding is not None for x in reads.read([heard(SURE), heard(UNSURE)]))


def test_a_task_that_somebody_else_answers_calls_no_encoder(
    weights: Path, linear: LinearDecider, encoder: Encoder
) -> None:
    reads = cascade(weights, linear, encoder, sure=1.1, doubts=())
    assert [x.encoding for x in reads.read([heard(UNSURE)])] == [None]


def test_an_encoded_post_is_answered_by_both(weights: Path, linear: LinearDecider, encoder: Encoder) -> None:
    post = heard("sampah lampu lampu")
    reads = cascade(weights, linear, encoder, sure=1.1)
    (told,) = reads.read([post])
    assert told.encoding is not None
    ours = told.linear[Task.TOPIC]
    assert ours.shares is not None
    p = dict(zip(linear.labels[Task.TOPIC], ours.shares.tolist(), strict=True))
    theirs = told.encoding.p[Task.TOPIC]
    mean = {x: (max(p.get(x, 0), 1e-4) * max(theirs.get(x, 0), 1e-4)) ** 0.5 for x in p.keys() | theirs.keys()}
    total = sum(mean.values())
    for answer in told.answers[Task.TOPIC].answers:
        assert answer.p == pytest.approx(mean[answer.label] / total, abs=1e-6)


def test_evidence_speaks_for_the_answer_that_is_given(weights: Path, linear: LinearDecider, encoder: Encoder) -> None:
    words = "Sampah menumpuk di bawah lampu lampu lampu lampu lampu lampu"
    read = read_plan(weights / "cascade.toml")
    tasks = {task: type(x)(Pool(Kind.LOG, 0.0, 1.0), 1.1) for task, x in read.tasks.items()}
    (told,) = Cascade(linear, encoder, Plan("", "", tasks)).read([heard(words)])
    best = told.answers[Task.TOPIC].best
    assert best.label == "penerangan.pju"
    assert {span.text for span in best.evidence} == {"lampu"}
    assert all(not answer.evidence for answer in told.answers[Task.TOPIC].answers[1:])


def test_a_post_that_is_encoded_already_is_not_encoded_again(encoder: Encoder) -> None:
    (encoding,) = encoder.encodings(["sampah"])
    (answer,) = EncoderDecider(encoder).decide([Heard("lampu", tokenize("lampu"), (), encoding)])
    assert answer[Task.TOPIC].best.label == "sampah.angkut"


def test_a_plan_without_a_task_is_refused(linear: LinearDecider, encoder: Encoder) -> None:
    with pytest.raises(CatalogueError, match="intent"):
        Cascade(linear, encoder, Plan("", "", {}))


def test_labels_that_one_model_does_not_know_have_nothing() -> None:
    assert aligned(np.array([[0.2, 0.8]]), ("a", "b"), ("b", "c", "a")).tolist() == [[0.8, 0.0, 0.2]]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_mixture_lies_between_the_two_and_sums_to_one(kind: Kind) -> None:
    linear, encoder = np.array([[0.9, 0.1]]), np.array([[0.3, 0.7]])
    mixed = [Pool(kind, weight, 1.0).mix(linear, encoder)[0] for weight in (1.0, 0.7, 0.4, 0.0)]
    assert [p[0] for p in mixed] == sorted((p[0] for p in mixed), reverse=True)
    assert mixed[0] == pytest.approx(linear[0], abs=1e-3)
    assert mixed[-1] == pytest.approx(encoder[0], abs=1e-3)
    assert all(p.sum() == pytest.approx(1) for p in mixed)


def test_a_mixture_can_make_up_for_a_model_that_holds_the_truth_for_impossible() -> None:
    mixed = Pool(Kind.LOG, 0.5, 1.0).mix(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]))
    assert mixed[0] == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(
    "text",
    ["= 1", 'linear = "a"', tiny.plan_text("a", "b", weight=1.5), tiny.plan_text("a", "b").replace("log", "peta")],
)
def test_a_broken_plan_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cascade.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match="is no plan"):
        read_plan(path)


def test_a_plan_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="JARING_READ_MODE=fast"):
        read_plan(tmp_path / "cascade.toml")
