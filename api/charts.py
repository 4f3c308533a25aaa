"""The histogram above the hits: which bars there are, how high, and where each leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import dropwhile
from typing import Final
from zoneinfo import ZoneInfo

from api.asked import Asked, midnight
from api.contexts.search import Bar, BarPart, Chart, Tick
from api.parts import Parts
from api.speech import N_, Speech
from domain.labels import Sentiment
from domain.scope import Scope
from domain.search import Interval, TrendPoint, TrendQuery

WIDTH: Final = 900
BASE: Final = 76  # y of the bars' feet
HIGHEST: Final = 66
GAP: Final = 2
CONTEXT_DAYS: Final = 30  # days around chosen ones, so that a day is seen among its neighbours
MAX_DAY_BARS: Final = 45  # more bars than that are too thin to hit with a finger
MAX_WEEK_BARS: Final = 106  # two years
TICKS: Final = 6
TONES: Final = {Sentiment.NEGATIVE: "neg", Sentiment.NEUTRAL: "neu", Sentiment.POSITIVE: "pos"}


def draw(parts: Parts, asked: Asked, scope: Scope, zone: ZoneInfo, says: Speech) -> Chart | None:
    """Ask for the counts around the days that are asked for and draw them; None where there is nothing to draw."""
    now = parts.clock()
    since, until = _around(asked, now, zone)
    until = min(until, _after_today(now, zone)) if until else None
    if since and until and since >= until:
        return None
    filters = asked.filters(now, zone).model_copy(update={"since": since, "until": until})
    interval = _interval(since, until or now)
    query = TrendQuery(q=asked.q, filters=filters, interval=interval, timezone=zone.key, split="sentiment")
    series = parts.index.aggregate(query, scope)
    if interval is Interval.WEEK and len(series.points) > MAX_WEEK_BARS:
        series = parts.index.aggregate(query.model_copy(update={"interval": Interval.MONTH}), scope)
    points = series.points if series.interval is Interval.DAY else _from_first(series.points)
    if not points:
        return None
    return _chart(points, series.interval, asked, (since, until), now, zone, says)


def _from_first(points: Sequence[TrendPoint]) -> tuple[TrendPoint, ...]:
    """The bars from the first that is not empty: nobody wants the years before anyone listened."""
    return tuple(dropwhile(lambda point: not point.count, points))


def _around(asked: Asked, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    if not asked.has_days:
        since, _ = asked.window(now, zone)
        return since, _after_today(now, zone) if since else None
    today = now.astimezone(zone).date()
    last = min(max(asked.last or today, asked.first or today) + timedelta(days=7), max(today, asked.last or today))
    first = asked.first or last - timedelta(days=CONTEXT_DAYS - 1)
    first = min(first, last - timedelta(days=CONTEXT_DAYS - 1))
    return midnight(first, zone), midnight(last + timedelta(days=1), zone)


def _after_today(now: datetime, zone: ZoneInfo) -> datetime:
    return midnight(now.astimezone(zone).date() + timedelta(days=1), zone)


def _interval(since: datetime | None, until: datetime) -> Interval:
    if since is not None and until - since <= timedelta(days=MAX_DAY_BARS):
        return Interval.DAY
    return Interval.WEEK


def _chart(  # noqa: PLR0913  what a chart is made of
    points: tuple[TrendPoint, ...],
    interval: Interval,
    asked: Asked,
    edges: tuple[datetime | None, datetime | None],
    now: datetime,
    zone: ZoneInfo,
    says: Speech,
) -> Chart:
    step = WIDTH / len(points)
    highest = max((p.count for p in points), default=0) or 1
    since, until = asked.window(now, zone)
    bars = []
    for n, point in enumerate(points):
        start = point.start.astimezone(zone)
        end = points[n + 1].start.astimezone(zone) if n + 1 < len(points) else _end(start, interval)
        outside = (since is not None and end <= since) or (until is not None and start >= until)
        start, end = max(start, edges[0] or start), min(end, edges[1] or end)  # a week may begin before the period does
        bars.append(_bar(point, n * step, start, end, highest, asked, says, outside=outside))
    every = max(1, -(-len(points) // TICKS))
    ticks = tuple(
        Tick(round((n + 0.5) / len(points) * 100, 1), _tick(points[n].start.astimezone(zone), interval, says))
        for n in range(every // 2, len(points), every)
    )
    titles = {
        Interval.DAY: N_("Kiriman per hari menurut sentimen"),
        Interval.WEEK: N_("Kiriman per pekan menurut sentimen"),
        Interval.MONTH: N_("Kiriman per bulan menurut sentimen"),
    }
    return Chart(says.say(titles[interval]), WIDTH, round(max(step - GAP, 1), 1), highest, tuple(bars), ticks)


def _bar(  # noqa: PLR0913  what a bar is made of
    point: TrendPoint,
    x: float,
    start: datetime,
    end: datetime,
    highest: int,
    asked: Asked,
    says: Speech,
    *,
    outside: bool,
) -> Bar:
    parts, y = [], float(BASE)
    for value, tone in TONES.items():
        count = point.split.get(value, 0)
        if count:
            height = max(1.0, count / highest * HIGHEST)
            y -= height
            parts.append(BarPart(tone, round(y, 1), round(height, 1)))
    first, last = start.date(), (end - timedelta(microseconds=1)).date()
    label = says.weekday(first) if first == last else f"{says.day(first)} – {says.day(last)}"
    counts = tuple(point.split.get(value, 0) for value in TONES)
    return Bar(
        x=round(x + GAP / 2, 1),
        label=label,
        total=point.count,
        counts=(counts[0], counts[1], counts[2]),
        parts=tuple(parts),
        href=asked.on_days(first, last).href(),
        outside=outside,
    )


def _end(start: datetime, interval: Interval) -> datetime:
    match interval:
        case Interval.WEEK:
            return start + timedelta(days=7)
        case Interval.MONTH:
            return (start.replace(day=28) + timedelta(days=7)).replace(day=1)
        case _:
            return start + timedelta(days=1)


def _tick(start: datetime, interval: Interval, says: Speech) -> str:
    return says.month(start.date()) if interval is Interval.MONTH else says.short_day(start.date())
