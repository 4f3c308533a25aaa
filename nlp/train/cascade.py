"""Fits how linear decider and encoder share the work (`weights/cascade.toml`), on posts that neither learnt from.

Per task: the mixture that is least surprised by the gold labels, then the least probability from which the linear
decider may answer alone at a loss of at most `LOSS` to the mixture.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from domain.posts import words
from nlp.deciders import NO, YES, Ranking, Task
from nlp.encoder.cascade import labels_of
from nlp.encoder.encoder import SHIPPED, Encoder
from nlp.encoder.plan import PLAN, Kind, Plan, Pool, Shares, TaskPlan, aligned
from nlp.eval.gold import read_gold
from nlp.linear.decider import LinearDecider, load_decider, softmax
from nlp.train.examples import Example, heard
from nlp.train.readers import nusawrites, nusax, smsa

LOSS = 0.003  # of accuracy and of macro-F1, whichever suffers more
# The posts set aside are few, and rules were written with an eye on them: below this the linear decider is called
# unsure whatever they say.
LEAST_SURE = 0.6
LITTLE = 0.15  # a share of the encoder up to which it changes next to no answer: no reason to encode a post
NOT_TOLD = -1
_WEIGHTS = np.linspace(0, 1, 21)
_STEP = 0.01  # by which a threshold is lowered at a time
_NEVER = 1.01  # a threshold that no probability reaches: the encoder reads every post
_CHUNK = 1_000  # posts encoded between two signs of life

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What both models say of the same posts, and what is right. Tables are posts x labels, both in one order.

    `linear` and `encoder` are calibrated probabilities, `gold` the number of the right label, NOT_TOLD where nobody
    knows it. `counts` says what each post counts.
    """

    linear: Mapping[Task, Shares]
    encoder: Mapping[Task, Shares]
    gold: Mapping[Task, Numbers]
    counts: Shares


@dataclass(frozen=True, slots=True)
class Score:
    """Accuracy and macro-F1 over the labels that are there, in shares."""

    accuracy: float
    macro_f1: float

    def loses(self, to: Score) -> float:
        """What the worse of the two figures loses to another's."""
        return max(to.accuracy - self.accuracy, to.macro_f1 - self.macro_f1)


@dataclass(frozen=True, slots=True)
class Fitted:
    """The plan, what each way of reading scores by task, and the share of posts that the cascade encodes."""

    tasks: Mapping[Task, TaskPlan]
    scores: Mapping[Task, Mapping[str, Score]]
    posts: Mapping[Task, int]
    encoded: float


def fit(evidence: Evidence, *, loss: float = LOSS) -> Fitted:
    """Fit every task of the evidence and measure the whole: a post is encoded when any of its tasks is unsure."""
    tasks = _eased(evidence, {task: _fit_task(evidence, task, loss) for task in evidence.linear}, loss)
    unsure = _unsure(evidence, tasks)
    scores, posts = {}, {}
    for task, plan in tasks.items():
        told, linear, encoder, gold, counts = _told(evidence, task)
        best = plan.pool.mix(linear, encoder)
        ways = {"fast": linear, "encoder": encoder, "best": best, "cascade": np.where(unsure[told, None], best, linear)}
        scores[task] = {way: score(gold, shares.argmax(axis=1), counts) for way, shares in ways.items()}
        posts[task] = len(gold)
    return Fitted(tasks, scores, posts, float(np.average(unsure, weights=evidence.counts)))


def _unsure(evidence: Evidence, tasks: Mapping[Task, TaskPlan]) -> npt.NDArray[np.bool_]:
    """Which posts are encoded: those in which the linear decider is unsure of any task."""
    unsure: npt.NDArray[np.bool_] = np.any([evidence.linear[t].max(axis=1) < tasks[t].sure for t in tasks], axis=0)
    return unsure


def _eased(evidence: Evidence, tasks: Mapping[Task, TaskPlan], loss: float) -> dict[Task, TaskPlan]:
    """Lower thresholds as far as the doubts of all tasks together keep every loss small.

    A post that one task has encoded is answered by both models in all: what one task doubts, others need not.
    """
    eased = dict(tasks)
    answers = {}
    for task in tasks:
        told, linear, encoder, gold, counts = _told(evidence, task)
        mixed = tasks[task].pool.mix(linear, encoder).argmax(axis=1)
        answers[task] = (told, linear.argmax(axis=1), mixed, gold, counts, score(gold, mixed, counts))

    def holds(tried: Mapping[Task, TaskPlan]) -> bool:
        unsure = _unsure(evidence, tried)
        return all(
            score(gold, np.where(unsure[told], mixed, alone), counts).loses(aim) <= loss
            for told, alone, mixed, gold, counts, aim in answers.values()
        )

    for task in sorted(tasks, key=lambda x: -float((evidence.linear[x].max(axis=1) < tasks[x].sure).mean())):
        while eased[task].sure - _STEP >= LEAST_SURE:
            lower = eased | {task: TaskPlan(eased[task].pool, round(eased[task].sure - _STEP, 3))}
            if not holds(lower):
                break
            eased = lower
    return eased


def fit_pool(linear: Shares, encoder: Shares, gold: Numbers, counts: Shares) -> Pool:
    """Return the mixture that gives the gold labels the greatest probability."""
    best: tuple[float, Pool] | None = None
    for kind in Kind:
        for weight in _WEIGHTS.tolist():
            surprise, temperature = _cooled(Pool(kind, weight, 1.0), linear, encoder, gold, counts)
            if best is None or surprise < best[0] - 1e-9:
                best = surprise, Pool(kind, round(weight, 2), round(temperature, 3))
    assert best is not None  # noqa: S101  there are kinds and weights
    return best[1]


def fit_sure(linear: Shares, best: Shares, gold: Numbers, counts: Shares, loss: float) -> float:
    """Return the least probability from which on upwards the linear answer may stand for the mixture's.

    At it and at every higher one, answering alone above it loses at most `loss`.
    """
    top = linear.max(axis=1)
    alone, mixed = linear.argmax(axis=1), best.argmax(axis=1)
    aim = score(gold, mixed, counts)
    sure = _NEVER
    for threshold in np.unique(np.floor(top * 200) / 200)[::-1].tolist():
        said = np.where(top >= threshold, alone, mixed)
        if score(gold, said, counts).loses(aim) > loss:
            break
        sure = threshold
    return round(sure, 3)


def score(gold: Numbers, said: Numbers, counts: Shares) -> Score:
    """Measure answers, each post as much as it counts. Macro-F1 is over the labels of the gold."""
    labels = np.unique(gold)
    right = counts * (gold == said)
    f1 = [
        2 * right[gold == x].sum() / max(counts[gold == x].sum() + counts[said == x].sum(), 1e-12)
        for x in labels.tolist()
    ]
    return Score(float(right.sum() / counts.sum()), float(np.mean(f1)))


def validation_posts(gold: Iterable[Path], data: Path | None) -> list[Example]:
    """Read posts that no training reads: gold posts set aside for tuning, and the public sets' validation parts.

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


def _fit_task(evidence: Evidence, task: Task, loss: float) -> TaskPlan:
    _, linear, encoder, gold, counts = _told(evidence, task)
    pool = fit_pool(linear, encoder, gold, counts)
    sure = fit_sure(linear, pool.mix(linear, encoder), gold, counts, loss)
    return TaskPlan(pool, 0.0 if 1 - pool.linear <= LITTLE else max(sure, LEAST_SURE))


def _told(evidence: Evidence, task: Task) -> tuple[npt.NDArray[np.bool_], Shares, Shares, Numbers, Shares]:
    """The posts of which a task's label is known, as a mask, and what stands on them."""
    told = evidence.gold[task] != NOT_TOLD
    if not told.any():
        raise ValueError(f"no post tells its {task}")
    return (
        told,
        evidence.linear[task][told],
        evidence.encoder[task][told],
        evidence.gold[task][told],
        evidence.counts[told],
    )


def _cooled(pool: Pool, linear: Shares, encoder: Shares, gold: Numbers, counts: Shares) -> tuple[float, float]:
    """The least mean surprise of a mixture, and the temperature that it needs for it."""
    mean = np.log(pool.mix(linear, encoder))

    def surprise(log_temperature: float) -> float:
        cooled = np.asarray(softmax(mean / np.exp(log_temperature)))
        said = np.maximum(cooled[np.arange(len(gold)), gold], 1e-12)
        return float(-(counts * np.log(said)).sum() / counts.sum())

    found = minimize_scalar(surprise, bounds=(-3.0, 2.0), method="bounded", options={"xatol": 1e-3})
    return float(found.fun), float(np.exp(found.x))


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m nlp.train.cascade", description="Fit weights/cascade.toml.")
    options.add_argument("gold", nargs="+", type=Path, help="gold posts for tuning (JSONL)")
    options.add_argument("--data", type=Path, help="folder of the public data sets")
    options.add_argument("--weights", type=Path, default=SHIPPED.parent, help="folder of the models")
    asked = options.parse_args()
    fit_cascade(validation_posts(asked.gold, asked.data), asked.weights)
