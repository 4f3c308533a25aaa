"""Fits the heads of one vocabulary: linear SVMs, one against the rest, calibrated on answers to unseen texts.

Two passes: the first fits on every feature seen often enough, the second on those that got the largest weights,
so that what is shipped is what was fitted.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import logsumexp
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from nlp.deciders import Heard
from nlp.linear.features import Featuriser, Floats, features
from nlp.linear.weights import Head

FOLDS = 3
_MAX_ITER = 300
_CHOOSING = 0.5  # the SVM's C while features are chosen: a head that is fitted harder must not crowd out the others
_KEPT_PUSH = 0.02  # weights below this share of their class's largest change no answer and pack badly
_OFTEN = {"#": 8}  # texts a feature must stand in, by its mark; 2 for all others

Said = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one head learns from: texts by number, their labels and weights, and how hard to fit."""

    task: str
    texts: npt.NDArray[np.int64]
    labels: npt.NDArray[np.object_]
    weights: npt.NDArray[np.float64]
    groups: npt.NDArray[np.object_]  # texts of a group are never split between learning and asking
    strength: float  # the SVM's C
    balance: float  # 0 counts classes as often as they are seen, 1 all alike
    chars: bool  # whether it reads character n-grams: they help feeling, and blur what a post is about


def balanced(lesson: Lesson) -> npt.NDArray[np.float64]:
    """Return the lesson's weights with frequent classes damped, of mean 1."""
    total: Counter[str] = Counter()
    for label, weight in zip(lesson.labels, lesson.weights, strict=True):
        total[label] += weight
    damped = lesson.weights * np.array([total[x] ** -lesson.balance for x in lesson.labels])
    result: npt.NDArray[np.float64] = damped / damped.mean()
    return result


def frequent_features(texts: Sequence[Heard]) -> tuple[list[str], Floats]:
    """Return the features that stand in enough texts, sorted, with their idf."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(features(text).keys())
    names = sorted(name for name, n in seen.items() if n >= _OFTEN.get(name[0], 2))
    count = np.array([seen[name] for name in names], dtype=np.float64)
    return names, (np.log((1 + len(texts)) / (1 + count)) + 1).astype(np.float32)


def fit_heads(
    texts: Sequence[Heard], lessons: Sequence[Lesson], *, keep: int, seed: int, say: Said = lambda _: None
) -> tuple[tuple[str, ...], Floats, tuple[Head, ...]]:
    """Return the vocabulary of at most `keep` features, its idf, and a calibrated head per lesson."""
    say("counting features")
    names, idf = frequent_features(texts)
    matrix = Featuriser(names, idf).rows(texts).matrix
    largest = np.zeros(len(names))
    for lesson in lessons:
        say(f"{lesson.task}: choosing features")
        columns = _read_by(lesson, names)
        weight = np.zeros((len(names), len(set(lesson.labels))))
        weight[columns], _, _ = _fit(
            matrix[lesson.texts][:, columns], replace(lesson, strength=min(lesson.strength, _CHOOSING)), seed
        )
        largest = np.maximum(largest, np.abs(weight).max(axis=1) / np.abs(weight).max())
    chosen = np.sort(np.argsort(-largest, kind="stable")[:keep])
    names, idf = [names[n] for n in chosen], idf[chosen].astype(np.float16).astype(np.float32)
    matrix = Featuriser(names, idf).rows(texts).matrix
    heads = tuple(_head(matrix[lesson.texts], lesson, _read_by(lesson, names), seed, say) for lesson in lessons)
    return tuple(names), idf, heads


def _read_by(lesson: Lesson, names: Sequence[str]) -> npt.NDArray[np.int64]:
    """The columns of the features that a lesson's head reads."""
    return np.array([n for n, name in enumerate(names) if lesson.chars or name[0] != "#"])


def _head(matrix: csr_matrix, lesson: Lesson, columns: npt.NDArray[np.int64], seed: int, say: Said) -> Head:
    say(f"{lesson.task}: fitting")
    part = matrix[:, columns]
    read, bias, labels = _fit(part, lesson, seed)
    weight = np.zeros((matrix.shape[1], len(labels)))
    weight[columns] = read
    weight[np.abs(weight) < _KEPT_PUSH * np.abs(weight).max(axis=0)] = 0.0
    say(f"{lesson.task}: calibrating")
    unseen = unseen_scores(part, lesson, labels, seed)
    temperature = fit_temperature(unseen, lesson.labels, labels, lesson.weights)
    return Head(lesson.task, labels, weight.astype(np.float32), bias.astype(np.float32), temperature)


def _fit(
    matrix: csr_matrix, lesson: Lesson, seed: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], tuple[str, ...]]:
    model = LinearSVC(C=lesson.strength, random_state=seed, max_iter=_MAX_ITER)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a head is as good after 300 rounds as after 3,000
        model.fit(matrix, lesson.labels, sample_weight=balanced(lesson))
    weight, bias = model.coef_.T, model.intercept_
    if weight.shape[1] == 1:  # two classes come back as one column
        weight, bias = np.concatenate([-weight, weight], axis=1), np.concatenate([-bias, bias])
    return weight, bias, tuple(model.classes_.tolist())


def unseen_scores(matrix: csr_matrix, lesson: Lesson, labels: Sequence[str], seed: int) -> npt.NDArray[np.float64]:
    """Return each text's scores by a head that did not see it. Classes of one text only never score themselves."""
    number: Mapping[str, int] = {label: n for n, label in enumerate(labels)}
    scores = np.full((len(lesson.labels), len(labels)), -1.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # rare classes have fewer texts than there are folds
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
        splits = list(folds.split(matrix, lesson.labels, lesson.groups))
    for learn, ask in splits:
        part = replace(
            lesson,
            texts=lesson.texts[learn],
            labels=lesson.labels[learn],
            weights=lesson.weights[learn],
            groups=lesson.groups[learn],
        )
        weight, bias, known = _fit(matrix[learn], part, seed)
        scores[np.ix_(ask, [number[x] for x in known])] = matrix[ask] @ weight + bias
    return scores


def fit_temperature(
    scores: npt.NDArray[np.float64], gold: Iterable[str], labels: Sequence[str], weights: npt.NDArray[np.float64]
) -> float:
    """Return the temperature whose softmax is most likely to have said the gold labels (Guo et al. 2017)."""
    number = {label: n for n, label in enumerate(labels)}
    right = np.array([number[x] for x in gold])

    def surprise(log_temperature: float) -> float:
        cooled = scores / np.exp(log_temperature)
        said = cooled[np.arange(len(right)), right]
        return float((weights * (logsumexp(cooled, axis=1) - said)).sum())

    return float(np.exp(minimize_scalar(surprise, bounds=(-4.0, 2.0), method="bounded").x))
