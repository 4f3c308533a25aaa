"""Stretches of time as panels show them: cut at the period's ends, named, and marked where somebody was not heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from api.trends.asked import Stretch
from api.trends.teller import Teller
from domain.labels import Sentiment
from domain.search import Interval, TrendSeries

TONES: Final = {Sentiment.NEGATIVE.value: "neg", Sentiment.NEUTRAL.value: "neu", Sentiment.POSITIVE.value: "pos"}
NAMED: Final = 3  # sources in the words beside a bar


@dataclass(frozen=True, slots=True)
class Spell:
    """One bar's days with its counts. A week or month that begins before the period is cut where the period begins."""

    stretch: Stretch
    count: int
    split: Mapping[str, int]

    def tick(self, teller: Teller, interval: Interval) -> str:
        """The words below the bar."""
        first = self.stretch.first
        return teller.says.month(first) if interval is Interval.MONTH else teller.says.short_day(first)


def spells(series: TrendSeries, stretch: Stretch, zone: ZoneInfo) -> tuple[Spell, ...]:
    """The bars of a series that was asked for over a stretch."""
    starts = [point.start.astimezone(zone).date() for point in series.points]
    ends = [*(start - timedelta(days=1) for start in starts[1:]), stretch.last]
    return tuple(
        Spell(Stretch(max(first, stretch.first), min(last, stretch.last)), point.count, point.split)
        for first, last, point in zip(starts, ends, series.points, strict=True)
    )


def sentiment_words(value: str, teller: Teller) -> str:
    """A sentiment in words."""
    return teller.names.of("sentiment", value, teller.says)


def gap_words(stretch: Stretch, unheard: Mapping[date, tuple[str, ...]], teller: Teller) -> str:
    """Who was not heard in a stretch, in words; empty where everybody was."""
    lost: dict[str, int] = {}
    for day in stretch.each():
        for key in unheard.get(day, ()):
            lost[key] = lost.get(key, 0) + 1
    if not lost:
        return ""
    keys = sorted(lost, key=lambda key: (-lost[key], key))
    names = ", ".join(teller.names.source(key) for key in keys[:NAMED])
    if len(keys) > NAMED:
        names = teller.say("%(names)s, dan %(n)s lainnya", names=names, n=len(keys) - NAMED)
    return teller.say("tidak terdengar: %(names)s", names=names)
