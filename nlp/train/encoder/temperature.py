"""One number per head that makes its probabilities mean what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from nlp.encoder.encoder import Encoder
from nlp.train.examples import Example, heard

_LEAST = 30  # labelled posts from which on a temperature is more than noise


def temperatures(encoder: Encoder, posts: Sequence[Example]) -> dict[str, float]:
    """Return the temperature of each head at which labelled posts surprise it least; 1 where too few tell."""
    logits = encoder.encode([x.words for x in heard(posts)]).logits
    return {
        task.value: _fitted(logits[task], [getattr(x, task.value) for x in posts], head.labels)
        for task, head in encoder.card.heads.items()
    }


def _fitted(scores: npt.NDArray[np.floating], gold: Sequence[str | None], labels: Sequence[str]) -> float:
    number: Mapping[str, int] = {label: n for n, label in enumerate(labels)}
    told = [n for n, label in enumerate(gold) if label in number]
    if len(told) < _LEAST:
        return 1.0
    right = np.array([number[str(gold[n])] for n in told])
    wide = scores[told].astype(np.float64)

    def surprise(log_temperature: float) -> float:
        cooled = wide / np.exp(log_temperature)
        return float((logsumexp(cooled, axis=1) - cooled[np.arange(len(right)), right]).mean())

    found = minimize_scalar(surprise, bounds=(-2.0, 2.0), method="bounded")
    return float(np.exp(found.x))
