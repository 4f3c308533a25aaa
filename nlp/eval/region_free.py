"""What topics alone route: a reading that knows no region, and a profile that maps each topic to its usual agency.

It is asked what the region's own dispositions are asked (`surabaya.py`), and compared with the oracle that knows each
complaint's true topic.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nlp.deciders import Task
from nlp.encoder.encoder import Encoder
from nlp.encoder.plan import Shares, TaskPlan, aligned
from nlp.eval.metrics import RESAMPLES, Interval, accuracy, macro_f1
from nlp.eval.surabaya import ASKED_BEFORE, ASKED_FROM, BEST, CASCADE, FAST, joined, often_asked, usual_agencies
from nlp.linear.decider import LinearModel
from nlp.train.examples import Example, heard
from nlp.train.main import SEED, fit_reading, gather
from nlp.train.readers import DATA_SETS, SURABAYA, DataSet, rows, surabaya, surabaya_topics

Row = Mapping[str, str]
Figure = Callable[[Sequence[str], Sequence[str]], float]


@dataclass(frozen=True, slots=True)
class RegionFree:
    """What predicted topics reach through the profile, and as a share of what the true topics reach."""

    asked: int
    top1: Interval
    f1: Interval
    top1_of_oracle: Interval
    f1_of_oracle: Interval


def region_free(
    data: Path, second: tuple[Encoder, TaskPlan] | None = None, *, with_city: bool = True
) -> dict[str, RegionFree]:
    """Learn topics without the asked months, or without that city at all, and route what was asked by them.

    The profile is made of the complaints before, by their true topics, as an official makes one who knows the city.
    With a `second` model and how it is heard about topics, `cascade` and `best` are measured, too. That model must not
    have learnt the asked months.
    """
    table = list(rows(data / SURABAYA))
    learn = [x for x in table if x["tanggal_keluhan"] < ASKED_FROM]
    ask = [x for x in table if ASKED_FROM <= x["tanggal_keluhan"] < ASKED_BEFORE]
    asked = {_key(x["keluhan"]) for x in ask}
    lessons = [
        Example(x.words, x.source, topic=x.topic, weight=x.weight, group=x.group)
        for x in gather(data, sets=_sets(learn, with_city=with_city), say=_silent)
        if x.topic is not None and _key(x.words) not in asked
    ]
    model = LinearModel(fit_reading(lessons, seed=SEED, say=_silent))
    posts = heard([Example(x["keluhan"], SURABAYA.stem) for x in ask])
    labels = model.heads[Task.TOPIC]
    ways = {FAST: np.array([x[Task.TOPIC].shares for x in model.rank(posts)], np.float64)}
    if second is not None:
        encoder, plan = second
        told = [x.p[Task.TOPIC] for x in encoder.encodings([x.words for x in posts])]
        own = aligned(np.array([list(x.values()) for x in told]), tuple(told[0]), labels)
        ways[BEST] = plan.pool.mix(ways[FAST], own)
        ways[CASCADE] = np.where(ways[FAST].max(axis=1, keepdims=True) < plan.sure, ways[BEST], ways[FAST])
    return {way: _measured(shares, labels, learn, ask) for way, shares in ways.items()}


def _measured(shares: Shares, labels: Sequence[str], learn: Sequence[Row], ask: Sequence[Row]) -> RegionFree:
    topics, often = surabaya_topics(), often_asked(learn)
    profile = usual_agencies(learn, topics)
    gold = [joined(x["instansi"]) for x in ask]
    said = [_routed(labels, row, profile) for row in shares.tolist()]
    oracle = [profile.get(topics.get(x["topik"].strip(), ""), "") for x in ask]

    def frequent_f1(gold: Sequence[str], said: Sequence[str]) -> float:
        return macro_f1(gold, said, often)

    top1, top1_of_oracle = _compared(accuracy, gold, said, oracle)
    f1, f1_of_oracle = _compared(frequent_f1, gold, said, oracle)
    return RegionFree(len(gold), top1, f1, top1_of_oracle, f1_of_oracle)


def _routed(labels: Sequence[str], shares: Sequence[float], profile: Mapping[str, str]) -> str:
    """The agency of most belief, as the desk adds it up over topics."""
    belief: defaultdict[str, float] = defaultdict(float)
    for topic, p in zip(labels, shares, strict=True):
        if topic in profile:
            belief[profile[topic]] += p
    return max(belief, key=lambda agency: belief[agency], default="")


def _compared(
    figure: Figure, gold: Sequence[str], said: Sequence[str], oracle: Sequence[str], *, seed: int = 7
) -> tuple[Interval, Interval]:
    """A figure and its share of the oracle's, each with its bootstrap interval over the same draws of posts."""
    random = np.random.default_rng(seed)
    draws = [range(len(gold)), *(random.integers(0, len(gold), len(gold)).tolist() for _ in range(RESAMPLES))]
    pairs = [
        (figure(truth, [said[n] for n in drawn]), figure(truth, [oracle[n] for n in drawn]))
        for drawn in draws
        for truth in [[gold[n] for n in drawn]]
    ]
    return _interval([mine for mine, _ in pairs]), _interval([mine / best if best else 1.0 for mine, best in pairs])


def _interval(values: Sequence[float]) -> Interval:
    """The first value with the percentiles of the others."""
    low, high = np.percentile(values[1:], (2.5, 97.5))
    return Interval(values[0], float(low), float(high))


def _sets(learn: Sequence[Row], *, with_city: bool) -> list[DataSet]:
    """The data sets that teach topics, the city's complaints cut off before the asked months, or left out."""
    taught = [one for one in DATA_SETS if "topic" in one.teaches]
    if not with_city:
        return [one for one in taught if one.read is not surabaya]
    return [replace(one, read=lambda _: _city(learn)) if one.read is surabaya else one for one in taught]


def _city(learn: Sequence[Row]) -> Iterator[Example]:
    topics = surabaya_topics()
    for row in learn:
        topic = topics.get(row["topik"].strip())
        if topic and row["keluhan"].strip():
            yield Example(row["keluhan"], surabaya.__name__, topic=topic)


def _key(words: str) -> str:
    return " ".join(words.lower().split())


def _silent(_: str) -> None:
    """Say nothing."""
