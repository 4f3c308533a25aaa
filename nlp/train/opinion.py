"""Learns the encoder's opinion on a region's dispositions, and how much to hear it: on the newest complaints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from nlp.encoder.encoder import Encoder
from nlp.encoder.opinion import Floats, Opinion, read, seen_by
from nlp.encoder.plan import LEAST_SHARE, Kind, Pool, aligned
from nlp.linear.dispositions import Dispositions, complaint
from nlp.train.dispositions import LEAST_ROWS, SEED, Disposition, fit, lesson_of, usable
from nlp.train.fit import balanced, fit_temperature

_STRENGTH = 0.01  # the layer's C: it read some of these texts as it learnt, a freer one would trust it too far
_BALANCE = 0.5
_SHARE = 0.5  # of either in the mean of logarithms
_SURE = 0.8  # a third to two fifths of the complaints are below, and hearing it on more changed no answer
_NEWEST = 10  # the newest tenth says how much to believe the mixture: what comes is of later days, too
_LEAST_ASKED = 50  # fewer say nothing of it
_MAX_ITER = 300


@dataclass(frozen=True, slots=True)
class _Layer:
    labels: tuple[str, ...]
    centre: Floats
    weight: Floats
    bias: Floats

    def opinion(self, encoder: str, temperature: float = 1.0) -> Opinion:
        pool = Pool(Kind.LOG, 1 - _SHARE, temperature)
        return Opinion(encoder, self.labels, self.centre, self.weight, self.bias, pool, _SURE)


def fit_opinion(  # noqa: PLR0913  what is learnt, how, and who is told
    rows: Sequence[Disposition],
    encoder: Encoder,
    *,
    seed: int = SEED,
    say: Callable[[str], None] = lambda _: None,
    least: int = LEAST_ROWS,
    temperature: float | None = None,
) -> Opinion | None:
    """Return the encoder's opinion, learnt from all complaints; None where it does not help with the newest tenth.

    "Helps" is asked of both models learnt from the other nine tenths: the mixture must be less surprised than the
    linear model alone. With too few complaints to ask, or to learn from beside them, nobody can tell, and there is no
    opinion. With a `temperature`, that of an opinion found to help before, nothing is asked: only the layer is learnt.

    Raises:
        Refused: there are fewer than `least` complaints, or they all went to one agency.
    """
    known = usable(rows, least)
    if temperature is not None:
        return _fit_layer(known, seen_by(encoder, [x.text for x in known])).opinion(encoder.name, temperature)
    asked = _newest(known, seed)
    older = [x for x, is_asked in zip(known, asked, strict=True) if not is_asked]
    if asked.sum() < _LEAST_ASKED or not _a_choice(older):
        return None
    say(f"{encoder.name} reads {len(known)} complaints")
    seen = seen_by(encoder, [x.text for x in known])
    say("asking both about the newest tenth")
    newest = [x for x, is_asked in zip(known, asked, strict=True) if is_asked]
    linear = Dispositions(fit(older, seed=seed, least=1))
    layer = _fit_layer(older, seen[~asked])
    found = _temperature(linear, layer.opinion(encoder.name), newest, seen[asked])
    return None if found is None else _fit_layer(known, seen).opinion(encoder.name, found)


def _newest(known: Sequence[Disposition], seed: int) -> npt.NDArray[np.bool_]:
    """Which complaints are asked: the newest, or any where days are not told; copies of one stay on one side."""
    drawn = np.random.default_rng(seed).permutation(len(known))
    order = sorted(range(len(known)), key=lambda n: (known[n].day, drawn[n]))
    asked = {known[n].group or known[n].text for n in order[len(order) - len(order) // _NEWEST :]}
    return np.array([(x.group or x.text) in asked for x in known])


def _a_choice(rows: Sequence[Disposition]) -> bool:
    """Whether two agencies at least got two complaints each that are not copies of one."""
    count = Counter(agency for agency, _ in {(x.agency, x.group or x.text) for x in rows})
    return sum(n >= 2 for n in count.values()) >= 2  # noqa: PLR2004  a choice needs two, and each is asked once unseen


def _fit_layer(rows: Sequence[Disposition], seen: Floats) -> _Layer:
    lesson = lesson_of(rows, balance=_BALANCE)
    centre = seen.mean(axis=0)
    model = LogisticRegression(C=_STRENGTH, max_iter=_MAX_ITER)
    model.fit(read(seen, centre), lesson.labels, sample_weight=balanced(lesson))
    weight, bias = model.coef_.T, model.intercept_
    if weight.shape[1] == 1:  # two classes come back as one column
        weight, bias = np.concatenate([-weight, weight], axis=1) / 2, np.concatenate([-bias, bias]) / 2
    return _Layer(tuple(model.classes_.tolist()), centre, weight, bias)


def _temperature(linear: Dispositions, opinion: Opinion, rows: Sequence[Disposition], seen: Floats) -> float | None:
    """The temperature of the mixture, or None where it is more surprised by what became of them than words alone."""
    labels = linear.labels
    told = np.array([x.agency in labels for x in rows])
    known = [x for x, is_told in zip(rows, told, strict=True) if is_told]
    if not known:
        return None
    alone = np.array([x.shares for x in linear.rank([complaint(x.text, x.place) for x in known])])
    mixed = opinion.pool.mix(alone, aligned(opinion.shares(seen[told]), opinion.labels, labels))
    gold, counts = [x.agency for x in known], np.array([x.weight for x in known])
    temperature = fit_temperature(np.log(mixed), gold, labels, counts)
    cooled = Pool(Kind.LOG, 1.0, temperature).mix(mixed, mixed)
    right = (np.arange(len(known)), [labels.index(x) for x in gold])
    gain = np.log(np.maximum(cooled[right], LEAST_SHARE)) - np.log(np.maximum(alone[right], LEAST_SHARE))
    return temperature if (counts * gain).sum() > 0 else None
