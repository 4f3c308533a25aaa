"""Figures on the public sets beside the project: feeling on SmSA and NusaX, complaint or not on tweets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlp.deciders import Decider, Task
from nlp.eval.gold import Figure
from nlp.eval.metrics import bootstrap, macro_f1
from nlp.linear.features import Featuriser
from nlp.train.examples import Example, heard
from nlp.train.readers import BANDUNG, nusawrites, nusax, rows, smsa

_SEED = 7
COMPLAINT = "Keluhan"
_RETWEET = re.compile(r"^(?:RT\s+)?(?:@\w+:?\s*)+", re.IGNORECASE)


def sentiment_sets(data: Path) -> dict[str, tuple[list[Example], list[Example]]]:
    """The sets with a feeling: what there is to learn from and, apart from it, what is asked.

    NusaX stands without Indonesian, which overlaps SmSA.
    """
    return {
        "smsa.valid.macro_f1": (list(smsa(data)), list(smsa(data, "valid"))),
        "nusax.valid.macro_f1": (list(nusax(data)), list(nusax(data, "valid"))),
        "rejang.valid.macro_f1": (
            list(nusawrites(data, language="rej")),
            list(nusawrites(data, "valid", language="rej")),
        ),
    }


def sentiment_figures(decider: Decider, data: Path) -> list[Figure]:
    """Macro-F1 of a decider on the validation parts."""
    return [_feeling(name, asked, _said(decider, asked)) for name, (_, asked) in sentiment_sets(data).items()]


def sentiment_baselines(data: Path) -> list[Figure]:
    """Macro-F1 of the usual linear model, fitted on each set's own training part."""
    from nlp.eval.baseline import answers  # noqa: PLC0415  needs scikit-learn

    found = []
    for name, (learn, asked) in sentiment_sets(data).items():
        told = [(x.words, x.sentiment or "") for x in learn]
        found.append(_feeling(name, asked, answers(told, [x.words for x in asked])))
    return found


def _said(decider: Decider, examples: Sequence[Example]) -> list[str]:
    """The best answers; where the set has no neutral posts, neither has the answer."""
    labels = {x.sentiment for x in examples}
    ranked = [x[Task.SENTIMENT].answers for x in decider.decide(heard(examples))]
    return [next((a.label for a in answers if a.label in labels), answers[0].label) for answers in ranked]


def tweet_figures(data: Path) -> list[Figure]:
    """Complaint, answer or neither on the tweets, by cross-validation; retweets stay in one fold."""
    from nlp.train.fit import Lesson, frequent_features, unseen_scores  # noqa: PLC0415  needs scikit-learn

    table = [x for x in rows(data / BANDUNG) if x["jenis"]]
    texts = heard([Example(x["tweet"], "bandung") for x in table])
    gold = [x["jenis"] for x in table]
    names, idf = frequent_features(texts)
    labels = sorted(set(gold))
    lesson = Lesson(
        "tweets",
        np.arange(len(table)),
        np.array(gold, dtype=object),
        np.ones(len(table)),
        np.array([_RETWEET.sub("", x["tweet"]).lower()[:60] for x in table], dtype=object),
        0.3,
        balance=0.5,
        chars=True,
    )
    scores = unseen_scores(Featuriser(names, idf).rows(texts).matrix, lesson, labels, _SEED)
    said = [labels[n] for n in scores.argmax(axis=1)]
    found = bootstrap(macro_f1, gold, said)
    return [
        Figure("bandung.cv.macro_f1", found.value, len(gold), found.low, found.high),
        Figure("bandung.cv.complaint_accuracy", _same_side(gold, said), len(gold)),
    ]


def _same_side(gold: Sequence[str], said: Sequence[str]) -> float:
    return sum((g == COMPLAINT) == (s == COMPLAINT) for g, s in zip(gold, said, strict=True)) / len(gold)


def _feeling(name: str, examples: Sequence[Example], said: Sequence[str]) -> Figure:
    gold = [x.sentiment or "" for x in examples]
    found = bootstrap(macro_f1, gold, said)
    return Figure(name, found.value, len(gold), found.low, found.high)
