"""Figures of one city's complaints, months ahead, in each way of reading."""

from __future__ import annotations

from pathlib import Path

from nlp.encoder.encoder import Encoder
from nlp.encoder.plan import TaskPlan
from nlp.eval.gold import Figure
from nlp.eval.metrics import Interval
from nlp.eval.region_free import RegionFree, region_free
from nlp.eval.surabaya import MonthsAhead, months_ahead

TOPICS, TOPICS_ELSEWHERE = "surabaya.topics", "surabaya.topics_of_elsewhere"


def city_figures(data: Path, second: tuple[Encoder, TaskPlan] | None = None) -> dict[str, list[Figure]]:
    """Measure what the city's own dispositions route, and what topics alone do, learnt with the city or elsewhere.

    `second` is the encoder and how it is heard about topics. It learnt from the city, so that topics of elsewhere are
    the linear model's in every way of reading.
    """
    ahead = months_ahead(data, second[0] if second else None)
    topics = region_free(data, second)
    (elsewhere,) = region_free(data, with_city=False).values()
    return {
        way: [*_dispositions(told), *_topics(TOPICS, topics[way]), *_topics(TOPICS_ELSEWHERE, elsewhere)]
        for way, told in ahead.items()
    }


def _dispositions(told: MonthsAhead) -> list[Figure]:
    n = told.asked
    return [
        Figure("surabaya.oracle.category.top1", told.oracle_category[0], n),
        Figure("surabaya.oracle.topic.top1", told.oracle_topic[0], n),
        _figure("surabaya.opd.top1", told.top1, n),
        _figure("surabaya.opd.macro_f1", told.f1, n),
        Figure("surabaya.opd.top3", told.top3, n),
        Figure("surabaya.opd.top1_without_catch_alls", told.top1_without_catch_alls, n),
        Figure("surabaya.opd.calibration_error", told.calibration, n),
        Figure("surabaya.opd.share_at_precision_95", told.sure_share, n),
    ]


def _topics(name: str, told: RegionFree) -> list[Figure]:
    return [
        _figure(f"{name}.opd.top1", told.top1, told.asked),
        _figure(f"{name}.opd.macro_f1", told.f1, told.asked),
        _figure(f"{name}.of_oracle.top1", told.top1_of_oracle, told.asked),
        _figure(f"{name}.of_oracle.macro_f1", told.f1_of_oracle, told.asked),
    ]


def _figure(name: str, found: Interval, n: int) -> Figure:
    return Figure(name, found.value, n, found.low, found.high)
