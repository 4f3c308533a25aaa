"""How two models share the work, from what both say of the same posts: mixtures and thresholds, on arrays alone.

A task's mixture is the best one that no large data set regrets. A threshold is the least probability from which the
linear decider may answer alone, at a loss of at most `LOSS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from nlp.deciders import Task
from nlp.encoder.plan import Kind, Pool, Shares, TaskPlan
from nlp.linear.decider import softmax

LOSS = 0.003  # of accuracy and of macro-F1, whichever suffers more
# The posts set aside are few, and rules were written with an eye on them: below this the linear decider is called
# unsure whatever they say.
LEAST_SURE = 0.6
# What accuses somebody in office, and is overlooked, is read by the accused: such a doubt begins earlier.
LEAST_SURE_OF: Mapping[Task, float] = {Task.OVERSIGHT: 0.8}
LITTLE = 0.15  # a share of the encoder up to which it changes next to no answer: no reason to encode a post
LARGE = 500  # posts of a set from which on a loss of .3 points is more than one post
NOT_TOLD = -1
_WEIGHTS = np.linspace(0, 1, 21)
_STEP = 0.01  # by which a threshold is lowered at a time
NEVER = 1.01  # a threshold that no probability reaches: the encoder reads every post

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
    sets: npt.NDArray[np.str_] | None = None  # which data set each post is of; None: all of one


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
    pools = {task: _pool(evidence, task) for task in evidence.linear}
    tasks = _thresholds(evidence, pools, loss)
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


def _least(task: Task) -> float:
    return LEAST_SURE_OF.get(task, LEAST_SURE)


def _thresholds(evidence: Evidence, pools: Mapping[Task, Pool], loss: float) -> dict[Task, TaskPlan]:
    """Lower the thresholds of all tasks in turn as far as every loss stays small, in all posts and in every large set.

    They are fitted together: a post that one task has encoded is answered by both models in all, so that what one task
    doubts the others need not.
    """
    watched = [part for task, pool in pools.items() for part in _parts(evidence, task, pool)]

    def holds(tried: Mapping[Task, TaskPlan]) -> bool:
        unsure = _unsure(evidence, tried)
        return all(part.cascade(unsure).loses(part.aim) <= loss for part in watched)

    tasks = {task: TaskPlan(pool, 0.0 if 1 - pool.linear <= LITTLE else NEVER) for task, pool in pools.items()}
    open_ones = [task for task, plan in tasks.items() if plan.sure]
    while open_ones:
        for task in tuple(open_ones):
            lower = tasks | {task: TaskPlan(pools[task], round(tasks[task].sure - _STEP, 3))}
            if lower[task].sure >= _least(task) and holds(lower):
                tasks = lower
            else:
                open_ones.remove(task)
    # A step that costs too much may lie before others that do not: each task is tried once more from below.
    for task in tasks:
        for sure in np.arange(_least(task), tasks[task].sure, _STEP):
            lower = tasks | {task: TaskPlan(pools[task], round(float(sure), 3))}
            if holds(lower):
                tasks = lower
                break
    return tasks


@dataclass(frozen=True, slots=True)
class _Part:
    """One task on some posts: what both models answer there, and what the mixture scores."""

    told: npt.NDArray[np.bool_]
    alone: Numbers
    mixed: Numbers
    gold: Numbers
    counts: Shares
    aim: Score

    def cascade(self, unsure: npt.NDArray[np.bool_]) -> Score:
        """The score where the mixture answers the unsure posts only."""
        return score(self.gold, np.where(unsure[self.told], self.mixed, self.alone), self.counts)


def _parts(evidence: Evidence, task: Task, pool: Pool) -> list[_Part]:
    """A task on all posts that tell of it, and on each set that is large enough to tell a loss from chance."""
    parts = []
    for told in (evidence.gold[task] != NOT_TOLD, *_large_sets(evidence, task)):
        gold, counts = evidence.gold[task][told], evidence.counts[told]
        linear, encoder = evidence.linear[task][told], evidence.encoder[task][told]
        mixed = pool.mix(linear, encoder).argmax(axis=1)
        parts.append(_Part(told, linear.argmax(axis=1), mixed, gold, counts, score(gold, mixed, counts)))
    return parts


def _large_sets(evidence: Evidence, task: Task) -> list[npt.NDArray[np.bool_]]:
    """The posts of each set with at least `LARGE` that tell of a task, where there are several sets."""
    if evidence.sets is None:
        return []
    told = evidence.gold[task] != NOT_TOLD
    large = [told & (evidence.sets == name) for name in np.unique(evidence.sets)]
    return [posts for posts in large if posts.sum() >= LARGE]


def _pool(evidence: Evidence, task: Task) -> Pool:
    """The mixture of a task: the best one over all sets, of those that no large set regrets by more than `LOSS`.

    Where there are no several large sets, the one that the gold labels surprise least.

    A set's regret is what the mixture scores there below the better of the two models.
    """
    _, linear, encoder, gold, counts = _told(evidence, task)
    sets = _large_sets(evidence, task)
    if len(sets) < 2:  # noqa: PLR2004  one set has nobody to be fair to
        return fit_pool(linear, encoder, gold, counts)
    regret = {
        pool: max(_regret(evidence, task, told, pool) for told in sets)
        for pool in (Pool(kind, round(weight, 2), 1.0) for kind in Kind for weight in _WEIGHTS.tolist())
    }
    fair = [pool for pool, most in regret.items() if most <= max(LOSS, min(regret.values()))]
    pool = max(fair, key=lambda x: score(gold, x.mix(linear, encoder).argmax(axis=1), counts).macro_f1)
    _, temperature = _cooled(pool, linear, encoder, gold, counts)
    return Pool(pool.kind, pool.linear, round(temperature, 3))


def _regret(evidence: Evidence, task: Task, told: npt.NDArray[np.bool_], pool: Pool) -> float:
    gold, counts = evidence.gold[task][told], evidence.counts[told]
    linear, encoder = evidence.linear[task][told], evidence.encoder[task][told]
    ways = (score(gold, x.argmax(axis=1), counts).macro_f1 for x in (linear, encoder))
    return max(ways) - score(gold, pool.mix(linear, encoder).argmax(axis=1), counts).macro_f1


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


def score(gold: Numbers, said: Numbers, counts: Shares) -> Score:
    """Measure answers, each post as much as it counts. Macro-F1 is over the labels of the gold."""
    labels = np.unique(gold)
    right = counts * (gold == said)
    f1 = [
        2 * right[gold == x].sum() / max(counts[gold == x].sum() + counts[said == x].sum(), 1e-12)
        for x in labels.tolist()
    ]
    return Score(float(right.sum() / counts.sum()), float(np.mean(f1)))


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
