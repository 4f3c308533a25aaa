"""`jaring train`: reads what there is to learn from, fits, and writes the weights with their card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from nlp.deciders import Task
from nlp.linear.weights import Weights, save_weights
from nlp.train.augment import with_variants
from nlp.train.examples import Example, distinct, heard
from nlp.train.fit import Lesson, fit_heads
from nlp.train.forms import form_examples
from nlp.train.readers import DATA_SETS, DataSet, taxonomy_phrases
from nlp.train.seeds import post_examples, seed_examples, task_examples

SEED = 20_260_101
KEEP = 80_000  # features shipped: more gain nothing measurable
SHIPPED = Path(__file__).parent.parent / "weights"

# What one text of a set counts for a task, a seed counting 1: sets are large, seeds are what the posts are like.
_COUNTS: Mapping[Task, Mapping[str, float]] = {
    Task.TOPIC: {
        "people": 2.0,
        "posts": 1.0,
        "seeds": 1.0,
        "forms": 0.5,
        "taxonomy": 0.3,
        "surabaya": 0.1,
        "dinsos": 0.03,
    },
    Task.INTENT: {"people": 2.0, "posts": 1.0, "seeds": 1.0, "forms": 1.0, "bandung": 0.05},
    Task.SENTIMENT: {
        "people": 20.0,
        "posts": 5.0,
        "seeds": 10.0,
        "forms": 10.0,
        "smsa": 4.0,
        "nusax": 2.0,
        "nusawrites": 3.0,
    },
    Task.URGENCY: {"people": 2.0, "posts": 1.0, "tasks": 1.0, "seeds": 0.15, "forms": 0.1},
    Task.OVERSIGHT: {"people": 2.0, "posts": 1.0, "tasks": 1.0, "seeds": 0.3, "forms": 0.2},
}
_STRENGTH: Mapping[Task, float] = {
    Task.TOPIC: 0.5,
    Task.INTENT: 0.3,
    Task.SENTIMENT: 2.0,
    Task.URGENCY: 0.3,
    Task.OVERSIGHT: 1.0,
}
# Complaints are half of what is written but an intent of its own must not swallow wishes: intents count alike.
_BALANCE: Mapping[Task, float] = {
    Task.TOPIC: 0.5,
    Task.INTENT: 1.0,
    Task.SENTIMENT: 0.5,
    Task.URGENCY: 1.0,
    Task.OVERSIGHT: 1.0,
}
_READS_CHARS = frozenset(_COUNTS) - {Task.TOPIC}  # characters blur what a post is about


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training came to: where the weights stand, their size, and how many texts each task had."""

    path: Path
    size: int
    texts: Mapping[str, int]


def main(
    data: Path,
    *,
    into: Path = SHIPPED,
    seed: int = SEED,
    say: Callable[[str], None] = print,
    people: Sequence[Example] = (),
) -> Trained:
    """Fit the reading models on the data sets under `data` and the seeds; write `reading.npz` and `card.toml`.

    The same data and seed give the same weights. `say` is told each step. `people` are posts of an installation as its
    people labelled them (source "people"): one counts twice a seed, and wins over a copy of its words elsewhere.

    Raises:
        SettingsError: a data set is not under `data`.
    """
    examples = distinct([*people, *gather(data, seed=seed, say=say)])
    weights = fit_reading(examples, seed=seed, say=say)
    into.mkdir(parents=True, exist_ok=True)
    path = into / "reading.npz"
    size = save_weights(weights, path)
    texts = {task.value: sum(_count(x, task) > 0 for x in examples) for task in _COUNTS}
    (into / "card.toml").write_text(_card(weights, examples, seed, size), encoding="utf-8")
    say(f"{path}: {size / 1e6:.2f} MB")
    return Trained(path, size, texts)


def gather(
    data: Path, *, seed: int = SEED, sets: Iterable[DataSet] = DATA_SETS, say: Callable[[str], None] = print
) -> list[Example]:
    """Read the seeds, the taxonomy's own words and the data sets; texts that stand twice are kept once."""
    examples = [
        *with_variants(seed_examples(), seed=seed),
        *with_variants(task_examples(), seed=seed),
        *with_variants(post_examples(), seed=seed),
        *form_examples(seed=seed),
        *taxonomy_phrases(),
    ]
    for one in sets:
        say(f"reading {one.name}")
        examples.extend(one.read(data))
    return distinct(examples)


def fit_reading(examples: Sequence[Example], *, seed: int, keep: int = KEEP, say: Callable[[str], None]) -> Weights:
    """Fit one head per task on the examples that tell something of it; tasks of which none tells get none."""
    say(f"tokenising {len(examples)} texts")
    texts = heard(examples)
    lessons = []
    for task in _COUNTS:
        chosen = [n for n, x in enumerate(examples) if _count(x, task) > 0]
        if not chosen:
            continue
        lessons.append(
            Lesson(
                task.value,
                np.array(chosen),
                np.array([examples[n].label(task) for n in chosen], dtype=object),
                np.array([_count(examples[n], task) for n in chosen]),
                np.array([examples[n].group or examples[n].words for n in chosen], dtype=object),
                _STRENGTH[task],
                balance=_BALANCE[task],
                chars=task in _READS_CHARS,
            )
        )
    vocabulary, idf, heads = fit_heads(texts, lessons, keep=keep, seed=seed, say=say)
    return Weights(f"linear-{date.today():%Y.%m}", vocabulary, idf, heads)  # noqa: DTZ011  a name, not a moment


def _count(example: Example, task: Task) -> float:
    """What an example counts for a task; 0 where it does not tell, or its set does not teach that task."""
    if example.label(task) is None:
        return 0.0
    return _COUNTS[task].get(example.source.partition("/")[0], 0.0) * example.weight


def _card(weights: Weights, examples: Sequence[Example], seed: int, size: int) -> str:
    """The model card's facts, as TOML."""
    by_set = Counter(x.source.partition("/")[0] for x in examples)
    lines = [
        "# Written by the training: what the weights in this folder were learnt from.",
        f'name = "{weights.name}"',
        f"date = {date.today():%Y-%m-%d}",  # noqa: DTZ011  a name, not a moment
        f"seed = {seed}",
        f"bytes = {size}",
        f"features = {len(weights.vocabulary)}",
        "",
        "[temperature]",
        *(f"{head.task} = {head.temperature:.4f}" for head in weights.heads),
        "",
        "[[data]]",
        'name = "Seed sentences and taxonomy of this project"',
        'licence = "Apache-2.0"',
        f"texts = {sum(by_set[name] for name in ('posts', 'seeds', 'tasks', 'forms', 'taxonomy'))}",
        'teaches = "topic, intent, sentiment, urgency, oversight, abuse"',
    ]
    if by_set["people"]:
        lines += [
            "",
            "[[data]]",
            'name = "Posts of this installation as its people labelled them, masked"',
            'licence = "of this installation: not to be passed on"',
            f"texts = {by_set['people']}",
            'teaches = "topic, intent, sentiment, urgency, oversight, abuse"',
        ]
    for one in DATA_SETS:
        lines += [
            "",
            "[[data]]",
            f'name = "{one.name}"',
            f'licence = "{one.licence}"',
            f"texts = {by_set[one.read.__name__]}",
            f'teaches = "{one.teaches}"',
        ]
    return "\n".join(lines) + "\n"
