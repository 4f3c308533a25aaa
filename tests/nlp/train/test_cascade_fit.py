"""Fitting how two models share the work: the better one weighs more, and the sure one is asked alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from nlp.deciders import RANKED, Task
from nlp.encoder.plan import read_plan
from nlp.train.cascade import fit_cascade, validation_posts
from nlp.train.cascade_fit import LEAST_SURE, LOSS, NOT_TOLD, Evidence, fit, fit_pool, score
from nlp.train.examples import Example
from tests.nlp.encoder import tiny

LABELS = 4
POSTS = 3_000


def table(gold: np.ndarray, right: np.ndarray, sure: np.ndarray, seed: int) -> np.ndarray:
    """Probabilities that name the gold label where `right`, another elsewhere, with the confidence `sure`."""
    other = (gold + np.random.default_rng(seed).integers(1, LABELS, len(gold))) % LABELS
    shares = np.tile(((1 - sure) / (LABELS - 1))[:, None], LABELS)
    shares[np.arange(len(gold)), np.where(right, gold, other)] = sure
    return shares


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    """Half of the posts are easy: both are right. Of the hard ones, linear gets every third, the encoder most."""
    chance = np.random.default_rng(3)
    gold = chance.integers(0, LABELS, POSTS)
    easy = np.arange(POSTS) % 2 == 0
    linear = table(gold, easy | (chance.random(POSTS) < 0.33), np.where(easy, 0.95, 0.45), 1)
    encoder = table(gold, easy | (chance.random(POSTS) < 0.8), np.where(easy, 0.9, 0.75), 2)
    return Evidence({Task.TOPIC: linear}, {Task.TOPIC: encoder}, {Task.TOPIC: gold.astype(np.int64)}, np.ones(POSTS))


def test_the_cascade_asks_the_encoder_for_the_hard_half_and_loses_nothing(evidence: Evidence) -> None:
    fitted = fit(evidence)
    ways = fitted.scores[Task.TOPIC]
    assert 0.45 < fitted.tasks[Task.TOPIC].sure <= 0.95
    assert fitted.encoded == pytest.approx(0.5)
    assert ways["cascade"].loses(ways["best"]) <= LOSS
    assert ways["best"].accuracy >= ways["encoder"].accuracy - 0.01 > ways["fast"].accuracy + 0.1


def test_a_model_that_knows_nothing_gets_no_weight() -> None:
    gold = np.arange(900) % LABELS
    knows = table(gold, np.arange(900) % 10 > 0, np.full(900, 0.9), 1)
    guesses = np.random.default_rng(4).dirichlet(np.ones(LABELS), 900)
    assert fit_pool(knows, guesses, gold, np.ones(900)).linear >= 0.9
    assert fit_pool(guesses, knows, gold, np.ones(900)).linear <= 0.1


def test_where_the_linear_model_is_as_good_it_answers_alone() -> None:
    gold = np.arange(400) % LABELS
    linear = table(gold, np.arange(400) % 5 > 0, np.linspace(0.4, 0.99, 400), 1)
    evidence = Evidence({Task.TOPIC: linear}, {Task.TOPIC: linear}, {Task.TOPIC: gold}, np.ones(400))
    assert fit(evidence).tasks[Task.TOPIC].sure < LEAST_SURE + 0.02


def test_where_it_errs_even_when_sure_it_never_does() -> None:
    gold = np.arange(400) % LABELS
    linear = table(gold, np.arange(400) % 2 > 0, np.full(400, 0.99), 1)
    best = table(gold, np.ones(400, bool), np.full(400, 0.9), 1)
    fitted = fit(Evidence({Task.TOPIC: linear}, {Task.TOPIC: best}, {Task.TOPIC: gold}, np.ones(400)))
    assert fitted.encoded == 1.0


def test_no_large_set_pays_for_another(evidence: Evidence) -> None:
    sets = np.where(np.arange(POSTS) % 4 == 1, "few", "many")
    linear = evidence.linear[Task.TOPIC].copy()
    few, gold = sets == "few", evidence.gold[Task.TOPIC]
    linear[few] = table(gold[few], np.arange(few.sum()) % 10 > 2, np.full(few.sum(), 0.9), 5)
    mixed = Evidence({Task.TOPIC: linear}, evidence.encoder, evidence.gold, evidence.counts, sets)
    fitted = fit(mixed).tasks[Task.TOPIC]
    best = fitted.pool.mix(linear, evidence.encoder[Task.TOPIC]).argmax(axis=1)
    said = np.where(linear.max(axis=1) >= fitted.sure, linear.argmax(axis=1), best)
    for name in ("few", "many"):
        here = sets == name
        ways = [score(gold[here], x[here], np.ones(here.sum())) for x in (said, best)]
        assert ways[0].loses(ways[1]) <= LOSS


def test_posts_that_do_not_tell_a_task_are_left_out_of_it(evidence: Evidence) -> None:
    gold = evidence.gold[Task.TOPIC].copy()
    gold[::3] = NOT_TOLD
    assert fit(Evidence(evidence.linear, evidence.encoder, {Task.TOPIC: gold}, evidence.counts)).posts[
        Task.TOPIC
    ] == int((gold != NOT_TOLD).sum())


def test_a_post_counts_as_much_as_it_says() -> None:
    gold, said = np.array([0, 0, 1]), np.array([0, 1, 1])
    assert score(gold, said, np.array([1.0, 1.0, 1.0])).accuracy == pytest.approx(2 / 3)
    assert score(gold, said, np.array([1.0, 0.0, 1.0])).accuracy == 1
    assert score(gold, said, np.array([1.0, 1.0, 1.0])).macro_f1 == pytest.approx((2 / 3 + 2 / 3) / 2)


def test_the_fitted_plan_is_read_back_with_its_figures(tmp_path: Path) -> None:
    folder = tiny.make(tmp_path, plan=False)
    (folder / "reading.npz").symlink_to(Path(__file__).parents[3] / "nlp" / "weights" / "reading.npz")
    words = [("jalan rusak parah, kecewa", "pengaduan", "jalan.rusak", "negatif"),
             ("terima kasih lampu sudah nyala, senang", "apresiasi", "penerangan.pju", "positif"),
             ("kapan jadwal sampah diangkut", "permintaan_informasi", "sampah.angkut", "netral")]  # fmt: skip
    posts = [
        Example(f"{text} {n}", "uji", intent, topic, feeling)
        for n in range(8)
        for text, intent, topic, feeling in words
    ]
    said: list[str] = []
    fitted = fit_cascade(posts, folder, say=said.append)
    plan = read_plan(folder / "cascade.toml")
    assert set(plan.tasks) == set(RANKED)
    assert plan.tasks == fitted.tasks
    assert plan.encoder == tiny.NAME
    figures = tomllib.loads((folder / "cascade.toml").read_text())["tasks"]["intent"]
    assert {"fast", "encoder", "best", "cascade"} <= figures.keys()
    assert figures["posts"] == len(posts)
    assert any("macro-F1" in x for x in said)


def test_gold_posts_for_tuning_are_what_it_is_fitted_on() -> None:
    gold = sorted((Path(__file__).parents[2] / "gold").glob("*-dev.jsonl"))
    posts = validation_posts(gold, None)
    assert len(posts) >= 100
    assert all(x.source == "gold" and x.intent and x.topic and x.sentiment for x in posts)
