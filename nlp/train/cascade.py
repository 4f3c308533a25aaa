"""Fits how linear decider and encoder share the work (`weights/cascade.toml`), on posts that neither learnt from."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from domain.posts import words
from nlp.deciders import NO, YES, Ranking, Task
from nlp.encoder.cascade import labels_of
from nlp.encoder.encoder import SHIPPED, Encoder
from nlp.encoder.plan import PLAN, Plan, Shares, aligned
from nlp.eval.gold import read_gold
from nlp.linear.decider import LinearDecider, load_decider, softmax
from nlp.train.cascade_fit import NOT_TOLD, Evidence, Fitted, Numbers, fit
from nlp.train.examples import Example, heard
from nlp.train.readers import nusawrites, nusax, smsa
from nlp.train.seeds import read_posts

_CHUNK = 1_000  # posts encoded between two signs of life


def validation_posts(gold: Iterable[Path], data: Path | None, reading: Iterable[Path] = ()) -> list[Example]:
    """Read posts that no training reads: gold posts set aside for tuning, and the public sets' validation parts.

    `reading` are files of posts that have the labels of the reading alone.

    Raises:
        SettingsError: a data set is not under `data`.
    """
    posts = [
        Example(
            words(x.title, x.text),
            "gold",
            intent=x.labels.intent,
            topic=x.labels.topics[0],
            sentiment=x.labels.sentiment,
            urgency=x.labels.urgency,
            oversight=YES if x.labels.oversight else NO,
            abuse=YES if x.labels.abuse else NO,
        )
        for x in read_gold(gold)
    ]
    posts += read_posts(reading, "reading")
    if data is not None:
        posts += [*smsa(data, "valid"), *nusax(data, "valid"), *nusawrites(data, "valid")]
    return posts


def gather(
    linear: LinearDecider, encoder: Encoder, examples: Sequence[Example], *, say: Callable[[str], None] = print
) -> Evidence:
    """Ask both models about labelled posts. The data sets that the posts are of count alike."""
    posts = heard(examples)
    first = linear.decide(posts)
    parts = []
    for start in range(0, len(posts), _CHUNK):
        say(f"encoding {start} of {len(posts)}")
        parts.append(encoder.encode([post.words for post in posts[start : start + _CHUNK]]).logits)
    tables: dict[Task, tuple[Shares, Shares, Numbers]] = {}
    for task in (x for x in Task if x in encoder.card.heads and x in first[0]):
        head = encoder.card.heads[task]
        labels = labels_of(task, linear, encoder)
        number = {label: n for n, label in enumerate(labels)}
        logits = np.concatenate([part[task] for part in parts]).astype(np.float64)
        gold = np.array([number.get(x.label(task) or "", NOT_TOLD) for x in examples])
        if (gold != NOT_TOLD).any():
            cooled = np.asarray(softmax(logits / head.temperature), np.float64)
            tables[task] = _shares([x[task] for x in first], number), aligned(cooled, head.labels, labels), gold
    sets = [x.source.partition("/")[0] for x in examples]
    counts = np.array([1 / sets.count(x) for x in sets]) if len(set(sets)) > 1 else np.ones(len(sets))
    return Evidence(
        {task: table[0] for task, table in tables.items()},
        {task: table[1] for task, table in tables.items()},
        {task: table[2] for task, table in tables.items()},
        counts * len(sets) / counts.sum(),
        np.array(sets),
    )


def fit_cascade(
    examples: Sequence[Example], weights: Path = SHIPPED.parent, *, say: Callable[[str], None] = print
) -> Fitted:
    """Fit the models under a folder of weights on labelled posts and write `cascade.toml` beside them.

    Raises:
        CatalogueError: a model is not there.
    """
    linear, encoder = load_decider(weights / "reading.npz"), Encoder.load(weights / "encoder", threads=0)
    fitted = fit(gather(linear, encoder, examples, say=say))
    text = as_toml(Plan(linear.name, encoder.name, fitted.tasks), fitted)
    (weights / PLAN).write_text(text, encoding="utf-8")
    for task, ways in fitted.scores.items():
        told = ", ".join(f"{way} {x.accuracy:.4f} / {x.macro_f1:.4f}" for way, x in ways.items())
        say(f"{task} ({fitted.posts[task]}), accuracy / macro-F1: {told}; sure from {fitted.tasks[task].sure}")
    say(f"encoded: {fitted.encoded:.1%}")
    return fitted


def as_toml(plan: Plan, fitted: Fitted) -> str:
    """A plan with its figures, as `read_plan` reads it."""
    lines = [
        "# Written by nlp.train.cascade: how linear decider and encoder share the work. No training saw these posts.",
        f'linear = "{plan.linear}"',
        f'encoder = "{plan.encoder}"',
        f"encoded = {fitted.encoded:.4f}  # share of those posts that the cascade encodes",
    ]
    for task, of in plan.tasks.items():
        lines += [
            "",
            f"[tasks.{task}]",
            f'kind = "{of.pool.kind}"',
            f"linear = {of.pool.linear}",
            f"temperature = {of.pool.temperature}",
            f"sure = {of.sure}",
            f"posts = {fitted.posts[task]}",
        ]
        lines += [
            f"{way} = {{ accuracy = {x.accuracy:.4f}, macro_f1 = {x.macro_f1:.4f} }}"
            for way, x in fitted.scores[task].items()
        ]
    return "\n".join(lines) + "\n"


def _shares(rankings: Sequence[Ranking], number: Mapping[str, int]) -> Shares:
    """The best answers' probabilities in the columns of their labels. What the others share is too little to weigh."""
    table = np.zeros((len(rankings), len(number)))
    for row, ranking in zip(table, rankings, strict=True):
        for answer in ranking.answers:
            row[number[answer.label]] = answer.p
    return table


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m nlp.train.cascade", description="Fit weights/cascade.toml.")
    options.add_argument("gold", nargs="+", type=Path, help="gold posts for tuning (JSONL)")
    options.add_argument("--reading", type=Path, nargs="*", default=[], help="posts labelled for the reading (JSONL)")
    options.add_argument("--data", type=Path, help="folder of the public data sets")
    options.add_argument("--weights", type=Path, default=SHIPPED.parent, help="folder of the models")
    asked = options.parse_args()
    fit_cascade(validation_posts(asked.gold, asked.data, asked.reading), asked.weights)
