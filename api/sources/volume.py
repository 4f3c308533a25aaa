"""A source's days as small bars against its own past. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, median
from typing import Final

from api.contexts.sources import DayRow, VolumeView
from api.speech import Speech
from store.sourcedays import SourceDay

PAST: Final = timedelta(days=60)  # how far back "usual" looks
RECENT: Final = 7  # days that are held against it
LEAST_PAST: Final = 7  # days with an answer below which nothing is usual yet
LOW, HIGH = 0.4, 2.5  # of what is usual: beyond, somebody should look
STEP, BAR, HEIGHT = 6, 4, 26
GAP_HEIGHT: Final = 3


@dataclass(frozen=True, slots=True)
class Past:
    """What a source is used to bring on a day, and what it brought of late; None where there is too little past."""

    usual: float | None
    recent: float | None


def past_of(days: Mapping[date, SourceDay], today: date) -> Past:
    """The median of a source's answered days before the recent ones, and the mean of those."""
    answered = [day for day in days.values() if day.healthy]
    edge = today - timedelta(days=RECENT)
    before = [day.added for day in answered if day.day < edge]
    late = [day.added for day in answered if edge <= day.day < today]
    return Past(
        usual=median(before) if len(before) >= LEAST_PAST else None,
        recent=mean(late) if late else None,
    )


def draw(days: Sequence[SourceDay], today: date, length: int, says: Speech) -> VolumeView | None:
    """The last `length` days, today last. None for a source that was not crawled in all its remembered past."""
    by_day = {day.day: day for day in days}
    if not by_day:
        return None
    past = past_of(by_day, today)
    shown = [today - timedelta(days=length - 1 - number) for number in range(length)]
    known_since = min(by_day)
    top = max([1.0, past.usual or 0.0, *(by_day[day].added for day in shown if day in by_day)])
    bars, gaps, silent = "", "", 0
    for number, day in enumerate(shown):
        found, x = by_day.get(day), number * STEP
        if found is not None and found.added:
            high = max(1.5, found.added / top * HEIGHT)
            bars += f"M{x} {HEIGHT}v-{high:.1f}h{BAR}V{HEIGHT}z"
        if day >= known_since and day < today and (found is None or not found.healthy):
            gaps += f"M{x} {HEIGHT + 1}h{BAR}v{GAP_HEIGHT}h-{BAR}z"
            silent += 1
    verdict, tone = _verdict(past, silent, says)
    total = sum(by_day[day].added for day in shown if day in by_day)
    label = says.say("%(n)s kiriman baru dalam %(days)s hari", n=says.number(total), days=length)
    usual = None if past.usual is None else HEIGHT - past.usual / top * HEIGHT
    return VolumeView(length * STEP - STEP + BAR, HEIGHT + 1 + GAP_HEIGHT, bars, gaps, usual, label, verdict, tone)


def day_rows(days: Sequence[SourceDay], today: date, length: int, says: Speech) -> tuple[DayRow, ...]:
    """The same days in words, newest first."""
    by_day = {day.day: day for day in days}
    rows = []
    for number in range(length):
        day = today - timedelta(days=number)
        found = by_day.get(day)
        if found is None:
            rows.append(DayRow(says.day(day), "", says.say("tidak dirayapi")))
            continue
        answered = says.say("%(n)s dari %(all)s kali", n=found.healthy, all=found.crawls)
        rows.append(DayRow(says.day(day), says.number(found.added), answered))
    return tuple(rows)


def _verdict(past: Past, silent: int, says: Speech) -> tuple[str, str]:
    if past.usual is None or past.recent is None:
        words, tone = says.say("belum cukup riwayat"), "ok"
    else:
        usual, recent = says.number(round(past.usual, 1)), says.number(round(past.recent, 1))
        words, tone = says.say("%(recent)s sehari, biasanya %(usual)s", recent=recent, usual=usual), "ok"
        if past.usual >= 1 and past.recent < past.usual * LOW:
            words, tone = says.say("turun: %(words)s", words=words), "due"
        elif past.recent > max(1.0, past.usual) * HIGH:
            words, tone = says.say("naik: %(words)s", words=words), "due"
    if silent:
        words = says.say("%(words)s · %(n)s hari tanpa jawaban", words=words, n=silent)
    return words, tone
